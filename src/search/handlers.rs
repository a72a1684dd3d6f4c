//! `/search`

use super::asked::Asked;
use super::form::Look;
use super::model::{self, Asker};
use super::view;
use crate::conversations::model::Scope;
use crate::kit::access::{Access, ViewAddresses, ViewConversations};
use crate::kit::error::Result;
use crate::kit::vault::Vault;
use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use chrono::Utc;

pub async fn index(
    access: Access<ViewConversations>,
    Query(look): Query<Look>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let zone = access.who().time_zone;
    let asked = Asked::parse(&look.typed(), Utc::now().with_timezone(&zone).date_naive());
    let asker = Asker {
        scope: Scope::of(access.who()),
        sees_addresses: access.may::<ViewAddresses>(),
        zone,
        vault: vault.get_ref().clone(),
    };
    let (question, wish) = (asked.clone(), look.clone());
    let found = access.run(move |conn, tenant| model::find(conn, tenant, &asker, &question, &wish)).await?;
    access.show(&view::index(&access, &look, &asked, found))
}
