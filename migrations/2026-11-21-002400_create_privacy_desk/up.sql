-- The ledger of consents only grows. What may change afterwards: whose rows they are, when customers are merged or taken
-- apart; and in an erasure the words, while the fact that something was said stays.
CREATE FUNCTION switchboard_consent_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed public.consents := OLD;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF pg_trigger_depth() > 1 THEN -- with its customer or its tenant, by the foreign key
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'consents are added to and never deleted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consents_are_kept', TABLE = 'consents';
    END IF;
    allowed.customer_id := NEW.customer_id;
    IF pg_trigger_depth() > 1 OR current_setting('app.erasing', true) = OLD.customer_id::text THEN
        IF NEW.message_id IS NULL THEN
            allowed.message_id := NULL;
        END IF;
        IF NEW.user_id IS NULL THEN
            allowed.user_id := NULL;
        END IF;
    END IF;
    IF current_setting('app.erasing', true) = OLD.customer_id::text AND NEW.evidence IS NULL THEN
        allowed.evidence := NULL;
        allowed.source := NEW.source;
    END IF;
    IF NEW IS DISTINCT FROM allowed THEN
        RAISE EXCEPTION 'consents are added to and never changed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consents_are_kept', TABLE = 'consents';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER consents_stand BEFORE UPDATE OR DELETE ON consents
    FOR EACH ROW EXECUTE FUNCTION switchboard_consent_stands();
COMMENT ON FUNCTION switchboard_consent_stands() IS
    'Refuses changes of the ledger but for customer_id, and for words that go in an erasure of that customer (app.erasing).';
REVOKE DELETE ON consents FROM switchboard_app;
CREATE INDEX consents_newest ON consents (tenant_id, id DESC);

CREATE TABLE legal_holds (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    customer_id uuid NOT NULL,
    reason      varchar(500) NOT NULL CONSTRAINT legal_holds_reason_present CHECK (btrim(reason) <> ''),
    until       date,
    placed_by   uuid,
    ended_at    timestamptz,
    end_reason  varchar(500),
    ended_by    uuid,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, placed_by) REFERENCES users (tenant_id, id) ON DELETE SET NULL (placed_by),
    FOREIGN KEY (tenant_id, ended_by) REFERENCES users (tenant_id, id) ON DELETE SET NULL (ended_by)
);
CREATE INDEX legal_holds_of_customer ON legal_holds (tenant_id, customer_id) WHERE ended_at IS NULL;
CREATE INDEX legal_holds_newest ON legal_holds (tenant_id, id DESC);
COMMENT ON TABLE legal_holds IS 'Customers whose data must be kept, for a court or a claim: not erased and not deleted while one stands.';
COMMENT ON COLUMN legal_holds.until IS 'The last day on which it stands; NULL: until somebody releases it.';
SELECT switchboard_isolate('legal_holds');

CREATE TYPE privacy_case_kind AS ENUM ('access', 'erasure', 'rectification', 'restriction', 'objection');
CREATE TYPE privacy_case_state AS ENUM ('open', 'in_progress', 'done', 'refused');
CREATE TYPE privacy_case_step AS ENUM (
    'opened', 'identified', 'assigned', 'noted', 'started', 'extended', 'packaged', 'downloaded', 'erased', 'restricted',
    'done', 'refused', 'reopened'
);

CREATE TABLE privacy_cases (
    tenant_id        uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id               uuid NOT NULL,
    kind             privacy_case_kind NOT NULL,
    state            privacy_case_state NOT NULL DEFAULT 'open',
    customer_id      uuid,
    requester        varchar(200) NOT NULL CONSTRAINT privacy_cases_requester_present CHECK (btrim(requester) <> ''),
    details          varchar(2000),
    received_on      date NOT NULL,
    due_on           date NOT NULL,
    extended_at      timestamptz,
    extension_reason varchar(500),
    assignee_id      uuid,
    package_id       uuid,
    closed_at        timestamptz,
    outcome          varchar(500),
    created_by       uuid,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE SET NULL (customer_id),
    FOREIGN KEY (tenant_id, assignee_id) REFERENCES users (tenant_id, id) ON DELETE SET NULL (assignee_id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES users (tenant_id, id) ON DELETE SET NULL (created_by),
    FOREIGN KEY (tenant_id, package_id) REFERENCES background_tasks (tenant_id, id) ON DELETE SET NULL (package_id),
    CONSTRAINT privacy_cases_closed_in_the_end CHECK ((state IN ('done', 'refused')) = (closed_at IS NOT NULL)),
    CONSTRAINT privacy_cases_refused_with_reason CHECK (state <> 'refused' OR outcome IS NOT NULL),
    CONSTRAINT privacy_cases_extended_with_reason CHECK ((extended_at IS NULL) = (extension_reason IS NULL)),
    CONSTRAINT privacy_cases_due_after_receipt CHECK (due_on > received_on)
);
CREATE INDEX privacy_cases_due ON privacy_cases (tenant_id, due_on, id) WHERE closed_at IS NULL;
CREATE INDEX privacy_cases_closed ON privacy_cases (tenant_id, closed_at DESC, id DESC) WHERE closed_at IS NOT NULL;
CREATE INDEX privacy_cases_of_customer ON privacy_cases (tenant_id, customer_id, id) WHERE customer_id IS NOT NULL;
COMMENT ON TABLE privacy_cases IS 'What people ask for by the GDPR, each with the day until which it must be answered.';
COMMENT ON COLUMN privacy_cases.requester IS 'Who asked, in words: the customer may not be known yet, or somebody asks for them.';
COMMENT ON COLUMN privacy_cases.due_on IS 'One calendar month after receipt; once two more where it was extended (Article 12(3)).';
COMMENT ON COLUMN privacy_cases.package_id IS 'The work that makes the newest file with everything held.';
SELECT switchboard_isolate('privacy_cases');

CREATE TABLE privacy_case_events (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    case_id    uuid NOT NULL,
    step       privacy_case_step NOT NULL,
    words      varchar(2000),
    user_id    uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES privacy_cases (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE SET NULL (user_id)
);
CREATE INDEX privacy_case_events_of_case ON privacy_case_events (tenant_id, case_id, id);
COMMENT ON TABLE privacy_case_events IS 'The history of each request: steps and notes.';
SELECT switchboard_isolate('privacy_case_events');

CREATE TYPE retention_action AS ENUM ('archive', 'delete', 'erase');

CREATE TABLE retention_rules (
    tenant_id     uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id            uuid NOT NULL,
    name          varchar(100) NOT NULL CONSTRAINT retention_rules_name_present CHECK (btrim(name) <> ''),
    action        retention_action NOT NULL,
    customer_type customer_type,
    state         customer_state,
    label_id      uuid,
    idle_days     integer NOT NULL CONSTRAINT retention_rules_idle_days_range CHECK (idle_days BETWEEN 1 AND 36500),
    position      integer NOT NULL,
    is_active     boolean NOT NULL DEFAULT false,
    edited_by     uuid NOT NULL,
    last_run_at   timestamptz,
    last_count    integer NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    deleted_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, label_id) REFERENCES labels (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, edited_by) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX retention_rules_name_taken ON retention_rules (tenant_id, name) WHERE deleted_at IS NULL;
COMMENT ON TABLE retention_rules IS 'How long customers are kept with whom there was no contact, and what becomes of them then. The first rule that fits counts.';
COMMENT ON COLUMN retention_rules.idle_days IS 'Days since the last message in either direction, or since the customer was made.';
COMMENT ON COLUMN retention_rules.edited_by IS 'In whose name it runs at night.';
SELECT switchboard_isolate('retention_rules');

CREATE TABLE retention_runs (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    task_id      uuid NOT NULL,
    cursor       uuid,
    counts       jsonb NOT NULL DEFAULT '{}',
    completed_at timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, task_id) REFERENCES background_tasks (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX retention_runs_one_at_a_time ON retention_runs (tenant_id) WHERE completed_at IS NULL;
COMMENT ON TABLE retention_runs IS 'Each time the rules were applied: how far that is, and what it came to.';
COMMENT ON COLUMN retention_runs.cursor IS 'The last customer that was looked at.';
SELECT switchboard_isolate('retention_runs');

CREATE TABLE erased_addresses (
    tenant_id  uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    hash       varchar(64) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, hash)
);
COMMENT ON TABLE erased_addresses IS 'Keyed hashes of the addresses of people who were erased, so that no import brings them back. Nobody without the installation''s key can tell whose.';
SELECT switchboard_isolate('erased_addresses');

CREATE TYPE erasure_stage AS ENUM ('messages', 'events', 'log', 'imports', 'files', 'person', 'done');

CREATE TABLE erasures (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL,
    customer_id    uuid NOT NULL,
    case_id        uuid,
    task_id        uuid,
    keeps_messages boolean NOT NULL,
    stage          erasure_stage NOT NULL DEFAULT 'messages',
    cursor         uuid,
    counts         jsonb NOT NULL DEFAULT '{}',
    requested_by   uuid,
    completed_at   timestamptz,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT erasures_one_per_customer UNIQUE (tenant_id, customer_id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, case_id) REFERENCES privacy_cases (tenant_id, id) ON DELETE SET NULL (case_id),
    FOREIGN KEY (tenant_id, task_id) REFERENCES background_tasks (tenant_id, id) ON DELETE SET NULL (task_id),
    FOREIGN KEY (tenant_id, requested_by) REFERENCES users (tenant_id, id) ON DELETE SET NULL (requested_by),
    CONSTRAINT erasures_done_in_the_end CHECK ((stage = 'done') = (completed_at IS NOT NULL))
);
COMMENT ON TABLE erasures IS 'Each erasure: how far it is and, once done, the certificate. Holds nothing about the person.';
COMMENT ON COLUMN erasures.counts IS 'Rows by table that went or lost what was personal in them, and files.';
COMMENT ON COLUMN erasures.cursor IS 'The last row that the stage has looked at.';
SELECT switchboard_isolate('erasures');
