//! Searching: names in any script, phones in any notation, addresses, fields and the sealed note.

use super::{TestApp, Who, crowd, field, five, form, get, id_of, people, set, shown, shown_to};

#[actix_web::test]
async fn names_are_found_in_any_script_by_beginnings_and_parts() {
    let app = TestApp::new().await;
    five(&app);
    people(&app, &[("Айгуль", "Ибраева", "", "", "", "unregistered"), ("نور", "علي", "", "", "", "unregistered")]);

    for (words, expected) in [
        ("ana", vec!["Ana Müller"]),
        ("MULL", vec!["Ana Müller"]),
        ("üll", vec!["Ana Müller"]),
        ("jose gar", vec!["José García"]),
        ("garcía", vec!["José García"]),
        ("an", vec!["Ana Müller"]),
        ("mü", vec!["Ana Müller"]),
        ("rc", vec![]),
        ("李", vec!["小明 李"]),
        ("明", vec!["小明 李"]),
        ("小明", vec!["小明 李"]),
        ("明小", vec![]),
        ("айг", vec!["Айгуль Ибраева"]),
        ("гуль", vec!["Айгуль Ибраева"]),
        ("ай", vec!["Айгуль Ибраева"]),
        ("علي", vec!["نور علي"]),
        ("ana smith", vec![]),
        ("%", vec![]),
        ("_na", vec![]),
        ("\\", vec![]),
        ("!!!", vec![]),
    ] {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish();
        assert_eq!(shown(&app, &query).await, expected, "{words}");
    }
    app.ada(get("/customers?q=%3Cb%3Ezz")).await.shows("No customer fits").shows("&#60;b&#62;zz");
}

#[actix_web::test]
async fn a_phone_is_found_in_any_notation_and_so_are_mail_company_and_external_id() {
    let app = TestApp::new().await;
    five(&app);
    app.sql("UPDATE customers SET external_id = 'CRM-77' WHERE first_name = 'Zoe'");

    for words in
        ["+49 1511 2345678", "0049 151 123 456 78", "0151 12345678", "(0151) 1234-5678", "151123456", "ana +49 151"]
    {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish();
        assert_eq!(shown(&app, &query).await, ["Ana Müller"], "{words}");
    }
    assert_eq!(shown(&app, "q=12345678").await, ["小明 李", "Ana Müller"], "newest first");
    assert_eq!(shown(&app, "q=12345678&sort=name").await, ["Ana Müller", "小明 李"]);
    assert_eq!(shown(&app, "q=zoe%40exam").await, ["Zoe Smith"]);
    assert_eq!(shown(&app, "q=acorn").await, ["Zoe Smith"]);
    assert_eq!(shown(&app, "q=crm-77").await, ["Zoe Smith"]);
}

#[actix_web::test]
async fn whoever_may_not_know_addresses_finds_nobody_by_them() {
    let app = TestApp::new().await;
    five(&app);
    people(&app, &[("Wanda", "", "", "needle@example.org", "", "unregistered")]);

    for query in ["q=12345678", "q=ana%40example", "q=needle", "q=%2B49+151"] {
        assert_eq!(shown_to(&app, Who::Olga, query).await, Vec::<String>::new(), "{query}");
        assert!(!shown_to(&app, Who::Bob, query).await.is_empty(), "{query}");
    }
    assert_eq!(shown_to(&app, Who::Olga, "q=ana").await, ["Ana Müller"]);
}

#[actix_web::test]
async fn open_fields_and_the_sealed_note_are_searched_sensitive_fields_are_not() {
    let app = TestApp::new().await;
    five(&app);
    field(&app, "city", "text", "[]");
    set(&app, "Zoe", r#"{"city": "Zürich"}"#);
    let ana = id_of(&app, "Ana");
    let fields = [
        ("first_name", "Ana"),
        ("last_name", "Müller"),
        ("phone", "+4915112345678"),
        ("email", "ana@example.org"),
        ("customer_type", "regular"),
        ("note", "Prefers Earl Grey, звонить утром"),
    ];
    let saved = app.bob(form(&format!("/customers/{ana}"), &fields)).await;
    assert_eq!(saved.status, 303, "{saved:?}");

    assert_eq!(shown(&app, "q=zurich").await, ["Zoe Smith"]);
    for words in ["earl+grey", "PREF", "%D0%B7%D0%B2%D0%BE%D0%BD%D0%B8%D1%82%D1%8C"] {
        assert_eq!(shown(&app, &format!("q={words}")).await, ["Ana Müller"], "{words}");
    }
    assert_eq!(shown_to(&app, Who::Olga, "q=earl+grey").await, ["Ana Müller"]);
    assert_eq!(shown(&app, "q=refers").await, Vec::<String>::new());
}

#[actix_web::test]
async fn a_common_and_a_rare_word_find_all_that_they_should() {
    let app = TestApp::new().await;
    crowd(&app, 2500);
    five(&app);

    assert_eq!(shown(&app, "q=crowd&rows=500").await.len(), 500);
    assert_eq!(shown(&app, "q=crowd&seen=never&rows=500").await.len(), 500);
    assert_eq!(shown(&app, "q=crowd+90000000777").await, ["Crowd No 0"]);
    assert_eq!(shown(&app, "type=regular").await.len(), 2);
    let (mut found, mut next) = (0, Some("/customers?q=crowd+no+3".to_owned()));
    while let Some(path) = next {
        let page = app.ada(get(&path).htmx("customer_more")).await;
        found += super::names(&page).len();
        next = super::super::inbox::next_page(&page.html, "customer_more");
    }
    let threes = "FROM customers WHERE last_name = 'No 3' OR company = 'Firm 3'";
    assert_eq!(found as i64, app.count(threes), "the third word is short, so it begins a word");
}
