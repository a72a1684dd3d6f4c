//! Calls as programs see and send them.

use crate::calls::model::{CallDirection, CallId, CallStatus};
use crate::customers::model::CustomerId;
use crate::kit::json::nullable;
use crate::numbers::model::NumberId;
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A voice or video call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Call)]
pub struct CallShown {
    #[schema(value_type = Uuid)]
    pub id: CallId,
    pub direction: CallDirection,
    pub status: CallStatus,
    pub is_video: bool,
    pub is_group: bool,
    /// Somebody outside called, and nobody spoke with them.
    pub is_missed: bool,
    /// Null between users, and for groups.
    #[schema(value_type = Option<Uuid>)]
    pub customer_id: Option<CustomerId>,
    /// The user who called.
    #[schema(value_type = Option<Uuid>)]
    pub caller_id: Option<UserId>,
    /// The user who was called.
    #[schema(value_type = Option<Uuid>)]
    pub receiver_id: Option<UserId>,
    #[schema(value_type = Option<Uuid>)]
    pub number_id: Option<NumberId>,
    pub started_at: DateTime<Utc>,
    pub answered_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    /// Null where nobody spoke, and where WhatsApp did not tell.
    pub duration_seconds: Option<i32>,
    /// Addresses in it are masked for who may not see them.
    pub note: Option<String>,
    /// The user who returns a missed call, or has returned it.
    #[schema(value_type = Option<Uuid>)]
    pub callback_by: Option<UserId>,
    pub callback_done_at: Option<DateTime<Utc>>,
    /// The user who wrote it down; null where WhatsApp told of it.
    #[schema(value_type = Option<Uuid>)]
    pub created_by: Option<UserId>,
}

/// Which calls.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CallSearch {
    /// How many at most, from 1 to 100.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100, example = 50)]
    pub limit: Option<String>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    #[param(value_type = Option<CallStatus>)]
    pub status: Option<String>,
    #[param(value_type = Option<CallDirection>)]
    pub direction: Option<String>,
    /// The id of a customer.
    #[param(value_type = Option<Uuid>)]
    pub customer: Option<String>,
    /// The id of a user who has a part in it.
    #[param(value_type = Option<Uuid>)]
    pub user: Option<String>,
    /// `true`: only missed calls that nobody has returned.
    #[param(value_type = Option<bool>)]
    pub to_return: Option<String>,
}

/// A call that is written down.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewCall {
    #[schema(required)]
    pub direction: Option<CallDirection>,
    /// The customer; null between users.
    pub customer_id: Option<Uuid>,
    /// Who of the users spoke, or called; the token's owner where it is absent.
    pub user_id: Option<Uuid>,
    /// The user who was called, between users.
    pub colleague_id: Option<Uuid>,
    #[schema(required)]
    pub started_at: Option<DateTime<Utc>>,
    /// Null: nobody answered.
    #[schema(minimum = 0, maximum = 86400)]
    pub duration_seconds: Option<i32>,
    pub is_video: bool,
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// What is to be changed; what is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CallChange {
    pub started_at: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<i32>)]
    pub duration_seconds: Option<Option<i32>>,
    pub is_video: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub note: Option<Option<String>>,
}
