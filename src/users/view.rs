//! People as their pages show them: rows become words.

use super::directory::{Filter, Person, Sort, State};
use super::form::{Look, ROLES, UserForm};
use super::invitations::Invitation;
use super::screens::{Fields, Index, Invited, New, RoleChoice, Row, Show, Tab};
use crate::kit::access::{Access, EditSecurity, EditUsers, ExportUsers, Permission, Role, ViewAddresses};
use crate::kit::html::{Avatar, Choice, Fact, Pill, Tone, status_of_form};
use crate::kit::{locales, words};
use chrono::Utc;

pub const HERE: &str = "/settings/users";

pub fn state(state: State) -> Pill {
    match state {
        State::Active => Pill::new(Tone::Good, "Active"),
        State::Invited => Pill::new(Tone::Busy, "Invited"),
        State::Deactivated => Pill::new(Tone::Warn, "Deactivated"),
        State::Deleted => Pill::new(Tone::Quiet, "Deleted"),
    }
}

pub fn row<P: Permission>(access: &Access<P>, person: &Person) -> Row {
    let (name, now, zone) = (person.name(), Utc::now(), access.who().time_zone);
    Row {
        href: href(person),
        avatar: Avatar::of(&name),
        email: access.email(&person.email),
        role: person.role.label(),
        company: person.company_name.clone(),
        state: state(person.state()),
        last_seen: person.last_login_at.map(|at| words::when(at, zone, now)),
        is_me: person.id.get() == access.who().user,
        name,
    }
}

pub fn href(person: &Person) -> String {
    format!("{HERE}/{}", person.id)
}

/// What the list was asked for, and what it found.
pub struct Found {
    pub people: Vec<Person>,
    /// The cursor of the page after these.
    pub next: Option<String>,
    pub counts: [i64; 4],
}

pub fn index<P: Permission>(access: &Access<P>, look: &Look, found: &Found) -> Index {
    let filter = look.filter(access.may::<ViewAddresses>());
    let query = |after: Option<&str>| query(&filter, filter.state, after);
    Index {
        sections: access.settings(HERE),
        tabs: tabs(&filter, found.counts),
        roles: roles(filter.role),
        sorts: sorts(filter.sort),
        rows: found.people.iter().map(|person| row(access, person)).collect(),
        more_href: found.next.as_deref().map(|next| format!("{HERE}{}", query(Some(next)))),
        export_href: access.may::<ExportUsers>().then(|| format!("{HERE}/export.csv{}", query(None))),
        may_add: access.may::<EditUsers>(),
        is_narrowed: filter.role.is_some() || filter.state.is_some() || !filter.words.is_empty(),
        state: filter.state.map(State::word).unwrap_or_default().to_owned(),
        search: filter.words,
    }
}

/// The list's address with everything that narrows it; empty where nothing does.
fn query(filter: &Filter, state: Option<State>, after: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let parts = [
        ("q", Some(filter.words.as_str()).filter(|words| !words.is_empty())),
        ("role", filter.role.map(Role::word)),
        ("state", state.map(State::word)),
        ("sort", Some(filter.sort.word()).filter(|_| filter.sort != Sort::default())),
        ("after", after),
    ];
    query.extend_pairs(parts.into_iter().filter_map(|(name, value)| Some((name, value?))));
    match query.finish() {
        query if query.is_empty() => query,
        query => format!("?{query}"),
    }
}

fn tabs(filter: &Filter, counts: [i64; 4]) -> Vec<Tab> {
    let tab = |label, state, count: i64| Tab {
        label,
        count: count.to_string(),
        href: format!("{HERE}{}", query(filter, state, None)),
        is_current: filter.state == state,
    };
    let [active, invited, deactivated, deleted] = counts;
    vec![
        tab("Everybody", None, active + invited + deactivated),
        tab("Active", Some(State::Active), active),
        tab("Invited", Some(State::Invited), invited),
        tab("Deactivated", Some(State::Deactivated), deactivated),
        tab("Deleted", Some(State::Deleted), deleted),
    ]
}

fn choice(value: &str, label: &str, is_chosen: bool) -> Choice {
    Choice { value: value.into(), label: label.into(), is_chosen }
}

fn roles(chosen: Option<Role>) -> Vec<Choice> {
    let any = choice("", "All roles", chosen.is_none());
    let role = |role: Role| choice(role.word(), role.label(), chosen == Some(role));
    [any].into_iter().chain(ROLES.map(role)).collect()
}

fn sorts(chosen: Sort) -> Vec<Choice> {
    let label = |sort| match sort {
        Sort::Name => "By name",
        Sort::Newest => "Newest first",
        Sort::Seen => "Last signed in",
    };
    Sort::ALL.into_iter().map(|sort| choice(sort.word(), label(sort), sort == chosen)).collect()
}

/// A language or region to choose, where none means the organisation's.
pub fn locales(chosen: &str) -> Vec<Choice> {
    let inherited = choice("", "As the organisation", chosen.is_empty());
    let known = locales::LOCALES.iter().map(|(tag, name)| choice(tag, name, *tag == chosen));
    [inherited].into_iter().chain(known).collect()
}

pub fn fields(form: UserForm) -> Fields {
    let error = |field: &str| form.errors.of(field).map(str::to_owned);
    let role = |role: Role| RoleChoice {
        value: role.word(),
        label: role.label(),
        about: role.about(),
        is_chosen: form.role == role.word(),
    };
    Fields {
        roles: ROLES.map(role).into(),
        locales: locales(&form.locale),
        zones: locales::time_zones(),
        email_error: error("email"),
        first_name_error: error("first_name"),
        last_name_error: error("last_name"),
        role_error: error("role"),
        company_name_error: error("company_name"),
        time_zone_error: error("time_zone"),
        locale_error: error("locale"),
        email: form.email,
        first_name: form.first_name,
        last_name: form.last_name,
        company_name: form.company_name,
        time_zone: form.time_zone,
    }
}

/// The page of `person`; `form` is what was typed, if anything was.
pub fn show<P: Permission>(access: &Access<P>, person: &Person, form: Option<UserForm>) -> Show {
    let (state, may_edit) = (person.state(), access.may::<EditUsers>());
    let (is_deleted, is_me) = (state == State::Deleted, person.id.get() == access.who().user);
    let can_sign_in = matches!(state, State::Active | State::Invited);
    let (link_label, link_about) = match person.is_verified {
        true => ("Link for a new password", "Works once, for 72 hours. The present password stays until it is used."),
        false => ("New invitation", "Works once, for 72 hours. Earlier links stop working."),
    };
    let status = status_of_form(form.is_some());
    let form = form.unwrap_or_else(|| UserForm::of(person));
    Show {
        sections: access.settings(HERE),
        person: row(access, person),
        facts: facts(access, person),
        problem: form.errors.of("").map(str::to_owned),
        fields: (may_edit && !is_deleted).then(|| fields(form)),
        link_label,
        link_about,
        can_link: may_edit && can_sign_in && !is_me,
        can_reset_factor: access.may::<EditSecurity>() && !is_deleted && !is_me && person.second_factor_since.is_some(),
        can_activate: may_edit && state == State::Deactivated,
        can_deactivate: may_edit && can_sign_in && !is_me,
        can_delete: may_edit && !is_deleted && !is_me,
        can_restore: may_edit && is_deleted,
        status,
    }
}

/// The form of a new user, as it begins and as it comes back.
pub fn new<P: Permission>(access: &Access<P>, form: Option<UserForm>) -> New {
    let status = status_of_form(form.is_some());
    let form = form.unwrap_or_else(|| UserForm { role: Role::Agent.word().into(), ..UserForm::default() });
    let problem = form.errors.of("").map(str::to_owned);
    New { sections: access.settings(HERE), problem, fields: fields(form), status }
}

/// What follows an invitation.
pub fn invited<P: Permission>(access: &Access<P>, invitation: Invitation) -> Invited {
    let Invitation { person, link } = invitation;
    Invited {
        sections: access.settings(HERE),
        name: person.name(),
        user_href: href(&person),
        email: person.email,
        link,
    }
}

fn facts<P: Permission>(access: &Access<P>, person: &Person) -> Vec<Fact> {
    let (zone, now) = (access.who().time_zone, Utc::now());
    let day = |at| words::when(at, zone, now).text;
    let mut facts = vec![
        Fact { label: "Role", value: person.role.label().into() },
        Fact { label: "Company", value: person.company_name.clone().unwrap_or_else(|| "–".into()) },
        Fact {
            label: "Second factor",
            value: person.second_factor_since.map_or("None".into(), |at| format!("Since {}", day(at))),
        },
        Fact { label: "Last signed in", value: person.last_login_at.map_or("Never".into(), day) },
        Fact { label: "Added", value: day(person.created_at) },
    ];
    facts.extend(person.deleted_at.map(|at| Fact { label: "Deleted", value: day(at) }));
    facts
}
