DROP TABLE message_signals;
DROP TABLE message_reactions;
DROP TABLE messages;
