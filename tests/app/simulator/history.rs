//! What is kept and for how long: chats, files, and what came while a number was away.

use serde_json::{Value, json};
use switchboard::demo::simulator::{Engine, Options, Timing};

use super::desk::{Desk, KEY};
use super::messages::write;

const LENA: &str = "12025550171@c.us";

#[actix_web::test]
async fn the_history_can_be_asked_for_what_was_missed() {
    let desk = Desk::paired(Engine::Noweb).await;
    for text in ["one", "two", "three"] {
        write(&desk, json!({"phone": "12025550171", "text": text})).await;
    }
    desk.send_text("12025550184@c.us", "other", None).await;
    let texts = |list: Value| list.as_array().unwrap().iter().map(|m| m["body"].clone()).collect::<Vec<_>>();

    let chat = "/api/shop/chats/12025550171%40c.us/messages";
    assert_eq!(texts(desk.get(&format!("{chat}?limit=2")).await.1), ["three", "two"]);
    assert_eq!(texts(desk.get(&format!("{chat}?sortOrder=asc&offset=1")).await.1), ["two", "three"]);
    let all = desk.get("/api/shop/chats/all/messages?filter.fromMe=true").await.1;
    assert_eq!(texts(all.clone()), ["other"]);
    let id = all[0]["id"].as_str().unwrap();
    assert_eq!(desk.get(&format!("/api/shop/chats/all/messages/{}", id.replace('@', "%40"))).await.1["body"], "other");
    assert_eq!(desk.get(&format!("{chat}/3EB0DEADBEEF")).await.0, 404);
    assert_eq!(desk.get("/api/shop/chats").await.1[0]["id"], "12025550184@s.whatsapp.net");
    assert_eq!(desk.get("/api/shop/chats/overview").await.1[1]["lastMessage"]["body"], "three");
}

#[actix_web::test]
async fn media_need_the_key_and_are_soon_gone() {
    let timing = Timing { file_life: std::time::Duration::from_millis(400), ..Timing::quick() };
    let desk = Desk::with(Options { timing, ..Desk::options(Engine::Noweb) }).await;
    desk.create("shop").await;
    desk.pair("shop").await;
    write(&desk, json!({"phone": "12025550171", "picture": true})).await;
    let url = desk.ear.until("message.any", 1).await[0]["payload"]["media"]["url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix(desk.simulator.url.as_str()).unwrap();

    assert_eq!(desk.fetch(path, None, "*/*").await.status(), 401);
    assert_eq!(desk.fetch(path, Some(KEY), "*/*").await.headers()["content-type"], "image/png");
    tokio::time::sleep(std::time::Duration::from_millis(450)).await;
    let (status, answer) = desk.get(path).await;
    assert_eq!((status, answer["error"]["key"].as_str()), (404, Some("FILE_NOT_FOUND")));
}

#[actix_web::test]
async fn what_comes_while_the_number_is_away_is_told_later() {
    let desk = Desk::paired(Engine::Noweb).await;
    desk.post("/api/sessions/shop/stop", json!({})).await;

    write(&desk, json!({"phone": "12025550171", "text": "are you there?"})).await;
    assert!(desk.ear.of("message.any").is_empty());
    desk.post("/api/sessions/shop/start", json!({})).await;

    assert_eq!(desk.ear.until("message.any", 1).await[0]["payload"]["body"], "are you there?");
}

#[actix_web::test]
async fn a_timelock_bars_strangers_only() {
    let desk = Desk::paired(Engine::Gows).await;
    write(&desk, json!({"phone": "12025550171", "text": "hi"})).await;

    desk.call("PUT", "/simulator/sessions/shop/timelock", json!({"seconds": 60})).await;

    desk.send_text(LENA, "an answer", None).await;
    let stranger = json!({"session": "shop", "chatId": "12025550199@c.us", "text": "an offer"});
    let (status, answer) = desk.post("/api/sendText", stranger).await;
    assert_eq!((status, answer["exception"]["message"].as_str()), (500, Some("server returned error 463")));
}
