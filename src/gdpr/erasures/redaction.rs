//! Messages kept without the person: their names and addresses are taken out of the words.

use crate::kit::masks::with_numbers;
use std::collections::BTreeSet;

/// Stands where something was taken out.
const GONE: &str = "•••";
/// Shorter parts of names are words of many languages.
const SHORTEST: usize = 3;
/// Digits at the end of a number by which it is known, however its country code is written.
const TELLING: usize = 7;

/// What names somebody, in the form in which it is compared.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// Words of names, in lower case.
    names: BTreeSet<String>,
    /// The last digits of phones and of ids made of digits.
    numbers: BTreeSet<String>,
    /// Everything else, in lower case, longest first.
    addresses: Vec<String>,
}

impl Person {
    pub fn new(names: &[String], addresses: &[String]) -> Self {
        let names = names.iter().flat_map(|name| words(name)).map(str::to_lowercase);
        let (numbers, mut others): (Vec<String>, Vec<String>) =
            addresses.iter().cloned().partition(|address| address.bytes().all(|byte| byte.is_ascii_digit()));
        others.sort_by_key(|address| std::cmp::Reverse(address.len()));
        Self {
            names: names.filter(|word| word.chars().count() >= SHORTEST).collect(),
            numbers: numbers.iter().map(|digits| end(digits).to_owned()).collect(),
            addresses: others.iter().map(|address| address.to_lowercase()).collect(),
        }
    }

    /// `text` without what names them.
    pub fn taken_out_of(&self, text: &str) -> String {
        let text = self.addresses.iter().fold(text.to_owned(), |text, address| without(&text, address));
        let text = with_numbers(&text, |digits| self.numbers.contains(end(digits)).then(|| GONE.to_owned()));
        let mut out = String::with_capacity(text.len());
        for piece in pieces(&text) {
            out.push_str(if self.names.contains(&piece.to_lowercase()) { GONE } else { piece });
        }
        out
    }
}

fn end(digits: &str) -> &str {
    &digits[digits.len().saturating_sub(TELLING)..]
}

/// `text` without `word`, whichever letters are capitals. Lower case that changes the length of a text is not looked for.
fn without(text: &str, word: &str) -> String {
    let lower = text.to_lowercase();
    if word.is_empty() || lower.len() != text.len() {
        return text.replace(word, GONE);
    }
    let (mut out, mut at) = (String::new(), 0);
    for (found, part) in lower.match_indices(word) {
        match text.is_char_boundary(found) && text.is_char_boundary(found + part.len()) {
            true => out.push_str(&text[at..found]),
            false => continue,
        }
        out.push_str(GONE);
        at = found + part.len();
    }
    out + &text[at..]
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).into_iter().filter(|piece| piece.starts_with(char::is_alphanumeric))
}

/// The text cut where words begin and end.
fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut begin) = (Vec::new(), 0);
    let mut was_word = None;
    for (at, char) in text.char_indices() {
        let is_word = char.is_alphanumeric();
        if was_word.is_some_and(|was| was != is_word) {
            pieces.push(&text[begin..at]);
            begin = at;
        }
        was_word = Some(is_word);
    }
    pieces.push(&text[begin..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ana() -> Person {
        let names = ["Ana Müller-Alves".to_owned(), "Bo".to_owned()];
        let addresses = ["351912345678", "351912345678@c.us", "ana@example.org", "KD-4711-9"].map(str::to_owned);
        Person::new(&names, &addresses)
    }

    #[test]
    fn names_and_addresses_go_and_the_rest_stays() {
        for (said, kept) in [
            ("Dear Ana Alves, thanks!", "Dear ••• •••, thanks!"),
            ("ANA? Frau MÜLLER!", "•••? Frau •••!"),
            ("Banana, Bo and anagram", "Banana, Bo and anagram"),
            ("Call +351 912 345 678 or 0912 345678.", "Call ••• or •••."),
            ("mail Ana@Example.org now", "mail ••• now"),
            ("your number kd-4711-9", "your number •••"),
            ("order 8812345 of 2026-11-21", "order 8812345 of 2026-11-21"),
            ("", ""),
        ] {
            assert_eq!(ana().taken_out_of(said), kept);
        }
    }

    #[test]
    fn strange_letters_do_no_harm() {
        let person = Person::new(&["İpek".to_owned(), "東京".to_owned()], &["x@y.test".to_owned()]);
        for said in ["İ İPEK x@y.test", "東京 東京都", "👨‍👩‍👧 ẞ", "\u{130}x@y.test"] {
            assert!(!person.taken_out_of(said).contains("x@y.test"), "{said}");
        }
    }
}
