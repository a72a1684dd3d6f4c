//! What can be done with many at once, by those who may.

use crate::bulk_changes::model::{BulkChangeId, Change};
use crate::customer_list::form::change_word;
use crate::customer_list::look::Look;
use crate::customer_list::reading::Found;
use crate::customer_list::screens::Bulk;
use crate::customers::filter::Standing;
use crate::customers::model::{CustomerState, CustomerType};
use crate::kit::access::{Access, DeleteCustomers, Permission};
use crate::kit::html::Choice;
use crate::kit::words;
use crate::labels::model::LabelId;

pub(super) fn bulk<P: Permission>(access: &Access<P>, look: &Look, found: &Found) -> Bulk {
    let standing = found.filter.as_ref().map_or_else(Standing::default, |filter| filter.standing);
    let choice = |change: Change, label: String| Choice { value: change_word(change), label, is_chosen: false };
    let of_labels = |change: fn(LabelId) -> Change| {
        found.labels.iter().map(|label| choice(change(label.id), label.name.clone())).collect::<Vec<_>>()
    };
    let types = [
        (CustomerType::Regular, "Regular"),
        (CustomerType::Unregistered, "Unregistered"),
        (CustomerType::New, "New"),
        (CustomerType::Anonymous, "Anonymous"),
    ];
    let states = [
        (CustomerState::Active, "Make active again"),
        (CustomerState::Suspended, "Suspend"),
        (CustomerState::Archived, "Archive"),
        (CustomerState::Deleted, "Delete"),
    ];
    let is_possible = |state: CustomerState| match (state, standing) {
        (CustomerState::Deleted, _) if !access.may::<DeleteCustomers>() => false,
        (_, Standing::In(CustomerState::Deleted)) => state == CustomerState::Active && access.may::<DeleteCustomers>(),
        (state, standing) => standing != Standing::In(state),
    };
    let states = states.into_iter().filter(|(state, _)| is_possible(*state));
    let mut groups = vec![
        ("Add the label", of_labels(Change::AddLabel)),
        ("Take off the label", of_labels(Change::RemoveLabel)),
        ("Set the type", types.map(|(word, label)| choice(Change::SetType(word), label.into())).into()),
        ("State", states.map(|(state, label)| choice(Change::SetState(state), label.into())).collect()),
    ];
    if standing == Standing::In(CustomerState::Deleted) {
        groups.retain(|(label, _)| *label == "State");
    }
    groups.retain(|(_, choices)| !choices.is_empty());
    let is_exact = !Look { customer_type: String::new(), ..look.clone() }.is_narrowed();
    let known = found.filter.as_ref().filter(|_| is_exact);
    let everyone = match known.map(|filter| found.counts.of(standing, filter.customer_type)) {
        Some(count) => format!("All {} of this list", words::number(count)),
        None => "All that this list finds".into(),
    };
    Bulk { id: BulkChangeId::new().to_string(), groups, everyone }
}
