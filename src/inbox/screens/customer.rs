//! The customer beside the thread.

use crate::kit::html::{Pill, When};
use crate::labels::screens::Tag;

/// The panel at the right.
#[derive(Debug, Default)]
pub struct CustomerCard {
    /// None for a group, and where the customer was deleted.
    pub record: Option<Record>,
    pub identities: Vec<Identity>,
    pub first_seen: When,
    /// Other threads with the same customer, the newest first.
    pub others: Vec<Other>,
}

/// The customer's record, as their own page begins.
#[derive(Debug, Default)]
pub struct Record {
    pub id: String,
    pub href: String,
    pub state: Pill,
    /// Type, first contact, restricted.
    pub pills: Vec<Pill>,
    pub labels: Vec<Tag>,
    /// None: this user only reads.
    pub edit_href: Option<String>,
}

#[derive(Debug, Default)]
pub struct Other {
    pub href: String,
    pub state: Pill,
    pub preview: String,
    pub when: When,
}

#[derive(Debug, Default)]
pub struct Identity {
    /// "Phone", "WhatsApp", "WhatsApp (hidden number)", "Email".
    pub kind: &'static str,
    pub value: String,
}
