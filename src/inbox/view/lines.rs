//! What was done with a conversation, in words: a line between two messages.

use crate::conversations::activities::{Activity, Cause, Change, Step};
use crate::conversations::model::{Priority, Status};
use crate::inbox::model::Opened;
use crate::inbox::screens::Line;
use crate::kit::access::{Access, Permission};
use crate::kit::words;
use crate::labels::model::LabelId;
use crate::teams::model::TeamId;
use crate::users::model::UserId;
use chrono_tz::Tz;

pub fn line<P: Permission>(access: &Access<P>, opened: &Opened, activity: &Activity) -> Line {
    let zone = access.who().time_zone;
    let (icon, text) = Teller { opened, activity, zone }.tell();
    Line { id: activity.id.to_string(), icon, text, when: words::time_of_day(activity.happened_at, zone) }
}

struct Teller<'a> {
    opened: &'a Opened,
    activity: &'a Activity,
    zone: Tz,
}

impl Teller<'_> {
    fn tell(&self) -> (&'static str, String) {
        let who = self.actor();
        match self.activity.change() {
            Some(Change::Owner { from, to }) => ("user", self.owner(&who, from, to)),
            Some(Change::Team { to: Some(team), .. }) => {
                ("users-group", format!("{who} gave this to the team {}", self.team(team)))
            }
            Some(Change::Team { from: Some(team), to: None }) => {
                ("users-group", format!("{who} took this from the team {}", self.team(team)))
            }
            Some(Change::Priority { to: Priority::None, .. }) => ("flag", format!("{who} took the priority off")),
            Some(Change::Priority { to, .. }) => {
                ("flag", format!("{who} set the priority to {}", priority(to).to_lowercase()))
            }
            Some(Change::Label { label, is_added: true }) => {
                ("tag", format!("{who} added the label {}", self.label(label)))
            }
            Some(Change::Label { label, is_added: false }) => {
                ("tag", format!("{who} took the label {} off", self.label(label)))
            }
            Some(Change::Status(step)) => self.step(&who, &step),
            Some(Change::Team { from: None, to: None }) | None => ("history", format!("{who} changed something")),
        }
    }

    fn owner(&self, who: &str, from: Option<UserId>, to: Option<UserId>) -> String {
        match (from, to) {
            (_, Some(to)) if self.activity.actor_id == Some(to) => format!("{who} took this"),
            (_, Some(to)) => format!("{who} assigned this to {}", self.person(to)),
            (Some(from), None) if self.activity.actor_id == Some(from) => format!("{who} gave this back"),
            (Some(from), None) => format!("{who} took this from {}", self.person(from)),
            (None, None) => format!("{who} assigned this to nobody"),
        }
    }

    fn step(&self, who: &str, step: &Step) -> (&'static str, String) {
        match (step.to, self.activity.cause) {
            (Status::Snoozed, _) => {
                let until = step.new_until.map(|until| until.with_timezone(&self.zone));
                let until = until.map_or("the customer writes".into(), |at| at.format("%a, %-d %b, %H:%M").to_string());
                ("zzz", format!("{who} snoozed this until {until}"))
            }
            (Status::Open, Cause::Customer) if step.from == Status::Snoozed => {
                ("bell", "Woken: the customer wrote".into())
            }
            (Status::Open, Cause::Customer) => ("rotate", "Re-opened: the customer wrote".into()),
            (Status::Open, Cause::Clock) => ("bell", "Woken: its time has come".into()),
            (Status::Open, Cause::User) if step.from == Status::Snoozed => ("bell", format!("{who} woke this")),
            (Status::Open, Cause::User) => ("rotate", format!("{who} re-opened this")),
            (Status::Resolved, _) => ("circle-check", format!("{who} resolved this")),
            (Status::Archived, _) => ("archive", format!("{who} archived this")),
        }
    }

    fn actor(&self) -> String {
        match (self.activity.actor_id, self.activity.cause) {
            (Some(user), _) => self.person(user),
            (None, Cause::User) => "Somebody".into(),
            (None, Cause::Customer) => "The customer".into(),
            (None, Cause::Clock) => "The desk".into(),
        }
    }

    fn person(&self, id: UserId) -> String {
        name(&self.opened.people, id).unwrap_or("somebody").to_owned()
    }

    fn team(&self, id: TeamId) -> String {
        name(&self.opened.teams, id).unwrap_or("that is gone").to_owned()
    }

    fn label(&self, id: LabelId) -> String {
        let label = self.opened.named_labels.iter().find(|label| label.id == id);
        label.map_or_else(|| "that is gone".into(), |label| label.name.clone())
    }
}

/// The name of one of those whom a thread names.
pub fn name<Id: PartialEq>(known: &[(Id, String)], id: Id) -> Option<&str> {
    known.iter().find(|(known, _)| *known == id).map(|(_, name)| name.as_str())
}

/// As menus and rows say it.
pub fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::None => "No priority",
        Priority::Low => "Low",
        Priority::Medium => "Medium",
        Priority::High => "High",
        Priority::Urgent => "Urgent",
    }
}
