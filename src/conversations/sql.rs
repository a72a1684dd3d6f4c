//! What the database counts and finds of conversations: see migrations 000500, 003000 and 003030.

#[diesel::declare_sql_function]
extern "SQL" {
    fn switchboard_queue_counts(
        reader: diesel::sql_types::Uuid,
        sees_all: diesel::sql_types::Bool,
    ) -> diesel::sql_types::Array<diesel::sql_types::Int4>;
    fn switchboard_team_counts(
        teams: diesel::sql_types::Array<diesel::sql_types::Uuid>,
    ) -> diesel::sql_types::Array<diesel::sql_types::Int4>;
    fn switchboard_search_conversations(
        tenant: diesel::sql_types::Uuid,
        words: diesel::sql_types::Text,
        by_number: diesel::sql_types::Bool,
    ) -> diesel::sql_types::Array<diesel::sql_types::Uuid>;
}
