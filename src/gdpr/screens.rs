//! What several pages of the desk show.

use crate::kit::html::{Avatar, Pill, Sections};

/// The head of each page about one customer.
#[derive(Debug, Default)]
pub struct CustomerHead {
    pub sections: Sections,
    pub id: String,
    pub name: String,
    /// Their phone or address, masked for those who may not see it.
    pub detail: String,
    pub avatar: Avatar,
    pub pills: Vec<Pill>,
    pub tabs: Vec<Tab>,
}

#[derive(Debug, Default)]
pub struct Tab {
    pub label: &'static str,
    pub href: String,
    pub is_current: bool,
}

/// A customer in a list.
#[derive(Debug, Default)]
pub struct CustomerLink {
    pub name: String,
    pub avatar: Avatar,
    pub href: String,
}

/// Links to the pages before and after.
#[derive(Debug, Default)]
pub struct Pages {
    pub newest_href: Option<String>,
    pub older_href: Option<String>,
}
