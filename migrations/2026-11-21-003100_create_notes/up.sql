ALTER TABLE drafts ADD COLUMN note text NOT NULL DEFAULT '';
COMMENT ON COLUMN drafts.note IS 'The note that is being written, beside the answer in body.';

CREATE TABLE mentions (
    tenant_id       uuid NOT NULL,
    message_id      uuid NOT NULL,
    user_id         uuid NOT NULL,
    conversation_id uuid NOT NULL,
    seen_at         timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, message_id, user_id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX mentions_of_user ON mentions (tenant_id, user_id, conversation_id, created_at DESC);
CREATE INDEX mentions_in_conversation ON mentions (tenant_id, conversation_id);
CREATE INDEX mentions_unseen ON mentions (tenant_id, user_id, conversation_id) WHERE seen_at IS NULL;
COMMENT ON TABLE mentions IS 'Who was named in which note, by themselves or with their team. Whoever was named may read the conversation.';
COMMENT ON COLUMN mentions.seen_at IS 'When they next opened the conversation.';
SELECT switchboard_isolate('mentions');
