//! `/login/microsoft…`, `/welcome/{token}/microsoft` and `/account/microsoft`.

use super::arrivals::{self, Arrival};
use super::attempt::{Attempt, Choice, Purpose};
use super::authority::Tokens;
use super::form::{Back, ChoiceForm, StartForm};
use super::id_token::Person;
use super::model::{self, Door};
use super::screens;
use super::view;
use super::way::{Way, back};
use crate::kit::access::{Access, OwnAccount, Public};
use crate::kit::error::Result;
use crate::kit::form::Form;
use crate::sign_in::form::safe_next;
use crate::sign_in::handlers::{begin, client};
use crate::sign_in::refusal::Refusal;
use crate::users::model::{self as users, Account};
use actix_session::Session;
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use chrono::Utc;
use serde::Deserialize;

const CHOICE: &str = "/login/microsoft/choice";
const ACCOUNT: &str = "/account/microsoft";

pub async fn create(public: Public, form: Form<StartForm>, way: Way) -> Result<HttpResponse> {
    let attempt = Attempt::new(Purpose::SignIn, safe_next(&form.0.next));
    match way.leaving(&attempt).await? {
        Ok(leaving) => way.leave(&attempt, &leaving, public.show(&leaving)?),
        Err(refusal) => Ok(public.leave(&back(&attempt, refusal))),
    }
}

/// Accepting an invitation with a Microsoft account in place of a password.
pub async fn accept(public: Public, token: Path<String>, way: Way) -> Result<HttpResponse> {
    let (token, known) = (token.clone(), token.into_inner());
    public.db.run(move |conn| users::invited(conn, &known)).await?;
    let attempt = Attempt::new(Purpose::Accept { token }, "/");
    match way.leaving(&attempt).await? {
        Ok(leaving) => way.leave(&attempt, &leaving, public.show(&leaving)?),
        Err(refusal) => Ok(public.leave(&back(&attempt, refusal))),
    }
}

/// Begins with a form that carries the session's token: a foreign page must not get a foreign account linked.
pub async fn link(access: Access<OwnAccount>, way: Way) -> Result<HttpResponse> {
    let attempt = Attempt::new(Purpose::Link { session: access.who().session }, ACCOUNT);
    match way.leaving(&attempt).await? {
        Ok(leaving) => way.leave(&attempt, &leaving, access.show(&leaving)?),
        Err(refusal) => access.leave(&back(&attempt, refusal)),
    }
}

/// What has become of a callback.
enum Outcome {
    In(Account),
    Choose(Choice),
    Linked,
    Refused(Refusal),
}

/// Where Microsoft sends the browser back to. A state that is not this browser's own disturbs nothing.
pub async fn callback(
    public: Public,
    access: Option<Access<OwnAccount>>,
    Query(given): Query<Back>,
    way: Way,
    session: Session,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let Some(attempt) = way.attempt(&given.state) else {
        return Ok(public.leave(&Refusal::Expired.at("/login")));
    };
    let access = access.filter(|access| attempt.purpose == Purpose::Link { session: access.who().session });
    let outcome = match way.vouched(given, &attempt).await {
        Ok(vouched) => arrive(&public, access.as_ref(), &way, &attempt, vouched).await?,
        Err(refusal) => Outcome::Refused(refusal),
    };
    match outcome {
        Outcome::In(account) => {
            let client = client(&req, &public, false);
            way.forget(begin(&public, account, &client, &attempt.next, &session, &req).await?)
        }
        Outcome::Choose(choice) => way.remember(&choice, public.leave(CHOICE)),
        Outcome::Linked => way.forget(public.leave(&attempt.next)),
        Outcome::Refused(refusal) => {
            write_down(&public, access.as_ref(), &attempt, refusal).await?;
            way.forget(public.leave(&back(&attempt, refusal)))
        }
    }
}

async fn arrive(
    public: &Public,
    access: Option<&Access<OwnAccount>>,
    way: &Way,
    attempt: &Attempt,
    (person, tokens): (Person, Tokens),
) -> Result<Outcome> {
    match &attempt.purpose {
        Purpose::SignIn => Ok(match arrivals::sign_in(&public.db, person.identity).await? {
            Arrival::In(door) => Outcome::In(arrivals::enter(&public.db, &door).await?),
            Arrival::Choose(_) => Outcome::Choose(Choice::new(person.identity, attempt.next.clone())),
            Arrival::Refused(refusal) => Outcome::Refused(refusal),
        }),
        Purpose::Accept { token } => {
            let vault = way.vault.get_ref().clone();
            let accepted = arrivals::accept(&public.db, vault, token.clone(), person, tokens).await?;
            Ok(accepted.map_or_else(Outcome::Refused, Outcome::In))
        }
        Purpose::Link { .. } => match access {
            Some(access) => to_own_user(access, way, person, tokens).await,
            None => Ok(Outcome::Refused(Refusal::Expired)),
        },
    }
}

async fn to_own_user(access: &Access<OwnAccount>, way: &Way, person: Person, tokens: Tokens) -> Result<Outcome> {
    let (user, vault) = (access.who().user.into(), way.vault.clone());
    let linked = access.run(move |conn, tenant| model::link(conn, tenant, &vault, user, (&person, &tokens))).await;
    match linked {
        Ok(_) => Ok(Outcome::Linked),
        Err(error) => arrivals::reason(error).map(Outcome::Refused),
    }
}

/// A refusal leaves a trace where it is known whom it concerns.
async fn write_down(
    public: &Public,
    access: Option<&Access<OwnAccount>>,
    attempt: &Attempt,
    refusal: Refusal,
) -> Result<()> {
    match (&attempt.purpose, access) {
        (Purpose::Accept { token }, _) => arrivals::refused(&public.db, token.clone(), refusal).await,
        (Purpose::Link { .. }, Some(access)) => {
            let user = access.who().user.into();
            access.run(move |conn, tenant| model::refused(conn, tenant, user, refusal.word())).await
        }
        // At a sign-in, `arrivals` knows.
        _ => Ok(()),
    }
}

/// Which of several organisations to go to.
pub async fn choice(public: Public, way: Way) -> Result<HttpResponse> {
    let doors = match way.choice() {
        Some(choice) => open_doors(&public, &choice).await?,
        None => return Ok(public.leave(&Refusal::Expired.at("/login"))),
    };
    let doors = doors.into_iter().map(|door| screens::Door { link: door.link.to_string(), tenant: door.tenant_name });
    public.show(&screens::Choice { doors: doors.collect() })
}

pub async fn choose(
    public: Public,
    form: Form<ChoiceForm>,
    way: Way,
    session: Session,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let Some(choice) = way.choice() else { return Ok(public.leave(&Refusal::Expired.at("/login"))) };
    let doors = open_doors(&public, &choice).await?;
    let Some(door) = doors.iter().find(|door| door.link.to_string() == form.0.link) else {
        return Ok(public.leave(&Refusal::Unlinked.at("/login")));
    };
    let account = arrivals::enter(&public.db, door).await?;
    let client = client(&req, &public, false);
    way.forget(begin(&public, account, &client, &choice.next, &session, &req).await?)
}

async fn open_doors(public: &Public, choice: &Choice) -> Result<Vec<Door>> {
    Ok(match arrivals::sign_in(&public.db, choice.identity).await? {
        Arrival::Choose(doors) => doors,
        Arrival::In(door) => vec![door],
        Arrival::Refused(_) => Vec::new(),
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Told {
    refused: String,
}

pub async fn index(access: Access<OwnAccount>, Query(told): Query<Told>, way: Way) -> Result<HttpResponse> {
    let user = access.who().user.into();
    let shown = access.run(move |conn, tenant| model::shown(conn, tenant, user)).await?;
    let section = view::section(&shown, way.microsoft.is_configured(), access.who().time_zone, Utc::now());
    let problem = Refusal::of_word(&told.refused).map(Refusal::sentence);
    let sections = access.account_sections(ACCOUNT);
    access.show(&screens::Account { sections, microsoft: screens::Section { problem, ..section } })
}

pub async fn unlink(access: Access<OwnAccount>) -> Result<HttpResponse> {
    let user = access.who().user.into();
    access.run(move |conn, tenant| model::unlink(conn, tenant, user)).await?;
    access.go(ACCOUNT)
}
