//! What a message holds, in our words.

use super::model::{Details, File, Message, Place, Poll, Quoted};
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
    let poll = message.poll().map(|poll| Poll { question: poll.question, options: poll.options });
    Details {
        quoted,
        file,
        place,
        poll,
        cards: message.cards(),
        unsupported: word(&message.kind()).1,
        ..Details::default()
    }
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
    body.unwrap_or_else(|| wordless(word(&message.kind()).0).to_owned())
}

/// The same of one without words, by its `message_type`.
pub(super) fn wordless(kind: &str) -> &'static str {
    match kind {
        "image" => "Photo",
        "video" => "Video",
        "voice" => "Voice message",
        "audio" => "Audio",
        "document" => "File",
        "sticker" => "Sticker",
        "location" => "Location",
        "contact" => "Contact",
        "poll" => "Poll",
        _ => "Unsupported message",
    }
}

/// Whether a message of ours that WhatsApp tells of may be this one, of which no id is known: the same words, or a file
/// with the same caption. Engines leave out a caption that there is not, or put the file's name in its place.
pub(super) fn is_alike(ours: &Message, told: &WaMessage) -> bool {
    let (words, file) = (told.body().unwrap_or_default(), ours.details().file);
    match (file, told.has_media()) {
        (None, false) => words == ours.body,
        (Some(file), true) => words == ours.body || ours.body.is_empty() && file.name == Some(words),
        _ => false,
    }
}
