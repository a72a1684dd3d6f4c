//! The pages inside a package. They stand alone: no script, no address of ours.

use super::reading::Everything;
use super::talk::{Said, Thread};
use crate::conversations::model::Direction;
use askama::Template;

#[derive(Template)]
#[template(path = "gdpr/package/index.html")]
pub struct Index<'a> {
    pub all: &'a Everything,
    pub threads: &'a [ThreadLink],
    pub has_group_messages: bool,
}

/// A conversation in the list of the first page.
#[derive(Debug, Clone)]
pub struct ThreadLink {
    pub href: String,
    pub title: String,
    pub number: String,
    pub count: usize,
}

#[derive(Template)]
#[template(path = "gdpr/package/thread.html", blocks = ["head", "lines", "foot"])]
pub struct ThreadPage<'a> {
    pub title: &'a str,
    pub thread: Option<&'a Thread>,
    pub lines: &'a [Said],
}

impl ThreadPage<'_> {
    fn is_theirs(&self, line: &Said) -> bool {
        line.direction == Direction::Inbound
    }
}
