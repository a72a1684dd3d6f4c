//! Platform administrators, made where the program runs.

use super::{database, serve};
use crate::config::Settings;
use crate::kit::access::Role;
use crate::kit::db::Db;
use crate::kit::email::Email;
use crate::tenants::model::PLATFORM;
use crate::users::model::{self as users, UserData};
use anyhow::bail;

/// Creates the account and prints a one-time link; for an address that has one, a new link.
pub async fn create(email: &str, settings: &Settings) -> anyhow::Result<()> {
    let email = Email::canonical(email);
    if email.len() > 255 || !email.contains('@') {
        bail!("{email:?} is no email address");
    }
    serve::vault(settings)?;
    let opened = database::open(&settings.database).await?;
    let db = Db::connect(&opened.url, 1, 1)?.platform();
    let data = UserData {
        email,
        first_name: "Platform".into(),
        last_name: "Administrator".into(),
        role: Role::PlatformAdmin,
        password_hash: None,
    };
    let token = db.enter(PLATFORM, move |conn, tenant| {
        let user = match users::by_email(conn, tenant, &data.email)? {
            Some(user) => user,
            None => users::create(conn, tenant, &data)?,
        };
        users::invite(conn, tenant, user)
    });
    println!("{}/welcome/{}", settings.web.public(), token.await?.expose());
    Ok(())
}
