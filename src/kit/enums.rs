//! PostgreSQL's enum types as Rust enums, with their words in one place.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::SqlType;
use std::marker::PhantomData;

/// A word of an enum written into the statement instead of being bound: only then does PostgreSQL know, when it plans
/// a prepared statement once for all, that a partial index fits. Where no such index helps, bind the value.
#[derive(Debug, Clone, Copy)]
pub struct Literal<ST>(&'static str, PhantomData<ST>);

impl<ST> Literal<ST> {
    /// `word` is one of the enum's.
    pub const fn new(word: &'static str) -> Self {
        Self(word, PhantomData)
    }
}

impl<ST: SqlType + diesel::sql_types::SingleValue> Expression for Literal<ST> {
    type SqlType = ST;
}

impl<ST, QS: ?Sized> AppearsOnTable<QS> for Literal<ST> where Self: Expression {}
impl<ST, QS: ?Sized> SelectableExpression<QS> for Literal<ST> where Self: Expression {}

impl<ST, GB> ValidGrouping<GB> for Literal<ST> {
    type IsAggregate = is_aggregate::Never;
}

/// The statement differs with the word, so its text names it.
impl<ST> QueryId for Literal<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> QueryFragment<Pg> for Literal<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> diesel::QueryResult<()> {
        out.push_sql("'");
        out.push_sql(self.0);
        out.push_sql("'");
        Ok(())
    }
}

/// Declares an enum over a type of `schema::sql_types`: each variant with its word in the database.
#[macro_export]
macro_rules! pg_enum {
    ($(#[$doc:meta])* $name:ident over $sql:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, diesel::AsExpression, diesel::FromSqlRow,
        )]
        #[diesel(sql_type = $crate::schema::sql_types::$sql)]
        pub enum $name {
            $(#[serde(rename = $word)] $variant),+
        }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word in the database, in URLs and in JSON.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// The value as part of the statement itself; see [`Literal`](crate::kit::enums::Literal).
            pub fn literal(self) -> $crate::kit::enums::Literal<$crate::schema::sql_types::$sql> {
                $crate::kit::enums::Literal::new(self.word())
            }

            pub fn of_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                let words = Self::ALL.iter().map(|value| value.word());
                let text = utoipa::openapi::schema::Type::String;
                utoipa::openapi::ObjectBuilder::new().schema_type(text).enum_values(Some(words)).into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl diesel::serialize::ToSql<$crate::schema::sql_types::$sql, diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                std::io::Write::write_all(out, self.word().as_bytes())?;
                Ok(diesel::serialize::IsNull::No)
            }
        }

        impl diesel::deserialize::FromSql<$crate::schema::sql_types::$sql, diesel::pg::Pg> for $name {
            fn from_sql(value: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                let word = std::str::from_utf8(value.as_bytes())?;
                Self::of_word(word).ok_or_else(|| format!("{word} is no {}", stringify!($name)).into())
            }
        }
    };
}
