//! The inbox: one page of queues, list and thread, of which htmx fetches the part that changed.

mod about;
mod composer;
mod customer;
mod list;
mod thread;

pub use about::{AboutMessage, Fact, Wording};
pub use composer::{AttachedFile, Colleague, Composer, Files, ReplyTo};
pub use customer::{CustomerCard, Identity, Other, Record};
pub use list::{ConversationList, ConversationRow, FilterFields, Lead, Queue, Waiting};
pub use thread::{Bubble, Content, Day, Failure, Line, NumberChip, Quote, Reaction, Sender, Thread, Tick};

use crate::inbox::many::screens::Offers;
use crate::kit::html::{Area, Screen};
use actix_web::http::StatusCode;
use askama::{Template, Values};

/// `/inbox` (no thread) and `/inbox/{conversation}`. For a part, only what it shows needs to be filled:
/// `thread`, `thread_*`, `composer`, `conversation_header` and `customer_panel` want the thread, `conversation_more` the
/// list, `conversation_list` the list and the queues.
#[derive(Debug, Default, Template)]
#[template(
    path = "inbox/index.html",
    blocks = ["conversation_queues", "conversation_list", "conversation_more", "thread"]
)]
pub struct Inbox {
    pub queues: Vec<Queue>,
    pub list: ConversationList,
    /// What can be done with ticked rows; nothing for those who only read.
    pub offers: Offers,
    pub may_pick: bool,
    pub thread: Option<Thread>,
    /// False: nothing can arrive yet, and the empty inbox says so.
    pub has_numbers: bool,
    /// Whether this user may go and pair one.
    pub may_pair: bool,
    /// 422 when an answer was refused; the composer says why.
    pub status: StatusCode,
}

impl Screen for Inbox {
    fn title(&self) -> String {
        match &self.thread {
            Some(thread) => format!("{} · Inbox", thread.name),
            None => "Inbox".into(),
        }
    }

    fn area(&self) -> Area {
        Area::Inbox
    }

    fn status(&self) -> StatusCode {
        self.status
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        let html = match id {
            "conversation_list" => self.list_with_queues(values),
            "conversation_more" => self.as_conversation_more().render_with_values(values),
            "thread" => self.as_thread().render_with_values(values),
            id => return self.thread.as_ref()?.part(id, values),
        };
        Some(html)
    }
}

impl Inbox {
    /// The queues' counts change together with the list: htmx puts them into their own place.
    fn list_with_queues(&self, values: &dyn Values) -> askama::Result<String> {
        let list = self.as_conversation_list().render_with_values(values)?;
        let queues = self.as_conversation_queues().render_with_values(values)?;
        Ok(format!(r#"{list}<div id="conversation_queues" hx-swap-oob="innerHTML">{queues}</div>"#))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::text::pieces;
    use crate::kit::html::{Frame, Htmx, show};
    use actix_web::body::to_bytes;
    use actix_web::test::TestRequest;

    const PARTS: &[&str] = &["thread_older", "thread_messages", "conversation_header", "composer", "customer_panel"];

    fn inbox() -> Inbox {
        let message =
            Bubble { id: "7".into(), text: pieces("<b>*hi*</b>"), tick: Some(Tick::Read), ..Bubble::default() };
        let day = Day { messages: vec![message], ..Day::default() };
        let composer = Composer { text: "</textarea>".into(), ..Composer::default() };
        let thread = Thread {
            name: "Ana & Co".into(),
            older_href: Some("/inbox/1?before=x".into()),
            days: vec![day],
            composer: Some(composer),
            ..Thread::default()
        };
        Inbox { thread: Some(thread), ..Inbox::default() }
    }

    async fn shown(inbox: &Inbox, target: &'static str) -> String {
        let req = TestRequest::default().insert_header(("hx-request", "true")).insert_header(("hx-target", target));
        let answer = show(&Frame::default(), &Htmx::of(&req.to_http_request()), inbox).unwrap();
        String::from_utf8(to_bytes(answer.into_body()).await.unwrap().to_vec()).unwrap()
    }

    #[actix_web::test]
    async fn every_part_of_an_open_thread_is_what_the_page_shows_of_it() {
        let inbox = inbox();
        let page = shown(&inbox, "screen").await;
        for id in PARTS {
            let part = shown(&inbox, id).await;
            assert!(!part.trim().is_empty() && page.contains(part.trim()), "{id}");
        }
    }

    #[actix_web::test]
    async fn what_customers_write_is_shown_and_never_run() {
        let page = shown(&inbox(), "screen").await;
        assert!(page.contains("&#60;b&#62;<strong>hi</strong>&#60;/b&#62;") && page.contains("&#60;/textarea&#62;"));
        assert!(page.contains("Ana &#38; Co") && page.contains("Read"));
    }

    #[actix_web::test]
    async fn the_list_brings_the_queues_along() {
        let list = shown(&Inbox::default(), "conversation_list").await;
        assert!(list.contains("No number yet") && list.contains(r#"id="conversation_queues" hx-swap-oob="innerHTML""#));
    }
}
