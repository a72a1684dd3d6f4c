//! Why a request failed. `html::render_errors` turns it into a page, a toast or problem+json.

use super::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use diesel::result::DatabaseErrorKind::{CheckViolation, UniqueViolation};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("This does not exist, or is not yours to see.")]
    NotFound,
    #[error("Your role does not allow this.")]
    Forbidden,
    #[error("Please sign in.")]
    SignedOut,
    /// The form's token is missing or belongs to another session.
    #[error("This page is out of date. Please reload it and try again.")]
    Stale,
    #[error("The signature does not fit this body.")]
    BadSignature,
    /// The request cannot be understood; the text says what is wrong with it.
    #[error("{0}")]
    Invalid(String),
    /// Understood, but not possible in the present state; the text says why.
    #[error("{0}")]
    Refused(String),
    /// A unique constraint refused the row; its name says which field to blame.
    #[error("This is already taken ({0}).")]
    Taken(String),
    #[error("This is too large.")]
    TooLarge,
    /// Seconds to wait before the next try.
    #[error("Too many tries. Please wait {0} seconds.")]
    TooMany(u64),
    /// Every database connection is in use, or the database is away.
    #[error("The desk is busy or restarting. Nothing was lost: please try again in a moment.")]
    Busy,
    /// The database ended this transaction in favour of another that wanted the same rows in another order; see
    /// [`db::again`](super::db::again).
    #[error("Somebody else changed the same thing at this moment. Nothing was changed here: please try again.")]
    Crossed,
    /// For programs: an answer with a type of its own and members that say more.
    #[error("{0}")]
    Problem(Box<Problem>),
    #[error("Something went wrong on our side. Nothing was changed.")]
    Unexpected(#[source] anyhow::Error),
}

impl Error {
    pub fn unexpected(cause: impl Into<anyhow::Error>) -> Self {
        Self::Unexpected(cause.into())
    }

    /// Seconds after which a client should try again, for the answers that ask for it.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany(seconds) => Some(*seconds),
            Self::Busy | Self::Crossed => Some(2),
            _ => None,
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<diesel::result::Error> for Error {
    fn from(cause: diesel::result::Error) -> Self {
        use diesel::result::Error as Sql;
        match cause {
            Sql::NotFound => Self::NotFound,
            Sql::DatabaseError(UniqueViolation, info) => Self::Taken(info.constraint_name().unwrap_or_default().into()),
            Sql::DatabaseError(CheckViolation, info) => {
                Self::Refused(format!("The database refused this ({}).", info.constraint_name().unwrap_or_default()))
            }
            Sql::DatabaseError(_, ref info) if info.message() == "deadlock detected" => Self::Crossed,
            Sql::DatabaseError(_, ref info) if is_away(info.message()) => {
                tracing::warn!(error = %info.message(), "the database is away");
                Self::Busy
            }
            Sql::BrokenTransactionManager => Self::Busy,
            other => Self::unexpected(other),
        }
    }
}

/// libpq reports a lost server only in words; these are the ones a restart produces.
fn is_away(message: &str) -> bool {
    const SIGNS: &[&str] = &[
        "server closed the connection",
        "connection to server",
        "terminating connection",
        "no connection to the server",
        "the database system is",
        "could not receive data",
        "could not send data",
        "SSL connection has been closed",
    ];
    SIGNS.iter().any(|sign| message.contains(sign))
}

impl From<diesel::r2d2::PoolError> for Error {
    fn from(cause: diesel::r2d2::PoolError) -> Self {
        tracing::warn!(error = %cause, "no database connection to be had");
        Self::Busy
    }
}

impl From<askama::Error> for Error {
    fn from(cause: askama::Error) -> Self {
        Self::unexpected(cause)
    }
}

impl From<anyhow::Error> for Error {
    fn from(cause: anyhow::Error) -> Self {
        Self::Unexpected(cause)
    }
}

impl From<serde_json::Error> for Error {
    fn from(cause: serde_json::Error) -> Self {
        Self::unexpected(cause)
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::Stale => StatusCode::FORBIDDEN,
            Self::SignedOut | Self::BadSignature => StatusCode::UNAUTHORIZED,
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Taken(_) => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::Crossed => StatusCode::SERVICE_UNAVAILABLE,
            Self::Problem(problem) => problem.status,
            Self::Unexpected(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.status_code());
        if let Some(seconds) = self.retry_after() {
            response.insert_header((actix_web::http::header::RETRY_AFTER, seconds));
        }
        response.content_type("text/plain; charset=utf-8").body(self.to_string())
    }
}
