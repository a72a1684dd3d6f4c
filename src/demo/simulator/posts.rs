//! The page's forms. Each does one thing and goes back to the page.

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Form};
use serde::Deserialize;

use super::calling;
use super::customer::{self, Letter};
use super::gateway::Gateway;
use super::ids;
use super::lifecycle;

type House = Data<Gateway>;

/// What any of the forms may send.
#[derive(Debug, Deserialize)]
pub struct Filled {
    #[serde(default)]
    number: String,
    #[serde(default)]
    customer: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

impl Filled {
    fn back(&self, notice: Option<&str>) -> HttpResponse {
        back(&self.number, &self.customer, notice)
    }
}

fn back(number: &str, customer: &str, notice: Option<&str>) -> HttpResponse {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("number", number), ("customer", customer), ("notice", notice.unwrap_or_default())] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    HttpResponse::SeeOther().insert_header((LOCATION, format!("/?{}", query.finish()))).finish()
}

pub async fn scan(gateway: House, form: Form<Filled>) -> HttpResponse {
    let phone = Some(form.phone.as_str()).filter(|phone| !phone.is_empty());
    let scanned = lifecycle::scan(&gateway.into_inner(), &form.number, phone, None);
    form.back(scanned.err().map(|_| "scan"))
}

pub async fn enter_code(gateway: House, form: Form<Filled>) -> HttpResponse {
    let paired = customer::enter_code(&gateway.into_inner(), &form.number, &form.code);
    form.back(paired.err().map(|_| "code"))
}

pub async fn add_person(gateway: House, form: Form<Filled>) -> HttpResponse {
    let phone = ids::digits(&form.phone);
    if !(7..=15).contains(&phone.len()) {
        return form.back(Some("phone"));
    }
    gateway.change(|world| world.person(&phone, Some(&form.name)).phone.clone());
    back(&form.number, &phone, None)
}

/// Whoever writes has read what was there.
pub async fn write(gateway: House, form: Form<Filled>) -> HttpResponse {
    if form.text.trim().is_empty() {
        return form.back(None);
    }
    let letter = Letter { phone: form.customer.clone(), text: Some(form.text.clone()), ..Letter::default() };
    send(&gateway, &form, letter)
}

pub async fn send_picture(gateway: House, form: Form<Filled>) -> HttpResponse {
    let text = Some(form.text.clone()).filter(|text| !text.trim().is_empty());
    let letter = Letter { phone: form.customer.clone(), picture: true, text, ..Letter::default() };
    send(&gateway, &form, letter)
}

fn send(gateway: &House, form: &Filled, letter: Letter) -> HttpResponse {
    let house = gateway.clone().into_inner();
    customer::read(&house, &form.number, &form.customer);
    let written = customer::write(&house, &form.number, letter);
    form.back(written.err().map(|_| "link"))
}

/// `text` is what happens: a call rings (by `voice` or `video`), is taken, ended, or given up.
pub async fn call(gateway: House, form: Form<Filled>) -> HttpResponse {
    let house = gateway.into_inner();
    let done = match form.text.as_str() {
        "taken" => calling::take(&house, &form.number),
        "ended" => calling::end(&house, &form.number),
        "given_up" => calling::give_up(&house, &form.number),
        kind => calling::ring(&house, &form.number, &form.customer, kind == "video"),
    };
    form.back(done.err().map(|_| "call"))
}

pub async fn react(gateway: House, form: Form<Filled>) -> HttpResponse {
    let reacted = customer::react(&gateway.into_inner(), &form.number, &form.message, &form.customer, &form.text);
    form.back(reacted.is_none().then_some("gone"))
}

pub async fn read(gateway: House, form: Form<Filled>) -> HttpResponse {
    customer::read(&gateway.into_inner(), &form.number, &form.customer);
    form.back(None)
}

/// `text` is `on` or empty, as a checkbox sends it.
pub async fn set_auto_read(gateway: House, form: Form<Filled>) -> HttpResponse {
    gateway.change(|world| world.settings.auto_read = form.text == "on");
    form.back(None)
}
