//! A change of many, before it is made and after.

use super::{HERE, href, outcome};
use crate::bulk_changes::model::{Change, Outcome};
use crate::bulk_changes::report::Row;
use crate::customer_list::changing::Report;
use crate::customer_list::form::BulkForm;
use crate::customer_list::screens::{Changed, Confirm, Unchanged};
use crate::customers::model::CustomerState;
use crate::kit::access::{Access, Permission};
use crate::kit::words;
use crate::tasks::view as tasks;
use chrono::Utc;

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
        question: format!("{}: {}?", change.title(label), words::counted(count, "customer", "customers")),
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
        title: wish.title(report.label.as_deref()),
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
