DROP TABLE customer_merge_rows;
DROP TABLE customer_merges;
