//! `/gdpr/retention`

use super::form::RuleForm;
use super::model::{self, RuleData, RuleId};
use super::view::{self, Found, HERE};
use super::{runs, whom};
use crate::gdpr::cases::people;
use crate::kit::access::{Access, EditPrivacy, Permission, ViewPrivacy};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use actix_web::HttpResponse;
use actix_web::web::Path;

pub async fn index(access: Access<ViewPrivacy>) -> Result<HttpResponse> {
    list(&access, None).await
}

async fn list<P: Permission>(access: &Access<P>, problem: Option<String>) -> Result<HttpResponse> {
    let read = access.run(|conn, tenant| Ok((model::list(conn, tenant)?, model::labels(conn, tenant)?)));
    let (rules, labels) = read.await?;
    access.show(&view::index(access, &rules, &labels, problem))
}

pub async fn new(access: Access<EditPrivacy>) -> Result<HttpResponse> {
    let form = RuleForm { action: "archive".into(), idle_days: "730".into(), ..RuleForm::default() };
    let found = find(&access, None).await?;
    access.show(&view::show(&access, &found, form))
}

/// POST /gdpr/retention
pub async fn create(access: Access<EditPrivacy>, form: Form<RuleForm>) -> Result<HttpResponse> {
    let (typed, by) = (form.0.clone(), access.who().user.into());
    let rejected = match form.0.validate() {
        Ok(data) => match access.run(move |conn, tenant| model::create(conn, tenant, &data, by)).await {
            Ok(id) => return access.go(&format!("{HERE}/{id}")),
            Err(error) => explain(typed, error)?,
        },
        Err(form) => form,
    };
    let found = find(&access, None).await?;
    access.show(&view::show(&access, &found, rejected))
}

/// GET /gdpr/retention/{rule}
pub async fn show(access: Access<ViewPrivacy>, id: Path<RuleId>) -> Result<HttpResponse> {
    let found = find(&access, Some(*id)).await?;
    let form = found.rule.as_ref().map(|rule| RuleForm::of(&RuleData::of(rule))).unwrap_or_default();
    access.show(&view::show(&access, &found, form))
}

/// POST /gdpr/retention/{rule}
pub async fn update(access: Access<EditPrivacy>, id: Path<RuleId>, form: Form<RuleForm>) -> Result<HttpResponse> {
    let (id, typed, by) = (*id, form.0.clone(), access.who().user.into());
    let rejected = match form.0.validate() {
        Ok(data) => match access.run(move |conn, tenant| model::edit(conn, tenant, id, &data, by)).await {
            Ok(()) => return access.go(&format!("{HERE}/{id}")),
            Err(error) => explain(typed, error)?,
        },
        Err(form) => form,
    };
    let found = find(&access, Some(id)).await?;
    access.show(&view::show(&access, &found, rejected))
}

/// POST /gdpr/retention/{rule}/activation
pub async fn activate(access: Access<EditPrivacy>, id: Path<RuleId>) -> Result<HttpResponse> {
    turn(&access, *id, true).await
}

/// POST /gdpr/retention/{rule}/deactivation
pub async fn deactivate(access: Access<EditPrivacy>, id: Path<RuleId>) -> Result<HttpResponse> {
    turn(&access, *id, false).await
}

async fn turn(access: &Access<EditPrivacy>, id: RuleId, is_active: bool) -> Result<HttpResponse> {
    let by = access.who().user.into();
    access.run(move |conn, tenant| model::set_active(conn, tenant, id, is_active, by)).await?;
    access.go(HERE)
}

/// POST /gdpr/retention/{rule}/promotion
pub async fn promote(access: Access<EditPrivacy>, id: Path<RuleId>) -> Result<HttpResponse> {
    let id = *id;
    access.run(move |conn, tenant| model::promote(conn, tenant, id)).await?;
    access.go(HERE)
}

/// POST /gdpr/retention/{rule}/deletion
pub async fn delete(access: Access<EditPrivacy>, id: Path<RuleId>) -> Result<HttpResponse> {
    let id = *id;
    access.run(move |conn, tenant| model::delete(conn, tenant, id)).await?;
    access.go(HERE)
}

/// POST /gdpr/retention/runs: now instead of tonight.
pub async fn run(access: Access<EditPrivacy>) -> Result<HttpResponse> {
    let by = access.who().user.into();
    match access.run(move |conn, tenant| runs::begin(conn, tenant, Some(by))).await {
        Ok(Some(task)) => access.go(&format!("/tasks/{task}")),
        Ok(None) => list(&access, Some("No customer meets a rule that is turned on.".into())).await,
        Err(Error::Refused(why)) => list(&access, Some(why)).await,
        Err(error) => Err(error),
    }
}

async fn find<P: Permission>(access: &Access<P>, id: Option<RuleId>) -> Result<Found> {
    let read = access.run(move |conn, tenant| {
        let labels = model::labels(conn, tenant)?;
        let Some(id) = id else { return Ok(Found { labels, ..Found::default() }) };
        let rule = model::find(conn, tenant, id)?;
        let is_first = model::list(conn, tenant)?.first().is_some_and(|first| first.id == id);
        let preview = whom::preview(conn, tenant, &whom::terms(&rule))?;
        let customers = people::several(conn, tenant, &preview.1)?;
        Ok(Found { rule: Some(rule), is_first, labels, preview: Some(preview), customers })
    });
    read.await
}

/// The form with what the database has against it.
fn explain(form: RuleForm, error: Error) -> Result<RuleForm> {
    match error {
        Error::Taken(index) if index == "retention_rules_name_taken" => {
            Ok(form.wrong("name", "Another rule has this name."))
        }
        Error::Refused(why) => Ok(form.wrong("name", why)),
        error => Err(error),
    }
}
