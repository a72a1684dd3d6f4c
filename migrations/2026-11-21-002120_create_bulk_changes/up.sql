CREATE TABLE saved_filters (
    tenant_id  uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id         uuid NOT NULL,
    list       varchar(50) NOT NULL,
    name       varchar(100) NOT NULL,
    query      varchar(4000) NOT NULL,
    is_shared  boolean NOT NULL DEFAULT false,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX saved_filters_name_taken ON saved_filters (tenant_id, list, created_by, name);
CREATE INDEX saved_filters_of_user ON saved_filters (tenant_id, created_by);
COMMENT ON TABLE saved_filters IS 'What people look for again and again in a list, for themselves or for all.';
COMMENT ON COLUMN saved_filters.list IS 'Which list: customers …';
COMMENT ON COLUMN saved_filters.query IS 'As the address of the list has it, without the question mark.';
SELECT switchboard_isolate('saved_filters');

CREATE TYPE bulk_outcome AS ENUM ('changed', 'skipped', 'undone', 'kept');

CREATE TABLE bulk_changes (
    tenant_id    uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id           uuid NOT NULL,
    change       jsonb NOT NULL,
    filter       jsonb NOT NULL,
    place        uuid,
    task_id      uuid,
    created_by   uuid NOT NULL,
    ended_at     timestamptz,
    undo_task_id uuid,
    undone_by    uuid,
    undone_at    timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, task_id) REFERENCES background_tasks (tenant_id, id) ON DELETE SET NULL (task_id),
    FOREIGN KEY (tenant_id, undo_task_id) REFERENCES background_tasks (tenant_id, id) ON DELETE SET NULL (undo_task_id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, undone_by) REFERENCES users (tenant_id, id) ON DELETE SET NULL (undone_by)
);
CREATE INDEX bulk_changes_of_task ON bulk_changes (tenant_id, task_id) WHERE task_id IS NOT NULL;
CREATE INDEX bulk_changes_of_undo_task ON bulk_changes (tenant_id, undo_task_id) WHERE undo_task_id IS NOT NULL;
CREATE INDEX bulk_changes_of_user ON bulk_changes (tenant_id, created_by);
CREATE INDEX bulk_changes_undone_by ON bulk_changes (tenant_id, undone_by) WHERE undone_by IS NOT NULL;
COMMENT ON TABLE bulk_changes IS 'One change made to many customers at once; its rows say what became of each.';
COMMENT ON COLUMN bulk_changes.change IS 'What was to be done: add_label, remove_label, set_type or set_state, with its value.';
COMMENT ON COLUMN bulk_changes.filter IS 'Whose customers: those who fit it when their turn comes, or who were picked one by one.';
COMMENT ON COLUMN bulk_changes.place IS 'How far the work is: everybody up to this id has been looked at.';
SELECT switchboard_isolate('bulk_changes');

CREATE TABLE bulk_change_rows (
    tenant_id      uuid NOT NULL,
    bulk_change_id uuid NOT NULL,
    customer_id    uuid NOT NULL,
    outcome        bulk_outcome NOT NULL,
    reason         varchar(500),
    before         varchar(50),
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, bulk_change_id, customer_id),
    FOREIGN KEY (tenant_id, bulk_change_id) REFERENCES bulk_changes (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX bulk_change_rows_of_customer ON bulk_change_rows (tenant_id, customer_id);
COMMENT ON TABLE bulk_change_rows IS 'What a bulk change did to each customer, and how it was before, so that it can be undone.';
COMMENT ON COLUMN bulk_change_rows.outcome IS 'changed or skipped; once undone, undone or kept: changed by somebody else since.';
COMMENT ON COLUMN bulk_change_rows.before IS 'The type or state before.';
SELECT switchboard_isolate('bulk_change_rows');
