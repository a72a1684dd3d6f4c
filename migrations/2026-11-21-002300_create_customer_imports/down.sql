DROP TABLE import_mappings;
DROP TABLE customer_imports;
DROP TYPE import_state;
