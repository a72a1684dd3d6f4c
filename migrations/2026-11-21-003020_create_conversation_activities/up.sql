CREATE TYPE conversation_activity_kind AS ENUM ('owner', 'team', 'priority', 'label', 'status');
CREATE TYPE conversation_activity_cause AS ENUM ('user', 'customer', 'clock');

CREATE TABLE conversation_activities (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL,
    conversation_id   uuid NOT NULL,
    change_id         uuid NOT NULL,
    kind              conversation_activity_kind NOT NULL,
    cause             conversation_activity_cause NOT NULL,
    actor_id          uuid,
    old_owner_id      uuid,
    new_owner_id      uuid,
    old_team_id       uuid,
    new_team_id       uuid,
    old_priority      conversation_priority,
    new_priority      conversation_priority,
    label_id          uuid,
    is_added          boolean,
    old_status        conversation_status,
    new_status        conversation_status,
    old_snoozed_until timestamptz,
    new_snoozed_until timestamptz,
    old_waiting_since timestamptz,
    happened_at       timestamptz NOT NULL,
    created_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, actor_id) REFERENCES users (tenant_id, id) ON DELETE SET NULL (actor_id),
    FOREIGN KEY (tenant_id, old_owner_id) REFERENCES users (tenant_id, id) ON DELETE SET NULL (old_owner_id),
    FOREIGN KEY (tenant_id, new_owner_id) REFERENCES users (tenant_id, id) ON DELETE SET NULL (new_owner_id),
    FOREIGN KEY (tenant_id, old_team_id) REFERENCES teams (tenant_id, id) ON DELETE SET NULL (old_team_id),
    FOREIGN KEY (tenant_id, new_team_id) REFERENCES teams (tenant_id, id) ON DELETE SET NULL (new_team_id),
    FOREIGN KEY (tenant_id, label_id) REFERENCES labels (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX conversation_activities_thread ON conversation_activities
    (tenant_id, conversation_id, happened_at DESC, id DESC);
CREATE INDEX conversation_activities_of_change ON conversation_activities (tenant_id, change_id);
COMMENT ON TABLE conversation_activities IS
    'What was done with conversations, as lines between their messages. Ids and states only: names are looked up when they are shown.';
COMMENT ON COLUMN conversation_activities.change_id IS 'The same for all lines of one change, which is undone as a whole.';
COMMENT ON COLUMN conversation_activities.cause IS 'user: actor_id did it. customer: they wrote. clock: its time had come.';
COMMENT ON COLUMN conversation_activities.old_waiting_since IS 'Put back when a resolution is undone.';
SELECT switchboard_isolate('conversation_activities');
