//! `webhooks`: customers' messages arriving at one number, each stored with its effect before it is answered.

use crate::cost::Cost;
use crate::desk::Desk;
use crate::figures::{Mark, Report};
use crate::ground::{Ground, vault};
use crate::traffic::drive;
use chrono::Utc;
use diesel::prelude::*;
use hmac::{Hmac, Mac};
use sha2::Sha512;
use std::sync::Arc;
use std::time::Duration;
use switchboard::numbers::model::{self as numbers, NumberId};
use switchboard::schema::{conversations, messages, tenants, waha_sessions, webhook_events};

const TIME: Duration = Duration::from_secs(20);
const WARM_UP: Duration = Duration::from_secs(2);
/// Of a hundred messages this many are from people who never wrote before.
const STRANGERS: usize = 2;
/// What bench events and messages are known by afterwards.
const MARK: &str = "BENCH";

/// The number that is written to.
struct Receiver {
    id: NumberId,
    session: String,
    key: Vec<u8>,
    /// Digits of those who have written to it before.
    customers: Vec<String>,
}

pub async fn run(ground: &Ground, report: &mut Report) -> anyhow::Result<()> {
    let receiver = Arc::new(Receiver::find(ground)?);
    let desk = Desk::start(ground, "web", &[]).await?;
    let (number, letters) = (receiver.id, receiver.clone());
    let warm_up = drive(desk.address, WARM_UP, 200, move |connection, nth| {
        Some(letters.letter(&format!("W{connection}N{nth}"), connection * 7_919 + nth))
    });
    let warm_up = warm_up.await?.count();
    let cost = Cost::begin(ground, &desk)?;
    let outcome = drive(desk.address, TIME, 200, move |connection, nth| {
        Some(receiver.letter(&format!("C{connection}N{nth}"), connection * 104_729 + nth))
    });
    let outcome = outcome.await?;
    let cost = cost.end(ground, &desk)?;
    desk.stop().await?;
    report.add("signed messages stored, over 20 s", outcome.per_second(), "/s", Mark::AtLeast(1_500.0));
    report.add("half of the answers within", outcome.percentile(0.5), "ms", Mark::None);
    report.add("99 of 100 answers within", outcome.percentile(0.99), "ms", Mark::AtMost(50.0));
    report.cost(&cost, outcome.count(), "webhooks", Mark::None);
    let (events, rows) = stored(ground, number)?;
    let answered = (outcome.count() + warm_up) as f64;
    report.add("answered with 200 and not among the events", answered - events, "", Mark::AtMost(0.0));
    report.add("answered with 200 and not among the messages", answered - rows, "", Mark::AtMost(0.0));
    Ok(())
}

impl Receiver {
    /// The largest tenant's first number.
    fn find(ground: &Ground) -> anyhow::Result<Self> {
        let mut conn = ground.connect()?;
        let slug = format!("load-{}-1", ground.load.seed);
        let (id, session): (NumberId, String) = waha_sessions::table
            .inner_join(tenants::table)
            .filter(tenants::slug.eq(&slug).and(waha_sessions::external_session_id.eq(format!("{slug}-1"))))
            .select((waha_sessions::id, waha_sessions::external_session_id))
            .first(&mut conn)?;
        let (_, number) = numbers::route(&mut conn, id)?;
        let chats: Vec<Option<String>> = conversations::table
            .filter(conversations::session_id.eq(id))
            .order(conversations::id)
            .limit(50_000)
            .select(conversations::chat_id)
            .load(&mut conn)?;
        let digits = |chat: String| chat.split('@').next().unwrap_or_default().to_owned();
        let customers = chats.into_iter().flatten().map(digits).collect();
        Ok(Self { id, session, key: number.hmac_key(&vault()?)?.expose().clone(), customers })
    }

    /// A message in GOWS's shape, signed as WAHA signs it. `name` makes it unlike all others.
    fn letter(&self, name: &str, nth: usize) -> Vec<u8> {
        let phone = match nth % 100 < STRANGERS {
            true => format!("4916{:09}", nth % 1_000_000_000),
            false => self.customers[nth.wrapping_mul(7_919) % self.customers.len()].clone(),
        };
        let now = Utc::now();
        let body = format!(
            r#"{{"id":"evt_{MARK}{name}","timestamp":{},"event":"message.any","session":"{}","#,
            now.timestamp_millis(),
            self.session
        ) + &format!(
            r#""me":{{"id":"493000000000@c.us","pushName":"Desk"}},"payload":{{"id":"false_{phone}@c.us_{MARK}{name}","#
        ) + &format!(
            r#""timestamp":{},"from":"{phone}@c.us","fromMe":false,"source":"app","to":null,"participant":null,"#,
            now.timestamp()
        ) + r#""body":"Hello! Is my order ready to be picked up? I could come by this afternoon.","hasMedia":false,"#
            + r#""media":null,"ack":2,"ackName":"DEVICE","location":null,"vCards":null,"replyTo":null,"#
            + &format!(
                r#""_data":{{"Info":{{"PushName":"Ana","Sender":"{phone}@s.whatsapp.net","IsFromMe":false}}}}}},"#
            )
            + r#""engine":"GOWS","environment":{"version":"2026.11.1","engine":"GOWS","tier":"CORE","browser":null}}"#;
        let mut mac = <Hmac<Sha512> as Mac>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.update(body.as_bytes());
        format!(
            "POST /webhooks/waha/{} HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\n\
             X-Webhook-Hmac: {}\r\nX-Webhook-Hmac-Algorithm: sha512\r\nContent-Length: {}\r\n\r\n{body}",
            self.id,
            hex::encode(mac.finalize().into_bytes()),
            body.len()
        )
        .into_bytes()
    }
}

/// Events and messages that are there.
fn stored(ground: &Ground, number: NumberId) -> anyhow::Result<(f64, f64)> {
    let mut conn = ground.connect()?;
    let events: i64 = webhook_events::table
        .filter(webhook_events::session_id.eq(number).and(webhook_events::event_id.like(format!("evt_{MARK}%"))))
        .filter(webhook_events::processed_at.is_not_null())
        .count()
        .get_result(&mut conn)?;
    let rows: i64 = messages::table
        .filter(messages::session_id.eq(number).and(messages::message_key.like(format!("{MARK}%"))))
        .count()
        .get_result(&mut conn)?;
    Ok((events as f64, rows as f64))
}
