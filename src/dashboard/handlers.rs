//! `/`: the desk's load for those who answer, the installation's for who looks after it.

use super::model::{self, Figures};
use super::screens::{Dashboard, NumberLine, PlatformDashboard, WaitingLine, Warning};
use crate::conversations::model::Scope;
use crate::inbox::{thread_view, view as inbox};
use crate::kit::access::{Access, EditNumbers, EditOrganisation, Role, SignedIn, ViewDashboard, ViewHealth};
use crate::kit::error::Result;
use crate::kit::html::{Avatar, Stat, Tone};
use crate::kit::words;
use crate::numbers::view as numbers;
use crate::platform::model::{self as platform, Overview};
use crate::tenants::{limits, view as tenants};
use actix_web::HttpResponse;
use chrono::{DateTime, NaiveTime, Timelike, Utc};

pub async fn index(access: Access<ViewDashboard>) -> Result<HttpResponse> {
    if access.who().role == Role::PlatformAdmin {
        let overview = access.platform::<ViewHealth>()?.run(platform::overview).await?;
        return access.show(&installation(access.who(), &overview));
    }
    let (scope, midnight) = (Scope::of(access.who()), midnight(access.who()));
    let looks_after = access.may::<EditOrganisation>();
    let figures = access.run(move |conn, tenant| {
        let figures = model::figures(conn, tenant, scope, midnight)?;
        Ok(Figures { limits: if looks_after { limits::uses(conn, tenant)?.into() } else { Vec::new() }, ..figures })
    });
    let figures = figures.await?;
    access.show(&dashboard(&access, &figures))
}

/// The beginning of the reader's day.
fn midnight(who: &SignedIn) -> DateTime<Utc> {
    let now = Utc::now();
    let start = now.with_timezone(&who.time_zone).date_naive().and_time(NaiveTime::MIN);
    start.and_local_timezone(who.time_zone).earliest().map_or(now, |local| local.with_timezone(&Utc))
}

fn greeting(who: &SignedIn) -> String {
    let word = match Utc::now().with_timezone(&who.time_zone).hour() {
        5..=11 => "Good morning",
        12..=17 => "Good afternoon",
        _ => "Good evening",
    };
    format!("{word}, {}", who.first_name)
}

fn today(who: &SignedIn) -> String {
    Utc::now().with_timezone(&who.time_zone).format("%A, %-d %B").to_string()
}

fn installation(who: &SignedIn, overview: &Overview) -> PlatformDashboard {
    let stat = |label: &str, value: i64, detail: String, icon| Stat {
        label: label.into(),
        value: value.to_string(),
        detail,
        icon,
        ..Stat::default()
    };
    let list = Some("/platform/tenants".to_owned());
    let warn = |text: String, tone| Warning { text, tone, href: "/platform/health".into() };
    let (jobs, down) = (overview.health.jobs, overview.numbers - overview.numbers_working);
    let mut warnings = Vec::new();
    if jobs.failed > 0 {
        let text = match jobs.failed {
            1 => "A job was given up".into(),
            several => format!("{several} jobs were given up"),
        };
        warnings.push(warn(text, Tone::Bad));
    }
    if jobs.oldest_seconds > Some(60) {
        warnings.push(warn("Jobs have been waiting for more than a minute".into(), Tone::Warn));
    }
    if overview.health.webhooks_waiting > 0 {
        let text = format!("Webhooks not worked off yet: {}", overview.health.webhooks_waiting);
        warnings.push(warn(text, Tone::Warn));
    }
    if down > 0 {
        let text = match down {
            1 => "A number that should work does not".into(),
            several => format!("{several} numbers that should work do not"),
        };
        warnings.push(warn(text, Tone::Warn));
    }
    PlatformDashboard {
        greeting: greeting(who),
        day: today(who),
        stats: vec![
            Stat { href: list, ..stat("Tenants", overview.tenants, String::new(), "building") },
            stat("Users", overview.users, "active".into(), "users"),
            stat("Numbers", overview.numbers, format!("{} working", overview.numbers_working), "device-mobile"),
            stat("Webhooks", overview.health.webhooks_today, "in 24 hours".into(), "message-2-down"),
        ],
        warnings,
    }
}

fn dashboard(access: &Access<ViewDashboard>, figures: &Figures) -> Dashboard {
    let who = access.who();
    let now = Utc::now();
    let number = |number: &crate::numbers::model::Number| NumberLine {
        name: number.name.clone(),
        phone: numbers::phone(access, number).unwrap_or_default(),
        colour: numbers::colour(number),
        state: numbers::state(number),
        last_heard: number.last_activity_at.map(|at| words::when(at, who.time_zone, now)),
    };
    let waiting = figures.waiting.iter().filter_map(|line| {
        let name = thread_view::title(access, &line.title);
        let waited = now - line.waiting_since?;
        Some(WaitingLine {
            href: inbox::href(Some(line.id), &Default::default(), &[]),
            avatar: if line.is_group { Avatar::group(&name) } else { Avatar::of(&name) },
            name,
            preview: access.words(line.last_message_preview.as_deref().unwrap_or_default()),
            waiting: words::span(waited),
            tone: inbox::waiting(waited).map_or(Tone::Quiet, |waiting| waiting.tone),
        })
    });
    Dashboard {
        greeting: greeting(who),
        day: today(who),
        stats: stats(figures, now),
        numbers: figures.numbers.iter().map(number).collect(),
        waiting: waiting.collect(),
        may_pair: access.may::<EditNumbers>(),
        warnings: tenants::warnings(&figures.limits).into_iter().map(limit_warning).collect(),
    }
}

fn limit_warning((tone, text): (Tone, String)) -> Warning {
    Warning { text, tone, href: "/settings/organisation".into() }
}

fn stats(figures: &Figures, now: DateTime<Utc>) -> Vec<Stat> {
    let longest = figures.waiting.first().and_then(|line| line.waiting_since).map(|since| now - since);
    let stat = |label: &str, value: String, icon, href: Option<&str>| Stat {
        label: label.into(),
        value,
        icon,
        href: href.map(str::to_owned),
        ..Stat::default()
    };
    let capped = |count| words::badge(count).unwrap_or_else(|| "0".into());
    vec![
        stat("Open", capped(figures.counts.open), "inbox", Some("/inbox")),
        stat("Unassigned", capped(figures.counts.unassigned), "user-question", Some("/inbox?queue=unassigned")),
        Stat {
            tone: longest.and_then(inbox::waiting).map_or(Tone::Quiet, |waiting| waiting.tone),
            ..stat("Longest wait", longest.map_or("–".into(), words::span), "clock-hour-4", None)
        },
        stat("Received today", figures.traffic.received.to_string(), "message-2-down", None),
        stat("Sent today", figures.traffic.sent.to_string(), "message-2-up", None),
    ]
}
