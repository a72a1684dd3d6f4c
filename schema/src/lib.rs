// @generated automatically by Diesel CLI.

pub mod sql_types {
    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "actor_kind"))]
    pub struct ActorKind;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "attribute_kind"))]
    pub struct AttributeKind;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "bulk_outcome"))]
    pub struct BulkOutcome;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "call_direction"))]
    pub struct CallDirection;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "call_status"))]
    pub struct CallStatus;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "consent_channel"))]
    pub struct ConsentChannel;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "consent_purpose"))]
    pub struct ConsentPurpose;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "consent_state"))]
    pub struct ConsentState;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "conversation_activity_cause"))]
    pub struct ConversationActivityCause;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "conversation_activity_kind"))]
    pub struct ConversationActivityKind;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "conversation_kind"))]
    pub struct ConversationKind;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "conversation_priority"))]
    pub struct ConversationPriority;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "conversation_status"))]
    pub struct ConversationStatus;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "customer_state"))]
    pub struct CustomerState;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "customer_type"))]
    pub struct CustomerType;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "erasure_stage"))]
    pub struct ErasureStage;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "identity_kind"))]
    pub struct IdentityKind;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "import_row_state"))]
    pub struct ImportRowState;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "import_state"))]
    pub struct ImportState;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "lawful_basis"))]
    pub struct LawfulBasis;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "link_purpose"))]
    pub struct LinkPurpose;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "message_direction"))]
    pub struct MessageDirection;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "message_status"))]
    pub struct MessageStatus;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "notification_kind"))]
    pub struct NotificationKind;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "number_status"))]
    pub struct NumberStatus;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "number_wish"))]
    pub struct NumberWish;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "pair_state"))]
    pub struct PairState;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "privacy_case_kind"))]
    pub struct PrivacyCaseKind;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "privacy_case_state"))]
    pub struct PrivacyCaseState;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "privacy_case_step"))]
    pub struct PrivacyCaseStep;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "retention_action"))]
    pub struct RetentionAction;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "support_end"))]
    pub struct SupportEnd;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "task_state"))]
    pub struct TaskState;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "tenant_status"))]
    pub struct TenantStatus;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "user_role"))]
    pub struct UserRole;

    #[derive(diesel::query_builder::QueryId, Clone, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "waha_engine"))]
    pub struct WahaEngine;
}

diesel::table! {
    api_tokens (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        #[max_length = 100]
        name -> Varchar,
        token_hash -> Bytea,
        #[max_length = 8]
        hint -> Varchar,
        scopes -> Array<Nullable<Text>>,
        expires_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
        last_used_ip -> Nullable<Text>,
        revoked_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    attachments (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        conversation_id -> Uuid,
        user_id -> Uuid,
        name -> Text,
        #[max_length = 100]
        media_type -> Varchar,
        #[max_length = 50]
        message_type -> Varchar,
        bytes -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::AttributeKind;

    attribute_definitions (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        #[max_length = 50]
        key -> Varchar,
        #[max_length = 100]
        name -> Varchar,
        #[max_length = 500]
        description -> Nullable<Varchar>,
        kind -> AttributeKind,
        choices -> Jsonb,
        is_sensitive -> Bool,
        position -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::ActorKind;

    audit_entries (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        actor_id -> Nullable<Uuid>,
        #[max_length = 64]
        action -> Varchar,
        #[max_length = 64]
        entity -> Varchar,
        entity_id -> Nullable<Uuid>,
        before -> Nullable<Jsonb>,
        after -> Nullable<Jsonb>,
        ip_address -> Nullable<Text>,
        request_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        actor_kind -> ActorKind,
        via -> Nullable<Uuid>,
    }
}

diesel::table! {
    authenticators (tenant_id, user_id) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        secret -> Bytea,
        confirmed_at -> Nullable<Timestamptz>,
        last_step -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::TaskState;

    background_tasks (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        #[max_length = 50]
        kind -> Varchar,
        #[max_length = 200]
        title -> Varchar,
        state -> TaskState,
        total -> Nullable<Int8>,
        done -> Int8,
        refused -> Int8,
        params -> Jsonb,
        result -> Jsonb,
        #[max_length = 500]
        error_message -> Nullable<Varchar>,
        #[max_length = 255]
        file -> Nullable<Varchar>,
        #[max_length = 255]
        file_name -> Nullable<Varchar>,
        file_expires_at -> Nullable<Timestamptz>,
        created_by -> Uuid,
        cancel_requested_at -> Nullable<Timestamptz>,
        started_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::BulkOutcome;

    bulk_change_rows (tenant_id, bulk_change_id, customer_id) {
        tenant_id -> Uuid,
        bulk_change_id -> Uuid,
        customer_id -> Uuid,
        outcome -> BulkOutcome,
        #[max_length = 500]
        reason -> Nullable<Varchar>,
        #[max_length = 50]
        before -> Nullable<Varchar>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    bulk_changes (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        change -> Jsonb,
        filter -> Jsonb,
        place -> Nullable<Uuid>,
        task_id -> Nullable<Uuid>,
        created_by -> Uuid,
        ended_at -> Nullable<Timestamptz>,
        undo_task_id -> Nullable<Uuid>,
        undone_by -> Nullable<Uuid>,
        undone_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    call_rules (tenant_id, session_id) {
        tenant_id -> Uuid,
        session_id -> Uuid,
        declines -> Bool,
        #[max_length = 1000]
        text -> Nullable<Varchar>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::CallDirection;
    use super::sql_types::CallStatus;

    calls (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        direction -> CallDirection,
        status -> CallStatus,
        is_video -> Bool,
        is_group -> Bool,
        customer_id -> Nullable<Uuid>,
        caller_id -> Nullable<Uuid>,
        receiver_id -> Nullable<Uuid>,
        session_id -> Nullable<Uuid>,
        #[max_length = 128]
        waha_call_id -> Nullable<Varchar>,
        #[max_length = 255]
        chat_id -> Nullable<Varchar>,
        started_at -> Timestamptz,
        answered_at -> Nullable<Timestamptz>,
        rejected_at -> Nullable<Timestamptz>,
        given_up_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        duration_seconds -> Nullable<Int4>,
        declined_at -> Nullable<Timestamptz>,
        #[max_length = 2000]
        note -> Nullable<Varchar>,
        callback_by -> Nullable<Uuid>,
        callback_done_at -> Nullable<Timestamptz>,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::ConsentPurpose;
    use super::sql_types::ConsentChannel;
    use super::sql_types::ConsentState;

    consent_states (tenant_id, customer_id, purpose, channel) {
        tenant_id -> Uuid,
        customer_id -> Uuid,
        purpose -> ConsentPurpose,
        channel -> ConsentChannel,
        state -> ConsentState,
        consent_id -> Uuid,
        occurred_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::ConsentPurpose;
    use super::sql_types::ConsentChannel;
    use super::sql_types::ConsentState;
    use super::sql_types::LawfulBasis;

    consents (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        purpose -> ConsentPurpose,
        channel -> ConsentChannel,
        state -> ConsentState,
        lawful_basis -> LawfulBasis,
        #[max_length = 50]
        source -> Varchar,
        #[max_length = 2000]
        evidence -> Nullable<Varchar>,
        message_id -> Nullable<Uuid>,
        user_id -> Nullable<Uuid>,
        occurred_at -> Timestamptz,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::ConversationActivityKind;
    use super::sql_types::ConversationActivityCause;
    use super::sql_types::ConversationPriority;
    use super::sql_types::ConversationStatus;

    conversation_activities (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        conversation_id -> Uuid,
        change_id -> Uuid,
        kind -> ConversationActivityKind,
        cause -> ConversationActivityCause,
        actor_id -> Nullable<Uuid>,
        old_owner_id -> Nullable<Uuid>,
        new_owner_id -> Nullable<Uuid>,
        old_team_id -> Nullable<Uuid>,
        new_team_id -> Nullable<Uuid>,
        old_priority -> Nullable<ConversationPriority>,
        new_priority -> Nullable<ConversationPriority>,
        label_id -> Nullable<Uuid>,
        is_added -> Nullable<Bool>,
        old_status -> Nullable<ConversationStatus>,
        new_status -> Nullable<ConversationStatus>,
        old_snoozed_until -> Nullable<Timestamptz>,
        new_snoozed_until -> Nullable<Timestamptz>,
        old_waiting_since -> Nullable<Timestamptz>,
        happened_at -> Timestamptz,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    conversation_labels (tenant_id, conversation_id, label_id) {
        tenant_id -> Uuid,
        conversation_id -> Uuid,
        label_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    conversation_readers (tenant_id, conversation_id, user_id) {
        tenant_id -> Uuid,
        conversation_id -> Uuid,
        user_id -> Uuid,
        inbound_seen -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::ConversationKind;
    use super::sql_types::ConversationStatus;
    use super::sql_types::MessageDirection;
    use super::sql_types::MessageStatus;
    use super::sql_types::ConversationPriority;

    conversations (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> ConversationKind,
        status -> ConversationStatus,
        title -> Text,
        session_id -> Nullable<Uuid>,
        #[max_length = 255]
        chat_id -> Nullable<Varchar>,
        is_group -> Bool,
        customer_id -> Nullable<Uuid>,
        assignee_id -> Nullable<Uuid>,
        last_message_id -> Nullable<Uuid>,
        last_message_at -> Nullable<Timestamptz>,
        last_message_preview -> Nullable<Text>,
        last_message_direction -> Nullable<MessageDirection>,
        last_message_status -> Nullable<MessageStatus>,
        inbound_count -> Int4,
        waiting_since -> Nullable<Timestamptz>,
        resolved_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        team_id -> Nullable<Uuid>,
        priority -> ConversationPriority,
        snoozed_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::CustomerType;
    use super::sql_types::CustomerState;

    customer_counts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_type -> CustomerType,
        state -> CustomerState,
        amount -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::IdentityKind;

    customer_identities (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        kind -> IdentityKind,
        #[max_length = 255]
        value -> Varchar,
        is_primary -> Bool,
        is_verified -> Bool,
        source -> Text,
        learnt_at -> Timestamptz,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        match_key -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::ImportState;

    customer_imports (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        #[max_length = 255]
        file_name -> Varchar,
        #[max_length = 255]
        file -> Nullable<Varchar>,
        bytes -> Int8,
        content_hash -> Nullable<Bytea>,
        state -> ImportState,
        format -> Jsonb,
        headings -> Jsonb,
        choices -> Jsonb,
        counts -> Jsonb,
        round -> Int4,
        through -> Int8,
        task_id -> Nullable<Uuid>,
        #[max_length = 500]
        error_message -> Nullable<Varchar>,
        created_by -> Uuid,
        ended_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    customer_labels (tenant_id, customer_id, label_id) {
        tenant_id -> Uuid,
        customer_id -> Uuid,
        label_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    customer_merge_rows (tenant_id, merge_id, relation, row_key) {
        tenant_id -> Uuid,
        merge_id -> Uuid,
        #[max_length = 63]
        relation -> Varchar,
        row_key -> Jsonb,
        before -> Jsonb,
        after -> Jsonb,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::CustomerState;

    customer_merges (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kept_id -> Uuid,
        lost_id -> Uuid,
        #[max_length = 20]
        source -> Varchar,
        lost_state -> CustomerState,
        threads -> Jsonb,
        sealed_words -> Nullable<Bytea>,
        merged_by -> Nullable<Uuid>,
        split_by -> Nullable<Uuid>,
        split_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::CustomerState;

    customer_state_changes (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        old_state -> Nullable<CustomerState>,
        new_state -> CustomerState,
        #[max_length = 500]
        reason -> Nullable<Varchar>,
        user_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::CustomerType;
    use super::sql_types::CustomerState;

    customers (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        #[max_length = 100]
        first_name -> Nullable<Varchar>,
        #[max_length = 100]
        last_name -> Nullable<Varchar>,
        #[max_length = 20]
        phone -> Nullable<Varchar>,
        #[max_length = 255]
        email -> Nullable<Varchar>,
        customer_type -> CustomerType,
        state -> CustomerState,
        display_name -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        #[max_length = 200]
        company -> Nullable<Varchar>,
        #[max_length = 35]
        locale -> Nullable<Varchar>,
        #[max_length = 64]
        time_zone -> Nullable<Varchar>,
        #[max_length = 255]
        external_id -> Nullable<Varchar>,
        sealed_note -> Nullable<Bytea>,
        note_words -> Array<Nullable<Int8>>,
        attributes -> Jsonb,
        sealed_attributes -> Nullable<Bytea>,
        last_seen_at -> Nullable<Timestamptz>,
        restricted_at -> Nullable<Timestamptz>,
        merged_into_id -> Nullable<Uuid>,
        search_text -> Text,
        sort_name -> Text,
        sort_company -> Text,
        sort_seen -> Timestamptz,
        name_sound -> Nullable<Text>,
    }
}

diesel::table! {
    drafts (tenant_id, conversation_id, user_id) {
        tenant_id -> Uuid,
        conversation_id -> Uuid,
        user_id -> Uuid,
        body -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        note -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::PairState;

    duplicate_pairs (tenant_id, left_id, right_id) {
        tenant_id -> Uuid,
        left_id -> Uuid,
        right_id -> Uuid,
        score -> Int2,
        reasons -> Array<Nullable<Text>>,
        state -> PairState,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        seen_at -> Timestamptz,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    duplicate_scans (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        #[max_length = 20]
        stage -> Varchar,
        after_key -> Text,
        looked_at -> Int8,
        total -> Int8,
        found -> Int8,
        requested_by -> Nullable<Uuid>,
        ended_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    erased_addresses (tenant_id, hash) {
        tenant_id -> Uuid,
        #[max_length = 64]
        hash -> Varchar,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::ErasureStage;

    erasures (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        case_id -> Nullable<Uuid>,
        task_id -> Nullable<Uuid>,
        keeps_messages -> Bool,
        stage -> ErasureStage,
        cursor -> Nullable<Uuid>,
        counts -> Jsonb,
        requested_by -> Nullable<Uuid>,
        completed_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    import_keys (tenant_id, import_id, round, hash) {
        tenant_id -> Uuid,
        import_id -> Uuid,
        round -> Int4,
        hash -> Int8,
        number -> Int8,
    }
}

diesel::table! {
    import_mappings (tenant_id, signature) {
        tenant_id -> Uuid,
        #[max_length = 64]
        signature -> Varchar,
        choices -> Jsonb,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::ImportRowState;

    import_rows (tenant_id, import_id, number) {
        tenant_id -> Uuid,
        import_id -> Uuid,
        number -> Int8,
        cells -> Array<Nullable<Text>>,
        state -> ImportRowState,
        problems -> Jsonb,
        customer_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    labels (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        #[max_length = 50]
        name -> Varchar,
        #[max_length = 20]
        colour -> Varchar,
        #[max_length = 200]
        description -> Nullable<Varchar>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    legal_holds (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        #[max_length = 500]
        reason -> Varchar,
        until -> Nullable<Date>,
        placed_by -> Nullable<Uuid>,
        ended_at -> Nullable<Timestamptz>,
        #[max_length = 500]
        end_reason -> Nullable<Varchar>,
        ended_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    mentions (tenant_id, message_id, user_id) {
        tenant_id -> Uuid,
        message_id -> Uuid,
        user_id -> Uuid,
        conversation_id -> Uuid,
        seen_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    message_reactions (tenant_id, session_id, message_key, sender) {
        tenant_id -> Uuid,
        session_id -> Uuid,
        #[max_length = 128]
        message_key -> Varchar,
        #[max_length = 255]
        sender -> Varchar,
        #[max_length = 64]
        emoji -> Varchar,
        occurred_at -> Timestamptz,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    message_signals (tenant_id, session_id, message_key) {
        tenant_id -> Uuid,
        session_id -> Uuid,
        #[max_length = 128]
        message_key -> Varchar,
        ack -> Nullable<Int2>,
        ack_at -> Nullable<Timestamptz>,
        edited_body -> Nullable<Text>,
        edited_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::MessageDirection;
    use super::sql_types::MessageStatus;

    messages (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        conversation_id -> Uuid,
        session_id -> Nullable<Uuid>,
        direction -> MessageDirection,
        status -> MessageStatus,
        is_private -> Bool,
        #[max_length = 20]
        to_msisdn -> Nullable<Varchar>,
        #[max_length = 20]
        from_msisdn -> Nullable<Varchar>,
        body -> Text,
        #[max_length = 50]
        message_type -> Varchar,
        #[max_length = 500]
        media_url -> Nullable<Varchar>,
        #[max_length = 255]
        waha_message_id -> Nullable<Varchar>,
        #[max_length = 128]
        message_key -> Nullable<Varchar>,
        author_id -> Nullable<Uuid>,
        sender_name -> Nullable<Text>,
        #[max_length = 255]
        sender_chat_id -> Nullable<Varchar>,
        raw_payload -> Nullable<Jsonb>,
        metadata -> Jsonb,
        error_message -> Nullable<Text>,
        lease -> Int8,
        send_after -> Nullable<Timestamptz>,
        occurred_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
        delivered_at -> Nullable<Timestamptz>,
        read_at -> Nullable<Timestamptz>,
        edited_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    microsoft_accounts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        microsoft_id -> Uuid,
        directory -> Uuid,
        #[max_length = 255]
        address -> Varchar,
        access_token -> Nullable<Bytea>,
        refresh_token -> Nullable<Bytea>,
        token_expires_at -> Nullable<Timestamptz>,
        scopes -> Text,
        refresh_lease -> Nullable<Uuid>,
        refresh_until -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::NotificationKind;

    notifications (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        kind -> NotificationKind,
        subject_id -> Uuid,
        count -> Int4,
        read_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    passkey_ceremonies (key) {
        key -> Bytea,
        asker -> Bytea,
        state -> Jsonb,
        expires_at -> Timestamptz,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    passkeys (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        #[max_length = 60]
        name -> Varchar,
        user_handle -> Uuid,
        credential_id -> Bytea,
        credential -> Jsonb,
        last_used_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::PrivacyCaseStep;

    privacy_case_events (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        case_id -> Uuid,
        step -> PrivacyCaseStep,
        #[max_length = 2000]
        words -> Nullable<Varchar>,
        user_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::PrivacyCaseKind;
    use super::sql_types::PrivacyCaseState;

    privacy_cases (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> PrivacyCaseKind,
        state -> PrivacyCaseState,
        customer_id -> Nullable<Uuid>,
        #[max_length = 200]
        requester -> Varchar,
        #[max_length = 2000]
        details -> Nullable<Varchar>,
        received_on -> Date,
        due_on -> Date,
        extended_at -> Nullable<Timestamptz>,
        #[max_length = 500]
        extension_reason -> Nullable<Varchar>,
        assignee_id -> Nullable<Uuid>,
        package_id -> Nullable<Uuid>,
        closed_at -> Nullable<Timestamptz>,
        #[max_length = 500]
        outcome -> Nullable<Varchar>,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    recovery_codes (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        code_hash -> Bytea,
        used_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::RetentionAction;
    use super::sql_types::CustomerType;
    use super::sql_types::CustomerState;

    retention_rules (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        #[max_length = 100]
        name -> Varchar,
        action -> RetentionAction,
        customer_type -> Nullable<CustomerType>,
        state -> Nullable<CustomerState>,
        label_id -> Nullable<Uuid>,
        idle_days -> Int4,
        position -> Int4,
        is_active -> Bool,
        edited_by -> Uuid,
        last_run_at -> Nullable<Timestamptz>,
        last_count -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    retention_runs (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        task_id -> Uuid,
        cursor -> Nullable<Uuid>,
        counts -> Jsonb,
        completed_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    saved_filters (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        #[max_length = 50]
        list -> Varchar,
        #[max_length = 100]
        name -> Varchar,
        #[max_length = 4000]
        query -> Varchar,
        is_shared -> Bool,
        created_by -> Uuid,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::LinkPurpose;

    sign_in_links (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        token_hash -> Bytea,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        purpose -> LinkPurpose,
    }
}

diesel::table! {
    spent_refresh_tokens (tenant_id, token_hash) {
        tenant_id -> Uuid,
        token_hash -> Bytea,
        session_id -> Uuid,
        spent_at -> Timestamptz,
        reused_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::SupportEnd;

    support_grants (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        granted_by -> Nullable<Uuid>,
        #[max_length = 500]
        reason -> Varchar,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        ended_by -> Nullable<SupportEnd>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    support_visits (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        grant_id -> Uuid,
        session_id -> Uuid,
        #[max_length = 101]
        visitor -> Varchar,
        entered_at -> Timestamptz,
        seen_at -> Timestamptz,
        left_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    team_members (tenant_id, team_id, user_id) {
        tenant_id -> Uuid,
        team_id -> Uuid,
        user_id -> Uuid,
        is_lead -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    teams (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        #[max_length = 100]
        name -> Varchar,
        description -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    tenant_days (tenant_id, day) {
        tenant_id -> Uuid,
        day -> Date,
        messages_queued -> Int4,
        messages_in -> Int4,
        messages_out -> Int4,
        counted_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    tenant_storage (tenant_id) {
        tenant_id -> Uuid,
        bytes -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::TenantStatus;

    tenants (id) {
        id -> Uuid,
        #[max_length = 100]
        name -> Varchar,
        #[max_length = 63]
        slug -> Varchar,
        status -> TenantStatus,
        description -> Nullable<Text>,
        settings -> Jsonb,
        time_zone -> Text,
        locale -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        max_users -> Nullable<Int4>,
        max_numbers -> Nullable<Int4>,
        max_messages_per_day -> Nullable<Int4>,
        max_storage_bytes -> Nullable<Int8>,
    }
}

diesel::table! {
    token_blacklist (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        jti -> Uuid,
        user_id -> Uuid,
        expires_at -> Timestamptz,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    tries (key) {
        key -> Bytea,
        count -> Int4,
        last_at -> Timestamptz,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    user_sessions (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        token_hash -> Nullable<Bytea>,
        state -> Jsonb,
        refresh_token_hash -> Nullable<Bytea>,
        access_token_jti -> Nullable<Uuid>,
        expires_at -> Timestamptz,
        last_seen_at -> Timestamptz,
        is_revoked -> Bool,
        ip_address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        ends_at -> Timestamptz,
        stays_signed_in -> Bool,
        is_pending -> Bool,
        support_tenant_id -> Nullable<Uuid>,
        support_grant_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::UserRole;

    users (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        #[max_length = 255]
        email -> Varchar,
        #[max_length = 255]
        password_hash -> Nullable<Varchar>,
        #[max_length = 50]
        first_name -> Varchar,
        #[max_length = 50]
        last_name -> Varchar,
        role -> UserRole,
        is_active -> Bool,
        is_verified -> Bool,
        #[max_length = 100]
        company_name -> Nullable<Varchar>,
        last_login_at -> Nullable<Timestamptz>,
        preferences -> Jsonb,
        time_zone -> Nullable<Text>,
        locale -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        second_factor_since -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::NumberStatus;
    use super::sql_types::NumberWish;
    use super::sql_types::WahaEngine;

    waha_sessions (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        #[max_length = 100]
        name -> Varchar,
        #[max_length = 255]
        external_session_id -> Varchar,
        status -> NumberStatus,
        wanted -> NumberWish,
        engine -> WahaEngine,
        metadata -> Jsonb,
        config -> Jsonb,
        #[max_length = 20]
        phone -> Nullable<Varchar>,
        push_name -> Nullable<Text>,
        lid -> Nullable<Text>,
        last_activity_at -> Nullable<Timestamptz>,
        last_ack_at -> Nullable<Timestamptz>,
        last_sent_at -> Nullable<Timestamptz>,
        status_changed_at -> Timestamptz,
        status_event_at -> Nullable<Timestamptz>,
        error_message -> Nullable<Text>,
        hmac_key -> Bytea,
        waha_url -> Nullable<Text>,
        waha_api_key -> Nullable<Bytea>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    webhook_events (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        session_id -> Uuid,
        #[max_length = 128]
        event_id -> Varchar,
        #[max_length = 64]
        event -> Varchar,
        payload -> Jsonb,
        had_nul -> Bool,
        received_at -> Timestamptz,
        processed_at -> Nullable<Timestamptz>,
        attempts -> Int2,
        error -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::joinable!(attribute_definitions -> tenants (tenant_id));
diesel::joinable!(audit_entries -> tenants (tenant_id));
diesel::joinable!(background_tasks -> tenants (tenant_id));
diesel::joinable!(bulk_changes -> tenants (tenant_id));
diesel::joinable!(calls -> tenants (tenant_id));
diesel::joinable!(conversations -> tenants (tenant_id));
diesel::joinable!(customer_counts -> tenants (tenant_id));
diesel::joinable!(customer_imports -> tenants (tenant_id));
diesel::joinable!(customers -> tenants (tenant_id));
diesel::joinable!(duplicate_scans -> tenants (tenant_id));
diesel::joinable!(erased_addresses -> tenants (tenant_id));
diesel::joinable!(import_mappings -> tenants (tenant_id));
diesel::joinable!(labels -> tenants (tenant_id));
diesel::joinable!(privacy_cases -> tenants (tenant_id));
diesel::joinable!(retention_rules -> tenants (tenant_id));
diesel::joinable!(saved_filters -> tenants (tenant_id));
diesel::joinable!(support_grants -> tenants (tenant_id));
diesel::joinable!(teams -> tenants (tenant_id));
diesel::joinable!(tenant_days -> tenants (tenant_id));
diesel::joinable!(tenant_storage -> tenants (tenant_id));
diesel::joinable!(users -> tenants (tenant_id));
diesel::joinable!(waha_sessions -> tenants (tenant_id));

diesel::allow_tables_to_appear_in_same_query!(
    api_tokens,
    attachments,
    attribute_definitions,
    audit_entries,
    authenticators,
    background_tasks,
    bulk_change_rows,
    bulk_changes,
    call_rules,
    calls,
    consent_states,
    consents,
    conversation_activities,
    conversation_labels,
    conversation_readers,
    conversations,
    customer_counts,
    customer_identities,
    customer_imports,
    customer_labels,
    customer_merge_rows,
    customer_merges,
    customer_state_changes,
    customers,
    drafts,
    duplicate_pairs,
    duplicate_scans,
    erased_addresses,
    erasures,
    import_keys,
    import_mappings,
    import_rows,
    labels,
    legal_holds,
    mentions,
    message_reactions,
    message_signals,
    messages,
    microsoft_accounts,
    notifications,
    passkey_ceremonies,
    passkeys,
    privacy_case_events,
    privacy_cases,
    recovery_codes,
    retention_rules,
    retention_runs,
    saved_filters,
    sign_in_links,
    spent_refresh_tokens,
    support_grants,
    support_visits,
    team_members,
    teams,
    tenant_days,
    tenant_storage,
    tenants,
    token_blacklist,
    tries,
    user_sessions,
    users,
    waha_sessions,
    webhook_events,
);
