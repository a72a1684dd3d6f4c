//! What the database takes out of its tables when somebody is erased: see migrations 002410 and 003210.

use diesel::sql_types::BigInt;
use diesel::sql_types::{Array, Bool, Integer, Nullable, Record, Text, Uuid as SqlUuid};

type Scanned = Record<(Nullable<SqlUuid>, BigInt)>;

#[diesel::declare_sql_function]
extern "SQL" {
    fn switchboard_forget_messages(
        tenant: SqlUuid,
        erasure: SqlUuid,
        ids: Array<SqlUuid>,
        bodies: Nullable<Array<Text>>,
    ) -> Jsonb;
    fn switchboard_forget_events(
        tenant: SqlUuid,
        erasure: SqlUuid,
        words: Array<Text>,
        beyond: SqlUuid,
        most: Integer,
    ) -> Scanned;
    fn switchboard_forget_log(
        tenant: SqlUuid,
        erasure: SqlUuid,
        words: Array<Text>,
        beyond: SqlUuid,
        most: Integer,
    ) -> Scanned;
    fn switchboard_forget_imported(
        tenant: SqlUuid,
        erasure: SqlUuid,
        people: Array<SqlUuid>,
        words: Array<Text>,
        beyond: SqlUuid,
    ) -> Scanned;
    fn switchboard_forget_calls(
        tenant: SqlUuid,
        erasure: SqlUuid,
        people: Array<SqlUuid>,
        words: Array<Text>,
        keeps: Bool,
    ) -> Jsonb;
    fn switchboard_forget_person(
        tenant: SqlUuid,
        erasure: SqlUuid,
        people: Array<SqlUuid>,
        words: Array<Text>,
        keeps: Bool,
    ) -> Jsonb;
}
