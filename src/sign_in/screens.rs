//! The pages on the way in. A rejected try keeps the address, never the password.

use crate::kit::form::Errors;
use crate::kit::html::{Area, Screen};
use crate::security::screens::SetUpCard;
use crate::users::links::Purpose;
use actix_web::http::StatusCode;
use askama::Template;

#[derive(Debug, Default, Template)]
#[template(path = "sign_in/login.html")]
pub struct Login {
    /// As typed.
    pub email: String,
    /// Where to go afterwards; a path of ours, checked by the handler.
    pub next: String,
    /// What is wrong as a whole: wrong password, too many tries.
    pub problem: Option<String>,
    /// What went well just before.
    pub notice: Option<&'static str>,
    /// Stay signed in.
    pub stays: bool,
    /// Whether a letter with a new password can be asked for.
    pub can_reset: bool,
    pub email_error: Option<String>,
    pub password_error: Option<String>,
    /// 200 at first, 401 for a wrong password, 422 for an incomplete form, 429 for too many tries.
    pub status: StatusCode,
    /// Shown under the form; only in a demo.
    pub demo_accounts: Vec<DemoAccount>,
    pub demo_password: &'static str,
    /// Whether “Sign in with Microsoft” is offered.
    pub has_microsoft: bool,
    /// Whether browsers may offer passkeys at this address.
    pub has_passkeys: bool,
}

impl Login {
    /// With passkeys, browsers list them among the addresses that they know.
    fn email_autocomplete(&self) -> &'static str {
        if self.has_passkeys { "username webauthn" } else { "username" }
    }
}

#[derive(Debug, Clone)]
pub struct DemoAccount {
    pub email: &'static str,
    /// As "Agent, Acme Bikes".
    pub role: &'static str,
}

impl Screen for Login {
    fn title(&self) -> String {
        "Sign in".into()
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

/// Where a one-time link leads: choosing a password.
#[derive(Debug, Default, Template)]
#[template(path = "sign_in/welcome.html")]
pub struct Welcome {
    pub is_reset: bool,
    /// Where the form goes.
    pub action: String,
    /// Why another way in came to nothing.
    pub problem: Option<&'static str>,
    /// Whether an invitation may be accepted with a Microsoft account.
    pub has_microsoft: bool,
    pub password_error: Option<String>,
    pub status: StatusCode,
}

impl Welcome {
    pub fn new(purpose: Purpose, token: String) -> Self {
        let action = match purpose {
            Purpose::Invitation => format!("/welcome/{token}"),
            Purpose::Reset => format!("/login/reset/{token}"),
        };
        Self { is_reset: purpose == Purpose::Reset, action, ..Self::default() }
    }

    pub fn rejected(purpose: Purpose, token: String, errors: &Errors) -> Self {
        let password_error = errors.of("password").map(str::to_owned);
        Self { password_error, status: StatusCode::UNPROCESSABLE_ENTITY, ..Self::new(purpose, token) }
    }
}

impl Screen for Welcome {
    fn title(&self) -> String {
        if self.is_reset { "New password".into() } else { "Welcome".into() }
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

/// Which organisation, where the password fits several.
#[derive(Debug, Template)]
#[template(path = "sign_in/choose.html")]
pub struct Choose {
    /// What was proven, sealed.
    pub choice: String,
    pub options: Vec<Organisation>,
}

#[derive(Debug)]
pub struct Organisation {
    pub id: String,
    pub name: String,
}

/// The second factor: a code, or a passkey.
#[derive(Debug, Default, Template)]
#[template(path = "sign_in/factor.html")]
pub struct Factor {
    pub next: String,
    pub has_app: bool,
    pub has_passkeys: bool,
    pub code_error: Option<String>,
    /// What is wrong with the passkey that was shown.
    pub problem: Option<String>,
    pub status: StatusCode,
}

/// The organisation wants a second factor, and there is none yet.
#[derive(Debug, Default, Template)]
#[template(path = "sign_in/factor_set_up.html")]
pub struct FactorSetUp {
    pub next: String,
    /// None before it was begun.
    pub card: Option<SetUpCard>,
    /// Whether browsers may make passkeys at this address.
    pub has_passkeys: bool,
    /// Why a passkey was not made.
    pub problem: Option<String>,
    pub status: StatusCode,
}

impl FactorSetUp {
    /// With an app.
    fn is_begun(&self) -> bool {
        self.card.is_some()
    }
}

/// The recovery codes of a factor that was set up in the midst of signing in.
#[derive(Debug, Default, Template)]
#[template(path = "sign_in/codes.html")]
pub struct Codes {
    pub codes: Vec<String>,
    pub next: String,
}

/// Asking for a letter with a link to a new password.
#[derive(Debug, Default, Template)]
#[template(path = "sign_in/reset.html")]
pub struct Reset {
    /// Whether this installation sends mail.
    pub is_configured: bool,
    pub is_sent: bool,
    pub email: String,
    pub email_error: Option<String>,
    pub status: StatusCode,
}

macro_rules! bare {
    ($screen:ty, $title:literal $(, $status:ident)?) => {
        impl Screen for $screen {
            fn title(&self) -> String {
                $title.into()
            }

            fn area(&self) -> Area {
                Area::Elsewhere
            }

            $(fn $status(&self) -> StatusCode {
                self.$status
            })?
        }
    };
}

bare!(Choose, "Choose your organisation");
bare!(Factor, "Second factor", status);
bare!(FactorSetUp, "Set up a second factor", status);
bare!(Codes, "Recovery codes");
bare!(Reset, "Forgotten password", status);
