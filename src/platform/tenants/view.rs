//! Turns tenants into what their pages show.

use super::form::TenantForm;
use super::model::{self, Administrator, Seen};
use super::query::Look;
use super::screens::{AdministratorLine, Edit, Fields, Index, Invited, Line, New, Show, SupportLine};
use crate::kit::access::{Access, EditTenants, Permission};
use crate::kit::html::{Choice, Fact, Pill, Stat, Tone};
use crate::kit::page::TextCursor;
use crate::kit::tenant::TenantStatus;
use crate::kit::words;
use crate::tenants::administration::Tenant;
use crate::tenants::view as tenants;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use url::form_urlencoded::Serializer;

/// Their place among the pages of Platform.
pub const HERE: &str = "/platform/tenants";

pub struct Found {
    pub lines: Vec<model::Line>,
    pub has_more: bool,
    /// Active, inactive, deleted.
    pub counts: (i64, i64, i64),
}

pub fn href(tenant: &Tenant) -> String {
    format!("{HERE}/{}", tenant.id)
}

pub fn index<P: Permission>(access: &Access<P>, look: &Look, found: &Found) -> Index {
    let (active, inactive, deleted) = found.counts;
    let choice = |value: &str, label: &str, count: i64| {
        Choice::of(value, format!("{label} ({})", words::number(count)), &look.state)
    };
    let last = found.lines.last().filter(|_| found.has_more);
    Index {
        sections: access.platform_sections(HERE),
        q: look.q.clone(),
        states: vec![
            choice("", "All but deleted", active + inactive),
            choice("active", "Active", active),
            choice("inactive", "Inactive", inactive),
            choice("deleted", "Deleted", deleted),
        ],
        lines: found.lines.iter().map(|each| line(access, each)).collect(),
        more: last.map(|last| more(look, &last.tenant)),
        is_filtered: !look.q.trim().is_empty() || !look.state.is_empty(),
    }
}

fn more(look: &Look, last: &Tenant) -> String {
    let after = TextCursor { text: last.details.name.clone(), id: last.id.get() }.to_string();
    let query = Serializer::new(String::new())
        .extend_pairs([("q", look.q.as_str()), ("state", &look.state), ("after", &after)])
        .finish();
    format!("{HERE}?{query}")
}

fn line<P: Permission>(access: &Access<P>, line: &model::Line) -> Line {
    let limits = &line.tenant.details.limits;
    let of = |used: i64, most: Option<i32>| match most {
        Some(most) => format!("{} of {}", words::number(used), words::number(most.into())),
        None => words::number(used),
    };
    Line {
        href: href(&line.tenant),
        name: line.tenant.details.name.clone(),
        slug: line.tenant.details.slug.clone(),
        state: state(&line.tenant),
        users: of(line.users, limits.max_users),
        numbers: of(line.numbers, limits.max_numbers),
        messages: words::number(line.messages),
        created: words::when(line.tenant.created_at, access.who().time_zone, Utc::now()),
    }
}

fn state(tenant: &Tenant) -> Pill {
    match (tenant.deleted_at, tenant.status) {
        (Some(_), _) => Pill::new(Tone::Bad, "Deleted"),
        (None, TenantStatus::Inactive) => Pill::new(Tone::Warn, "Inactive"),
        (None, TenantStatus::Active) => Pill::new(Tone::Good, "Active"),
    }
}

pub fn new<P: Permission>(access: &Access<P>, form: TenantForm, is_mailed: bool, status: StatusCode) -> New {
    New { sections: access.platform_sections(HERE), fields: fields(form), is_mailed, status }
}

pub fn edit<P: Permission>(access: &Access<P>, tenant: &Tenant, form: TenantForm, status: StatusCode) -> Edit {
    Edit {
        sections: access.platform_sections(HERE),
        href: href(tenant),
        called: tenant.details.name.clone(),
        fields: fields(form),
        status,
    }
}

fn fields(form: TenantForm) -> Fields {
    Fields {
        time_zones: tenants::time_zones(&form.time_zone),
        locales: tenants::locales(&form.locale),
        name: form.name,
        slug: form.slug,
        description: form.description,
        max_users: form.max_users,
        max_numbers: form.max_numbers,
        max_messages_per_day: form.max_messages_per_day,
        max_storage: form.max_storage,
        first_name: form.first_name,
        last_name: form.last_name,
        email: form.email,
        errors: form.errors,
    }
}

pub fn show<P: Permission>(access: &Access<P>, seen: &Seen) -> Show {
    let tenant = &seen.line.tenant;
    let may_edit = access.may::<EditTenants>();
    Show {
        sections: access.platform_sections(HERE),
        href: href(tenant),
        name: tenant.details.name.clone(),
        description: tenant.details.description.clone().unwrap_or_default(),
        state: state(tenant),
        stats: stats(&seen.line),
        facts: facts(access, tenant),
        meters: tenants::meters(&seen.uses),
        administrators: seen.administrators.iter().map(|person| administrator(tenant, person, may_edit)).collect(),
        support: seen.support.as_ref().map(|grant| SupportLine {
            reason: grant.reason.clone(),
            until: words::moment(grant.expires_at, access.who().time_zone, Utc::now()),
        }),
        is_active: tenant.status == TenantStatus::Active,
        is_deleted: tenant.deleted_at.is_some(),
        may_edit,
        problem: None,
        typed: String::new(),
        status: StatusCode::OK,
    }
}

/// The page again, with why a step was refused and what was typed for it.
pub fn refused(screen: Show, why: String, typed: String) -> Show {
    Show { problem: Some(why), typed, status: StatusCode::UNPROCESSABLE_ENTITY, ..screen }
}

fn stats(line: &model::Line) -> Vec<Stat> {
    let stat = |label: &str, count: i64, detail: &str, icon| Stat {
        label: label.into(),
        value: words::number(count),
        detail: detail.into(),
        icon,
        ..Stat::default()
    };
    vec![
        stat("Users", line.users, "active", "users"),
        stat("Numbers", line.numbers, "", "device-mobile"),
        stat("Messages", line.messages, "in 30 days", "messages"),
    ]
}

fn facts<P: Permission>(access: &Access<P>, tenant: &Tenant) -> Vec<Fact> {
    let zone = access.who().time_zone;
    let when = |at: DateTime<Utc>| at.with_timezone(&zone).format("%-d %B %Y").to_string();
    let mut facts = vec![
        Fact { label: "Short name", value: tenant.details.slug.clone() },
        Fact { label: "Time zone", value: tenant.details.time_zone.clone() },
        Fact { label: "Language", value: crate::kit::locales::locale_name(&tenant.details.locale).to_owned() },
        Fact { label: "Created", value: when(tenant.created_at) },
    ];
    facts.extend(tenant.deleted_at.map(|at| Fact { label: "Deleted", value: when(at) }));
    facts
}

fn administrator(tenant: &Tenant, person: &Administrator, may_edit: bool) -> AdministratorLine {
    let state = match (person.is_active, person.is_invited()) {
        (false, _) => Pill::new(Tone::Quiet, "Deactivated"),
        (true, true) => Pill::new(Tone::Warn, "Invited"),
        (true, false) => Pill::new(Tone::Good, "Active"),
    };
    let can_invite = may_edit && person.is_active && person.is_invited() && tenant.is_at_work();
    AdministratorLine {
        name: format!("{} {}", person.first_name, person.last_name),
        email: person.email.clone(),
        state,
        invite: can_invite.then(|| format!("{}/administrators/{}/invitation", href(tenant), person.id)),
    }
}

pub fn invited<P: Permission>(access: &Access<P>, href: String, tenant: String, invited: model::Invited) -> Invited {
    Invited {
        sections: access.platform_sections(HERE),
        href,
        tenant,
        name: invited.name,
        email: invited.email,
        link: (!invited.is_mailed).then_some(invited.link),
    }
}
