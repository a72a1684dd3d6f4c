//! Calls among the messages of a thread, where they happened.

use crate::calls::model::Call;
use crate::calls::view as calls;
use crate::inbox::model::Opened;
use crate::inbox::screens::{Bubble, Content, Day};
use crate::kit::access::{Access, Permission};
use crate::kit::words;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;

/// Puts them between the messages that stand there; `today` is the reader's.
pub fn place<P: Permission>(access: &Access<P>, opened: &Opened, today: NaiveDate, days: &mut Vec<(NaiveDate, Day)>) {
    let moments: HashMap<String, DateTime<Utc>> =
        opened.messages.iter().map(|message| (message.id.to_string(), message.occurred_at)).collect();
    for call in &opened.calls {
        let date = call.started_at.with_timezone(&access.who().time_zone).date_naive();
        let at = match days.binary_search_by_key(&date, |(known, _)| *known) {
            Ok(at) => at,
            Err(at) => {
                let label = words::day(date, today);
                days.insert(at, (date, Day { label, date: date.to_string(), ..Day::default() }));
                at
            }
        };
        let bubbles = &mut days[at].1.messages;
        let is_later = |bubble: &Bubble| moments.get(&bubble.id).is_some_and(|moment| *moment > call.started_at);
        let place = bubbles.iter().position(is_later).unwrap_or(bubbles.len());
        if let Some(next) = bubbles.get_mut(place) {
            next.starts_run = true;
        }
        bubbles.insert(place, bubble(access, call));
    }
}

fn bubble<P: Permission>(access: &Access<P>, call: &Call) -> Bubble {
    Bubble {
        id: call.id.to_string(),
        starts_run: true,
        content: Content::Call {
            href: format!("{}/{}", calls::HERE, call.id),
            icon: calls::icon(call),
            title: calls::kind(call),
            state: calls::state(call).label,
            is_missed: call.is_to_return(),
        },
        when: words::time_of_day(call.started_at, access.who().time_zone),
        ..Bubble::default()
    }
}
