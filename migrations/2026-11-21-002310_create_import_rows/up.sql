CREATE TYPE import_row_state AS ENUM ('waiting', 'refused', 'skipped', 'created', 'updated', 'unchanged', 'undone');

CREATE TABLE import_rows (
    tenant_id   uuid NOT NULL,
    import_id   uuid NOT NULL,
    number      bigint NOT NULL,
    cells       text[] NOT NULL,
    state       import_row_state NOT NULL DEFAULT 'waiting',
    problems    jsonb NOT NULL DEFAULT '{}',
    customer_id uuid,
    PRIMARY KEY (tenant_id, import_id, number),
    FOREIGN KEY (tenant_id, import_id) REFERENCES customer_imports (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX import_rows_refused ON import_rows (tenant_id, import_id, number) WHERE state = 'refused';
CREATE INDEX import_rows_of_customer ON import_rows (tenant_id, customer_id) WHERE customer_id IS NOT NULL;
COMMENT ON TABLE import_rows IS
    'The rows of files that are imported, as read. Personal data: erased with the customer that a row became, and purged 30 days after the import ended.';
COMMENT ON COLUMN import_rows.number IS 'Of the row in the file, counted from 1 as spreadsheets do.';
COMMENT ON COLUMN import_rows.problems IS 'What is wrong, by the index of the column, or under "row".';
COMMENT ON COLUMN import_rows.customer_id IS 'Whom the row made or changed. No foreign key: rows are gone before customers are.';
SELECT switchboard_isolate('import_rows');

CREATE TABLE import_keys (
    tenant_id uuid NOT NULL,
    import_id uuid NOT NULL,
    round     integer NOT NULL,
    hash      bigint NOT NULL,
    number    bigint NOT NULL,
    PRIMARY KEY (tenant_id, import_id, round, hash),
    FOREIGN KEY (tenant_id, import_id) REFERENCES customer_imports (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE import_keys IS 'Which row of a file has named a phone, an email or an external id first.';
COMMENT ON COLUMN import_keys.hash IS 'Keyed hash of the kind and the value.';
SELECT switchboard_isolate('import_keys');
