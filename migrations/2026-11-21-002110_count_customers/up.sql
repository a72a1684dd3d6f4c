CREATE TABLE customer_counts (
    tenant_id     uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id            uuid NOT NULL DEFAULT gen_random_uuid(),
    customer_type customer_type NOT NULL,
    state         customer_state NOT NULL,
    amount        integer NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE customer_counts IS
    'How many customers of each type are in each state: the sum of the rows. A change adds a row, so that no two wait for each other; a job adds them up.';

-- Only the owner reads all rows here, and only while they are not forced.
ALTER TABLE customers NO FORCE ROW LEVEL SECURITY;
INSERT INTO customer_counts (tenant_id, customer_type, state, amount)
SELECT tenant_id, customer_type, state, count(*) FROM customers GROUP BY 1, 2, 3;
DO $$
BEGIN
    IF (SELECT COALESCE(sum(amount), 0) FROM customer_counts) <> (SELECT count(*) FROM customers) THEN
        RAISE EXCEPTION 'not every customer was counted';
    END IF;
END
$$;
ALTER TABLE customers FORCE ROW LEVEL SECURITY;
SELECT switchboard_isolate('customer_counts');

CREATE FUNCTION switchboard_customers_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customer_counts (tenant_id, customer_type, state, amount)
    SELECT came.tenant_id, came.customer_type, came.state, count(*) FROM came GROUP BY 1, 2, 3;
    RETURN NULL;
END
$$;
CREATE TRIGGER customers_came AFTER INSERT ON customers
    REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION switchboard_customers_came();
COMMENT ON FUNCTION switchboard_customers_came() IS 'Counts new customers: one row for a statement, however many it brings.';

CREATE FUNCTION switchboard_customer_turned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customer_counts (tenant_id, customer_type, state, amount)
    VALUES (OLD.tenant_id, OLD.customer_type, OLD.state, -1), (NEW.tenant_id, NEW.customer_type, NEW.state, 1);
    RETURN NULL;
END
$$;
CREATE TRIGGER customers_turned AFTER UPDATE OF customer_type, state ON customers FOR EACH ROW
    WHEN ((OLD.customer_type, OLD.state) IS DISTINCT FROM (NEW.customer_type, NEW.state))
    EXECUTE FUNCTION switchboard_customer_turned();
COMMENT ON FUNCTION switchboard_customer_turned() IS 'Counts a customer who is of another type or in another state now.';

-- With a whole tenant its counts go, too: then there is no tenant whose transaction this is.
CREATE FUNCTION switchboard_customers_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customer_counts (tenant_id, customer_type, state, amount)
    SELECT went.tenant_id, went.customer_type, went.state, -count(*) FROM went
     WHERE went.tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid GROUP BY 1, 2, 3;
    RETURN NULL;
END
$$;
CREATE TRIGGER customers_went AFTER DELETE ON customers
    REFERENCING OLD TABLE AS went FOR EACH STATEMENT EXECUTE FUNCTION switchboard_customers_went();
COMMENT ON FUNCTION switchboard_customers_went() IS 'Counts customers whose rows a transaction of their tenant takes away.';

CREATE FUNCTION switchboard_sum_customer_counts() RETURNS bigint LANGUAGE sql AS $$
    WITH gone AS (
        DELETE FROM customer_counts
         WHERE tenant_id = (SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid)
        RETURNING tenant_id, customer_type, state, amount
    ), sums AS (
        INSERT INTO customer_counts (tenant_id, customer_type, state, amount)
        SELECT tenant_id, customer_type, state, sum(amount) FROM gone GROUP BY 1, 2, 3 HAVING sum(amount) <> 0
    )
    SELECT count(*) FROM gone;
$$;
COMMENT ON FUNCTION switchboard_sum_customer_counts() IS
    'Makes one row of all that count the same in the running transaction''s tenant; answers how many there were.';
