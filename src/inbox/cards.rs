//! Contact cards (vCard), as far as a thread shows them.

/// Somebody whose card was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    pub name: String,
    /// Phones and addresses.
    pub lines: Vec<String>,
}

/// What stands in a card; a name that it lacks is told as such.
pub fn read(text: &str) -> Card {
    // A line that begins with a blank goes on with the one before.
    let whole = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    let mut card = Card::default();
    for (property, value) in whole.lines().filter_map(|line| line.split_once(':')) {
        let value = value.replace("\\,", ",").replace("\\;", ";").replace("\\n", " ").trim().to_owned();
        let property = property.split(';').next().unwrap_or_default();
        // Apple writes "item1.TEL".
        match property.rsplit('.').next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "FN" => card.name = value,
            "TEL" | "EMAIL" if !value.is_empty() => card.lines.push(value),
            _ => {}
        }
    }
    if card.name.is_empty() {
        card.name = "No name".into();
    }
    card
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_has_a_name_and_ways_to_reach() {
        let text = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Brandt;Ben\r\nFN:Ben\\, the\r\n  baker\r\n\
                    item1.TEL;type=CELL;waid=4915123456789:+49 1512 3456789\r\nEMAIL:ben@example.org\r\nEND:VCARD";

        let card = read(text);

        assert_eq!(card.name, "Ben, the baker");
        assert_eq!(card.lines, ["+49 1512 3456789", "ben@example.org"]);
        assert_eq!(read("nonsense"), Card { name: "No name".into(), lines: Vec::new() });
    }
}
