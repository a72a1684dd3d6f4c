DROP TABLE consent_states, consents;
DROP FUNCTION switchboard_consent_counts();
DROP TABLE customer_labels, labels, attribute_definitions, customer_state_changes;
DROP TRIGGER customers_step ON customers;
DROP FUNCTION switchboard_customer_step();
ALTER TABLE customers
    DROP CONSTRAINT customers_deleted_are_gone,
    DROP COLUMN merged_into_id,
    DROP COLUMN restricted_at,
    DROP COLUMN last_seen_at,
    DROP COLUMN sealed_attributes,
    DROP COLUMN attributes,
    DROP COLUMN note_words,
    DROP COLUMN sealed_note,
    DROP COLUMN external_id,
    DROP COLUMN time_zone,
    DROP COLUMN locale,
    DROP COLUMN company,
    ADD COLUMN note text;
-- An erased customer is a deleted one to those who know no more.
ALTER TYPE customer_state RENAME TO customer_state_with_erased;
CREATE TYPE customer_state AS ENUM ('active', 'deleted', 'suspended', 'archived');
ALTER TABLE customers ALTER COLUMN state DROP DEFAULT;
ALTER TABLE customers ALTER COLUMN state TYPE customer_state
    USING replace(state::text, 'erased', 'deleted')::customer_state;
ALTER TABLE customers ALTER COLUMN state SET DEFAULT 'active';
DROP TYPE customer_state_with_erased;
DROP TYPE lawful_basis, consent_state, consent_channel, consent_purpose, attribute_kind;
