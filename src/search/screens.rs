//! `/search`

use super::marks::Run;
use crate::kit::html::{Area, Avatar, Pill, Screen, When};
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "search/index.html", blocks = ["search_found", "search_more"])]
pub struct Index {
    pub typed: String,
    pub is_newest: bool,
    /// Both orders, where there is something to order.
    pub orders: Vec<Order>,
    pub notices: Vec<String>,
    pub customers: Vec<Person>,
    /// Where all of that name are.
    pub customers_href: String,
    pub conversations: Vec<Thread>,
    pub conversations_href: String,
    pub messages: Vec<Message>,
    pub more_href: Option<String>,
    /// Something was looked for, so that an empty page says that nothing was found.
    pub is_asked: bool,
}

#[derive(Debug)]
pub struct Order {
    pub label: &'static str,
    pub href: String,
    pub is_current: bool,
}

#[derive(Debug)]
pub struct Person {
    pub href: String,
    pub name: String,
    pub avatar: Avatar,
    /// Phone or address, as this reader may see it, and the company.
    pub detail: String,
}

#[derive(Debug)]
pub struct Thread {
    pub href: String,
    pub name: String,
    pub avatar: Avatar,
    pub state: Pill,
    pub preview: String,
    pub when: Option<When>,
}

#[derive(Debug)]
pub struct Message {
    /// Opens the thread where the message stands.
    pub href: String,
    pub thread: String,
    pub avatar: Avatar,
    /// Who wrote it, where it was not the customer.
    pub sender: String,
    pub runs: Vec<Run>,
    /// Of a message without text, what it is.
    pub kind: &'static str,
    pub is_note: bool,
    pub when: When,
}

impl Index {
    pub fn is_empty(&self) -> bool {
        self.customers.is_empty() && self.conversations.is_empty() && self.messages.is_empty()
    }
}

impl Screen for Index {
    fn title(&self) -> String {
        match self.typed.is_empty() {
            true => "Search".into(),
            false => format!("{} · Search", self.typed),
        }
    }

    fn area(&self) -> Area {
        Area::Search
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        match id {
            "search_found" => Some(self.as_search_found().render_with_values(values)),
            "search_more" => Some(self.as_search_more().render_with_values(values)),
            _ => None,
        }
    }
}
