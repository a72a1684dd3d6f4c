//! A customer's page of the desk, in words.

use super::form::ReasonForm;
use super::model::Privacy;
use super::screens::Show;
use crate::customers::holds::Hold;
use crate::customers::model::CustomerState;
use crate::gdpr::cases::view::line;
use crate::gdpr::holds::view::line as hold_line;
use crate::gdpr::view;
use crate::kit::access::{Access, EditPrivacy, Permission};
use crate::kit::html::status_of_form;
use crate::kit::words;
use std::collections::HashMap;

/// A form that was refused: which one, as typed, and why as a whole.
pub type Rejected = (&'static str, ReasonForm, Option<String>);

pub fn show<P: Permission>(access: &Access<P>, found: &Privacy, rejected: Option<Rejected>) -> Show {
    let zone = access.who().time_zone;
    let status = status_of_form(rejected.is_some());
    let (refused, form, problem) = rejected.unwrap_or_default();
    let nobody = HashMap::new();
    Show {
        head: view::head(access, &found.known, "privacy"),
        may_edit: access.may::<EditPrivacy>(),
        is_erased: found.known.customer.state == CustomerState::Erased,
        restricted: found.known.restricted_at.map(|at| words::date(at, zone)),
        cases: found.cases.iter().map(|case| line(access, case, &nobody, &found.users)).collect(),
        holds: found.holds.iter().map(|hold| hold_line(access, hold, &nobody, &found.users)).collect(),
        has_standing_hold: found.holds.iter().any(Hold::is_standing),
        erasure_href: found.erasure.as_ref().map(|erasure| format!("/gdpr/erasures/{}", erasure.id)),
        refused,
        reason: form.reason,
        until: form.until,
        errors: form.errors,
        problem,
        status,
    }
}
