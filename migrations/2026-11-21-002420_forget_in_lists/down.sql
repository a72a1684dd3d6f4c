DROP FUNCTION switchboard_forget_in_lists(uuid, uuid, uuid[], text[]);
DROP FUNCTION switchboard_forget_imported(uuid, uuid, uuid[], text[], uuid);
