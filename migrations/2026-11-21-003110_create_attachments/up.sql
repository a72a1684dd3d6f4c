CREATE TABLE attachments (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    conversation_id uuid NOT NULL,
    user_id         uuid NOT NULL,
    name            text NOT NULL,
    media_type      varchar(100) NOT NULL,
    message_type    varchar(50) NOT NULL,
    bytes           bigint NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX attachments_of_draft ON attachments (tenant_id, conversation_id, user_id, id);
CREATE INDEX attachments_of_user ON attachments (tenant_id, user_id);
CREATE INDEX attachments_age ON attachments (tenant_id, created_at);
COMMENT ON TABLE attachments IS 'Files of an answer that is being written. Once sent, the message of the same id has the file.';
COMMENT ON COLUMN attachments.media_type IS 'Of the bytes, whatever the browser said.';
COMMENT ON COLUMN attachments.message_type IS 'As what it is sent: image, video, voice or document.';
SELECT switchboard_isolate('attachments');
