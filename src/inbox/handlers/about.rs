//! `/messages/{message}`: what is known of one message.

use crate::conversations::model::Scope;
use crate::inbox::view;
use crate::kit::access::{Access, ViewConversations};
use crate::kit::error::Result;
use crate::messages::about;
use crate::messages::model::MessageId;
use actix_web::HttpResponse;
use actix_web::web::Path;

/// GET /messages/{id}
pub async fn show(access: Access<ViewConversations>, id: Path<MessageId>) -> Result<HttpResponse> {
    let (id, scope) = (*id, Scope::of(access.who()));
    let (about, author) = access.run(move |conn, tenant| about::find(conn, tenant, scope, id)).await?;
    access.show(&view::about::about(&access, about, author))
}
