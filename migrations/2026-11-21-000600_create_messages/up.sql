CREATE TABLE messages (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    conversation_id uuid NOT NULL,
    session_id      uuid,
    direction       message_direction NOT NULL,
    status          message_status NOT NULL,
    is_private      boolean NOT NULL DEFAULT false,
    to_msisdn       varchar(20),
    from_msisdn     varchar(20),
    body            text NOT NULL DEFAULT '',
    message_type    varchar(50) NOT NULL DEFAULT 'text',
    media_url       varchar(500),
    waha_message_id varchar(255),
    message_key     varchar(128),
    author_id       uuid,
    sender_name     text,
    sender_chat_id  varchar(255),
    raw_payload     jsonb,
    metadata        jsonb NOT NULL DEFAULT '{}',
    error_message   text,
    lease           bigint NOT NULL DEFAULT 0,
    send_after      timestamptz,
    occurred_at     timestamptz NOT NULL,
    sent_at         timestamptz,
    delivered_at    timestamptz,
    read_at         timestamptz,
    edited_at       timestamptz,
    revoked_at      timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    deleted_at      timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, session_id) REFERENCES waha_sessions (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, author_id) REFERENCES users (tenant_id, id) ON DELETE SET NULL (author_id)
);
CREATE INDEX messages_thread ON messages (tenant_id, conversation_id, occurred_at DESC, id DESC);
CREATE INDEX messages_answers ON messages (tenant_id, conversation_id, occurred_at DESC, id DESC)
    WHERE direction = 'outbound' AND NOT is_private;
CREATE UNIQUE INDEX messages_once_per_number ON messages (tenant_id, session_id, message_key)
    WHERE message_key IS NOT NULL;
CREATE UNIQUE INDEX messages_waha_message_id ON messages (tenant_id, session_id, waha_message_id)
    WHERE waha_message_id IS NOT NULL;
CREATE INDEX messages_outbox ON messages (tenant_id, session_id, occurred_at, id)
    WHERE direction = 'outbound' AND status IN ('queued', 'sending', 'unknown');
CREATE INDEX messages_status ON messages (tenant_id, status) WHERE status IN ('queued', 'sending', 'failed', 'unknown');
CREATE INDEX messages_to ON messages (tenant_id, to_msisdn) WHERE to_msisdn IS NOT NULL;
CREATE INDEX messages_from ON messages (tenant_id, from_msisdn) WHERE from_msisdn IS NOT NULL;
CREATE INDEX messages_created ON messages (tenant_id, created_at);
COMMENT ON TABLE messages IS 'Entries of conversations, inbound and outbound; is_private marks a note.';
COMMENT ON COLUMN messages.message_key IS 'The bare WhatsApp id, third part of waha_message_id: the same whichever form of the chat id an event uses. Ours is made before sending.';
COMMENT ON COLUMN messages.lease IS 'Fencing token: counts claims; an answer is written only by the claim that still holds.';
COMMENT ON COLUMN messages.sent_at IS 'When WhatsApp''s server confirmed it; an error that comes later is no longer believed.';
COMMENT ON COLUMN messages.occurred_at IS 'WhatsApp''s time for what came in or went out elsewhere; ours for what is written here.';
COMMENT ON COLUMN messages.metadata IS 'What is shown and not searched: the quoted message as it was when quoted, the file''s name and type, a place.';
SELECT switchboard_isolate('messages');

CREATE TABLE message_reactions (
    tenant_id   uuid NOT NULL,
    session_id  uuid NOT NULL,
    message_key varchar(128) NOT NULL,
    sender      varchar(255) NOT NULL,
    emoji       varchar(64) NOT NULL,
    occurred_at timestamptz NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, session_id, message_key, sender),
    FOREIGN KEY (tenant_id, session_id) REFERENCES waha_sessions (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE message_reactions IS 'One per message and sender, found by the bare WhatsApp id: a reaction may come before its message. An empty emoji is a reaction taken back.';
SELECT switchboard_isolate('message_reactions');

CREATE TABLE message_signals (
    tenant_id   uuid NOT NULL,
    session_id  uuid NOT NULL,
    message_key varchar(128) NOT NULL,
    ack         smallint,
    ack_at      timestamptz,
    edited_body text,
    edited_at   timestamptz,
    revoked_at  timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, session_id, message_key),
    FOREIGN KEY (tenant_id, session_id) REFERENCES waha_sessions (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX message_signals_age ON message_signals (tenant_id, created_at);
COMMENT ON TABLE message_signals IS 'Acks, edits and deletions that came before their message, parked by its bare WhatsApp id until it comes.';
SELECT switchboard_isolate('message_signals');
