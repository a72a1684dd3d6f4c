DROP TABLE import_keys;
DROP TABLE import_rows;
DROP TYPE import_row_state;
