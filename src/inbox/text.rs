//! WhatsApp's way of marking text, as pieces that a template can loop over: *bold* _italic_ ~struck~ `code` and links.

/// A run of text in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Plain(String),
    Bold(String),
    Italic(String),
    Struck(String),
    Code(String),
    Link {
        href: String,
        text: String,
    },
    /// Somebody who is named in a note; the reader stands out more.
    Mention {
        name: String,
        is_reader: bool,
    },
}

/// A name in a note.
#[derive(Debug, Clone, Default)]
pub struct Called {
    /// As it stands in the text, behind an `@`.
    pub written: String,
    /// As it is now.
    pub name: String,
    pub is_reader: bool,
}

/// What makes a piece of the text between two marks.
type Style = fn(String) -> Piece;

const MARKS: &[(&str, Style)] =
    &[("```", Piece::Code), ("`", Piece::Code), ("*", Piece::Bold), ("_", Piece::Italic), ("~", Piece::Struck)];
/// More than these are a message and not a reaction.
const MAX_JUMBO: usize = 4;

/// Splits a message's text. Line breaks stay in the text; marks do not nest.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut plain, mut rest, mut at_start) = (String::new(), text, true);
    while let Some(char) = rest.chars().next() {
        // A mark or a link begins a word: 2*3*4 and snake_case stay as they are.
        let found = if at_start { marked(rest).or_else(|| link(rest)) } else { None };
        let taken = match found {
            Some((piece, length)) => {
                flush(&mut plain, &mut pieces);
                pieces.push(piece);
                length
            }
            None => {
                plain.push(char);
                char.len_utf8()
            }
        };
        at_start = !rest[..taken].ends_with(char::is_alphanumeric);
        rest = &rest[taken..];
    }
    flush(&mut plain, &mut pieces);
    pieces
}

/// The same for a note, in which people are `called`.
pub fn noted(text: &str, called: &[Called]) -> Vec<Piece> {
    let mut found = Vec::new();
    let (mut rest, mut at) = (text, 0);
    while let Some(next) = rest[at..].find('@').map(|next| at + next) {
        let after = &rest[next + 1..];
        let fits = |one: &&Called| {
            let end = after.strip_prefix(one.written.as_str());
            end.is_some_and(|end| !one.written.is_empty() && !end.starts_with(char::is_alphanumeric))
        };
        match called.iter().filter(fits).max_by_key(|one| (one.written.len(), one.is_reader)) {
            Some(one) => {
                found.extend(pieces(&rest[..next]));
                found.push(Piece::Mention { name: one.name.clone(), is_reader: one.is_reader });
                (rest, at) = (&after[one.written.len()..], 0);
            }
            None => at = next + 1,
        }
    }
    found.extend(pieces(rest));
    found
}

/// Whether the text is only a few emoji.
pub fn is_jumbo(text: &str) -> bool {
    let count = text.chars().filter(|char| is_pictograph(*char)).count();
    (1..=MAX_JUMBO).contains(&count) && text.chars().all(|char| is_pictograph(char) || is_joiner(char))
}

fn flush(plain: &mut String, pieces: &mut Vec<Piece>) {
    if !plain.is_empty() {
        pieces.push(Piece::Plain(std::mem::take(plain)));
    }
}

/// The marked run that `text` begins with, and how many bytes it takes.
fn marked(text: &str) -> Option<(Piece, usize)> {
    let (mark, piece) = MARKS.iter().find(|(mark, _)| text.starts_with(mark))?;
    let inner = &text[mark.len()..];
    let end = inner.find(mark)?;
    let (content, after) = (&inner[..end], &inner[end + mark.len()..]);
    let is_whole = !content.is_empty() && content.trim() == content && !after.starts_with(char::is_alphanumeric);
    let fits_line = *mark == "```" || !content.contains('\n');
    (is_whole && fits_line).then(|| (piece(content.to_owned()), end + 2 * mark.len()))
}

fn link(text: &str) -> Option<(Piece, usize)> {
    let is_link = ["https://", "http://"].iter().any(|scheme| text.len() > scheme.len() && text.starts_with(scheme));
    if !is_link {
        return None;
    }
    let end = text.find(|char: char| char.is_whitespace() || "<>\"".contains(char)).unwrap_or(text.len());
    let url = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '*', '_', '~', '\'']);
    let shown = url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/');
    (!shown.is_empty()).then(|| (Piece::Link { href: url.to_owned(), text: shown.to_owned() }, url.len()))
}

fn is_pictograph(char: char) -> bool {
    matches!(char, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
        && !matches!(char, '\u{1f3fb}'..='\u{1f3ff}')
}

/// What glues or colours emoji: joiner, variation selector, skin tones, blanks.
fn is_joiner(char: char) -> bool {
    matches!(char, '\u{200d}' | '\u{fe0f}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}' | ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Piece {
        Piece::Plain(text.into())
    }

    #[test]
    fn marks_become_styles_only_around_words() {
        let bold = |text: &str| Piece::Bold(text.into());
        assert_eq!(pieces("a *b c* d"), [plain("a "), bold("b c"), plain(" d")]);
        assert_eq!(pieces("2*3*4 and snake_case_name"), [plain("2*3*4 and snake_case_name")]);
        assert_eq!(pieces("* not bold *"), [plain("* not bold *")]);
        assert_eq!(pieces("*"), [plain("*")]);
    }

    #[test]
    fn links_end_before_the_full_stop() {
        let link = Piece::Link { href: "https://acme.test/a?b=c".into(), text: "acme.test/a?b=c".into() };
        assert_eq!(pieces("See https://acme.test/a?b=c."), [plain("See "), link, plain(".")]);
        assert_eq!(pieces("https://"), [plain("https://")]);
    }

    #[test]
    fn nothing_is_lost_of_any_text() {
        for text in
            ["", "ä*ö*ü", "```a\nb``` c", "javascript:alert(1)", "\u{1f44d}\u{1f3fd}*", "***", "http://a http://b"]
        {
            let joined: String = pieces(text).into_iter().map(shown).collect();
            let bare = |text: &str| text.replace(['*', '`'], "").replace("http://", "");
            assert_eq!(bare(&joined), bare(text));
        }
    }

    #[test]
    fn whoever_is_named_stands_out_and_the_rest_is_styled() {
        let eve = Called { written: "eve".into(), name: "Eve Evans".into(), is_reader: true };
        let mention = || Piece::Mention { name: "Eve Evans".into(), is_reader: true };

        let found = noted("ask @eve, *now* @evening a@b @eve", &[eve]);

        let bold = Piece::Bold("now".into());
        assert_eq!(found, [plain("ask "), mention(), plain(", "), bold, plain(" @evening a@b "), mention()]);
    }

    #[test]
    fn a_few_emoji_are_shown_large() {
        assert!(is_jumbo("\u{1f44d}\u{1f3fd}") && is_jumbo("\u{2764}\u{fe0f}"));
        assert!(
            !is_jumbo("ok \u{1f44d}") && !is_jumbo("") && !is_jumbo("\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}")
        );
    }

    fn shown(piece: Piece) -> String {
        match piece {
            Piece::Link { text, .. } | Piece::Mention { name: text, .. } => text,
            Piece::Plain(text) | Piece::Bold(text) | Piece::Italic(text) | Piece::Struck(text) | Piece::Code(text) => {
                text
            }
        }
    }
}
