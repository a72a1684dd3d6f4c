//! The door.

use actix_web::http::StatusCode;
use switchboard::sign_in::screens::{DemoAccount, Login};

pub fn login() -> Login {
    let account = |email, role| DemoAccount { email, role };
    Login {
        next: "/inbox".into(),
        demo_accounts: vec![
            account("admin@acme.test", "Administrator, Acme Bikes"),
            account("manager@acme.test", "Manager, Acme Bikes"),
            account("agent@acme.test", "Agent, Acme Bikes"),
            account("admin@globex.test", "Administrator, Globex Travel"),
            account("platform@switchboard.test", "Platform"),
        ],
        demo_password: "demo-switchboard",
        ..Login::default()
    }
}

pub fn rejected() -> Login {
    Login {
        email: "agent@acme.test".into(),
        problem: Some("This email and password do not belong together.".into()),
        status: StatusCode::UNAUTHORIZED,
        ..login()
    }
}
