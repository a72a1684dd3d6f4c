//! Connecting a number to a phone: a QR code that follows WAHA by itself, or a code to type.

use crate::kit::html::{Area, Screen, Sections};
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Template)]
#[template(path = "numbers/pairing.html", blocks = ["pairing"])]
pub struct Pairing {
    pub sections: Sections,
    /// The number's.
    pub id: String,
    pub name: String,
    pub step: Step,
    /// As typed into the form for a code.
    pub phone: String,
    pub phone_error: Option<String>,
    pub status: StatusCode,
}

#[derive(Debug)]
pub enum Step {
    /// WAHA is preparing the session; the QR code comes by itself.
    Starting,
    Scan {
        /// The picture, with a version that changes with each new code: `/settings/numbers/{id}/qr.svg?v=…`.
        qr_href: String,
    },
    /// To be typed on the phone: "ABCD-1234".
    Code {
        code: String,
    },
    Working {
        phone: String,
    },
    /// Codes used up, or logged out from the phone.
    Failed {
        text: String,
    },
    Stopped,
    /// WhatsApp asks for something that cannot be done here; the text says what.
    Blocked {
        text: String,
    },
}

impl Screen for Pairing {
    fn title(&self) -> String {
        format!("Connect {}", self.name)
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        self.status
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "pairing").then(|| self.as_pairing().render_with_values(values))
    }
}
