//! A new secret key: everything that was sealed opens, and is sealed anew.

use super::support::{TestApp, form, get};
use switchboard::kit::vault::{Vault, random_token};
use switchboard::security::rotation::{self, SEALED};

/// Columns that hold what the vault has sealed, by their comments and names: whatever is bytea and no hash.
const NOT_SEALED: &[&str] = &[
    "api_tokens.token_hash",
    "customer_imports.content_hash",
    "passkey_ceremonies.asker",
    "passkey_ceremonies.key",
    "passkeys.credential_id",
    "recovery_codes.code_hash",
    "sign_in_links.token_hash",
    "spent_refresh_tokens.token_hash",
    "tries.key",
    "user_sessions.refresh_token_hash",
    "user_sessions.token_hash",
];

#[actix_web::test]
async fn everything_that_is_sealed_is_sealed_anew() {
    let app = TestApp::new().await;
    app.number("Workshop").await;
    app.ada(form("/settings/customer-fields", &[("name", "Health"), ("kind", "text"), ("is_sensitive", "on")])).await;
    let fields = [("first_name", "Ana"), ("note", "likes zebras"), ("attributes.health", "nuts")];
    let page = app.ada(form("/customers", &fields)).await.location().to_owned();
    let words = "SELECT note_words::text AS text FROM customers";
    let before = app.text(words);
    // What the desk has sealed so far is under the test's key: from now on that is a former one.
    let new = Vault::new(&random_token()).unwrap();
    let knowing = new.clone().knowing(std::slice::from_ref(&app.secret_key)).unwrap();

    let mut renewed = 0;
    loop {
        let vault = knowing.clone();
        match app.within(move |conn, tenant| rotation::renew(conn, tenant, &vault)).await {
            0 => break,
            count => renewed += count,
        }
    }

    assert!(renewed >= 3, "a number's key, a note and a sensitive field: {renewed}");
    for (table, column, _) in SEALED {
        let mark = hex::encode(new.mark());
        let old = format!(
            "FROM {table} WHERE {column} IS NOT NULL AND encode(substring({column} FROM 1 FOR 4), 'hex') <> '{mark}' \
             AND tenant_id = '{}'",
            app.acme
        );
        assert_eq!(app.count(&old), 0, "{table}.{column}");
    }
    assert_ne!(app.text(words), before, "the words are hashed anew, too");
    let note = app.within(move |conn, tenant| {
        let id = page.rsplit('/').next().unwrap().parse().unwrap();
        switchboard::customers::changes::find(conn, tenant, id)?.note(&new)
    });
    assert_eq!(note.await.unwrap(), "likes zebras");
    app.ada(get("/audit")).await.shows("the encryption");
}

#[actix_web::test]
async fn no_sealed_column_is_forgotten() {
    let app = TestApp::new().await;
    let columns = app.texts(
        "SELECT table_name || '.' || column_name AS text FROM information_schema.columns \
         WHERE table_schema = 'public' AND data_type = 'bytea' ORDER BY 1",
    );
    let unknown = columns.iter().filter(|name| {
        let is_sealed = SEALED.iter().any(|(table, column, _)| **name == format!("{table}.{column}"));
        !is_sealed && !NOT_SEALED.contains(&name.as_str())
    });
    assert_eq!(unknown.collect::<Vec<_>>(), Vec::<&String>::new());
}
