//! `/api/files`: media, for as long as WAHA keeps them. After a restart all are gone until they are asked for anew.

use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::engine::file_name;
use super::gateway::Gateway;
use super::letters::{Media, Message};
use super::refusals::Refusal;

/// Lets the file of this message be fetched from now on, for its time.
pub fn offer(gateway: &Gateway, session: &str, message: &Message) {
    let Some(media) = &message.media else { return };
    let path = format!("{session}/{}", file_name(message, media));
    let life = gateway.timing.file_life;
    gateway.files(|files| {
        files.retain(|_, since| since.elapsed() < life);
        files.insert(path, Instant::now());
    });
}

pub async fn show(gateway: Data<Gateway>, path: Path<(String, String)>) -> Result<HttpResponse, Refusal> {
    let (session, file) = path.into_inner();
    let life = gateway.timing.file_life;
    let offered = gateway.files(|files| files.get(&format!("{session}/{file}")).copied());
    if offered.is_none_or(|since| since.elapsed() >= life) {
        return Err(Refusal::file_not_found());
    }
    let id = file.split('.').next().unwrap_or_default();
    serve(&gateway, &session, id).ok_or_else(Refusal::file_not_found)
}

/// The bytes of a message's file, whatever its age.
pub fn serve(gateway: &Gateway, session: &str, id: &str) -> Option<HttpResponse> {
    let media = gateway.read(|world| world.sessions.get(session)?.message(id)?.media.clone())?;
    let bytes = STANDARD.decode(&media.data).ok()?;
    Some(
        HttpResponse::Ok()
            .content_type(served_type(&media))
            .insert_header(("x-content-type-options", "nosniff"))
            .body(bytes),
    )
}

/// A type that cannot stand in a header is served as plain bytes.
fn served_type(media: &Media) -> String {
    let is_fine = media.mimetype.contains('/') && media.mimetype.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    if is_fine { media.mimetype.clone() } else { "application/octet-stream".into() }
}
