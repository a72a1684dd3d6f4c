//! `/settings/roles`

use super::view;
use crate::kit::access::{Access, ViewRoles};
use crate::kit::error::Result;
use actix_web::HttpResponse;

pub async fn index(access: Access<ViewRoles>) -> Result<HttpResponse> {
    access.show(&view::index(&access))
}
