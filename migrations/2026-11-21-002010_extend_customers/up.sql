-- Made anew, because a value that is added to an enum cannot be used in the transaction that adds it.
ALTER TYPE customer_state RENAME TO customer_state_without_erased;
CREATE TYPE customer_state AS ENUM ('active', 'deleted', 'suspended', 'archived', 'erased');
ALTER TABLE customers ALTER COLUMN state DROP DEFAULT;
ALTER TABLE customers ALTER COLUMN state TYPE customer_state USING state::text::customer_state;
ALTER TABLE customers ALTER COLUMN state SET DEFAULT 'active';
DROP TYPE customer_state_without_erased;

CREATE TYPE attribute_kind AS ENUM ('text', 'number', 'date', 'boolean', 'choice', 'link');
CREATE TYPE consent_purpose AS ENUM ('service', 'marketing', 'research', 'profiling');
CREATE TYPE consent_channel AS ENUM ('whatsapp', 'email', 'sms', 'push', 'phone');
CREATE TYPE consent_state AS ENUM ('given', 'withdrawn');
CREATE TYPE lawful_basis AS ENUM (
    'consent', 'contract', 'legal_obligation', 'vital_interests', 'public_task', 'legitimate_interests'
);

-- Nothing has ever written a note: from now on it is sealed.
ALTER TABLE customers
    DROP COLUMN note,
    ADD COLUMN company varchar(200),
    ADD COLUMN locale varchar(35),
    ADD COLUMN time_zone varchar(64),
    ADD COLUMN external_id varchar(255),
    ADD COLUMN sealed_note bytea,
    ADD COLUMN note_words bigint[] NOT NULL DEFAULT '{}',
    ADD COLUMN attributes jsonb NOT NULL DEFAULT '{}' CONSTRAINT customers_attributes_object
        CHECK (jsonb_typeof(attributes) = 'object'),
    ADD COLUMN sealed_attributes bytea,
    ADD COLUMN last_seen_at timestamptz,
    ADD COLUMN restricted_at timestamptz,
    ADD COLUMN merged_into_id uuid;
ALTER TABLE customers ADD FOREIGN KEY (tenant_id, merged_into_id) REFERENCES customers (tenant_id, id)
    ON DELETE SET NULL (merged_into_id);
CREATE INDEX customers_merged ON customers (tenant_id, merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE UNIQUE INDEX customers_external_id_taken ON customers (tenant_id, external_id) WHERE deleted_at IS NULL;
COMMENT ON COLUMN customers.external_id IS 'What another program calls this customer: imports and the API find it by that.';
COMMENT ON COLUMN customers.sealed_note IS 'Encrypted; opens only for this row.';
COMMENT ON COLUMN customers.note_words IS 'Keyed hashes of the note''s words and of their beginnings, so that a sealed note is found by a word.';
COMMENT ON COLUMN customers.attributes IS 'Values of the tenant''s own fields by their key, except sensitive ones.';
COMMENT ON COLUMN customers.sealed_attributes IS 'Values of sensitive fields: a JSON object, encrypted; opens only for this row.';
COMMENT ON COLUMN customers.last_seen_at IS 'When the customer last wrote, to the hour.';
COMMENT ON COLUMN customers.restricted_at IS 'Since when the data may be kept and not used (Article 18 of the GDPR).';
COMMENT ON COLUMN customers.merged_into_id IS 'The customer that this deleted one was found to be.';

UPDATE customers SET state = 'deleted' WHERE deleted_at IS NOT NULL;
ALTER TABLE customers ADD CONSTRAINT customers_deleted_are_gone
    CHECK ((state IN ('deleted', 'erased')) = (deleted_at IS NOT NULL));

CREATE FUNCTION switchboard_customer_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state, NEW.state) IN (
        ('active', 'suspended'), ('suspended', 'active'),
        ('active', 'archived'), ('archived', 'active'), ('suspended', 'archived'), ('archived', 'suspended'),
        ('active', 'deleted'), ('suspended', 'deleted'), ('archived', 'deleted'),
        ('deleted', 'active'), ('deleted', 'erased')
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a customer does not go from % to %', OLD.state, NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = 'customers_step', TABLE = 'customers';
END
$$;
CREATE TRIGGER customers_step BEFORE UPDATE OF state ON customers
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION switchboard_customer_step();
COMMENT ON FUNCTION switchboard_customer_step() IS
    'active and suspended to and fro, both to archived and back, any to deleted, and from there back to active or to erased.';

CREATE TABLE customer_state_changes (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    customer_id uuid NOT NULL,
    old_state   customer_state,
    new_state   customer_state NOT NULL,
    reason      varchar(500),
    user_id     uuid,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE SET NULL (user_id)
);
CREATE INDEX customer_state_changes_of_customer ON customer_state_changes (tenant_id, customer_id, created_at DESC, id DESC);
CREATE INDEX customer_state_changes_of_user ON customer_state_changes (tenant_id, user_id);
COMMENT ON TABLE customer_state_changes IS 'A row for each step of a customer: from where to where, who, when and why.';
COMMENT ON COLUMN customer_state_changes.user_id IS 'None: a job or a program did it.';
SELECT switchboard_isolate('customer_state_changes');

CREATE TABLE attribute_definitions (
    tenant_id    uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id           uuid NOT NULL,
    key          varchar(50) NOT NULL CONSTRAINT attribute_definitions_key CHECK (key ~ '^[a-z][a-z0-9_]*$'),
    name         varchar(100) NOT NULL,
    description  varchar(500),
    kind         attribute_kind NOT NULL,
    choices      jsonb NOT NULL DEFAULT '[]',
    is_sensitive boolean NOT NULL DEFAULT false,
    position     integer NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    deleted_at   timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX attribute_definitions_key_taken ON attribute_definitions (tenant_id, key);
CREATE UNIQUE INDEX attribute_definitions_name_taken ON attribute_definitions (tenant_id, name) WHERE deleted_at IS NULL;
COMMENT ON TABLE attribute_definitions IS 'The fields that a tenant has added to its customers.';
COMMENT ON COLUMN attribute_definitions.key IS 'Names the value in customers.attributes and in the API; never changes, and is not given twice.';
COMMENT ON COLUMN attribute_definitions.choices IS 'For choice: what may be chosen, as an array of texts.';
COMMENT ON COLUMN attribute_definitions.is_sensitive IS 'Values are sealed: shown on the customer''s page, found by no filter.';
SELECT switchboard_isolate('attribute_definitions');

CREATE TABLE labels (
    tenant_id   uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id          uuid NOT NULL,
    name        varchar(50) NOT NULL,
    colour      varchar(20) NOT NULL DEFAULT 'grey',
    description varchar(200),
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    deleted_at  timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX labels_name_taken ON labels (tenant_id, name) WHERE deleted_at IS NULL;
COMMENT ON TABLE labels IS 'Words that a tenant sticks to customers and conversations.';
COMMENT ON COLUMN labels.colour IS 'A name of the palette: grey, red, orange, yellow, green, teal, blue, purple, pink.';
SELECT switchboard_isolate('labels');

CREATE TABLE customer_labels (
    tenant_id   uuid NOT NULL,
    customer_id uuid NOT NULL,
    label_id    uuid NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, customer_id, label_id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, label_id) REFERENCES labels (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX customer_labels_of_label ON customer_labels (tenant_id, label_id, customer_id);
COMMENT ON TABLE customer_labels IS 'Which customers carry which labels.';
SELECT switchboard_isolate('customer_labels');

CREATE TABLE consents (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    customer_id  uuid NOT NULL,
    purpose      consent_purpose NOT NULL,
    channel      consent_channel NOT NULL,
    state        consent_state NOT NULL,
    lawful_basis lawful_basis NOT NULL,
    source       varchar(50) NOT NULL,
    evidence     varchar(2000),
    message_id   uuid,
    user_id      uuid,
    occurred_at  timestamptz NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id) ON DELETE SET NULL (message_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE SET NULL (user_id)
);
CREATE INDEX consents_of_customer ON consents (tenant_id, customer_id, occurred_at DESC, id DESC);
CREATE INDEX consents_of_message ON consents (tenant_id, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX consents_of_user ON consents (tenant_id, user_id) WHERE user_id IS NOT NULL;
COMMENT ON TABLE consents IS 'The ledger: who agreed to what over which channel or took it back, when, and how we know. Rows are added only.';
COMMENT ON COLUMN consents.source IS 'Where it was said: message, form, import, api, phone call …';
COMMENT ON COLUMN consents.evidence IS 'What was said or shown, in words; a message is named by message_id.';
SELECT switchboard_isolate('consents');

CREATE TABLE consent_states (
    tenant_id   uuid NOT NULL,
    customer_id uuid NOT NULL,
    purpose     consent_purpose NOT NULL,
    channel     consent_channel NOT NULL,
    state       consent_state NOT NULL,
    consent_id  uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, purpose, channel),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, consent_id) REFERENCES consents (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX consent_states_of_consent ON consent_states (tenant_id, consent_id);
COMMENT ON TABLE consent_states IS 'The newest word of the ledger for each customer, purpose and channel; its trigger keeps it.';
SELECT switchboard_isolate('consent_states');

CREATE FUNCTION switchboard_consent_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO consent_states AS now_is (tenant_id, customer_id, purpose, channel, state, consent_id, occurred_at)
    VALUES (NEW.tenant_id, NEW.customer_id, NEW.purpose, NEW.channel, NEW.state, NEW.id, NEW.occurred_at)
    ON CONFLICT (tenant_id, customer_id, purpose, channel) DO UPDATE
        SET state = EXCLUDED.state, consent_id = EXCLUDED.consent_id, occurred_at = EXCLUDED.occurred_at
        WHERE now_is.occurred_at <= EXCLUDED.occurred_at;
    RETURN NULL;
END
$$;
CREATE TRIGGER consents_count AFTER INSERT ON consents FOR EACH ROW EXECUTE FUNCTION switchboard_consent_counts();
COMMENT ON FUNCTION switchboard_consent_counts() IS 'Keeps consent_states: the latest word counts, in whatever order words arrive.';
