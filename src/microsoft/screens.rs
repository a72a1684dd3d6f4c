//! On the way to Microsoft, and back with a choice; one's own link.

use crate::kit::html::{Area, Screen, Sections, When};
use askama::Template;

/// Leads on by itself (its answer has a `Refresh`): a form of ours may not end elsewhere.
#[derive(Debug, Template)]
#[template(path = "microsoft/leaving.html")]
pub struct Leaving {
    /// Of the authority.
    pub address: String,
}

impl Screen for Leaving {
    fn title(&self) -> String {
        "To Microsoft".into()
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }
}

/// The organisations that one Microsoft account leads to.
#[derive(Debug, Template)]
#[template(path = "microsoft/choice.html")]
pub struct Choice {
    pub doors: Vec<Door>,
}

#[derive(Debug)]
pub struct Door {
    pub link: String,
    pub tenant: String,
}

impl Screen for Choice {
    fn title(&self) -> String {
        "Choose an organisation".into()
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }
}

/// What templates/account/_microsoft.html shows; a page that includes it has this as its field `microsoft`.
#[derive(Debug, Default)]
pub struct Section {
    pub is_configured: bool,
    pub link: Option<Linked>,
    /// Without a password the link is the only way in.
    pub has_password: bool,
    /// Why the last try came to nothing.
    pub problem: Option<&'static str>,
}

#[derive(Debug, Default)]
pub struct Linked {
    /// As Microsoft calls the account.
    pub address: String,
    pub since: When,
    pub last_used: Option<When>,
    /// Microsoft's permission to act in the user's name is over.
    pub ended: Option<When>,
}

/// One's own link, on a page of its own.
#[derive(Debug, Template)]
#[template(path = "microsoft/account.html")]
pub struct Account {
    pub sections: Sections,
    pub microsoft: Section,
}

impl Screen for Account {
    fn title(&self) -> String {
        "Microsoft account".into()
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }
}
