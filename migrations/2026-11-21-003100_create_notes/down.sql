DROP TABLE mentions;
ALTER TABLE drafts DROP COLUMN note;
