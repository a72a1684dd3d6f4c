CREATE TABLE conversation_labels (
    tenant_id       uuid NOT NULL,
    conversation_id uuid NOT NULL,
    label_id        uuid NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, conversation_id, label_id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, label_id) REFERENCES labels (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX conversation_labels_of_label ON conversation_labels (tenant_id, label_id, conversation_id);
COMMENT ON TABLE conversation_labels IS 'Which conversations carry which labels; the customer''s own are in customer_labels.';
SELECT switchboard_isolate('conversation_labels');
