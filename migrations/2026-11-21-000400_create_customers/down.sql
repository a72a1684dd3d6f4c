DROP TABLE customer_identities;
DROP TABLE customers;
DROP TYPE identity_kind;
DROP TYPE customer_state;
DROP TYPE customer_type;
DROP EXTENSION pg_trgm;
