CREATE TYPE import_state AS ENUM (
    'uploading', 'reading', 'mapping', 'checking', 'checked', 'running', 'undoing', 'completed', 'undone', 'cancelled', 'failed'
);

CREATE TABLE customer_imports (
    tenant_id     uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id            uuid NOT NULL,
    file_name     varchar(255) NOT NULL,
    file          varchar(255),
    bytes         bigint NOT NULL DEFAULT 0,
    content_hash  bytea,
    state         import_state NOT NULL DEFAULT 'uploading',
    format        jsonb NOT NULL DEFAULT '{}',
    headings      jsonb NOT NULL DEFAULT '[]',
    choices       jsonb NOT NULL DEFAULT '{}',
    counts        jsonb NOT NULL DEFAULT '{}',
    round         integer NOT NULL DEFAULT 0,
    through       bigint NOT NULL DEFAULT 0,
    task_id       uuid,
    error_message varchar(500),
    created_by    uuid NOT NULL,
    ended_at      timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    deleted_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, task_id) REFERENCES background_tasks (tenant_id, id) ON DELETE SET NULL (task_id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX customer_imports_newest ON customer_imports (tenant_id, created_at DESC, id DESC);
CREATE INDEX customer_imports_of_content ON customer_imports (tenant_id, content_hash, created_at) WHERE content_hash IS NOT NULL;
CREATE INDEX customer_imports_of_task ON customer_imports (tenant_id, task_id) WHERE task_id IS NOT NULL;
CREATE INDEX customer_imports_of_user ON customer_imports (tenant_id, created_by);
COMMENT ON TABLE customer_imports IS 'Files of customers on their way into the desk: what was chosen for them, how far they are, what came of them.';
COMMENT ON COLUMN customer_imports.file IS 'Name in the storage, until the file is no longer needed.';
COMMENT ON COLUMN customer_imports.content_hash IS 'SHA-256 of the file: the same file twice within a day is told.';
COMMENT ON COLUMN customer_imports.format IS 'How the file is read: kind, encoding, delimiter, whether its first row is a heading.';
COMMENT ON COLUMN customer_imports.headings IS 'The headings of the columns, each once.';
COMMENT ON COLUMN customer_imports.choices IS 'What each column means, and what is done with the rows.';
COMMENT ON COLUMN customer_imports.counts IS 'Rows by what would become of them, then by what became of them.';
COMMENT ON COLUMN customer_imports.round IS 'Which check it is: keys of earlier ones count no longer.';
COMMENT ON COLUMN customer_imports.through IS 'The last row that the present step is done with; written in the transaction that does it, so each row is done once.';
SELECT switchboard_isolate('customer_imports');

CREATE TABLE import_mappings (
    tenant_id  uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    signature  varchar(64) NOT NULL,
    choices    jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, signature)
);
COMMENT ON TABLE import_mappings IS 'What was chosen for files with the same headings last time.';
COMMENT ON COLUMN import_mappings.signature IS 'SHA-256 of the headings, in hexadecimal.';
SELECT switchboard_isolate('import_mappings');
