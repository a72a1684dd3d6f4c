//! The program's text, file by file, without comments and tests.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

/// A file of `src`, `kit/db.rs` for short.
pub struct File {
    pub path: String,
    /// As it stands.
    pub text: String,
    /// Without comments and tests.
    pub code: String,
}

/// Everything under `src` that is compiled into the program.
pub fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, "rs", &mut paths);
    let file = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        File { path: path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(), code: code(&text), text }
    };
    paths.into_iter().filter(|path| !path.to_str().unwrap().ends_with("_tests.rs")).map(file).collect()
}

/// (path, text) of everything under `folder` that ends so.
pub fn texts(folder: &str, ending: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    collect(&root.join(folder), ending, &mut paths);
    let text = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(), text)
    };
    paths.into_iter().map(text).collect()
}

fn collect(folder: &Path, ending: &str, paths: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, ending, paths);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            paths.push(path);
        }
    }
}

fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = text.lines().map(|line| match line.find(" // ") {
        Some(at) => &line[..at],
        None => line,
    });
    lines.filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

impl File {
    /// The folder under `src`, or the file itself where it lies at the top.
    pub fn room(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }

    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// What it names of the crate: `numbers::model` for `crate::numbers::model::{…}` and for each part of
    /// `crate::numbers::{model, view}`.
    pub fn uses(&self) -> Vec<String> {
        let mut found = Vec::new();
        for rest in self.code.split("crate::").skip(1) {
            let end = rest.find([';', '(', ')', ' ', ',', '<', '>', '\n']).unwrap_or(rest.len());
            match rest.split_once("::{") {
                Some((before, group)) if before.len() < end && !before.contains("::") => {
                    let group = group.split('}').next().unwrap_or_default();
                    let parts = group.split(',').map(|part| part.trim().split("::").next().unwrap_or_default());
                    let names = parts.map(|part| part.split(' ').next().unwrap_or_default());
                    found.extend(names.filter(|name| !name.is_empty()).map(|name| format!("{before}::{name}")));
                }
                _ => {
                    let path: Vec<&str> = rest[..end].split("::").take(2).collect();
                    let path = path.join("::");
                    found.push(path.trim_start_matches('{').trim_end_matches([':', '}', '.', '!', '&']).to_owned());
                }
            }
        }
        found
    }

    /// (name, text from `fn` to the end) of each function.
    pub fn functions(&self) -> Vec<(String, String)> {
        let lines: Vec<&str> = self.code.lines().collect();
        let mut found = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let Some(name) = function_name(line) else { continue };
            let indent = line.len() - line.trim_start().len();
            let end = format!("{}}}", " ".repeat(indent));
            let is_end =
                |line: &&str| line.strip_prefix(&end).is_some_and(|rest| rest.is_empty() || rest.starts_with(';'));
            if let Some(length) = lines[at..].iter().position(is_end) {
                found.push((name, lines[at..=at + length].join("\n")));
            }
        }
        found
    }
}

fn function_name(line: &str) -> Option<String> {
    let line = line.trim_start();
    let rest = [
        "pub fn ",
        "pub async fn ",
        "pub(super) fn ",
        "pub(super) async fn ",
        "pub(in crate::kit) fn ",
        "pub(in crate::gdpr) fn ",
        "pub(crate) fn ",
        "fn ",
        "async fn ",
    ]
    .iter()
    .find_map(|begin| line.strip_prefix(begin))?;
    Some(rest.chars().take_while(|char| char.is_alphanumeric() || *char == '_').collect())
}

/// Nothing wrong, or a list of it.
#[track_caller]
pub fn none(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Each exception of a list was needed.
#[track_caller]
pub fn all_needed(list: &str, exceptions: &[(&str, &str)], needed: &[String]) {
    let idle = exceptions.iter().filter(|(name, _)| !needed.iter().any(|used| used == name));
    none(idle.map(|(name, _)| format!("{list}: {name} is no exception any more")).collect());
}
