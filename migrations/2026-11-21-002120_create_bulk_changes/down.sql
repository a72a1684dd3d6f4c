DROP TABLE bulk_change_rows;
DROP TABLE bulk_changes;
DROP TYPE bulk_outcome;
DROP TABLE saved_filters;
