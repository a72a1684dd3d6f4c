//! Rows and what becomes of them, without a database.

use super::*;
use crate::customers::attributes::{AttributeId, AttributeKind};
use crate::imports::draft::split_name;

fn rules(columns: &[&str], mode: Mode) -> Rules {
    let columns: Vec<Target> = columns.iter().map(|word| Target::of_word(word).unwrap()).collect();
    let definition = Definition {
        id: AttributeId::new(),
        key: "since".into(),
        name: "Since".into(),
        description: None,
        kind: AttributeKind::Date,
        choices: serde_json::json!([]),
        is_sensitive: false,
        position: 0,
    };
    let choices = Choices { columns, mode, region: Some("DE".into()), ..Choices::default() };
    let labels = HashMap::from([("vip".to_owned(), Uuid::from_u128(1)), ("new".to_owned(), Uuid::from_u128(2))]);
    Rules { width: choices.columns.len(), choices, definitions: vec![definition], labels }
}

fn judged(columns: &[&str], cells: &[&str]) -> (Verdict, Extras) {
    let rules = rules(columns, Mode::Create);
    rules.judge(rules.read(7, cells), &Known::default())
}

fn refusal(columns: &[&str], cells: &[&str]) -> Problems {
    match judged(columns, cells).0 {
        Verdict::Refuse(problems) => problems,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_row_becomes_a_customer() {
    let columns = ["full_name", "phone", "email", "labels", "attribute:since", "consent:marketing:email", "ignore"];
    let (verdict, extras) =
        judged(&columns, &["de Souza, Ana", "0151 23456789", "Ana@Example.org", "VIP; new", "2026-01-31", "Ja", "=x"]);
    let Verdict::Create(data) = verdict else { panic!("{verdict:?}") };
    assert_eq!((data.first_name.as_deref(), data.last_name.as_deref()), (Some("Ana"), Some("de Souza")));
    assert_eq!(data.phone.unwrap().digits(), "4915123456789");
    assert_eq!(data.attributes["since"], "2026-01-31");
    assert_eq!(extras.labels, [Uuid::from_u128(1), Uuid::from_u128(2)]);
    assert_eq!(extras.consents, [("marketing", "email", true)]);
}

#[test]
fn names_are_split_where_people_split_them() {
    for (name, first, last) in [
        ("Ana Silva", "Ana", "Silva"),
        ("Ana Maria de Souza", "Ana Maria", "de Souza"),
        ("Ludwig van der Rohe", "Ludwig", "van der Rohe"),
        ("Silva, Ana", "Ana", "Silva"),
        ("Madonna", "Madonna", ""),
    ] {
        assert_eq!(split_name(name), (first.to_owned(), last.to_owned()));
    }
}

#[test]
fn every_kind_of_bad_cell_is_told_where_it_stands() {
    let columns = ["first_name", "phone", "email", "attribute:since", "labels"];
    let long = "x".repeat(101);
    for (cells, column, words) in [
        (["Ana", "12", "", "", ""], "1", "no phone number"),
        (["Ana", "", "\"a b\"@c.test", "", ""], "2", "quotation marks"),
        (["Ana", "", "jörg@acme.test", "", ""], "2", "after the @"),
        ([long.as_str(), "", "", "", ""], "0", "At most 100"),
        (["A\u{FFFD}na", "", "", "", ""], "0", "cannot be read"),
        (["Ana \u{202E}txt", "", "", "", ""], "0", "direction"),
        (["=HYPERLINK(\"http://x\")", "", "", "", ""], "0", "formula"),
        (["Ana", "", "", "0000-00-00", ""], "3", "no date"),
        (["Ana", "", "", "10000-01-01", ""], "3", "no date"),
        (["Ana", "", "", "", "nobody"], "4", "no label"),
        (["", "", "", "", ""], "0", "Enter a name"),
    ] {
        let problems = refusal(&columns, &cells);
        assert!(problems.get(column).is_some_and(|why| why.contains(words)), "{cells:?}: {problems:?}");
    }
    let ragged = refusal(&columns, &["Ana", "", "", "", "", "more"]);
    assert!(ragged[WHOLE].contains("6 cells, and the heading 5"), "{ragged:?}");
}

#[test]
fn an_exports_own_escapes_are_taken_off_again() {
    let (verdict, _) = judged(&["first_name", "phone"], &["Ana", "'+49 151 23456789"]);
    assert!(matches!(verdict, Verdict::Create(data) if data.phone.as_ref().unwrap().digits() == "4915123456789"));
}

#[test]
fn whoever_is_to_be_found_has_to_be_named_and_there() {
    let rules = rules(&["first_name", "phone"], Mode::Update);
    let refused = |cells: &[&str]| match rules.judge(rules.read(1, cells), &Known::default()).0 {
        Verdict::Refuse(problems) => problems["1"].clone(),
        other => panic!("{other:?}"),
    };
    assert!(refused(&["Ana", ""]).contains("it is empty"));
    assert!(refused(&["Ana", "0151 23456789"]).contains("no such customer"));
    assert!(refused(&["Ana", "12"]).contains("no phone number"));
}
