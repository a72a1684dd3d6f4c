//! Entries as sentences: "resolved a conversation". What is not known here is told in its own words.

/// What entries say that somebody did, and how the filter names it.
pub const ACTIONS: &[(&str, &str)] = &[
    ("accepted_invitation", "Accepted an invitation"),
    ("activated", "Activated"),
    ("added", "Added"),
    ("added_second_factor", "Added a second factor"),
    ("agreed", "Wrote a consent down"),
    ("applied", "Applied"),
    ("asked_for", "Asked for"),
    ("asked_for_code", "Asked for a pairing code"),
    ("asked_for_reset", "Asked for a new password"),
    ("assigned", "Assigned"),
    ("called_back", "Called back"),
    ("cancelled", "Cancelled"),
    ("changed", "Changed"),
    ("changed_password", "Changed a password"),
    ("created", "Created"),
    ("deactivated", "Deactivated"),
    ("declined", "Declined a call"),
    ("deleted", "Deleted"),
    ("done", "Closed as done"),
    ("downloaded", "Downloaded a file"),
    ("ended", "Ended"),
    ("ended_others", "Ended all other sessions"),
    ("entered", "Entered"),
    ("erased", "Erased"),
    ("exported", "Exported"),
    ("extended", "Extended"),
    ("fetched_again", "Fetched a file again"),
    ("forgot", "Took away an address"),
    ("found_alike", "Found to be alike"),
    ("granted", "Granted"),
    ("handed_back", "Handed back"),
    ("held", "Placed a legal hold"),
    ("identified", "Said whom it is about"),
    ("imported", "Imported"),
    ("introduced", "Learnt a name"),
    ("invited", "Invited"),
    ("labelled", "Changed labels"),
    ("learnt", "Learnt an address"),
    ("left", "Left"),
    ("linked", "Linked"),
    ("logged_out", "Logged a number out"),
    ("mended", "Mended a row"),
    ("merged", "Joined with another"),
    ("moved", "Changed a state"),
    ("offered_again", "Offered as a duplicate again"),
    ("noted", "Wrote a note"),
    ("open", "Re-opened"),
    ("opened", "Opened"),
    ("packaged", "Asked for a file of everything held"),
    ("purged", "Removed after their time"),
    ("queued", "Sent"),
    ("read", "Looked at"),
    ("received", "Received"),
    ("refresh_token_reused", "Used a spent token"),
    ("refused", "Was refused"),
    ("removed", "Removed"),
    ("released", "Released a legal hold"),
    ("removed_second_factor", "Removed a second factor"),
    ("renamed", "Renamed"),
    ("renewed", "Renewed"),
    ("renewed_recovery_codes", "Renewed recovery codes"),
    ("reopened", "Re-opened a request"),
    ("reported", "Reported a state"),
    ("reset_password", "Chose a new password"),
    ("resolved", "Resolved"),
    ("restarted", "Restarted"),
    ("restored", "Restored"),
    ("restricted", "Restricted"),
    ("revoked", "Revoked"),
    ("sent_again", "Sent again"),
    ("sign_in_failed", "Failed to sign in"),
    ("signed_in", "Signed in"),
    ("signed_out", "Signed out"),
    ("skipped", "Left out a row"),
    ("snoozed", "Snoozed"),
    ("undone", "Took back"),
    ("split", "Taken apart again"),
    ("told_apart", "Told apart from another"),
    ("started", "Started"),
    ("unlinked", "Unlinked"),
    ("unrestricted", "Lifted a restriction"),
    ("used", "Used"),
    ("used_recovery_code", "Used a recovery code"),
    ("withdrew", "Wrote a withdrawal down"),
];

/// (table, one of its rows, the filter's name for them)
pub const ENTITIES: &[(&str, &str, &str)] = &[
    ("api_tokens", "an API token", "API tokens"),
    ("audit_entries", "the audit log", "Audit log"),
    ("attribute_definitions", "a field of customers", "Customers' fields"),
    ("background_tasks", "work in the background", "Background work"),
    ("bulk_changes", "a change of many customers", "Changes of many"),
    ("call_rules", "what becomes of a number's calls", "Numbers' calls"),
    ("calls", "a call", "Calls"),
    ("consents", "a consent", "Consents"),
    ("conversations", "a conversation", "Conversations"),
    ("customer_identities", "an address of a customer", "Customers' addresses"),
    ("customer_imports", "an import", "Imports"),
    ("customers", "a customer", "Customers"),
    ("encryption", "the encryption", "Encryption"),
    ("duplicate_scans", "a look for duplicates", "Looks for duplicates"),
    ("erasures", "an erasure", "Erasures"),
    ("labels", "a label", "Labels"),
    ("legal_holds", "a legal hold", "Legal holds"),
    ("messages", "a message", "Messages"),
    ("microsoft_accounts", "a Microsoft account", "Microsoft accounts"),
    ("passkeys", "a passkey", "Passkeys"),
    ("permissions", "a right", "Rights"),
    ("saved_filters", "a saved filter", "Saved filters"),
    ("privacy_cases", "a privacy request", "Privacy requests"),
    ("retention_rules", "a retention rule", "Retention rules"),
    ("support_grants", "support access", "Support access"),
    ("teams", "a team", "Teams"),
    ("tenants", "the organisation", "Organisation"),
    ("user_sessions", "a session", "Sessions"),
    ("users", "a user", "Users"),
    ("waha_sessions", "a number", "Numbers"),
];

/// (action, table or nothing for any, what is said; {} is the row)
const SENTENCES: &[(&str, &str, &str)] = &[
    ("assigned", "calls", "took it upon themselves to return {}"),
    ("called_back", "calls", "returned {}"),
    ("declined", "calls", "declined {}"),
    ("handed_back", "calls", "handed back {} that was to be returned"),
    ("accepted_invitation", "", "accepted the invitation of {}"),
    ("agreed", "consents", "wrote down that somebody agrees"),
    ("applied", "retention_rules", "applied the retention rules"),
    ("done", "privacy_cases", "closed {} as done"),
    ("held", "legal_holds", "placed {}"),
    ("identified", "privacy_cases", "said whom {} is about"),
    ("noted", "privacy_cases", "wrote a note on {}"),
    ("noted", "messages", "wrote a note in a conversation"),
    ("packaged", "privacy_cases", "asked for the file of {}"),
    ("reopened", "privacy_cases", "re-opened {}"),
    ("restricted", "customers", "restricted the use of {}’s data"),
    ("unrestricted", "customers", "lifted the restriction of {}"),
    ("withdrew", "consents", "wrote down that somebody withdraws"),
    ("added_second_factor", "", "added a second factor to {}"),
    ("asked_for", "", "asked for {}"),
    ("asked_for_code", "", "asked for a code to pair {}"),
    ("asked_for_reset", "", "asked for a link to choose a new password for {}"),
    ("changed_password", "", "changed the password of {}"),
    ("downloaded", "", "took the file of {}"),
    ("ended_others", "", "ended all other sessions"),
    ("entered", "support_grants", "entered by {}"),
    ("ended", "microsoft_accounts", "ended access to {}"),
    ("exported", "", "exported {}"),
    ("fetched_again", "", "fetched the file of {} again"),
    ("forgot", "customer_identities", "took away {}"),
    ("imported", "customer_imports", "imported rows of {}"),
    ("introduced", "", "learnt the name of {}"),
    ("invited", "", "invited {}"),
    ("labelled", "", "changed the labels of {}"),
    ("learnt", "", "learnt {}"),
    ("left", "support_grants", "left {}"),
    ("logged_out", "", "logged {} out of WhatsApp"),
    ("mended", "customer_imports", "mended a row of {}"),
    ("moved", "customers", "changed the state of {}"),
    ("moved", "customer_imports", "brought {} further"),
    ("found_alike", "customers", "learnt that {} may be one with another"),
    ("merged", "customers", "joined another record into {}"),
    ("offered_again", "customers", "offered {} as a duplicate again"),
    ("split", "customers", "took what was joined into {} apart again"),
    ("told_apart", "customers", "told {} apart from another"),
    ("open", "", "re-opened {}"),
    ("queued", "", "sent {}"),
    ("read", "", "looked at {}"),
    ("received", "customer_imports", "brought the file of {}"),
    ("refresh_token_reused", "", "used a spent token of {}"),
    ("refused", "passkeys", "was turned away with {}"),
    ("removed_second_factor", "", "removed the second factor of {}"),
    ("renewed_recovery_codes", "", "renewed the recovery codes of {}"),
    ("reported", "waha_sessions", "reported a new state of {}"),
    ("reset_password", "", "chose a new password for {}"),
    ("sent_again", "", "sent {} again"),
    ("sign_in_failed", "", "failed to sign in as {}"),
    ("signed_in", "", "signed in"),
    ("signed_out", "", "signed out"),
    ("skipped", "customer_imports", "left out a row of {}"),
    ("undone", "customer_imports", "took back rows of {}"),
    ("undone", "", "undid {}"),
    ("used_recovery_code", "", "used a recovery code of {}"),
    ("used", "microsoft_accounts", "signed in with {}"),
    ("used", "passkeys", "signed in with {}"),
];

/// What was done, after the name of whoever did it; `row` is the row's name, where it has one.
pub fn sentence(action: &str, entity: &str, row: Option<&str>) -> String {
    let row = row.map_or_else(|| if action == "exported" { all(entity) } else { one(entity) }, str::to_owned);
    let fits = |(known, of, _): &&(&str, &str, &str)| *known == action && (of.is_empty() || *of == entity);
    match SENTENCES.iter().find(fits) {
        Some((.., text)) => text.replace("{}", &row),
        None => format!("{} {row}", action.replace('_', " ")),
    }
}

/// "a conversation"
pub fn one(entity: &str) -> String {
    let known = ENTITIES.iter().find(|(table, ..)| *table == entity);
    known.map_or_else(|| with_article(entity), |(_, one, _)| (*one).to_owned())
}

/// "users", "the audit log"
fn all(entity: &str) -> String {
    match one(entity) {
        one if one.starts_with("the ") => one,
        _ => label(entity).to_lowercase(),
    }
}

/// "user_sessions" is "a user session".
fn with_article(table: &str) -> String {
    let words = table.replace('_', " ");
    let one = match (words.strip_suffix("ies"), words.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) => stem.to_owned(),
        (None, None) => words,
    };
    let article = if one.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {one}")
}

/// How the filter names an action or a table that it may not know.
pub fn label(word: &str) -> String {
    let action = ACTIONS.iter().find(|(known, _)| *known == word).map(|(_, label)| *label);
    let entity = ENTITIES.iter().find(|(known, ..)| *known == word).map(|(.., label)| *label);
    action.or(entity).map_or_else(|| word.replace('_', " "), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_sentences() {
        assert_eq!(sentence("resolved", "conversations", None), "resolved a conversation");
        assert_eq!(sentence("changed", "users", Some("Bob Baker")), "changed Bob Baker");
        assert_eq!(sentence("signed_in", "users", Some("Bob Baker")), "signed in");
        assert_eq!(sentence("exported", "users", None), "exported users");
        assert_eq!(sentence("exported", "audit_entries", None), "exported the audit log");
        assert_eq!(sentence("reported", "waha_sessions", None), "reported a new state of a number");
    }

    #[test]
    fn what_is_unknown_is_told_in_its_own_words() {
        assert_eq!(sentence("ended", "call_logs", None), "ended a call log");
        assert_eq!(sentence("made_void", "envelopes", None), "made void an envelope");
        assert_eq!(sentence("deleted", "team_policies", None), "deleted a team policy");
        assert_eq!(label("made_void"), "made void");
    }
}
