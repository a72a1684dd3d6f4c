DROP TABLE background_tasks;
DROP TYPE task_state;
