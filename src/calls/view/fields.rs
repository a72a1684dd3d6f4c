//! What stands in the fields of the filter, of a call's form and of a number's rule.

use super::{Found, HERE, name_of};
use crate::calls::form::{CallForm, Look, RuleForm};
use crate::calls::model::CallId;
use crate::calls::parties::Named;
use crate::calls::screens::{FilterFields, Form, Rule};
use crate::kit::access::{Access, EditAllCalls, EditNumbers, Permission, ViewAllCalls};
use crate::kit::html::Choice;
use crate::numbers::model::{Number, NumberId};
use crate::users::directory::Person;

pub(super) fn filter<P: Permission>(access: &Access<P>, look: &Look, found: &Found) -> FilterFields {
    let any = |label: &str, chosen: &str| vec![Choice::of("", label, chosen)];
    let statuses = [("ongoing", "Going on"), ("completed", "Completed"), ("failed", "Missed or failed")];
    let directions = [("inbound", "Incoming"), ("outbound", "Outgoing"), ("internal", "Between colleagues")];
    let with = |mut first: Vec<Choice>, rest: Vec<Choice>| {
        first.extend(rest);
        first
    };
    let words = |known: &[(&str, &str)], chosen: &str| -> Vec<Choice> {
        known.iter().map(|(value, label)| Choice::of(value, *label, chosen)).collect()
    };
    let users = found.people.iter().map(|person| Choice::of(&person.id.to_string(), person.name(), &look.user));
    let mut numbers: Vec<(&NumberId, &String)> = found.parties.numbers.iter().collect();
    numbers.sort_by_key(|(_, name)| name.to_lowercase());
    let numbers = numbers.into_iter().map(|(id, name)| Choice::of(&id.to_string(), name, &look.number));
    let customer = Some(look.customer.clone()).filter(|id| !id.is_empty());
    let name = |id: &String| {
        let known = id.parse().ok().and_then(|id| found.parties.customer(Some(id)));
        known.map_or_else(|| "one customer".to_owned(), |named| name_of(access, named))
    };
    FilterFields {
        view: look.view.clone(),
        q: look.q.clone(),
        statuses: with(any("Any state", &look.status), words(&statuses, &look.status)),
        directions: with(any("Any direction", &look.direction), words(&directions, &look.direction)),
        users: match access.may::<ViewAllCalls>() && look.view != "mine" {
            true => with(any("Anybody", &look.user), users.collect()),
            false => Vec::new(),
        },
        numbers: with(any("Any number", &look.number), numbers.collect()),
        customer: customer.map(|id| (id.clone(), name(&id))),
        from: look.from.clone(),
        to: look.to.clone(),
        clear_href: Look { view: look.view.clone(), ..Look::default() }.href(HERE, &[]),
        is_used: look.is_used(),
        errors: look.errors.clone(),
    }
}

/// What the form shows besides what was typed.
#[derive(Debug)]
pub struct Asked {
    /// None for a new one.
    pub id: Option<CallId>,
    pub people: Vec<Person>,
    pub customer: Option<Named>,
}

pub fn form<P: Permission>(access: &Access<P>, asked: &Asked, form: CallForm) -> Form {
    let choose = |only: &dyn Fn(&Person) -> bool, chosen: &str| -> Vec<Choice> {
        let there =
            asked.people.iter().filter(|person| person.is_active && only(person) || person.id.to_string() == chosen);
        there.map(|person| Choice::of(&person.id.to_string(), person.name(), chosen)).collect()
    };
    let own = access.who().user;
    let may_all = access.may::<EditAllCalls>();
    let directions =
        [("outbound", "We called them"), ("inbound", "They called us"), ("internal", "Between colleagues")];
    let outcomes = [("spoke", "We spoke"), ("nobody", "Nobody answered")];
    let mut colleagues = vec![Choice::of("", "Nobody", &form.colleague)];
    colleagues.extend(choose(&|_| true, &form.colleague));
    let href = asked.id.map(|id| format!("{HERE}/{id}"));
    Form {
        title: if href.is_some() { "Edit the call" } else { "Write down a call" },
        is_new: href.is_none(),
        action: href.clone().unwrap_or_else(|| HERE.into()),
        back: href.unwrap_or_else(|| HERE.into()),
        directions: directions.iter().map(|(value, label)| Choice::of(value, *label, &form.direction)).collect(),
        customer_name: asked.customer.as_ref().map(|named| name_of(access, named)),
        users: choose(&|person| may_all || person.id.get() == own, &form.user),
        colleagues,
        outcomes: outcomes.iter().map(|(value, label)| Choice::of(value, *label, &form.outcome)).collect(),
        id: form.id,
        returns: form.returns,
        customer: form.customer,
        started: form.started,
        length: form.length,
        is_video: form.is_video == "on",
        note: form.note,
        errors: form.errors,
    }
}

pub fn rule<P: Permission>(access: &Access<P>, number: &Number, form: RuleForm, was_saved: bool) -> Rule {
    Rule {
        sections: access.settings("/settings/numbers"),
        number: number.name.clone(),
        action: format!("/settings/numbers/{}/calls", number.id),
        declines: form.answer == "decline",
        text: form.text,
        may_edit: access.may::<EditNumbers>(),
        was_saved,
        errors: form.errors,
    }
}
