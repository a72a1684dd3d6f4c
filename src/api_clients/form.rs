//! What clients send to get tokens, and what they get.

use crate::kit::email::Email;
use crate::kit::form::Errors;
use crate::kit::problem::Problem;
use crate::users::password::MAX_LENGTH;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who asks for a token.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Credentials {
    #[schema(example = "admin@acme.test", max_length = 255)]
    pub email: String,
    #[schema(example = "demo-switchboard", format = Password, max_length = 256)]
    pub password: String,
    /// The six digits of the authenticator app, or a recovery code, where the account has a second factor.
    #[schema(example = "123456")]
    pub code: Option<String>,
    /// The organisation's short name (slug) or id, where address and password fit in several.
    #[schema(example = "acme-bikes")]
    pub tenant: Option<String>,
}

impl Credentials {
    /// The address as accounts have it.
    ///
    /// # Errors
    /// 422 that names what is missing or too long.
    pub fn validate(mut self) -> Result<Self, Problem> {
        let mut errors = Errors::default();
        self.email = Email::canonical(&self.email);
        if self.email.is_empty() {
            errors.add("email", "Send the account's email address.");
        } else if self.email.chars().count() > 255 {
            errors.add("email", "An email address has at most 255 characters.");
        }
        if self.password.is_empty() {
            errors.add("password", "Send the account's password.");
        } else if self.password.len() > MAX_LENGTH {
            errors.add("password", format!("A password has at most {MAX_LENGTH} characters."));
        }
        if self.code.as_ref().is_some_and(|code| code.len() > 100) {
            errors.add("code", "A code has at most 100 characters.");
        }
        if self.tenant.as_ref().is_some_and(|tenant| tenant.len() > 100) {
            errors.add("tenant", "An organisation's name or id has at most 100 characters.");
        }
        if errors.is_empty() { Ok(self) } else { Err(Problem::of_form(&errors)) }
    }
}

/// A refresh token that is to be exchanged or revoked.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RefreshToken {
    #[schema(example = "swr_3f…")]
    pub refresh_token: String,
}

impl RefreshToken {
    /// # Errors
    /// 422 when there is none.
    pub fn validate(self) -> Result<String, Problem> {
        match self.refresh_token.len() {
            0 => Err(Problem::refused("#/refresh_token", "Send the refresh token.")),
            1..=200 => Ok(self.refresh_token),
            _ => Err(Problem::refused("#/refresh_token", "A refresh token is shorter than that.")),
        }
    }
}

/// A pair of tokens.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tokens {
    /// A JWT, sent with every request as `Authorization: Bearer …`.
    pub access_token: String,
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds until the access token expires.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// Good for one exchange at `/api/v1/auth/refresh`.
    pub refresh_token: String,
    /// The permissions that the access token carries, separated by blanks.
    #[schema(example = "account:read users:read")]
    pub scope: String,
}
