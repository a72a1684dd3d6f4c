//! Records that may be one person: found, joined, and taken apart again.

mod api;
mod candidates;
mod identity;
mod meanwhile;
mod merge;
mod pages;
mod proof;
mod scan;
mod split;

use super::support::TestApp;
use diesel::PgConnection;
use switchboard::customers::changes;
use switchboard::customers::data::{self, Typed};
use switchboard::customers::model::CustomerId;
use switchboard::duplicates::choice::Choice;
use switchboard::duplicates::merging::{self, Order};
use switchboard::duplicates::model::MergeId;
use switchboard::duplicates::splitting;
use switchboard::kit::error::Result;
use switchboard::kit::tenant::TenantId;
use switchboard::kit::vault::Vault;

/// A record by its fields: `first_name`, `last_name`, `phone`, `email`, `company`, `note`, `external_id`.
pub fn typed(fields: &[(&str, &str)]) -> Typed {
    let of = |name: &str| fields.iter().find(|(field, _)| *field == name).map(|(_, text)| *text).unwrap_or_default();
    let text = |name: &str| of(name).to_owned();
    Typed {
        first_name: text("first_name"),
        last_name: text("last_name"),
        phone: text("phone"),
        email: text("email"),
        company: text("company"),
        note: text("note"),
        external_id: text("external_id"),
        customer_type: text("customer_type"),
        ..Typed::default()
    }
}

pub fn make(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, fields: &Typed) -> Result<CustomerId> {
    let data = data::read(fields, None, &[]).unwrap();
    changes::create(conn, tenant, vault, &data, "form", None)
}

impl TestApp {
    /// One of Acme's, made by hand.
    pub async fn customer(&self, fields: &[(&str, &str)]) -> CustomerId {
        let (vault, fields) = (self.parts.vault.clone(), typed(fields));
        self.within(move |conn, tenant| make(conn, tenant, &vault, &fields)).await
    }

    /// Whose phone it is.
    pub fn customer_of(&self, address: &str) -> CustomerId {
        let sql = format!(
            "SELECT customer_id::text AS text FROM customer_identities WHERE value = '{address}' AND deleted_at IS NULL"
        );
        self.text(&sql).parse().unwrap()
    }

    pub async fn join(&self, kept: CustomerId, lost: CustomerId) -> Result<MergeId> {
        self.join_as(kept, lost, Choice::default()).await
    }

    pub async fn join_as(&self, kept: CustomerId, lost: CustomerId, choice: Choice) -> Result<MergeId> {
        let vault = self.parts.vault.clone();
        let order = Order { kept, lost, choice, source: "form", by: None };
        let work = move |conn: &mut PgConnection, tenant| merging::merge(conn, tenant, &vault, &order);
        self.parts.db.platform().enter(self.acme, work).await
    }

    pub async fn part(&self, merge: MergeId) -> Result<()> {
        let vault = self.parts.vault.clone();
        let work = move |conn: &mut PgConnection, tenant| splitting::split(conn, tenant, &vault, merge, None).map(drop);
        self.parts.db.platform().enter(self.acme, work).await
    }

    /// The whole of a row of `customers`, as text.
    pub fn record(&self, id: CustomerId) -> serde_json::Value {
        let text = self.text(&format!("SELECT to_jsonb(c)::text AS text FROM customers c WHERE id = '{id}'"));
        serde_json::from_str(&text).unwrap()
    }
}
