ALTER TABLE sign_in_links DROP COLUMN purpose;
DROP TYPE link_purpose;
COMMENT ON TABLE sign_in_links IS 'One-time links with which a new user chooses a password.';
