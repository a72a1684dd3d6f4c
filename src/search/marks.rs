//! The piece of a text around what was found in it, with that marked.

use super::asked::Asked;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters before the first find, and of all.
const BEFORE: usize = 60;
const LENGTH: usize = 240;

/// A run of text, found or beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub is_found: bool,
}

/// A long text begins near the first find, and says by an ellipsis that it is a part.
pub fn snippet(text: &str, asked: &Asked) -> Vec<Run> {
    let chars: Vec<char> = text.chars().map(|char| if char.is_whitespace() { ' ' } else { char }).collect();
    let marked = marked(&chars, asked);
    let first = marked.iter().position(|is_found| *is_found).unwrap_or(0);
    let from = if first <= BEFORE { 0 } else { word_after(&chars, first - BEFORE, first) };
    let until = if chars.len() - from <= LENGTH { chars.len() } else { from + LENGTH };
    let mut runs: Vec<Run> = Vec::new();
    for at in from..until {
        match runs.last_mut().filter(|run| run.is_found == marked[at]) {
            Some(run) => run.text.push(chars[at]),
            None => runs.push(Run { text: chars[at].to_string(), is_found: marked[at] }),
        }
    }
    if from > 0 {
        runs.insert(0, Run { text: "… ".into(), is_found: false });
    }
    if until < chars.len() {
        runs.push(Run { text: " …".into(), is_found: false });
    }
    runs
}

/// The first beginning of a word between the two.
fn word_after(chars: &[char], from: usize, until: usize) -> usize {
    (from..until).find(|at| *at == 0 || chars[at - 1] == ' ').unwrap_or(from)
}

/// Which characters were found.
fn marked(chars: &[char], asked: &Asked) -> Vec<bool> {
    let mut marked = vec![false; chars.len()];
    let folded: Vec<(char, usize)> =
        chars.iter().enumerate().flat_map(|(at, char)| fold(*char).map(move |one| (one, at))).collect();
    let digits: Vec<(char, usize)> = folded.iter().copied().filter(|(char, _)| char.is_ascii_digit()).collect();
    let phrases = asked
        .words
        .iter()
        .map(|phrase| phrase.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()));
    for word in phrases.flatten() {
        let word: Vec<char> = word.chars().flat_map(fold).collect();
        mark(&mut marked, &folded, &word, |at| at == 0 || !folded[at - 1].0.is_alphanumeric() || is_word(folded[at].0));
    }
    for number in &asked.numbers {
        let number: Vec<char> = number.chars().collect();
        mark(&mut marked, &digits, &number, |_| true);
    }
    marked
}

fn mark(marked: &mut [bool], text: &[(char, usize)], wanted: &[char], may_begin: impl Fn(usize) -> bool) {
    if wanted.is_empty() {
        return;
    }
    for (at, window) in text.windows(wanted.len()).enumerate() {
        if window.iter().map(|(char, _)| char).eq(wanted) && may_begin(at) {
            let (first, last) = (window[0].1, window[window.len() - 1].1);
            marked[first..=last].fill(true);
        }
    }
}

/// As the database compares: without case and accents.
fn fold(char: char) -> impl Iterator<Item = char> {
    char.nfkd().filter(|char| !is_combining_mark(*char)).flat_map(char::to_lowercase)
}

/// A letter of a script without spaces is a word of its own.
fn is_word(char: char) -> bool {
    matches!(char, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn shown(text: &str, typed: &str) -> String {
        let asked = Asked::parse(typed, NaiveDate::MIN);
        snippet(text, &asked)
            .iter()
            .map(|run| if run.is_found { format!("[{}]", run.text) } else { run.text.clone() })
            .collect()
    }

    #[test]
    fn words_are_marked_as_they_begin_in_any_script() {
        assert_eq!(shown("Müller's tea, steamed", "mull tea"), "[Müll]er's [tea], steamed");
        assert_eq!(shown("小明 wrote 小心", "小明"), "[小明] wrote 小心");
        assert_eq!(shown("Grey parcel, parcel grey", "\"grey parcel\""), "[Grey] [parcel], [parcel] [grey]");
    }

    #[test]
    fn a_number_is_marked_in_any_notation() {
        assert_eq!(shown("Call 0151 23-45 now", "15123"), "Call 0[151 23]-45 now");
        assert_eq!(shown("Order 77812345", "8123"), "Order 77[8123]45");
    }

    #[test]
    fn a_long_text_is_shown_around_what_was_found() {
        let text = format!("{} the needle {}", "hay ".repeat(100), "straw ".repeat(100));
        let shown = shown(&text, "needle");
        assert!(shown.starts_with("… hay ") && shown.contains("[needle]") && shown.ends_with(" …"), "{shown}");
        assert!(shown.chars().count() < LENGTH + 10);
        assert_eq!(super::snippet("", &Asked::default()), []);
    }
}
