//! What stands in a package, as text: pages for people, JSON for programs.

use super::reading::Everything;
pub use super::screens::ThreadLink;
use super::screens::{Index, ThreadPage};
use super::talk::{Said, Thread};
use crate::kit::error::Result;
use askama::Template;

/// Lies beside the pages.
pub const STYLE: &str = include_str!("../../../templates/gdpr/package/style.css");

/// The first page.
pub fn index(all: &Everything, threads: &[ThreadLink], has_group_messages: bool) -> Result<String> {
    Ok(Index { all, threads, has_group_messages }.render()?)
}

/// The link to a conversation of so many messages.
pub fn link(thread: &Thread, count: usize) -> ThreadLink {
    ThreadLink {
        href: format!("conversations/{}.html", thread.id),
        title: thread.title.clone(),
        number: thread.number.clone().unwrap_or_default(),
        count,
    }
}

/// The beginning of a page of messages; [`lines`] follow, and [`foot`] ends it.
pub fn head(title: &str, thread: Option<&Thread>) -> Result<String> {
    Ok(ThreadPage { title, thread, lines: &[] }.as_head().render()?)
}

pub fn lines(lines: &[Said]) -> Result<String> {
    Ok(ThreadPage { title: "", thread: None, lines }.as_lines().render()?)
}

pub fn foot() -> Result<String> {
    Ok(ThreadPage { title: "", thread: None, lines: &[] }.as_foot().render()?)
}

/// Messages as the inside of a JSON array, with the comma that parts them from those before.
pub fn json_lines(lines: &[Said], is_first: bool) -> Result<String> {
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        text.push_str(if is_first && at == 0 { "\n" } else { ",\n" });
        text.push_str(&serde_json::to_string(line)?);
    }
    Ok(text)
}
