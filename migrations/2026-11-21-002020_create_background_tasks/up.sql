CREATE TYPE task_state AS ENUM ('queued', 'running', 'completed', 'failed', 'cancelled');

CREATE TABLE background_tasks (
    tenant_id           uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id                  uuid NOT NULL,
    kind                varchar(50) NOT NULL,
    title               varchar(200) NOT NULL,
    state               task_state NOT NULL DEFAULT 'queued',
    total               bigint,
    done                bigint NOT NULL DEFAULT 0,
    refused             bigint NOT NULL DEFAULT 0,
    params              jsonb NOT NULL DEFAULT '{}',
    result              jsonb NOT NULL DEFAULT '{}',
    error_message       varchar(500),
    file                varchar(255),
    file_name           varchar(255),
    file_expires_at     timestamptz,
    created_by          uuid NOT NULL,
    cancel_requested_at timestamptz,
    started_at          timestamptz,
    ended_at            timestamptz,
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT background_tasks_end CHECK ((state IN ('completed', 'failed', 'cancelled')) = (ended_at IS NOT NULL))
);
CREATE INDEX background_tasks_newest ON background_tasks (tenant_id, created_at DESC, id DESC);
CREATE INDEX background_tasks_of_user ON background_tasks (tenant_id, created_by, created_at DESC, id DESC);
CREATE INDEX background_tasks_files ON background_tasks (file_expires_at) WHERE file IS NOT NULL;
COMMENT ON TABLE background_tasks IS 'Work that takes longer than a request: imports, exports, changes of many rows, erasure. How far it is and what came of it.';
COMMENT ON COLUMN background_tasks.total IS 'Units of work; None while it is not known.';
COMMENT ON COLUMN background_tasks.done IS 'Units finished, the refused ones among them.';
COMMENT ON COLUMN background_tasks.params IS 'What was asked for: ids, filters, choices.';
COMMENT ON COLUMN background_tasks.result IS 'What came of it: counts by kind.';
COMMENT ON COLUMN background_tasks.file IS 'Name in the storage of the file that it made, until file_expires_at.';
SELECT switchboard_isolate('background_tasks');
GRANT SELECT (tenant_id, id, file, file_expires_at) ON background_tasks TO switchboard_platform;
CREATE POLICY platform ON background_tasks FOR SELECT TO switchboard_platform USING (file IS NOT NULL);
