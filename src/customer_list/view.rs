//! Customers by the many as their pages show them: rows become words.

mod bulk;
mod changes;
mod filter;

pub use changes::{changed, confirm};

use super::form::SaveForm;
use super::look::{Look, order_word};
use super::reading::Found;
use super::screens::{Cell, Head, Index, Row, SaveFields, Saved, Tab};
use crate::customer_desk::view as desk;
use crate::customers::attributes::{self, AttributeKind};
use crate::customers::columns::{self, Column};
use crate::customers::filter::Standing;
use crate::customers::listing::{self, Order, Sort};
use crate::customers::model::{CustomerId, CustomerState, CustomerType};
use crate::kit::access::{Access, EditCustomers, EditOrganisation, ExportCustomers, Permission};
use crate::kit::html::{Avatar, Choice, Pill, status_of_form};
use crate::kit::words;
use crate::labels::model::Label;
use crate::labels::view::tag;
use crate::saved_filters::model::SavedFilter;
use chrono::Utc;
use serde_json::Value;

pub const HERE: &str = "/customers";

/// What is shown beside a list of customers: a form that came back.
#[derive(Default)]
pub struct Aside {
    pub problem: Option<String>,
    pub picked: Vec<CustomerId>,
    pub save: Option<SaveForm>,
}

pub fn index<P: Permission>(access: &Access<P>, look: &Look, found: &Found, aside: Aside) -> Index {
    let query = look.query();
    let problem = aside.problem.or_else(|| {
        let wrong = "This cannot be looked for: please correct what is marked in the filter.";
        found.filter.is_none().then(|| wrong.to_owned())
    });
    let is_rejected = problem.is_some() && found.filter.is_some() || aside.save.is_some();
    let may_edit = access.may::<EditCustomers>();
    Index {
        sections: access.customer_sections(HERE),
        tabs: tabs(look, found),
        filter: filter::fields(look, found),
        sorts: sorts(look),
        heads: heads(look, found),
        rows: found.rows.iter().map(|customer| row(access, customer, found, &aside.picked)).collect(),
        more_href: found.next.as_deref().map(|next| href(&more(&query, next))),
        columns: column_choices(found),
        saved: found.saved.iter().map(|one| saved(access, one, found, &query)).collect(),
        save: may_edit.then(|| save_fields(aside.save)),
        bulk: may_edit.then(|| bulk::bulk(access, look, found)),
        may_export: access.may::<ExportCustomers>(),
        may_add: may_edit,
        problem,
        is_narrowed: look.is_narrowed() || !matches!(look.state.as_str(), "" | "active"),
        status: status_of_form(is_rejected),
        query,
    }
}

/// The list's address for a query.
pub fn href(query: &str) -> String {
    if query.is_empty() { HERE.to_owned() } else { format!("{HERE}?{query}") }
}

fn more(query: &str, next: &str) -> String {
    if query.is_empty() { format!("after={next}") } else { format!("{query}&after={next}") }
}

fn tabs(look: &Look, found: &Found) -> Vec<Tab> {
    let standing = found.filter.as_ref().map_or_else(Standing::default, |filter| filter.standing);
    let all = [(None, "All")].into_iter();
    let types = [
        (CustomerType::Regular, "Regular"),
        (CustomerType::Unregistered, "Unregistered"),
        (CustomerType::New, "New"),
        (CustomerType::Anonymous, "Anonymous"),
    ];
    all.chain(types.into_iter().map(|(word, label)| (Some(word), label)))
        .map(|(word, label)| {
            let customer_type = word.map(CustomerType::word).unwrap_or_default().to_owned();
            let is_current = look.customer_type == customer_type;
            Tab {
                label,
                count: words::number(found.counts.of(standing, word)),
                href: href(&Look { customer_type, ..look.clone() }.query()),
                is_current,
            }
        })
        .collect()
}

fn sorts(look: &Look) -> Vec<Choice> {
    let offered = [
        (Sort::Name, false, "Name, A to Z"),
        (Sort::Name, true, "Name, Z to A"),
        (Sort::Seen, true, "Last seen, newest first"),
        (Sort::Seen, false, "Last seen, longest ago first"),
        (Sort::Created, true, "Created, newest first"),
        (Sort::Created, false, "Created, oldest first"),
        (Sort::Company, false, "Company, A to Z"),
        (Sort::Company, true, "Company, Z to A"),
    ];
    let chosen = if look.sort.is_empty() { String::new() } else { order_word(look.order()) };
    let usual = Choice::of("", "Default order", &chosen);
    let offered = offered
        .map(|(sort, is_descending, label)| Choice::of(&order_word(Order { sort, is_descending }), label, &chosen));
    std::iter::once(usual).chain(offered).collect()
}

fn heads(look: &Look, found: &Found) -> Vec<Head> {
    let order = look.order();
    let head = |label: String, sort: Option<Sort>| {
        let is_current = sort == Some(order.sort);
        let next = sort.map(|sort| Order {
            sort,
            is_descending: if is_current { !order.is_descending } else { sort.is_usually_descending() },
        });
        Head {
            label,
            href: next.map(|next| href(&look.sorted(next).query())),
            order: match (is_current, order.is_descending) {
                (false, _) => "",
                (true, false) => "ascending",
                (true, true) => "descending",
            },
        }
    };
    let sort = |column: &Column| match column {
        Column::Company => Some(Sort::Company),
        Column::LastSeen => Some(Sort::Seen),
        Column::Created => Some(Sort::Created),
        _ => None,
    };
    let columns = found.columns.iter().map(|column| head(column.label(&found.definitions), sort(column)));
    [head("Name".into(), Some(Sort::Name))].into_iter().chain(columns).collect()
}

fn row<P: Permission>(access: &Access<P>, customer: &listing::Row, found: &Found, picked: &[CustomerId]) -> Row {
    let is_asked_for = |state| found.filter.as_ref().is_some_and(|filter| filter.standing == Standing::In(state));
    let title = customer.name();
    let is_there = !matches!(customer.state, CustomerState::Deleted | CustomerState::Erased);
    let may_edit = is_there && access.may::<EditCustomers>();
    Row {
        id: customer.id.to_string(),
        href: format!("{HERE}/{}", customer.id),
        avatar: Avatar::of(&title),
        name: match (title.is_empty(), &customer.phone) {
            (false, _) => title,
            (true, Some(digits)) => access.phone(digits),
            (true, None) => crate::customers::model::UNKNOWN.to_owned(),
        },
        kind: desk::kind(customer.customer_type),
        state: (!is_asked_for(customer.state)).then(|| desk::state(customer.state)),
        cells: found.columns.iter().map(|column| cell(access, customer, column, found)).collect(),
        edit_href: may_edit.then(|| format!("{HERE}/{}/edit", customer.id)),
        is_picked: picked.contains(&customer.id),
    }
}

fn cell<P: Permission>(access: &Access<P>, customer: &listing::Row, column: &Column, found: &Found) -> Cell {
    let (zone, now) = (access.who().time_zone, Utc::now());
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let blank = || Cell { label: column.label(&found.definitions), ..Cell::default() };
    match column {
        Column::Phone => {
            let phone = customer.phone.as_deref().map(|digits| access.phone(digits));
            Cell { text: phone.unwrap_or_default(), is_number: true, ..blank() }
        }
        Column::Email => {
            let email = customer.email.as_deref().map(|email| access.email(email));
            Cell { text: email.unwrap_or_default(), ..blank() }
        }
        Column::Company => Cell { text: text(&customer.company), ..blank() },
        Column::Labels => Cell { tags: tags(customer.id, found), ..blank() },
        Column::LastSeen => Cell { when: customer.last_seen_at.map(|at| words::when(at, zone, now)), ..blank() },
        Column::Created => Cell { when: Some(words::when(customer.created_at, zone, now)), ..blank() },
        Column::State => Cell { pill: Some(desk::state(customer.state)), ..blank() },
        Column::ExternalId => Cell { text: text(&customer.external_id), ..blank() },
        Column::Locale => Cell { text: text(&customer.locale), ..blank() },
        Column::TimeZone => Cell { text: text(&customer.time_zone), ..blank() },
        Column::Field(key) => {
            let is_number = matches!(customer.attributes[key], Value::Number(_));
            Cell { text: attributes::typed(&customer.attributes[key]), is_number, ..blank() }
        }
    }
}

fn tags(customer: CustomerId, found: &Found) -> Vec<crate::labels::screens::Tag> {
    let sticks = |label: &&Label| found.stuck.contains(&(customer, label.id));
    found.labels.iter().filter(sticks).map(tag).collect()
}

fn column_choices(found: &Found) -> Vec<Choice> {
    let choice = |column: &Column| Choice {
        value: column.word(),
        label: column.label(&found.definitions),
        is_chosen: found.columns.contains(column),
    };
    columns::all(&found.definitions).iter().map(choice).collect()
}

fn saved<P: Permission>(access: &Access<P>, one: &SavedFilter, found: &Found, query: &str) -> Saved {
    let is_mine = one.created_by.get() == access.who().user;
    let may_delete = is_mine && access.may::<EditCustomers>() || one.is_shared && access.may::<EditOrganisation>();
    let by = found.names.iter().find(|(id, _)| *id == one.created_by && !is_mine).map(|(_, name)| name.clone());
    Saved {
        name: one.name.clone(),
        href: href(&one.query),
        by,
        is_shared: one.is_shared,
        delete_href: may_delete.then(|| format!("{HERE}/filters/{}/deletion", one.id)),
        is_current: one.query == query,
    }
}

fn save_fields(form: Option<SaveForm>) -> SaveFields {
    let form = form.unwrap_or_default();
    SaveFields {
        name_error: form.errors.of("name").map(str::to_owned),
        is_shared: !form.shared.is_empty(),
        name: form.name,
    }
}

/// Of the kind of field: what a spreadsheet or a form would call its input.
fn range(kind: AttributeKind) -> Option<&'static str> {
    match kind {
        AttributeKind::Number => Some("number"),
        AttributeKind::Date => Some("date"),
        _ => None,
    }
}

/// A state in a word, for headings.
fn outcome(is_over: bool, is_undone: bool) -> Pill {
    use crate::kit::html::Tone;
    match (is_over, is_undone) {
        (false, _) => Pill::new(Tone::Busy, "Under way"),
        (true, true) => Pill::new(Tone::Quiet, "Undone"),
        (true, false) => Pill::new(Tone::Good, "Done"),
    }
}
