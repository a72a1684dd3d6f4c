DROP FUNCTION switchboard_forget_calls(uuid, uuid, uuid[], text[], boolean);
