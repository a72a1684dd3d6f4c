//! The query of the search page.

use crate::kit::page::{self, Cursor};
use serde::Deserialize;

/// Characters of a question.
const MOST: usize = 300;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Look {
    pub q: String,
    /// `newest`, or anything else for the best.
    pub sort: String,
    #[serde(deserialize_with = "page::lenient")]
    pub after: Option<Cursor>,
}

impl Look {
    pub fn typed(&self) -> String {
        self.q.replace('\0', "").trim().chars().take(MOST).collect()
    }

    /// The best ones are those of one page: the next begins at a time.
    pub fn is_newest(&self) -> bool {
        self.sort == "newest" || self.after.is_some()
    }
}
