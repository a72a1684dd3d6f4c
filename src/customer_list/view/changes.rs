//! A change of many, before it is made and after.

use super::{HERE, href, outcome};
use crate::bulk_changes::model::{BulkChange, Change, Outcome};
use crate::bulk_changes::report::Row;
use crate::customer_list::form::BulkForm;
use crate::customer_list::screens::{Changed, Confirm, Unchanged};
use crate::customers::model::{CustomerId, CustomerState, CustomerType};
use crate::kit::access::{Access, Permission};
use crate::kit::words;
use crate::tasks::view as tasks;
use chrono::Utc;

/// What a change is called: "Add the label VIP".
pub fn titled(change: Change, label: Option<&str>) -> String {
    let label = label.unwrap_or("that was deleted");
    match change {
        Change::AddLabel(_) => format!("Add the label {label}"),
        Change::RemoveLabel(_) => format!("Take off the label {label}"),
        Change::SetType(word) => format!("Set the type to {}", type_word(word)),
        Change::SetState(CustomerState::Active) => "Make active again".into(),
        Change::SetState(CustomerState::Suspended) => "Suspend".into(),
        Change::SetState(CustomerState::Archived) => "Archive".into(),
        Change::SetState(CustomerState::Deleted | CustomerState::Erased) => "Delete".into(),
    }
}

fn type_word(word: CustomerType) -> &'static str {
    match word {
        CustomerType::Regular => "regular",
        CustomerType::Unregistered => "unregistered",
        CustomerType::New => "new",
        CustomerType::Anonymous => "anonymous",
    }
}

/// Asks before `count` customers are changed.
pub fn confirm<P: Permission>(
    access: &Access<P>,
    form: &BulkForm,
    change: Change,
    label: Option<&str>,
    count: i64,
) -> Confirm {
    let is_bad = change == Change::SetState(CustomerState::Deleted);
    let picks = form.picks().into_iter().map(|id| (format!("pick.{id}"), "on".to_owned()));
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let fields = [
        field("id", &form.id),
        field("query", &form.query),
        field("change", &form.change),
        field("everyone", &form.everyone),
        field("confirmed", "on"),
    ];
    Confirm {
        sections: access.customer_sections(HERE),
        question: format!("{}: {}?", titled(change, label), words::counted(count, "customer", "customers")),
        about: match is_bad {
            true => {
                "They leave the lists, and their phone numbers and addresses are free again. Messages stay, and \
                     you find the customers under “Deleted”, to restore them."
            }
            false => "Whoever cannot be changed is left as they are, and a report says why. It can be undone.",
        },
        verb: if is_bad { "Delete" } else { "Change them" },
        is_bad,
        back_href: href(&form.query),
        fields: fields.into_iter().chain(picks).collect(),
    }
}

/// What came of a change.
pub struct Report {
    pub change: BulkChange,
    pub label: Option<String>,
    pub by: String,
    pub undone_by: Option<String>,
    pub counts: Vec<(Outcome, i64)>,
    pub rows: Vec<Row>,
    pub names: Vec<(CustomerId, String)>,
    pub next: Option<CustomerId>,
    pub may_undo: bool,
    /// Of the work that is still under way.
    pub is_working: bool,
}

pub fn changed<P: Permission>(access: &Access<P>, report: Report) -> crate::kit::error::Result<Changed> {
    let (zone, now) = (access.who().time_zone, Utc::now());
    let Report { change, .. } = report;
    let wish = change.wish()?.change;
    let here = format!("{HERE}/changes/{}", change.id);
    let labels = [
        (Outcome::Changed, "Changed"),
        (Outcome::Skipped, "Left as they were"),
        (Outcome::Undone, "Undone"),
        (Outcome::Kept, "Changed since, so kept"),
    ];
    let count = |wanted| report.counts.iter().find(|(outcome, _)| *outcome == wanted).map_or(0, |(_, count)| *count);
    let is_over = change.ended_at.is_some() && !report.is_working;
    let task = change.undo_task_id.or(change.task_id);
    let note = change.undone_at.map(|at| {
        let by = report.undone_by.as_deref().unwrap_or("somebody");
        format!("Undone by {by}, {}.", words::moment(at, zone, now).text)
    });
    let unchanged = |row: Row| {
        let name = report.names.iter().find(|(id, _)| *id == row.customer_id).map(|(_, name)| name.clone());
        Unchanged {
            name: name.unwrap_or_else(|| "A customer who was erased".into()),
            href: format!("{HERE}/{}", row.customer_id),
            reason: row.reason.unwrap_or_default(),
        }
    };
    Ok(Changed {
        sections: access.customer_sections(HERE),
        title: titled(wish, report.label.as_deref()),
        by: report.by,
        when: words::when(change.created_at, zone, now),
        state: outcome(is_over, change.undone_at.is_some()),
        counts: labels
            .into_iter()
            .filter(|(outcome, _)| count(*outcome) > 0 || *outcome == Outcome::Changed && change.undone_at.is_none())
            .map(|(outcome, label)| (label, words::number(count(outcome))))
            .collect(),
        more_href: report.next.map(|next| format!("{here}?after={next}")),
        may_undo: report.may_undo && is_over && change.undone_at.is_none() && count(Outcome::Changed) > 0,
        task_href: task.filter(|_| !is_over).map(tasks::href),
        task_event: task.map_or_else(|| "none".into(), |task| task.to_string()),
        note,
        rows: report.rows.into_iter().map(unchanged).collect(),
        href: here,
    })
}
