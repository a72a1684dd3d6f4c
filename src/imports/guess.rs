//! What a file does not say: whether its first row is a heading, and what its columns are, by their names in the
//! languages of our users and by what stands in them.

use super::choices::{Choices, Field, MatchBy, Target};
use super::names;
use crate::customers::attributes::Definition;
use crate::kit::email::Email;
use crate::kit::phone::{Phone, Region};

/// Lower case, without accents, and with one space for whatever is no letter or digit.
pub fn folded(name: &str) -> String {
    let letters = name.to_lowercase().chars().flat_map(plain).collect::<Vec<char>>();
    let words: Vec<String> = letters
        .split(|char| !char.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.iter().collect())
        .collect();
    words.join(" ")
}

fn plain(char: char) -> impl Iterator<Item = char> {
    let plain = match char {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' => 'a',
        'ç' | 'ć' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ę' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ś' => 's',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ź' | 'ż' => 'z',
        other => other,
    };
    let second = (char == 'ß').then_some('s');
    std::iter::once(if char == 'ß' { 's' } else { plain }).chain(second)
}

/// Whether the first of these rows names the columns.
pub fn is_heading(rows: &[&[String]]) -> bool {
    let Some((first, rest)) = rows.split_first() else { return false };
    if first.iter().any(|cell| by_name(cell).is_some()) && !first.iter().any(|cell| is_value(cell)) {
        return true;
    }
    let is_text = first.iter().all(|cell| !is_value(cell) && !cell.is_empty());
    is_text && rest.iter().any(|row| row.iter().any(|cell| is_value(cell)))
}

/// What no column is called.
fn is_value(cell: &str) -> bool {
    let has_digit = cell.chars().any(|char| char.is_ascii_digit());
    cell.contains('@') || has_digit && !cell.chars().any(char::is_alphabetic)
}

fn by_name(name: &str) -> Option<&'static Target> {
    names::meaning(&folded(name))
}

/// What each column probably is, given its name and some of its cells; nothing twice but labels.
pub fn columns(
    names: &[String],
    rows: &[&[String]],
    definitions: &[Definition],
    region: Option<Region>,
) -> Vec<Target> {
    let mut guessed: Vec<Target> = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let cells: Vec<&str> = rows.iter().filter_map(|row| row.get(index)).map(String::as_str).collect();
        let own = || by_definition(name, definitions);
        let target = by_name(name).cloned().or_else(own).or_else(|| by_look(&cells, region)).unwrap_or_default();
        let is_new = target == Target::Labels || !guessed.contains(&target);
        guessed.push(if is_new { target } else { Target::Ignore });
    }
    // Where there is a column for the last name, "Name" is the first.
    let last = guessed.iter().any(|target| *target == Target::Field(Field::LastName));
    let first = guessed.iter().any(|target| *target == Target::Field(Field::FirstName));
    for target in guessed.iter_mut().filter(|target| **target == Target::FullName) {
        *target = match (first, last) {
            (false, true) => Target::Field(Field::FirstName),
            (true, false) => Target::Field(Field::LastName),
            (true, true) => Target::Ignore,
            (false, false) => Target::FullName,
        };
    }
    guessed
}

fn by_definition(name: &str, definitions: &[Definition]) -> Option<Target> {
    let wanted = folded(name);
    let is_it = |definition: &&Definition| folded(&definition.name) == wanted || folded(&definition.key) == wanted;
    definitions.iter().find(is_it).map(|definition| Target::Attribute(definition.key.clone()))
}

/// Most of the cells that hold something hold the same kind of thing.
fn by_look(cells: &[&str], region: Option<Region>) -> Option<Target> {
    let filled: Vec<&&str> = cells.iter().filter(|cell| !cell.is_empty()).collect();
    let most = |fits: &dyn Fn(&str) -> bool| {
        !filled.is_empty() && filled.iter().filter(|cell| fits(cell)).count() * 4 >= filled.len() * 3
    };
    if most(&|cell| cell.contains('@') && Email::parse(cell).is_ok()) {
        return Some(Target::Field(Field::Email));
    }
    let is_phone = |cell: &str| cell.len() >= 8 && (cell.starts_with(['+', '0'])) && Phone::parse(cell, region).is_ok();
    most(&is_phone).then_some(Target::Field(Field::Phone))
}

/// The choices that a new file begins with.
pub fn choices(columns: Vec<Target>, region: Option<String>) -> Choices {
    let has = |by: &&MatchBy| columns.contains(&Target::Field(by.field()));
    let match_by = [MatchBy::ExternalId, MatchBy::Phone, MatchBy::Email].iter().find(has).copied().unwrap_or_default();
    let mode = if columns.contains(&Target::Field(match_by.field())) {
        super::choices::Mode::Upsert
    } else {
        super::choices::Mode::Create
    };
    Choices { columns, match_by, mode, region, ..Choices::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(row: &[&str]) -> Vec<String> {
        row.iter().map(|cell| (*cell).to_owned()).collect()
    }

    fn guessed(names: &[&str], row: &[&str]) -> Vec<String> {
        let row = texts(row);
        columns(&texts(names), &[&row], &[], Region::of("DE")).iter().map(Target::word).collect()
    }

    #[test]
    fn columns_are_known_by_their_names_in_eight_languages() {
        for (names, expected) in [
            (["First Name", "Surname", "Mobile phone"], ["first_name", "last_name", "phone"]),
            (["Vorname", "Nachname", "Telefon-Nr."], ["first_name", "last_name", "phone"]),
            (["Prénom", "Nom", "Téléphone"], ["first_name", "last_name", "phone"]),
            (["Nombre", "Apellidos", "Teléfono"], ["first_name", "last_name", "phone"]),
            (["Nome", "Sobrenome", "Telemóvel"], ["first_name", "last_name", "phone"]),
            (["Nome", "Cognome", "Cellulare"], ["first_name", "last_name", "phone"]),
            (["Voornaam", "Achternaam", "Telefoonnummer"], ["first_name", "last_name", "phone"]),
            (["Imię", "Nazwisko", "Numer telefonu"], ["first_name", "last_name", "phone"]),
            (["Kunde", "E-Mail", "Etiketten"], ["full_name", "email", "labels"]),
        ] {
            assert_eq!(guessed(&names, &["", "", ""]), expected, "{names:?}");
        }
    }

    #[test]
    fn columns_without_a_telling_name_are_known_by_their_look() {
        let found =
            guessed(&["Column 1", "Column 2", "Column 3", "Phone"], &["0151 23456789", "a@b.test", "hello", "x"]);
        assert_eq!(found, ["phone", "email", "ignore", "ignore"]);
    }

    #[test]
    fn a_heading_is_told_from_a_row() {
        let is = |rows: &[&[&str]]| {
            let rows: Vec<Vec<String>> = rows.iter().map(|row| texts(row)).collect();
            is_heading(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
        };
        assert!(is(&[&["Name", "Phone"], &["Ana", "0151"]]));
        assert!(is(&[&["Wer", "Wo"], &["Ana", "+49151"]]));
        assert!(!is(&[&["Ana", "+4915123456789"], &["Ben", "+4915123456780"]]));
        assert!(!is(&[&["Ana", "Rome"], &["Ben", "Paris"]]));
        assert!(is(&[&["Email"]]));
    }
}
