//! What the list of customers was asked for, as its address says it: every filter is in it, so that a list can be shared
//! and kept.

use crate::customers::listing::{Order, Sort};
use crate::kit::page::TextCursor;
use std::collections::BTreeMap;

/// Characters of an address, as saved filters hold one.
pub const LONGEST: usize = 4000;
/// The states that one can ask for; `all` is whoever was not deleted.
pub const STATES: [&str; 5] = ["active", "suspended", "archived", "deleted", "all"];

/// The query of the list, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    pub q: String,
    pub customer_type: String,
    pub state: String,
    pub labels: Vec<String>,
    pub seen: String,
    pub days: String,
    pub consent: String,
    pub purpose: String,
    pub channel: String,
    pub made_from: String,
    pub made_until: String,
    /// By "key.how": is, has, from, until, empty.
    pub values: BTreeMap<String, String>,
    /// A word of [`Sort`], with `:asc` or `:desc` where it is not the usual way round.
    pub sort: String,
    pub after: String,
    pub rows: String,
}

impl Look {
    /// Reads an address; what it does not know it leaves out.
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut look = Self::default();
        for (name, value) in pairs {
            let text = value.replace('\0', "");
            match name {
                "label" if !text.is_empty() && look.labels.len() < 10 && !look.labels.contains(&text) => {
                    look.labels.push(text);
                }
                name => {
                    if let Some(field) = look.field(name) {
                        *field = text;
                    }
                }
            }
        }
        look
    }

    /// Reads what [`Self::query`] wrote.
    pub fn parse(query: &str) -> Self {
        let pairs: Vec<_> = url::form_urlencoded::parse(query.trim_start_matches('?').as_bytes()).collect();
        Self::of(pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())))
    }

    fn field(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "q" => &mut self.q,
            "type" => &mut self.customer_type,
            "state" => &mut self.state,
            "seen" => &mut self.seen,
            "days" => &mut self.days,
            "consent" => &mut self.consent,
            "purpose" => &mut self.purpose,
            "channel" => &mut self.channel,
            "from" => &mut self.made_from,
            "until" => &mut self.made_until,
            "sort" => &mut self.sort,
            "after" => &mut self.after,
            "rows" => &mut self.rows,
            name => {
                let key = name.strip_prefix("field.").filter(|key| key.len() < 100)?;
                self.values.entry(key.to_owned()).or_default()
            }
        })
    }

    /// What was typed about one of the tenant's own fields.
    pub fn value(&self, key: &str, how: &str) -> &str {
        self.values.get(&format!("{key}.{how}")).map(String::as_str).unwrap_or_default()
    }

    pub fn order(&self) -> Order {
        let (word, way) = self.sort.split_once(':').unwrap_or((&self.sort, ""));
        let sort = Sort::ALL.into_iter().find(|sort| sort.word() == word).unwrap_or_else(|| self.usual());
        let is_descending = match way {
            "asc" => false,
            "desc" => true,
            _ => sort.is_usually_descending(),
        };
        Order { sort, is_descending }
    }

    /// What a search finds is ordered by when it came: whoever has a common name would else be sought among all names.
    fn usual(&self) -> Sort {
        if self.q.trim().is_empty() { Sort::Name } else { Sort::Created }
    }

    /// The same list in another order, from its beginning.
    pub fn sorted(&self, order: Order) -> Self {
        Self { sort: order_word(order), after: String::new(), ..self.clone() }
    }

    pub fn after(&self) -> Option<TextCursor> {
        TextCursor::parse(&self.after)
    }

    pub fn rows(&self) -> usize {
        self.rows.parse().unwrap_or(0)
    }

    /// The list's address with everything that narrows and orders it, and nothing that is usual; empty where all is.
    pub fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let consent = !self.consent.is_empty();
        let sort = order_word(self.order());
        let parts = [
            ("q", self.q.trim(), true),
            ("type", &self.customer_type, true),
            ("state", &self.state, self.state != "active"),
            ("seen", &self.seen, true),
            ("days", &self.days, matches!(self.seen.as_str(), "within" | "not_within")),
            ("consent", &self.consent, true),
            ("purpose", &self.purpose, consent),
            ("channel", &self.channel, consent),
            ("from", &self.made_from, true),
            ("until", &self.made_until, true),
            ("sort", &sort, sort != self.usual().word()),
        ];
        for (name, value, _) in parts.into_iter().filter(|(_, value, counts)| *counts && !value.is_empty()) {
            query.append_pair(name, value);
        }
        for label in &self.labels {
            query.append_pair("label", label);
        }
        for (key, value) in self.values.iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(&format!("field.{key}"), value);
        }
        query.finish()
    }

    /// Whether it is narrowed by more than a state.
    pub fn is_narrowed(&self) -> bool {
        let plain = Self { sort: self.sort.clone(), state: self.state.clone(), ..Self::default() };
        self.query() != plain.query()
    }
}

/// As addresses have it.
pub fn order_word(Order { sort, is_descending }: Order) -> String {
    match (is_descending == sort.is_usually_descending(), is_descending) {
        (true, _) => sort.word().to_owned(),
        (false, true) => format!("{}:desc", sort.word()),
        (false, false) => format!("{}:asc", sort.word()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_the_same_when_it_is_written_again() {
        let typed = "q=Ana+M%C3%BCller&type=new&label=b&label=a&seen=within&days=7&consent=given&from=2026-01-01\
                     &field.tier.is=gold&sort=last_seen%3Aasc&unknown=1";
        let look = Look::parse(typed);
        assert_eq!(Look::parse(&look.query()), look);
        assert_eq!(look.labels, ["b", "a"]);
        assert!(!look.query().contains("unknown") && look.is_narrowed());
    }

    #[test]
    fn what_is_usual_is_not_said() {
        assert_eq!(Look::parse("q=+&state=active&sort=name:asc&days=5&purpose=service&field.x.is=").query(), "");
        assert!(!Look::parse("state=deleted&sort=created").is_narrowed());
    }
}
