//! Who else one customer may be.

use crate::support::TestApp;
use switchboard::customers::model::CustomerId;
use switchboard::duplicates::candidates::{self, Candidate};
use switchboard::duplicates::pairs;
use switchboard::duplicates::reasons::Reason;

async fn of(app: &TestApp, id: CustomerId) -> Vec<Candidate> {
    app.within(move |conn, tenant| candidates::of(conn, tenant, id)).await
}

#[actix_web::test]
async fn the_same_digits_are_found_in_another_notation() {
    let app = TestApp::new().await;
    let ana = app.customer(&[("first_name", "Ana"), ("phone", "+4915123456789")]).await;
    let same = app.customer(&[("first_name", "A.")]).await;
    // As a file without country codes would bring it in.
    app.sql(&format!("UPDATE customers SET phone = '015123456789' WHERE id = '{same}'"));
    app.sql(&format!(
        "INSERT INTO customer_identities (tenant_id, id, customer_id, kind, value, source) \
         SELECT tenant_id, gen_random_uuid(), id, 'phone', phone, 'import' FROM customers WHERE id = '{same}'"
    ));
    // Elsewhere in the world, with the same last digits and another name.
    app.customer(&[("first_name", "Rui"), ("phone", "+351923456789")]).await;

    let found = of(&app, ana).await;

    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].id == same && found[0].reasons == [Reason::Phone] && found[0].score >= 70, "{found:?}");
}

#[actix_web::test]
async fn one_mailbox_has_many_spellings() {
    let app = TestApp::new().await;
    let ana = app.customer(&[("first_name", "Ana"), ("email", "ana.alves@gmail.com")]).await;
    let same = app.customer(&[("first_name", "Ana"), ("email", "anaalves+shop@googlemail.com")]).await;
    app.customer(&[("first_name", "Ana"), ("email", "ana.alves@example.org")]).await;

    let found = of(&app, ana).await;

    assert_eq!(found, [Candidate { id: same, score: 90, reasons: vec![Reason::Email] }]);
}

#[actix_web::test]
async fn an_external_id_is_the_same_whatever_its_case() {
    let app = TestApp::new().await;
    let ana = app.customer(&[("first_name", "Ana"), ("external_id", "C-100a")]).await;
    let same = app.customer(&[("first_name", "Anna"), ("external_id", "C-100A")]).await;

    let found = of(&app, ana).await;

    assert_eq!(found, [Candidate { id: same, score: 90, reasons: vec![Reason::ExternalId] }]);
}

#[actix_web::test]
async fn names_are_the_same_in_any_order_accent_and_script() {
    let app = TestApp::new().await;
    let name =
        |first, last, email| [("first_name", first), ("last_name", last), ("company", "Bike AG"), ("email", email)];
    let jose = app.customer(&name("José", "Müller", "j1@x.test")).await;
    let swapped = app.customer(&name("Mueller", "Jose", "j2@y.test")).await;
    let julia = app.customer(&name("Юлия", "Щербакова", "j3@z.test")).await;
    let latin = app.customer(&name("Yulia", "Scherbakova", "j4@w.test")).await;
    app.customer(&[("first_name", "Jose"), ("last_name", "Muller"), ("company", "Other"), ("email", "j5@v.test")])
        .await;

    let (of_jose, of_julia) = (of(&app, jose).await, of(&app, julia).await);

    assert_eq!(of_jose.iter().map(|found| found.id).collect::<Vec<_>>(), [swapped], "the other works elsewhere");
    assert_eq!(of_jose[0].reasons, [Reason::NameCompany]);
    assert_eq!(of_julia.iter().map(|found| found.id).collect::<Vec<_>>(), [latin]);
}

#[actix_web::test]
async fn a_mail_domain_speaks_for_two_unless_anybody_may_have_it() {
    let app = TestApp::new().await;
    let name = |email| [("first_name", "John"), ("last_name", "Smith"), ("email", email)];
    let john = app.customer(&name("john@bikes.example")).await;
    let jon = app.customer(&[("first_name", "Jon"), ("last_name", "Smyth"), ("email", "js@bikes.example")]).await;
    app.customer(&name("john1@gmail.com")).await;
    app.customer(&name("john2@gmail.com")).await;

    let found = of(&app, john).await;

    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].id == jon && found[0].reasons == [Reason::NameDomain]);
}

#[actix_web::test]
async fn a_name_alone_counts_where_no_address_speaks_against_it() {
    let app = TestApp::new().await;
    let phone = app.customer(&[("first_name", "Ana"), ("last_name", "Alves"), ("phone", "+351912345678")]).await;
    let mail = app.customer(&[("first_name", "Ana"), ("last_name", "Alves"), ("email", "ana@x.test")]).await;
    let other = app.customer(&[("first_name", "Ana"), ("last_name", "Alves"), ("phone", "+351912000000")]).await;

    let of_phone = of(&app, phone).await;

    assert_eq!(of_phone, [Candidate { id: mail, score: 55, reasons: vec![Reason::Name] }]);
    assert!(of(&app, other).await.iter().all(|found| found.id != phone), "they have two phones");
}

#[actix_web::test]
async fn who_was_told_apart_is_not_offered_again_and_a_strangers_customers_never_are() {
    let app = TestApp::new().await;
    let ana = app.customer(&[("first_name", "Ana"), ("email", "ana.alves@gmail.com")]).await;
    let same = app.customer(&[("first_name", "Ana"), ("email", "anaalves@gmail.com")]).await;
    let vault = app.parts.vault.clone();
    let stranger = move |conn: &mut diesel::PgConnection, tenant| {
        let fields = super::typed(&[("first_name", "Ana"), ("email", "ana.a.lves@gmail.com")]);
        super::make(conn, tenant, &vault, &fields)
    };
    let stranger = app.parts.db.platform().enter(app.globex, stranger).await.unwrap();
    assert_eq!(of(&app, ana).await.len(), 1);

    app.within(move |conn, tenant| pairs::dismiss(conn, tenant, same, ana, None)).await;

    assert!(of(&app, ana).await.is_empty() && of(&app, same).await.is_empty());
    let platform = app.parts.db.platform();
    let none = platform.enter(app.acme, move |conn, tenant| candidates::of(conn, tenant, stranger));
    assert!(none.await.is_err(), "not Acme's");
}
