//! One screen per file, one thought per function.

use super::source::{files, none, texts};

const LINES: usize = 300;
const FUNCTION: usize = 60;
/// A line for each thing that there is, and nothing else.
const MAPS: &[&str] = &["src/routes.rs", "tests/app/routes/table.rs"];

#[test]
fn no_file_is_longer_than_300_lines() {
    let own = files().into_iter().map(|file| (format!("src/{}", file.path), file.text));
    let tests = texts("tests", "rs");
    let scripts =
        texts("static/js", "js").into_iter().chain(texts("static/css", "css")).chain(texts("templates", "html"));
    let all = own.chain(tests).chain(scripts).filter(|(path, _)| !MAPS.contains(&path.as_str()));
    let long = all.filter(|(_, text)| text.lines().count() > LINES);
    none(long.map(|(path, text)| format!("{path} has {} lines", text.lines().count())).collect());
}

#[test]
fn no_function_is_longer_than_60_lines() {
    let mut long = Vec::new();
    for file in files() {
        let lengths = file.functions().into_iter().map(|(name, text)| (name, text.lines().count()));
        let over = lengths.filter(|(_, length)| *length > FUNCTION);
        long.extend(over.map(|(name, length)| format!("src/{}: {name} has {length} lines", file.path)));
    }
    none(long);
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = files().into_iter().filter(|file| file.name() != "main.rs" && !file.text.starts_with("//! "));
    none(silent.map(|file| file.path).collect());
}
