//! What the page of notifications is asked.

use crate::kit::page::{self, Cursor};
use serde::Deserialize;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Look {
    /// `all`, or nothing for what is not read.
    pub show: String,
    /// The last one of the page before.
    #[serde(deserialize_with = "page::lenient")]
    pub after: Option<Cursor>,
}

impl Look {
    pub fn is_unread(&self) -> bool {
        self.show != "all"
    }
}
