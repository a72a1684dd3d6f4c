//! `/conversations/{conversation}/owner`, `team`, `status`, `snooze`, `priority`, `labels`, and taking back.

use super::form::{HolderForm, LabelForm, PriorityForm, SnoozeForm};
use super::model::{self, Pill};
use super::view;
use crate::conversations::activities::{By, ChangeId};
use crate::conversations::model::{self as conversations, ConversationId, Priority, Scope};
use crate::conversations::{holders, labelling, states, undoing, urgency};
use crate::inbox::view::lines::priority;
use crate::kit::access::{Access, WorkConversations};
use crate::kit::error::Result;
use crate::kit::form::Form;
use crate::kit::words;
use crate::labels::model as labels;
use crate::teams::model::{self as teams, TeamId};
use crate::users::model::{self as users, UserId};
use actix_web::HttpResponse;
use actix_web::web::Path;
use chrono::Utc;

/// GET /conversations/{id}/owner
pub async fn owner(access: Access<WorkConversations>, id: Path<ConversationId>) -> Result<HttpResponse> {
    show(&access, *id, Pill::Owner).await
}

/// GET /conversations/{id}/team
pub async fn team(access: Access<WorkConversations>, id: Path<ConversationId>) -> Result<HttpResponse> {
    show(&access, *id, Pill::Team).await
}

/// GET /conversations/{id}/status
pub async fn status(access: Access<WorkConversations>, id: Path<ConversationId>) -> Result<HttpResponse> {
    show(&access, *id, Pill::Status).await
}

/// GET /conversations/{id}/priority
pub async fn urgency(access: Access<WorkConversations>, id: Path<ConversationId>) -> Result<HttpResponse> {
    show(&access, *id, Pill::Priority).await
}

/// GET /conversations/{id}/labels
pub async fn labels(access: Access<WorkConversations>, id: Path<ConversationId>) -> Result<HttpResponse> {
    show(&access, *id, Pill::Labels).await
}

async fn show(access: &Access<WorkConversations>, id: ConversationId, pill: Pill) -> Result<HttpResponse> {
    let scope = Scope::of(access.who());
    let found = access.run(move |conn, tenant| model::find(conn, tenant, scope, id, pill)).await?;
    access.show(&view::menu(access, pill, &found))
}

/// POST /conversations/{id}/owner
pub async fn update_owner(
    access: Access<WorkConversations>,
    id: Path<ConversationId>,
    form: Form<HolderForm>,
) -> Result<HttpResponse> {
    let (id, scope, by) = (*id, Scope::of(access.who()), by(&access));
    let choice = valid(&access, id, form.0.validate::<UserId>()).await?;
    let done = access.run(move |conn, tenant| {
        let is_new = holders::assign(conn, tenant, scope, id, choice.to, choice.seen, &by)?;
        let names = users::names(conn, tenant, &Vec::from_iter(choice.to))?;
        Ok((is_new, names.into_iter().next(), holders::is_seen(conn, tenant, scope, id)?))
    });
    let (is_new, person, is_seen) = done.await?;
    let told = match person {
        Some((user, _)) if user == scope.reader => "It is yours.".into(),
        Some((_, name)) => format!("Assigned to {name}."),
        None => "Nobody has it any more.".into(),
    };
    Done { id, is_new, is_seen, change: by.change }.tell(&access, &told)
}

/// POST /conversations/{id}/team
pub async fn update_team(
    access: Access<WorkConversations>,
    id: Path<ConversationId>,
    form: Form<HolderForm>,
) -> Result<HttpResponse> {
    let (id, scope, by) = (*id, Scope::of(access.who()), by(&access));
    let choice = valid(&access, id, form.0.validate::<TeamId>()).await?;
    let done = access.run(move |conn, tenant| {
        let is_new = holders::give_to_team(conn, tenant, scope, id, choice.to, choice.seen, &by)?;
        let names = teams::names(conn, tenant, &Vec::from_iter(choice.to))?;
        Ok((is_new, names.into_iter().next(), holders::is_seen(conn, tenant, scope, id)?))
    });
    let (is_new, team, is_seen) = done.await?;
    let told = team.map_or("It is no team’s any more.".into(), |(_, name)| format!("Given to the team {name}."));
    Done { id, is_new, is_seen, change: by.change }.tell(&access, &told)
}

/// POST /conversations/{id}/priority
pub async fn update_urgency(
    access: Access<WorkConversations>,
    id: Path<ConversationId>,
    form: Form<PriorityForm>,
) -> Result<HttpResponse> {
    let (id, scope, by) = (*id, Scope::of(access.who()), by(&access));
    let choice = valid(&access, id, form.0.validate()).await?;
    let done =
        access.run(move |conn, tenant| urgency::set_priority(conn, tenant, scope, id, choice.to, choice.seen, &by));
    let is_new = done.await?;
    let told = match choice.to {
        Priority::None => "It has no priority any more.".into(),
        to => format!("Its priority is {}.", priority(to).to_lowercase()),
    };
    Done { id, is_new, is_seen: true, change: by.change }.tell(&access, &told)
}

/// POST /conversations/{id}/labels
pub async fn update_labels(
    access: Access<WorkConversations>,
    id: Path<ConversationId>,
    form: Form<LabelForm>,
) -> Result<HttpResponse> {
    let (id, scope, by) = (*id, Scope::of(access.who()), by(&access));
    let (label, is_wanted) = valid(&access, id, form.0.validate()).await?;
    let done = access.run(move |conn, tenant| {
        let is_new = labelling::set_label(conn, tenant, scope, id, label, is_wanted, &by)?;
        Ok((is_new, labels::find(conn, tenant, label)?.name))
    });
    let (is_new, name) = done.await?;
    let told = if is_wanted { format!("Labelled {name}.") } else { format!("The label {name} is off.") };
    Done { id, is_new, is_seen: true, change: by.change }.tell(&access, &told)
}

/// POST /conversations/{id}/snooze
pub async fn create_snooze(
    access: Access<WorkConversations>,
    id: Path<ConversationId>,
    form: Form<SnoozeForm>,
) -> Result<HttpResponse> {
    let (id, scope, by) = (*id, Scope::of(access.who()), by(&access));
    let (zone, now) = (access.who().time_zone, Utc::now());
    let until = match form.0.validate(zone, now) {
        Ok(until) => until,
        Err(form) => {
            let found = access.run(move |conn, tenant| model::find(conn, tenant, scope, id, Pill::Status)).await?;
            return access.show(&view::rejected(&access, &found, form));
        }
    };
    let is_new = access.run(move |conn, tenant| states::snooze(conn, tenant, scope, id, until, &by)).await?;
    let told = match until {
        Some(until) => format!("Snoozed until {}.", words::moment(until, zone, now).text),
        None => "Snoozed until the customer writes.".into(),
    };
    Done { id, is_new, is_seen: true, change: by.change }.tell(&access, &told)
}

/// POST /conversations/{id}/resolution
pub async fn create_resolution(access: Access<WorkConversations>, id: Path<ConversationId>) -> Result<HttpResponse> {
    let (id, scope, by) = (*id, Scope::of(access.who()), by(&access));
    let is_new = access.run(move |conn, tenant| states::resolve(conn, tenant, scope, id, &by)).await?;
    Done { id, is_new, is_seen: true, change: by.change }.tell(&access, "Resolved.")
}

/// POST /conversations/{id}/reopening
pub async fn create_reopening(access: Access<WorkConversations>, id: Path<ConversationId>) -> Result<HttpResponse> {
    let (id, scope, by) = (*id, Scope::of(access.who()), by(&access));
    let is_new = access.run(move |conn, tenant| states::reopen(conn, tenant, scope, id, &by)).await?;
    Done { id, is_new, is_seen: true, change: by.change }.tell(&access, "Open again.")
}

/// POST /activities/{activity}/undoing: what one has just done, as a whole.
pub async fn undo(access: Access<WorkConversations>, id: Path<ChangeId>) -> Result<HttpResponse> {
    let (id, user) = (*id, access.who().user.into());
    let undone = access.run(move |conn, tenant| undoing::undo(conn, tenant, id, user)).await?;
    let told = match undone {
        1 => "Taken back.".into(),
        count => format!("{count} changes taken back."),
    };
    access.tell("/inbox", &told, None, &["conversation".into()])
}

/// What is wrong with a form is told only to those for whom the conversation is there.
async fn valid<T>(access: &Access<WorkConversations>, id: ConversationId, validated: Result<T>) -> Result<T> {
    if validated.is_err() {
        let scope = Scope::of(access.who());
        access.run(move |conn, tenant| conversations::find(conn, tenant, scope, id)).await?;
    }
    validated
}

fn by(access: &Access<WorkConversations>) -> By {
    By::user(access.who().user.into())
}

/// A change that was made.
struct Done {
    id: ConversationId,
    /// False: it was so before, and there is nothing to take back.
    is_new: bool,
    /// Whether whoever made it sees the conversation still.
    is_seen: bool,
    change: ChangeId,
}

impl Done {
    fn tell(&self, access: &Access<WorkConversations>, told: &str) -> Result<HttpResponse> {
        let to = if self.is_seen { format!("/inbox/{}", self.id) } else { "/inbox".into() };
        let undo = format!("/activities/{}/undoing", self.change);
        let events = ["conversation".to_owned(), format!("conversation:{}", self.id)];
        access.tell(&to, told, Some(undo.as_str()).filter(|_| self.is_new), &events)
    }
}
