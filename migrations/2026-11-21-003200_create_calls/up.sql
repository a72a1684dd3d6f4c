CREATE TYPE call_direction AS ENUM ('inbound', 'outbound', 'internal');
CREATE TYPE call_status AS ENUM ('ongoing', 'completed', 'failed');

CREATE TABLE calls (
    tenant_id        uuid NOT NULL,
    id               uuid NOT NULL,
    direction        call_direction NOT NULL,
    status           call_status NOT NULL,
    is_video         boolean NOT NULL DEFAULT false,
    is_group         boolean NOT NULL DEFAULT false,
    customer_id      uuid,
    caller_id        uuid,
    receiver_id      uuid,
    session_id       uuid,
    waha_call_id     varchar(128),
    chat_id          varchar(255),
    started_at       timestamptz NOT NULL,
    answered_at      timestamptz,
    rejected_at      timestamptz,
    given_up_at      timestamptz,
    ended_at         timestamptz,
    duration_seconds integer CONSTRAINT calls_duration_possible CHECK (duration_seconds BETWEEN 0 AND 86400),
    declined_at      timestamptz,
    note             varchar(2000),
    callback_by      uuid,
    callback_done_at timestamptz,
    created_by       uuid,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    deleted_at       timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, session_id) REFERENCES waha_sessions (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, caller_id) REFERENCES users (tenant_id, id) ON DELETE SET NULL (caller_id),
    FOREIGN KEY (tenant_id, receiver_id) REFERENCES users (tenant_id, id) ON DELETE SET NULL (receiver_id),
    FOREIGN KEY (tenant_id, callback_by) REFERENCES users (tenant_id, id) ON DELETE SET NULL (callback_by),
    FOREIGN KEY (tenant_id, created_by) REFERENCES users (tenant_id, id) ON DELETE SET NULL (created_by),
    CONSTRAINT calls_between_users_have_no_customer CHECK (direction <> 'internal' OR customer_id IS NULL),
    CONSTRAINT calls_told_name_their_number CHECK (waha_call_id IS NULL OR session_id IS NOT NULL),
    CONSTRAINT calls_over_have_an_end CHECK ((status = 'ongoing') = (ended_at IS NULL)),
    CONSTRAINT calls_lasted_when_completed CHECK (duration_seconds IS NULL OR status = 'completed')
);
CREATE UNIQUE INDEX calls_told_once ON calls (tenant_id, session_id, waha_call_id) WHERE waha_call_id IS NOT NULL;
CREATE INDEX calls_newest ON calls (tenant_id, started_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX calls_of_customer ON calls (tenant_id, customer_id, started_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX calls_to_return ON calls (tenant_id, started_at DESC, id DESC)
    WHERE status = 'failed' AND direction = 'inbound' AND callback_done_at IS NULL AND deleted_at IS NULL;
CREATE INDEX calls_of_caller ON calls (tenant_id, caller_id) WHERE caller_id IS NOT NULL;
CREATE INDEX calls_of_receiver ON calls (tenant_id, receiver_id) WHERE receiver_id IS NOT NULL;
CREATE INDEX calls_of_callback ON calls (tenant_id, callback_by) WHERE callback_by IS NOT NULL;
CREATE INDEX calls_of_writer ON calls (tenant_id, created_by) WHERE created_by IS NOT NULL;
SELECT switchboard_isolate('calls');
COMMENT ON TABLE calls IS 'Voice and video calls: as WhatsApp told of them, or written down by a user (then without waha_call_id).';
COMMENT ON COLUMN calls.caller_id IS 'The user who called: a customer, or with internal calls the receiver.';
COMMENT ON COLUMN calls.receiver_id IS 'The user who was called. NULL where WhatsApp only says which number rang.';
COMMENT ON COLUMN calls.chat_id IS 'Who called, in WhatsApp''s words: what a call is declined by.';
COMMENT ON COLUMN calls.given_up_at IS 'When it was taken to be over because nothing told of its end.';
COMMENT ON COLUMN calls.declined_at IS 'When the desk declined it by the number''s setting.';
COMMENT ON COLUMN calls.duration_seconds IS 'NULL where nobody knows: WhatsApp does not tell how long a call lasted that was taken on a phone.';
COMMENT ON COLUMN calls.callback_by IS 'Who has taken it upon themselves to call back.';

CREATE TABLE call_rules (
    tenant_id  uuid NOT NULL,
    session_id uuid NOT NULL,
    declines   boolean NOT NULL DEFAULT false,
    text       varchar(1000),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, session_id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES waha_sessions (tenant_id, id) ON DELETE CASCADE
);
SELECT switchboard_isolate('call_rules');
COMMENT ON TABLE call_rules IS 'What becomes of calls to a number: nothing, or they are declined, with a message to whoever called.';
COMMENT ON COLUMN call_rules.text IS 'Sent to whoever was declined. NULL: nothing is sent.';
