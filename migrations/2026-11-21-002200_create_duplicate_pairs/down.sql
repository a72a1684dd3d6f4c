DROP TABLE duplicate_scans;
DROP TABLE duplicate_pairs;
DROP TYPE pair_state;
ALTER TABLE customer_identities DROP COLUMN match_key;
ALTER TABLE customers DROP COLUMN name_sound;
DROP FUNCTION switchboard_company_domain(text);
DROP FUNCTION switchboard_match_key(identity_kind, text);
DROP FUNCTION switchboard_name_sound(text, text, text);
DROP FUNCTION switchboard_latin(text);
