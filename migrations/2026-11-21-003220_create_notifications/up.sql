CREATE TYPE notification_kind AS ENUM (
    'new_message', 'mention', 'assignment', 'number_trouble', 'missed_call', 'task_done'
);
CREATE TABLE notifications (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    user_id    uuid NOT NULL,
    kind       notification_kind NOT NULL,
    subject_id uuid NOT NULL,
    count      integer NOT NULL DEFAULT 1,
    read_at    timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX notifications_grouped ON notifications (tenant_id, user_id, kind, subject_id) WHERE read_at IS NULL;
CREATE INDEX notifications_newest ON notifications (tenant_id, user_id, updated_at DESC, id DESC);
CREATE INDEX notifications_about ON notifications (tenant_id, subject_id) WHERE read_at IS NULL;
SELECT switchboard_isolate('notifications');
COMMENT ON TABLE notifications IS
    'What users are told of. It names a row and holds no words: they are read with the reader''s own rights each time it is shown.';
COMMENT ON COLUMN notifications.subject_id IS
    'A conversation, a call, a number or work in the background, by the kind. No foreign key: what is gone is not shown.';
COMMENT ON COLUMN notifications.count IS 'Several of one kind about one subject are one row until it is read.';
