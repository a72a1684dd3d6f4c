//! Keyset paging: a page starts after the last row of the one before, whatever came or went meanwhile.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

/// The place of a row in a list sorted by (time, id). In URLs it is short opaque text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub at: DateTime<Utc>,
    pub id: Uuid,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.at.timestamp_micros().to_be_bytes());
        bytes[8..].copy_from_slice(self.id.as_bytes());
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl Cursor {
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 24] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (micros, id) = bytes.split_at(8);
        let at = DateTime::from_timestamp_micros(i64::from_be_bytes(micros.try_into().ok()?))?;
        Some(Self { at, id: Uuid::from_slice(id).ok()? })
    }
}

/// The place of a row in a list sorted by (text, id), such as one of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextCursor {
    pub text: String,
    pub id: Uuid,
}

impl std::fmt::Display for TextCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = [self.id.as_bytes().as_slice(), self.text.as_bytes()].concat();
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl TextCursor {
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (id, text) = bytes.split_at_checked(16)?;
        let text = String::from_utf8(text.to_vec()).ok().filter(|text| !text.contains('\0'))?;
        Some(Self { text, id: Uuid::from_slice(id).ok()? })
    }
}

/// For query strings: a cursor that cannot be read is none, and the list starts at its beginning.
pub fn lenient<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Cursor>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.as_deref().and_then(Cursor::parse))
}

/// At most `size` rows and whether more follow: ask the database for `size + 1`.
pub fn cut<T>(mut rows: Vec<T>, size: usize) -> (Vec<T>, bool) {
    let has_more = rows.len() > size;
    rows.truncate(size);
    (rows, has_more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_url() {
        let cursor = Cursor { at: DateTime::from_timestamp_micros(1_795_227_388_123_456).unwrap(), id: Uuid::now_v7() };
        assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
    }

    #[test]
    fn so_does_one_of_text() {
        for text in ["", "ada arnold", "Jürgen & Co, 東京"] {
            let cursor = TextCursor { text: text.to_owned(), id: Uuid::now_v7() };
            assert_eq!(TextCursor::parse(&cursor.to_string()), Some(cursor));
        }
        for text in ["", "AAAA", "%00", &URL_SAFE_NO_PAD.encode([0; 17]), &URL_SAFE_NO_PAD.encode([255; 18])] {
            assert_eq!(TextCursor::parse(text), None);
        }
    }

    #[test]
    fn nonsense_is_no_cursor() {
        for text in ["", "x", "AAAA", "_____________________________________", "%00"] {
            assert_eq!(Cursor::parse(text), None);
        }
    }
}
