//! What a file is by its bytes. What a browser or a name says of it is only compared with that.

use super::upload::plain_name;

/// More of a file says nothing more about what it is.
const HEAD: usize = 4096;

/// The media type of a file, of which `bytes` are the beginning or all; its name tells apart only what is one form inside.
pub fn media_type(bytes: &[u8], name: &str) -> &'static str {
    let head = &bytes[..bytes.len().min(HEAD)];
    picture(head)
        .or_else(|| moving(head))
        .or_else(|| packed(head, &ending(name)))
        .unwrap_or_else(|| text(head, &ending(name)))
}

/// Whether a file that is called so should hold something quite different from `media_type`: a web page by the name of a
/// picture.
pub fn belies(name: &str, media_type: &str) -> bool {
    let is = |kinds: &[&str]| kinds.iter().any(|kind| media_type.starts_with(kind));
    match ending(name).as_str() {
        "jpg" | "jpeg" | "png" | "gif" | "webp" | "heic" | "avif" => !is(&["image/"]) || is(&["image/svg"]),
        "mp4" | "mov" | "webm" | "mkv" | "3gp" | "mp3" | "m4a" | "ogg" | "oga" | "opus" | "wav" | "aac" | "amr" => {
            !is(&["audio/", "video/"])
        }
        "pdf" => !is(&["application/pdf"]),
        "docx" | "xlsx" | "pptx" | "odt" | "ods" | "zip" => !is(&["application/"]),
        _ => false,
    }
}

fn ending(name: &str) -> String {
    let name = plain_name(name);
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

fn picture(head: &[u8]) -> Option<&'static str> {
    match head {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

fn moving(head: &[u8]) -> Option<&'static str> {
    let has = |word: &[u8]| head.windows(word.len()).any(|part| part == word);
    match head {
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => Some(match brand.get(..4) {
            Some(b"M4A " | b"M4B ") => "audio/mp4",
            Some(b"qt  ") => "video/quicktime",
            Some(b"heic" | b"heix" | b"mif1") => "image/heic",
            Some(b"avif") => "image/avif",
            Some([b'3', b'g', ..]) => "video/3gpp",
            _ => "video/mp4",
        }),
        [0x1a, 0x45, 0xdf, 0xa3, ..] if has(b"webm") => Some("video/webm"),
        [0x1a, 0x45, 0xdf, 0xa3, ..] => Some("video/x-matroska"),
        [b'O', b'g', b'g', b'S', ..] if has(b"OpusHead") => Some("audio/ogg; codecs=opus"),
        [b'O', b'g', b'g', b'S', ..] => Some("audio/ogg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some("audio/wav"),
        [b'I', b'D', b'3', ..] | [0xff, 0xfb | 0xf3 | 0xf2, ..] => Some("audio/mpeg"),
        [0xff, 0xf1 | 0xf9, ..] => Some("audio/aac"),
        [b'#', b'!', b'A', b'M', b'R', ..] => Some("audio/amr"),
        _ => None,
    }
}

fn packed(head: &[u8], ending: &str) -> Option<&'static str> {
    match head {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("application/pdf"),
        [b'P', b'K', 3, 4, ..] => Some(match ending {
            "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "odt" => "application/vnd.oasis.opendocument.text",
            "ods" => "application/vnd.oasis.opendocument.spreadsheet",
            _ => "application/zip",
        }),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Some(match ending {
            "xls" => "application/vnd.ms-excel",
            "ppt" => "application/vnd.ms-powerpoint",
            _ => "application/msword",
        }),
        [b'7', b'z', 0xbc, 0xaf, ..] => Some("application/x-7z-compressed"),
        [b'R', b'a', b'r', b'!', ..] => Some("application/vnd.rar"),
        [0x1f, 0x8b, ..] => Some("application/gzip"),
        [b'M', b'Z', ..] | [0x7f, b'E', b'L', b'F', ..] => Some("application/x-executable"),
        _ => None,
    }
}

fn text(head: &[u8], ending: &str) -> &'static str {
    let whole = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The last letter may be cut through.
        Err(cut) if head.len() == HEAD && cut.error_len().is_none() => {
            std::str::from_utf8(&head[..cut.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return "application/octet-stream",
    };
    if whole.chars().any(|char| char.is_control() && !matches!(char, '\t' | '\r' | '\n' | '\u{c}')) {
        return "application/octet-stream";
    }
    let start = whole.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| start.starts_with(word));
    match ending {
        _ if begins(&["<svg"]) || begins(&["<?xml"]) && start.contains("<svg") => "image/svg+xml",
        _ if begins(&["<!doctype html", "<html", "<head", "<body", "<script", "<iframe"]) => "text/html",
        _ if begins(&["<?xml"]) => "text/xml",
        _ if begins(&["begin:vcard"]) => "text/vcard",
        _ if begins(&["begin:vcalendar"]) => "text/calendar",
        "csv" => "text/csv",
        "json" => "application/json",
        "html" | "htm" | "xhtml" => "text/html",
        _ => "text/plain",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        for (bytes, name, kind) in [
            (&b"\x89PNG\r\n\x1a\nxx"[..], "a.txt", "image/png"),
            (b"\xff\xd8\xff\xe0", "", "image/jpeg"),
            (b"\0\0\0\x20ftypisom", "a.mp4", "video/mp4"),
            (b"\0\0\0\x20ftypM4A ", "a.m4a", "audio/mp4"),
            (b"OggS\0\x02OpusHead", "voice.ogg", "audio/ogg; codecs=opus"),
            (b"%PDF-1.7", "bill.pdf", "application/pdf"),
            (b"PK\x03\x04", "plan.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (b"PK\x03\x04", "plan", "application/zip"),
            (b"\xef\xbb\xbf <!DOCTYPE html><p>", "a.png", "text/html"),
            (b"<?xml version=\"1.0\"?><svg onload=alert(1)>", "a.png", "image/svg+xml"),
            (b"a;b\n1;2\n", "a.csv", "text/csv"),
            ("ü".as_bytes(), "a.txt", "text/plain"),
            (b"\0\x01\x02", "a.txt", "application/octet-stream"),
            (b"\xff\xfe\xfd", "a.txt", "application/octet-stream"),
        ] {
            assert_eq!(media_type(bytes, name), kind, "{name}");
        }
    }

    #[test]
    fn a_letter_that_is_cut_through_is_no_sign_of_bytes() {
        let long = "ü".repeat(HEAD);
        assert_eq!(media_type(&long.as_bytes()[1..], "a.txt"), "application/octet-stream");
        assert_eq!(media_type(format!("a{long}").as_bytes(), "a.txt"), "text/plain");
    }

    #[test]
    fn a_name_that_says_something_else_belies_the_file() {
        for (name, kind, is_belied) in [
            ("a.png", "image/jpeg", false),
            ("a.PNG", "text/html", true),
            ("a.jpg", "image/svg+xml", true),
            ("a.pdf", "text/plain", true),
            ("voice.m4a", "video/mp4", false),
            ("a.html", "text/html", false),
            ("a", "application/octet-stream", false),
        ] {
            assert_eq!(belies(name, kind), is_belied, "{name}");
        }
    }
}
