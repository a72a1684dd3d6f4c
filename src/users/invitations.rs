//! One-time links for people: by letter where mail is configured, else for the eyes of who asked for them.

use super::changes;
use super::directory::Person;
use super::model::UserId;
use crate::kit::error::Result;
use crate::kit::mail::{Letter, Link, Mailer};
use crate::kit::public_url::PublicUrl;
use crate::kit::tenant::TenantId;
use diesel::PgConnection;

/// Who invites, and by which way.
#[derive(Clone)]
pub struct Post {
    pub mailer: Mailer,
    pub desk: PublicUrl,
    /// The inviter's name.
    pub by: String,
    /// The organisation's name.
    pub house: String,
}

pub struct Invitation {
    pub person: Person,
    /// The whole address, where no letter brings it.
    pub link: Option<String>,
}

/// Gives somebody a one-time link; earlier ones lead nowhere from then on.
///
/// # Errors
/// `Refused` for who may not sign in.
pub fn give(conn: &mut PgConnection, tenant: TenantId, id: UserId, post: &Post) -> Result<Invitation> {
    let (person, token) = changes::invite(conn, tenant, id)?;
    let url = post.desk.to(&format!("/welcome/{}", token.expose()));
    if !post.mailer.is_configured() {
        return Ok(Invitation { person, link: Some(url) });
    }
    post.mailer.post(conn, tenant, &letter(&person, post, url))?;
    Ok(Invitation { person, link: None })
}

fn letter(person: &Person, post: &Post, url: String) -> Letter {
    let Post { by, house, .. } = post;
    let (subject, says) = match person.is_verified {
        true => ("A link for a new password".to_owned(), format!("{by} has asked for this link for you at {house}.")),
        false => {
            (format!("Your invitation to {house}"), format!("{by} invites you to work with {house} in Switchboard."))
        }
    };
    let lines = vec![
        format!("Hello {},", person.first_name),
        says,
        "With the link below you choose your password. It works once, for 72 hours.".to_owned(),
        "If you do not know what this is about, you need not do anything.".to_owned(),
    ];
    let link = Some(Link { label: "Choose a password".into(), url });
    Letter { to: person.email.clone(), subject, lines, link }
}
