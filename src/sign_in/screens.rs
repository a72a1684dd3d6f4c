//! The sign-in page. A rejected try keeps the address, never the password.

use crate::kit::form::Errors;
use crate::kit::html::{Area, Screen};
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
    pub email_error: Option<String>,
    pub password_error: Option<String>,
    /// 200 at first, 401 for a wrong password, 422 for an incomplete form, 429 for too many tries.
    pub status: StatusCode,
    /// Shown under the form; only in a demo.
    pub demo_accounts: Vec<DemoAccount>,
    pub demo_password: &'static str,
    /// Whether “Sign in with Microsoft” is offered.
    pub has_microsoft: bool,
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
    pub token: String,
    /// Why another way in came to nothing.
    pub problem: Option<&'static str>,
    pub has_microsoft: bool,
    pub password_error: Option<String>,
    pub status: StatusCode,
}

impl Welcome {
    pub fn rejected(token: String, errors: &Errors, has_microsoft: bool) -> Self {
        let password_error = errors.of("password").map(str::to_owned);
        Self { token, problem: None, has_microsoft, password_error, status: StatusCode::UNPROCESSABLE_ENTITY }
    }
}

impl Screen for Welcome {
    fn title(&self) -> String {
        "Welcome".into()
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}
