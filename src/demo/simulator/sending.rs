//! `/api/send…`: texts, pictures, files, voices and videos.

use std::sync::Arc;

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::delivery::{self, Outgoing};
use super::engine;
use super::files;
use super::gateway::Gateway;
use super::ids;
use super::letters::{Media, Message};
use super::refusals::Refusal;
use super::state::{Engine, Status};

type House = Data<Gateway>;
type Answer = Result<HttpResponse, Refusal>;

pub async fn text(gateway: House, request: HttpRequest, body: Json<Value>) -> Answer {
    let call = Call::open(&gateway, &request, &body).await?;
    let letter = Outgoing {
        chat: call.required("chatId")?,
        id: call.optional("id"),
        body: Some(call.required("text")?),
        reply_to: call.optional("reply_to"),
        ..Outgoing::default()
    };
    call.deliver(letter)
}

/// Images, files and videos alike: a file with a caption.
pub async fn file(gateway: House, request: HttpRequest, body: Json<Value>) -> Answer {
    let call = Call::open(&gateway, &request, &body).await?;
    let letter = call.with_file(call.optional("caption")).await?;
    call.deliver(letter)
}

pub async fn voice(gateway: House, request: HttpRequest, body: Json<Value>) -> Answer {
    let call = Call::open(&gateway, &request, &body).await?;
    let letter = call.with_file(None).await?;
    call.deliver(letter)
}

/// Not on WEBJS, which knows no ids made beforehand.
pub async fn new_message_id(gateway: House, name: Path<String>) -> Answer {
    gateway.expect(&name, Status::Working).await?;
    match gateway.engine() {
        Engine::Webjs => Err(Refusal::not_implemented(Engine::Webjs)),
        _ => Ok(HttpResponse::Ok().json(json!({"id": ids::message_id(true)}))),
    }
}

/// A call with a JSON body that names a session, once that session works.
pub struct Call<'a> {
    pub gateway: Arc<Gateway>,
    pub session: String,
    request: &'a HttpRequest,
    body: &'a Value,
}

impl<'a> Call<'a> {
    pub async fn open(gateway: &House, request: &'a HttpRequest, body: &'a Value) -> Result<Self, Refusal> {
        let session = body.get("session").and_then(Value::as_str).ok_or_else(Refusal::name_required)?.to_owned();
        gateway.expect(&session, Status::Working).await?;
        Ok(Self { gateway: gateway.clone().into_inner(), session, request, body })
    }

    /// WAHA does not check these: the engine stumbles over what is missing, hence the 500.
    pub fn required(&self, field: &str) -> Result<String, Refusal> {
        let value = self.optional(field).filter(|value| !value.is_empty());
        value.ok_or_else(|| self.failure(&format!("Cannot read properties of undefined (reading '{field}')")))
    }

    pub fn optional(&self, field: &str) -> Option<String> {
        self.body.get(field)?.as_str().map(str::to_owned)
    }

    pub fn list(&self, field: &str) -> Option<Vec<String>> {
        let list = self.body.get(field)?.as_array()?;
        Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    pub fn failure(&self, message: &str) -> Refusal {
        Refusal::engine(self.gateway.engine(), self.request, self.body, message)
    }

    pub fn answer(&self, message: &Message) -> Value {
        engine::send_answer(self.gateway.engine(), message)
    }

    async fn with_file(&self, caption: Option<String>) -> Result<Outgoing, Refusal> {
        Ok(Outgoing {
            chat: self.required("chatId")?,
            body: caption,
            media: Some(self.media().await?),
            reply_to: self.optional("reply_to"),
            ..Outgoing::default()
        })
    }

    /// The file itself in base64, or from the address it is to be fetched from.
    async fn media(&self) -> Result<Media, Refusal> {
        let file = self.body.get("file").unwrap_or(&Value::Null);
        let field = |name: &str| file.get(name).and_then(Value::as_str).map(str::to_owned);
        let data = match (field("data"), field("url")) {
            (Some(data), _) if STANDARD.decode(&data).is_ok() => data,
            (None, Some(url)) => {
                let fetched = self.gateway.postman.fetch(&url).await;
                STANDARD.encode(fetched.map_err(|error| self.failure(&error.to_string()))?)
            }
            _ => return Err(self.failure("Cannot use 'file': it needs 'data' in base64 or 'url'")),
        };
        let mimetype = field("mimetype").unwrap_or_else(|| "application/octet-stream".into());
        Ok(Media { mimetype, filename: field("filename"), data })
    }

    fn deliver(&self, letter: Outgoing) -> Answer {
        let message = delivery::send(&self.gateway, &self.session, letter).map_err(|error| self.failure(&error))?;
        files::offer(&self.gateway, &self.session, &message);
        Ok(HttpResponse::Created().json(self.answer(&message)))
    }
}
