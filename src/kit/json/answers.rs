//! How failures look in the description of the API.

use serde::Serialize;
use utoipa::{ToResponse, ToSchema};
use uuid::Uuid;

/// Why a request failed (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// A word to compare, such as `second_factor_required`; `about:blank` where the status says it all.
    #[schema(example = "about:blank")]
    pub r#type: String,
    /// The status in words.
    #[schema(example = "Not Found")]
    pub title: String,
    #[schema(example = 404, minimum = 400, maximum = 599)]
    pub status: u16,
    /// What happened, for people.
    #[schema(example = "This does not exist, or is not yours to see.")]
    pub detail: String,
    /// Names the request in the log of the desk.
    pub request_id: String,
    /// With `invalid_values`: what is wrong where.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<RefusedValue>,
    /// With `permission_missing`: which.
    #[schema(example = "users:write")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// With `file_known`: the import that the same file is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<Uuid>,
    /// With `several_tenants`: the organisations where address and password fit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tenants: Vec<TenantChoice>,
}

/// A value that is not possible.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusedValue {
    /// Where it stands in the body, or which parameter it is.
    #[schema(example = "#/email")]
    pub pointer: String,
    #[schema(example = "Enter an email address.")]
    pub detail: String,
}

/// An organisation that can be signed in to.
#[derive(Debug, Serialize, ToSchema)]
pub struct TenantChoice {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
}

macro_rules! answers {
    ($($name:ident = $description:literal),+ $(,)?) => {$(
        #[derive(ToResponse)]
        #[response(description = $description, content_type = "application/problem+json")]
        pub struct $name(#[allow(dead_code)] ProblemBody);
    )+};
}

answers! {
    BadRequest = "The body is no JSON, or came too slowly.",
    Unauthorized = "`token_missing`, or `invalid_token`: it is wrong, has expired or was revoked.",
    Forbidden = "`permission_missing`: the role does not hold `permission`, or the token does not carry it.",
    NotFound = "There is nothing at this address, or it is not the caller's to see.",
    Conflict = "What was asked for contradicts what is there.",
    TooLarge = "The body is larger than 256 KiB.",
    UnsupportedMediaType = "The body is not `application/json` in UTF-8.",
    FileKnown = "`file_known`: the same file came within a day, as `import`.",
    FileTooLarge = "The file is larger than 200 MB.",
    NoFile = "The body is neither `text/csv`, nor a workbook (XLSX), nor a form with a file.",
    InvalidValues = "`invalid_values`: understood, but not possible; `errors` says what is wrong where.",
    TooMany = "Too many requests or failed tries; `Retry-After` says how many seconds to wait.",
    Unexpected = "Something went wrong on our side; nothing was changed.",
    Busy = "The desk is busy or restarting; try again after `Retry-After` seconds.",
    SignInFailed = "`invalid_credentials`, or `second_factor_required` (send the same again with a `code`), or `second_factor_wrong`.",
    SeveralTenants = "`several_tenants`: send the same again with one of `tenants` as `tenant`.",
    RefreshFailed = "`invalid_refresh_token`, `refresh_token_spent`, or `refresh_token_reused`: sign in again.",
}
