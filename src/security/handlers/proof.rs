//! Before a step that matters it is asked who asks.

use super::is_own;
use crate::kit::access::{Access, OwnAccount};
use crate::kit::error::Result;
use crate::kit::secret::Secret;
use crate::kit::vault::Vault;
use crate::security::factors;
use crate::security::form::ProofForm;
use crate::security::way::{self, Way};
use crate::users::model::UserId;
use actix_web::web::Data;

/// How the asker proves it.
pub(super) async fn way(access: &Access<OwnAccount>) -> Result<Way> {
    let (user, session) = (UserId::from(access.who().user), access.who().session);
    access
        .run(move |conn, tenant| {
            let state = factors::state(conn, tenant, user)?;
            way::find(conn, tenant, user, session.into(), state)
        })
        .await
}

/// What is wrong with the proof, if anything is.
pub(super) async fn wrong(
    access: &Access<OwnAccount>,
    form: ProofForm,
    vault: &Data<Vault>,
) -> Result<Option<&'static str>> {
    let (is_proven, wrong) = match way(access).await? {
        Way::Password => (is_own(access, Secret::new(form.password)).await?, "This is not your password."),
        Way::Code => (is_code(access, form.code, vault.clone()).await?, "This is not the code of now."),
        Way::Fresh => (true, ""),
        Way::Stale => (false, "It is too long since you signed in. Sign out and in again, then come back."),
    };
    Ok((!is_proven).then_some(wrong))
}

async fn is_code(access: &Access<OwnAccount>, code: String, vault: Data<Vault>) -> Result<bool> {
    let user = UserId::from(access.who().user);
    access.run(move |conn, tenant| factors::fits(conn, tenant, user, &vault, &code)).await
}
