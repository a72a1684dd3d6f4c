//! What kind of file it is, and in which letters: guessed while it comes in, and changed by hand where the guess is wrong.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use serde::{Deserialize, Serialize};

/// How a file is read; what is None is guessed when it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Format {
    pub kind: Kind,
    /// A label of <https://encoding.spec.whatwg.org>, such as `windows-1252`.
    pub encoding: String,
    pub delimiter: Option<char>,
    pub has_header: Option<bool>,
    /// Of a workbook with several sheets: the one that is read.
    pub sheet: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[default]
    Csv,
    Xlsx,
}

/// (what a file can be separated by, how it is called)
pub const DELIMITERS: &[(char, &str)] = &[(',', "Comma"), (';', "Semicolon"), ('\t', "Tab"), ('|', "Bar |")];

/// (label, how it is called): what a file can be written in.
pub const ENCODINGS: &[(&str, &str)] = &[
    ("UTF-8", "Unicode (UTF-8)"),
    ("windows-1252", "Western European"),
    ("windows-1250", "Central European"),
    ("windows-1251", "Cyrillic"),
    ("windows-1253", "Greek"),
    ("windows-1254", "Turkish"),
    ("windows-1255", "Hebrew"),
    ("windows-1256", "Arabic"),
    ("windows-1257", "Baltic"),
    ("ISO-8859-2", "Central European (ISO)"),
    ("ISO-8859-5", "Cyrillic (ISO)"),
    ("KOI8-U", "Cyrillic (KOI8-U)"),
    ("macintosh", "Western European (Mac)"),
    ("Shift_JIS", "Japanese (Shift JIS)"),
    ("EUC-JP", "Japanese (EUC)"),
    ("gb18030", "Chinese, simplified"),
    ("Big5", "Chinese, traditional"),
    ("EUC-KR", "Korean"),
    ("UTF-16LE", "Unicode (UTF-16)"),
    ("UTF-16BE", "Unicode (UTF-16, big end first)"),
];

impl Format {
    /// UTF-8 where the label is none.
    pub fn encoding(&self) -> &'static Encoding {
        Encoding::for_label(self.encoding.as_bytes()).unwrap_or(UTF_8)
    }
}

/// Bytes of the beginning that are looked at for what kind of file it is.
const HEAD: usize = 4096;
/// Bytes from the first letter beyond ASCII on that are weighed.
const WEIGHED: usize = 1024 * 1024;

/// Looks at a file as it comes.
pub struct Sniffer {
    head: Vec<u8>,
    utf8: Option<Decoder>,
    scratch: Vec<u8>,
    detector: EncodingDetector,
    weighed: usize,
}

impl Default for Sniffer {
    fn default() -> Self {
        Self {
            head: Vec::with_capacity(HEAD),
            utf8: Some(UTF_8.new_decoder_without_bom_handling()),
            scratch: vec![0; 32 * 1024],
            detector: EncodingDetector::new(Iso2022JpDetection::Deny),
            weighed: 0,
        }
    }
}

impl Sniffer {
    pub fn look(&mut self, bytes: &[u8]) {
        let room = HEAD - self.head.len();
        self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.check_utf8(bytes, false);
        if self.weighed < WEIGHED && (self.weighed > 0 || !bytes.is_ascii()) {
            let weighed = &bytes[..bytes.len().min(WEIGHED - self.weighed)];
            self.detector.feed(weighed, false);
            self.weighed += weighed.len();
        }
    }

    fn check_utf8(&mut self, mut bytes: &[u8], last: bool) {
        while let Some(decoder) = &mut self.utf8 {
            let (result, read, _) = decoder.decode_to_utf8_without_replacement(bytes, &mut self.scratch, last);
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.utf8 = None,
            }
        }
    }

    /// # Errors
    /// A sentence for whoever sent a file that is none of those that can be read.
    pub fn format(mut self) -> Result<Format, &'static str> {
        let head = self.head.as_slice();
        let starts = |magic: &[u8]| head.starts_with(magic);
        if head.is_empty() {
            return Err("This file is empty.");
        }
        if starts(b"PK\x03\x04") {
            return Ok(Format { kind: Kind::Xlsx, ..Format::default() });
        }
        if starts(&[0xD0, 0xCF, 0x11, 0xE0]) {
            return Err(
                "This is an old Excel file, or one with a password. Save it as .xlsx or as CSV, without a password.",
            );
        }
        if starts(b"%PDF") || starts(b"\x89PNG") || starts(b"\xFF\xD8\xFF") || starts(b"\x1F\x8B") {
            return Err("This is no table. Choose a CSV or an XLSX file.");
        }
        let encoding = match unicode(head) {
            Some(encoding) => encoding,
            None if head.contains(&0) && self.is_binary() => {
                return Err("This is no table. Choose a CSV or an XLSX file.");
            }
            None => {
                self.check_utf8(&[], true);
                match self.utf8.is_some() {
                    true => UTF_8,
                    false => self.detector.guess(None, Utf8Detection::Deny),
                }
            }
        };
        Ok(Format { encoding: encoding.name().to_owned(), ..Format::default() })
    }

    /// A stray NUL is a fault of a cell; many are no text.
    fn is_binary(&self) -> bool {
        self.head.iter().filter(|byte| **byte == 0).count() * 20 > self.head.len()
    }
}

/// By its mark, or by the zeros that half of the bytes of Latin text in UTF-16 are.
fn unicode(head: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Some(encoding);
    }
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    match () {
        () if half > 4 && odd * 10 > half * 4 && even * 20 < half => Some(UTF_16LE),
        () if half > 4 && even * 10 > half * 4 && odd * 20 < half => Some(UTF_16BE),
        () => None,
    }
}

/// Bytes in, UTF-8 out; what is no letter of the encoding becomes U+FFFD, and so does NUL, which no database holds.
pub struct Decoding {
    decoder: Decoder,
}

impl Decoding {
    pub fn new(encoding: &'static Encoding) -> Self {
        Self { decoder: encoding.new_decoder_with_bom_removal() }
    }

    /// Adds to `text` what `bytes` mean.
    pub fn decode(&mut self, mut bytes: &[u8], last: bool, text: &mut String) {
        loop {
            let needed = self.decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3 + 16);
            text.reserve(needed);
            let (result, read, _) = self.decoder.decode_to_string(bytes, text, last);
            bytes = &bytes[read..];
            if result == CoderResult::InputEmpty {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> Result<Format, &'static str> {
        let mut sniffer = Sniffer::default();
        bytes.chunks(7).for_each(|piece| sniffer.look(piece));
        sniffer.format()
    }

    fn encoding(bytes: &[u8]) -> String {
        told(bytes).unwrap().encoding
    }

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(encoding(b"name;city\nAna;Rome\n"), "UTF-8");
        assert_eq!(encoding("Name;Größe\nJürgen;Łódź\n".as_bytes()), "UTF-8");
        assert_eq!(encoding(b"\xEF\xBB\xBFname\nAna\n"), "UTF-8");
        let latin = encoding_rs::WINDOWS_1252.encode("Name;Straße\nJürgen Müller;Königsallee\nZoë;Rue de l'Été\n").0;
        assert_eq!(encoding(&latin), "windows-1252");
        let polish = encoding_rs::WINDOWS_1250.encode("Imię;Miasto\nŁukasz Żółć;Łódź\nAgnieszka Wąs;Kraków\n").0;
        assert_eq!(encoding(&polish), "windows-1250");
        let cyrillic = encoding_rs::WINDOWS_1251.encode("Имя;Город\nАнна Иванова;Москва\nПётр;Киев\n").0;
        assert_eq!(encoding(&cyrillic), "windows-1251");
        let wide: Vec<u8> = "name;city\nAna;Rome\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(encoding(&wide), "UTF-16LE");
        assert_eq!(encoding(&[&[0xFE, 0xFF][..], &[0, b'a', 0, b'\n']].concat()), "UTF-16BE");
    }

    #[test]
    fn what_is_no_table_is_told() {
        for bytes in
            [&b""[..], b"%PDF-1.7 ...", b"\xD0\xCF\x11\xE0\xA1\xB1", b"\x89PNG\r\n", &[0, 1, 2, 0, 0, 3, 0, 0, 0]]
        {
            assert!(told(bytes).is_err(), "{bytes:?}");
        }
        assert_eq!(told(b"PK\x03\x04...").unwrap().kind, Kind::Xlsx);
    }

    #[test]
    fn letters_that_are_none_are_marked() {
        let (mut decoding, mut text) = (Decoding::new(UTF_8), String::new());
        decoding.decode(b"a\xC3", false, &mut text);
        decoding.decode(b"\xBC\xFFb", true, &mut text);
        assert_eq!(text, "aü\u{FFFD}b");
    }
}
