CREATE TYPE customer_type AS ENUM ('regular', 'unregistered', 'new', 'anonymous');
CREATE TYPE customer_state AS ENUM ('active', 'deleted', 'suspended', 'archived');
CREATE TYPE identity_kind AS ENUM ('phone', 'chat_id', 'lid', 'email');

CREATE TABLE customers (
    tenant_id     uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id            uuid NOT NULL,
    first_name    varchar(100),
    last_name     varchar(100),
    phone         varchar(20) CONSTRAINT customers_phone_digits CHECK (phone ~ '^[0-9]{3,20}$'),
    email         varchar(255),
    note          text,
    customer_type customer_type NOT NULL,
    state         customer_state NOT NULL DEFAULT 'active',
    display_name  text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    deleted_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT customers_are_somebody CHECK (
        customer_type = 'anonymous' OR COALESCE(first_name, last_name, phone, email) IS NOT NULL
    ),
    CONSTRAINT customers_regular_reachable CHECK (
        customer_type <> 'regular' OR (phone IS NOT NULL AND email IS NOT NULL)
    )
);
CREATE UNIQUE INDEX customers_phone_taken ON customers (tenant_id, phone) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX customers_email_taken ON customers (tenant_id, email) WHERE deleted_at IS NULL;
CREATE INDEX customers_by_type ON customers (tenant_id, customer_type, id);
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX customers_search ON customers USING gin (
    (COALESCE(first_name, '') || ' ' || COALESCE(last_name, '') || ' ' || COALESCE(display_name, '')) gin_trgm_ops,
    phone gin_trgm_ops
);
GRANT SELECT (id, tenant_id, first_name, last_name, display_name, phone, deleted_at) ON customers TO switchboard_search;
COMMENT ON TABLE customers IS 'People outside, with whom the tenant talks.';
COMMENT ON COLUMN customers.phone IS 'Digits with country code, no plus.';
COMMENT ON COLUMN customers.display_name IS 'The name the person chose on WhatsApp; shown where we know no better.';
SELECT switchboard_isolate('customers');

CREATE TABLE customer_identities (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    customer_id uuid NOT NULL,
    kind        identity_kind NOT NULL,
    value       varchar(255) NOT NULL,
    is_primary  boolean NOT NULL DEFAULT false,
    is_verified boolean NOT NULL DEFAULT false,
    source      text NOT NULL,
    learnt_at   timestamptz NOT NULL DEFAULT now(),
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    deleted_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX customer_identities_taken ON customer_identities (tenant_id, value, kind) WHERE deleted_at IS NULL;
CREATE INDEX customer_identities_of_customer ON customer_identities (tenant_id, customer_id);
COMMENT ON TABLE customer_identities IS 'The addresses of a customer; a customer has several.';
COMMENT ON COLUMN customer_identities.source IS 'Where the address was learnt: message, form, lookup, import …';
SELECT switchboard_isolate('customer_identities');
