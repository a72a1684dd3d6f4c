CREATE TABLE customer_merges (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    kept_id      uuid NOT NULL,
    lost_id      uuid NOT NULL,
    source       varchar(20) NOT NULL,
    lost_state   customer_state NOT NULL,
    threads      jsonb NOT NULL DEFAULT '[]',
    sealed_words bytea,
    merged_by    uuid,
    split_by     uuid,
    split_at     timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, kept_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, lost_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, merged_by) REFERENCES users (tenant_id, id) ON DELETE SET NULL (merged_by),
    FOREIGN KEY (tenant_id, split_by) REFERENCES users (tenant_id, id) ON DELETE SET NULL (split_by)
);
CREATE UNIQUE INDEX customer_merges_lost_once ON customer_merges (tenant_id, lost_id) WHERE split_at IS NULL;
CREATE INDEX customer_merges_of_kept ON customer_merges (tenant_id, kept_id, id DESC);
CREATE INDEX customer_merges_of_lost ON customer_merges (tenant_id, lost_id, id DESC);
CREATE INDEX customer_merges_of_user ON customer_merges (tenant_id, merged_by) WHERE merged_by IS NOT NULL;
CREATE INDEX customer_merges_of_splitter ON customer_merges (tenant_id, split_by) WHERE split_by IS NOT NULL;
COMMENT ON TABLE customer_merges IS 'Each time two records were joined, and whether they were taken apart again.';
COMMENT ON COLUMN customer_merges.source IS 'form, api, or whatsapp: proved by WhatsApp, without a person.';
COMMENT ON COLUMN customer_merges.threads IS 'Where both had a conversation over one number: an array of {lost, kept} with the ids of the two.';
COMMENT ON COLUMN customer_merges.sealed_words IS 'Note and sensitive fields of the kept record before and after, as JSON; encrypted, opens only for this row.';
SELECT switchboard_isolate('customer_merges');

CREATE TABLE customer_merge_rows (
    tenant_id uuid NOT NULL,
    merge_id  uuid NOT NULL,
    relation  varchar(63) NOT NULL,
    row_key   jsonb NOT NULL,
    before    jsonb NOT NULL,
    after     jsonb NOT NULL,
    PRIMARY KEY (tenant_id, merge_id, relation, row_key),
    FOREIGN KEY (tenant_id, merge_id) REFERENCES customer_merges (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE customer_merge_rows IS 'Every row that a merge moved or changed, so that it can go back. Goes when they are taken apart.';
COMMENT ON COLUMN customer_merge_rows.row_key IS 'The row''s primary key before the merge, without the tenant.';
COMMENT ON COLUMN customer_merge_rows.before IS 'The columns that were changed, as they were; after: as the merge left them. What is still so goes back, what somebody has changed since stays.';
SELECT switchboard_isolate('customer_merge_rows');
