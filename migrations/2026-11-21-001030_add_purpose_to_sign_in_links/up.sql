CREATE TYPE link_purpose AS ENUM ('invitation', 'reset');
ALTER TABLE sign_in_links ADD COLUMN purpose link_purpose NOT NULL DEFAULT 'invitation';
COMMENT ON TABLE sign_in_links IS 'One-time links: with an invitation a new user chooses a password, with a reset a known one chooses another.';
