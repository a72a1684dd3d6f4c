//! Connecting a phone: by QR, or by a code typed into it. Both only while the session says SCAN_QR_CODE.

use super::client::{Waha, required};
use super::error::Result;
use crate::kit::secret::Secret;
use serde_json::json;

impl Waha {
    /// What the QR has to say; drawing it is ours. Whoever scans it controls the number, so it is a secret.
    /// A session that is not waiting for a scan answers after some 10 s only: ask for its state first.
    pub async fn qr_raw(&self, session: &str) -> Result<Secret<String>> {
        let answer = self.get(&["api", session, "auth", "qr"]).query(&[("format", "raw")]).json().await?;
        required(&answer, "value").map(Secret::new)
    }

    /// A code like `ABCD-1234`, for a phone given in any spelling.
    pub async fn request_code(&self, session: &str, phone: &str) -> Result<Secret<String>> {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        let body = json!({"phoneNumber": digits});
        let answer = self.post(&["api", session, "auth", "request-code"]).body(&body).json().await?;
        required(&answer, "code").map(Secret::new)
    }
}
