//! How long things take. Tests shorten it, the demo keeps the real life of a QR code.

use std::time::Duration;

#[derive(Debug, Clone)]
pub struct Timing {
    /// STARTING, before a QR code or WORKING.
    pub starting: Duration,
    /// How long the first QR code lives, then each further one.
    pub first_qr: Duration,
    pub next_qr: Duration,
    pub qr_codes: u32,
    /// How long a call waits for a session to become ready before its 422: stopped or unknown, and otherwise.
    pub stopped_wait: Duration,
    pub other_wait: Duration,
    /// How long `stop`, `restart`, `logout` and a new configuration block.
    pub stopping: Duration,
    /// From the send to ack SERVER, then to DEVICE, then (when customers read by themselves) to READ.
    pub server_ack: Duration,
    pub device_ack: Duration,
    pub read_ack: Duration,
    /// How long a media file can be fetched.
    pub file_life: Duration,
    /// How long changes are gathered before they are written to the state file.
    pub save_after: Duration,
    /// `delaySeconds` of a webhook's retries are multiplied by this.
    pub retry_factor: f64,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            starting: Duration::from_millis(1_200),
            first_qr: Duration::from_secs(60),
            next_qr: Duration::from_secs(20),
            qr_codes: 6,
            stopped_wait: Duration::from_secs(5),
            other_wait: Duration::from_secs(10),
            stopping: Duration::from_millis(500),
            server_ack: Duration::from_millis(250),
            device_ack: Duration::from_millis(700),
            read_ack: Duration::from_millis(1_500),
            file_life: Duration::from_secs(180),
            save_after: Duration::from_millis(500),
            retry_factor: 1.0,
        }
    }
}

impl Timing {
    /// For automatic tests: the same order of events, each within milliseconds.
    pub fn quick() -> Self {
        let ms = Duration::from_millis;
        Self {
            starting: ms(20),
            stopped_wait: ms(100),
            other_wait: ms(200),
            stopping: ms(10),
            server_ack: ms(10),
            device_ack: ms(10),
            read_ack: ms(10),
            save_after: ms(20),
            retry_factor: 0.02,
            ..Self::default()
        }
    }
}
