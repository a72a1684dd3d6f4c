//! What a message holds, in our words.

use super::model::{Details, File, Place, Quoted};
use crate::numbers::waha::{Kind, Media, WaMessage};

/// What is shown beside the text.
pub(super) fn details(message: &WaMessage) -> Details {
    let quoted = message.quoted().map(|quoted| Quoted {
        key: quoted.bare_id,
        body: quoted.body.unwrap_or_default(),
        sender: quoted.participant.map(|chat| chat.user().to_owned()),
    });
    let file = message.has_media().then(|| message.media()).map(|media| {
        let media = media.unwrap_or_else(|| Media {
            url: None,
            mimetype: None,
            filename: None,
            error: Some("The gateway has not fetched this file.".into()),
        });
        File { kind: media.mimetype, name: media.filename, error: media.error, ..File::default() }
    });
    let place = message.location().map(|place| Place {
        latitude: place.latitude,
        longitude: place.longitude,
        name: place.name.or(place.address),
    });
    Details { quoted, file, place, cards: message.cards(), unsupported: word(&message.kind()).1, ..Details::default() }
}

/// The word kept as `message_type`, and the engine's own where it is none that we can show.
pub(super) fn word(kind: &Kind) -> (&'static str, Option<String>) {
    let word = match kind {
        Kind::Text => "text",
        Kind::Image => "image",
        Kind::Video => "video",
        Kind::Voice => "voice",
        Kind::Audio => "audio",
        Kind::Document => "document",
        Kind::Sticker => "sticker",
        Kind::Location => "location",
        Kind::Contact => "contact",
        Kind::Poll => "poll",
        Kind::Unknown(word) => return ("unsupported", Some(word.clone())),
    };
    (word, None)
}

/// What a list row says of a message.
pub(super) fn preview(message: &WaMessage) -> String {
    let body = message.body().filter(|body| !body.trim().is_empty());
    let kind = message.kind();
    match (&kind, body) {
        (_, Some(body)) => body,
        (Kind::Image, None) => "Photo".into(),
        (Kind::Video, None) => "Video".into(),
        (Kind::Voice, None) => "Voice message".into(),
        (Kind::Audio, None) => "Audio".into(),
        (Kind::Document, None) => "File".into(),
        (Kind::Sticker, None) => "Sticker".into(),
        (Kind::Location, None) => "Location".into(),
        (Kind::Contact, None) => "Contact".into(),
        (Kind::Poll, None) => "Poll".into(),
        (Kind::Text | Kind::Unknown(_), None) => "Unsupported message".into(),
    }
}
