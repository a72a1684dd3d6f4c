DROP TABLE waha_sessions;
DROP TYPE waha_engine;
DROP TYPE number_wish;
DROP TYPE number_status;
