DROP TABLE tenant_storage;
DROP TABLE tenant_days;
REVOKE UPDATE (description, time_zone, locale, settings, updated_at) ON tenants FROM switchboard_app;
GRANT UPDATE ON tenants TO switchboard_app;
ALTER TABLE tenants
    DROP COLUMN max_storage_bytes,
    DROP COLUMN max_messages_per_day,
    DROP COLUMN max_numbers,
    DROP COLUMN max_users;
