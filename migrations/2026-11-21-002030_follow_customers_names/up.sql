-- Whoever changes a name (a form, an import, a merge, WhatsApp), the threads with that person are called by it at once.
CREATE FUNCTION switchboard_customer_title(first_name text, last_name text, display_name text, phone text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(
        NULLIF(btrim(COALESCE(first_name, '') || ' ' || COALESCE(last_name, '')), ''), display_name, '+' || phone, 'Unknown'
    )
$$;
COMMENT ON FUNCTION switchboard_customer_title(text, text, text, text) IS
    'What a customer is called: our own record, then WhatsApp''s name, then the phone. The same as Customer::title in code.';

CREATE FUNCTION switchboard_customer_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE conversations c SET title = switchboard_customer_title(
        NEW.first_name, NEW.last_name, NEW.display_name, NEW.phone), updated_at = now()
    WHERE c.tenant_id = NEW.tenant_id AND c.customer_id = NEW.id AND NOT c.is_group;
    RETURN NULL;
END
$$;
CREATE TRIGGER customers_renamed AFTER UPDATE OF first_name, last_name, display_name, phone ON customers
    FOR EACH ROW WHEN (
        switchboard_customer_title(OLD.first_name, OLD.last_name, OLD.display_name, OLD.phone)
        IS DISTINCT FROM switchboard_customer_title(NEW.first_name, NEW.last_name, NEW.display_name, NEW.phone)
    ) EXECUTE FUNCTION switchboard_customer_renamed();
COMMENT ON FUNCTION switchboard_customer_renamed() IS 'Threads are called like the customer, whoever changes the name.';
