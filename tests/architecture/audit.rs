//! Whatever changes a tenant's rows writes down who did it, in the same function; traffic is its own record.

use super::layers::is_model;
use super::source::{all_needed, files, none};
use switchboard::audit::vocabulary::{ACTIONS, ENTITIES};

/// (file: function, why it writes no entry)
const UNRECORDED: &[(&str, &str)] = &[
    (
        "api_clients/model.rs: exchange",
        "the sign-in is on record; every quarter of an hour the same again would bury it",
    ),
    ("api_clients/model.rs: purge", "retention: what it removes has counted for nothing for long"),
    ("conversations/drafts.rs: keep", "what is typed is nobody's business yet"),
    ("conversations/drafts.rs: drop", "as keep"),
    ("conversations/mentions.rs: add", "part of messages::notes::write, which writes the note down"),
    ("conversations/mentions.rs: seen", "how far somebody has read is no change of the tenant's data"),
    ("conversations/model.rs: moved", "traffic: the message is the record"),
    ("conversations/model.rs: ticked", "traffic: the message's status is the record"),
    ("conversations/model.rs: reworded", "traffic: the edit is the record"),
    ("conversations/activities.rs: insert", "part of write, which writes it down"),
    ("conversations/activities.rs: forget_labels", "part of an erasure, whose end is written down with its counts"),
    ("conversations/holders.rs: set_owner", "activities::write, which it calls, writes it down"),
    ("conversations/holders.rs: set_team", "as set_owner"),
    ("conversations/labelling.rs: set", "as holders::set_owner"),
    ("conversations/labelling.rs: forget", "part of an erasure, whose end is written down with its counts"),
    ("conversations/states.rs: step", "as holders::set_owner"),
    ("conversations/undoing.rs: step_back", "the step itself is written down by states::step"),
    ("conversations/urgency.rs: set", "as holders::set_owner"),
    ("bulk_changes/apply.rs: apply", "what it does to each customer is written down with that customer"),
    ("bulk_changes/undo.rs: settle", "as apply"),
    ("bulk_changes/work.rs: begin", "model::create, which it calls, writes it down"),
    ("bulk_changes/work.rs: end", "how far work is that was written down when it was asked for"),
    ("bulk_changes/work.rs: keep_place", "as end"),
    ("calls/incoming.rs: begin", "traffic: the call is the record"),
    ("calls/incoming.rs: settle", "traffic: what WhatsApp told of the call"),
    ("customers/addresses.rs: set_primary", "part of changes::create and edit, which write the record down"),
    ("customers/meeting.rs: heard", "traffic: the message is the record"),
    ("customers/addresses.rs: rest", "part of states::go, which writes it down"),
    ("customers/addresses.rs: wake", "as rest"),
    ("customers/states.rs: keep", "part of its callers' steps, which write them down"),
    ("duplicates/pairs.rs: decide", "its callers write the decision, the merge or the split down"),
    ("duplicates/scan.rs: piece", "how far the look is that was written down when it was asked for"),
    ("duplicates/scan.rs: turn_to", "as piece"),
    ("duplicates/splitting.rs: close", "part of split, which writes it down"),
    ("tasks/model.rs: complete", "end, which it calls, writes it down"),
    ("tasks/model.rs: cancelled", "as complete"),
    ("tasks/model.rs: progress", "how far work is that was written down when it was asked for"),
    ("customers/meeting.rs: complete", "part of learn, which writes it down"),
    ("customers/bulk.rs: delete_untouched", "imports::undoing, which asks for it, writes it down"),
    ("imports/model.rs: keep_progress", "how far an import is; what was done is written down by its step"),
    ("imports/rows.rs: add", "what a file holds, before anything is done with it"),
    ("imports/rows.rs: set_cells", "part of checking::mend, which writes it down"),
    ("imports/rows.rs: clear", "retention: the rows' time is up, or they were read in another way"),
    ("imports/keys.rs: release", "hashes for the check of a file"),
    ("imports/keys.rs: clear", "as release"),
    ("imports/labels.rs: stick", "part of imports::running, which writes it down"),
    ("imports/remembered.rs: keep", "what the next file with this heading begins with"),
    ("imports/reading.rs: finish", "steps::complete, which it calls, writes it down"),
    ("imports/steps.rs: begin", "moved, which it calls, writes it down"),
    ("imports/steps.rs: end", "as begin"),
    ("imports/running.rs: file_gone", "the file of an import that is done"),
    ("imports/purging.rs: settle", "retention: nobody went on with it, or its time is up"),
    ("customers/erased.rs: keep", "part of gdpr::erasures::model::begin, which writes it down"),
    ("customers/erased.rs: forget", "part of gdpr::erasures::model::give_up, which writes it down"),
    ("gdpr/cases/history.rs: keep", "its callers write the step down"),
    ("gdpr/cases/steps.rs: assign", "tell, which it calls, writes it down"),
    ("gdpr/cases/steps.rs: identify", "as assign"),
    ("gdpr/cases/steps.rs: start", "as assign"),
    ("gdpr/cases/steps.rs: extend", "as assign"),
    ("gdpr/cases/steps.rs: close", "as assign"),
    ("gdpr/cases/steps.rs: reopen", "as assign"),
    ("gdpr/cases/steps.rs: package", "as assign"),
    ("gdpr/erasures/files.rs: forget", "part of an erasure, whose end is written down with its counts"),
    ("gdpr/erasures/work.rs: go_on", "how far an erasure is"),
    ("gdpr/erasures/work.rs: count", "how far an erasure is"),
    ("gdpr/retention/model.rs: met", "a figure of what is written down for each customer"),
    ("gdpr/retention/runs.rs: go_on", "how far a run is; what it does to customers is written down for each"),
    ("messages/attachments.rs: add", "part of an answer that is being written, as a draft"),
    ("messages/attachments.rs: take", "messages::outbox, which takes them, writes the messages down"),
    ("messages/attachments.rs: forget", "as add"),
    ("messages/incoming.rs: proves", "traffic: evidence of a sending"),
    ("messages/incoming.rs: went_out", "traffic: evidence of a sending"),
    ("messages/incoming.rs: insert", "traffic: the message is the record"),
    ("messages/media.rs: write", "traffic: the file of a message"),
    ("messages/sending.rs: take", "traffic: a claim of the sending job"),
    ("messages/sending.rs: settle", "traffic: what came of a claim"),
    ("messages/sending.rs: sent", "traffic: what came of a claim"),
    ("messages/sending.rs: set_unknown", "traffic: what came of a claim"),
    ("messages/sending.rs: count_failures", "traffic: what came of a claim"),
    ("conversations/readers.rs: read", "how far somebody has read is no change of the tenant's data"),
    ("messages/lost.rs: conclude", "traffic: what looking it up has shown"),
    ("messages/signals.rs: catch_up", "traffic: acks, edits and deletions as WhatsApp tells them"),
    ("messages/signals.rs: park", "traffic: as catch_up"),
    ("messages/signals.rs: apply", "traffic: as catch_up"),
    ("messages/signals.rs: tick", "traffic: as catch_up"),
    ("messages/signals.rs: react", "traffic: as catch_up"),
    ("notifications/model.rs: settle", "what somebody is told is no change of the tenant's data"),
    ("notifications/model.rs: mark", "as settle"),
    ("notifications/model.rs: purge", "as settle"),
    ("microsoft/model.rs: insert", "part of link, which writes it down"),
    ("microsoft/tokens.rs: take_turn", "whose turn it is to refresh"),
    ("microsoft/tokens.rs: keep", "tokens renew themselves by the hour"),
    ("microsoft/tokens.rs: release", "whose turn it is to refresh"),
    ("numbers/model.rs: take_turn", "traffic: when the number last sent"),
    ("numbers/reports.rs: complain", "the gateway's answer, shown on the card"),
    ("numbers/reports.rs: heard", "when the gateway was last heard"),
    ("tenants/administration.rs: shut_out", "part of deactivate and delete, which write themselves down"),
    ("tenants/days.rs: count_written", "a figure of what is written down as messages"),
    ("tenants/days.rs: counted", "as count_written"),
    ("tenants/limits.rs: drop_file", "as keep_file"),
    ("tenants/limits.rs: keep_file", "a figure of what messages note of their files"),
    ("tenants/model.rs: create", "the platform makes it, before there is a tenant to write it down in"),
    ("teams/members.rs: replace", "part of teams::model, which writes it down"),
    ("users/changes.rs: set_deleted", "part of delete and restore, which write it down"),
    ("users/changes.rs: void_links", "part of changes that write themselves down"),
    ("users/model.rs: signed_in", "sign_in::model writes it down, in the tenant"),
    ("users/links.rs: use_up", "sign_in::model writes it down, in the tenant"),
    ("users/model.rs: rehash", "the password is the same"),
    ("security/throttle.rs: forget", "counts of tries are of no tenant"),
    ("security/throttle.rs: uncount", "as forget"),
    ("security/throttle.rs: purge", "as forget"),
    ("security/sessions.rs: purge", "retention: they ended long ago"),
    ("security/factors.rs: insert", "confirm writes it down, once it counts"),
    ("security/factors.rs: use_up", "sign_in::model writes the sign-in down"),
    ("security/factors.rs: set_since", "its callers write down why"),
    ("security/codes.rs: forget", "its callers write down why"),
    ("security/passkeys/model.rs: forget", "its caller writes down why"),
    ("security/passkeys/ceremonies.rs: keep", "a challenge of nobody yet"),
    ("security/passkeys/ceremonies.rs: take", "as keep"),
    ("security/passkeys/ceremonies.rs: purge", "as keep"),
    ("webhooks/model.rs: store", "the event is the record"),
    ("webhooks/model.rs: process", "the event is the record"),
    ("webhooks/model.rs: fail", "the event is the record"),
    ("webhooks/model.rs: purge", "retention: the events' time is up"),
];

#[test]
fn whatever_changes_a_row_is_written_down() {
    let (mut wrong, mut needed) = (Vec::new(), Vec::new());
    for file in files().iter().filter(|file| is_model(file)) {
        for (name, body) in file.functions() {
            let changes = ["diesel::insert_into(", "diesel::update(", "update_prepared(", "diesel::delete("];
            let changes = changes.iter().any(|word| body.contains(word));
            if !changes || body.contains("audit::record(") {
                continue;
            }
            let case = format!("{}: {name}", file.path);
            match UNRECORDED.iter().any(|(known, _)| *known == case) {
                true => needed.push(case),
                false => wrong.push(format!("src/{case} changes rows and writes nothing down")),
            }
        }
    }
    none(wrong);
    all_needed("UNRECORDED", UNRECORDED, &needed);
}

/// What is written down can be read and filtered: audit/vocabulary.rs names every action and every table.
#[test]
fn every_entry_has_words_on_the_page_of_the_log() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for file in files().iter().filter(|file| file.path.contains('/')) {
        let source = file.code.split("#[cfg(test)]").next().unwrap_or_default();
        let made = ["Entry::new(", "Entry::of("].map(|call| source.split(call).skip(1)).into_iter().flatten();
        for arguments in made.filter_map(|rest| rest.split_once(')')).map(|(arguments, _)| arguments) {
            let mut words = arguments.split(',').map(|argument| argument.trim().trim_matches('"'));
            let literal = |word: &&str| arguments.contains(&format!("\"{word}\""));
            let (action, entity) = (words.next().filter(literal), words.next().filter(literal));
            count += 1;
            wrong.extend(action.filter(|word| ACTIONS.iter().all(|(known, _)| known != word)).map(str::to_owned));
            wrong.extend(entity.filter(|word| ENTITIES.iter().all(|(known, ..)| known != word)).map(str::to_owned));
        }
    }
    assert!(count > 15, "only {count} entries were found");
    none(wrong);
}

/// (file: function, why it may ask past `of(tenant)`)
const BEYOND_OF: &[(&str, &str)] = &[
    ("api_clients/model.rs: route", "as the platform: a refresh token is known before its tenant"),
    ("api_clients/model.rs: purge", "the tenant's revoked tokens, which nothing else asks for"),
    ("api_clients/model.rs: reused", "joins the session of a spent token, by the tenant of the token"),
    ("conversations/model.rs: names", "who is named in the conversation that is looked for, by its tenant"),
    ("messages/found.rs: search", "joins the thread of a message, by the tenant of the message"),
    ("api_tokens/model.rs: page", "joins the owner of a token, by the tenant of the token"),
    ("tasks/model.rs: expired", "as the platform: files of all tenants whose time is up"),
    ("tenants/brief.rs: living", "as the platform, or the tenant itself"),
    ("users/model.rs: names", "people who have left are still named"),
    ("users/model.rs: accounts", "as the platform: an address is known before its tenant"),
    ("users/model.rs: signed_in", "as the platform, of an account that it found"),
    ("gdpr/retention/whom.rs: at_or", "narrows what fits, by the tenant of the customer"),
    ("microsoft/model.rs: doors", "as the platform: an account of Microsoft is known before its tenant"),
    ("users/model.rs: rehash", "as the platform, of an account that it found"),
    ("users/model.rs: obvious", "as the platform, of an account that it found"),
    ("users/model.rs: is_known_at", "as the platform: an address is known before its tenant"),
    ("users/links.rs: unused", "as the platform: a link is known before its tenant"),
    ("users/links.rs: use_up", "as the platform: a link is known before its tenant"),
    ("users/links.rs: accept_without_password", "the user whom the tenant's own link names"),
    ("users/links.rs: may_sign_in", "as the platform, of an account that it found"),
    ("security/throttle.rs: forget", "of no tenant"),
    ("security/throttle.rs: uncount", "of no tenant"),
    ("security/throttle.rs: purge", "of no tenant"),
    ("security/sessions.rs: purge", "as the platform: of all tenants"),
    ("security/passkeys/ceremonies.rs: take", "of no tenant"),
    ("security/passkeys/ceremonies.rs: purge", "of no tenant"),
    ("security/passkeys/proof.rs: owner", "as the platform: a passkey is known before its tenant"),
    ("security/factors.rs: state", "a column of the user, by tenant and id"),
    ("security/factors.rs: set_since", "a column of the user, by tenant and id"),
    ("security/sessions.rs: of_everybody", "joins the user of a session, by its tenant"),
    ("numbers/model.rs: find_deleted", "what of() leaves out on purpose"),
    ("numbers/model.rs: route", "as the platform: a webhook names a number before a tenant"),
    ("numbers/model.rs: everywhere", "as the platform: every tenant's numbers"),
    ("platform/model.rs: health", "as the platform: figures of all tenants"),
    ("platform/model.rs: overview", "as the platform: figures of all tenants"),
    ("tenants/model.rs: by_slug", "as the platform"),
    ("tenants/model.rs: every_with_platform", "as the platform"),
    ("tenants/model.rs: every", "as the platform"),
    ("tenants/model.rs: is_active", "the tenant itself"),
    ("tenants/administration.rs: of", "the tenant itself"),
    ("tenants/days.rs: zone", "the tenant itself"),
    ("tenants/limits.rs: of", "the tenant itself"),
    ("tenants/limits.rs: users", "counts another room's rows of the same tenant"),
    ("tenants/limits.rs: numbers", "counts another room's rows of the same tenant"),
    ("tenants/limits.rs: written_today", "of the same tenant"),
    ("tenants/limits.rs: stored", "of the same tenant"),
    ("tenants/limits.rs: drop_file", "of the same tenant"),
    ("tenants/profile.rs: of", "the tenant itself"),
    ("platform/tenants/model.rs: of_platform", "as the platform: every tenant"),
    ("platform/tenants/model.rs: figures", "as the platform: figures of the tenants on a page"),
    ("tenants/settings.rs: find", "the tenant itself"),
    ("tenants/settings.rs: change", "the tenant itself"),
    ("users/profile.rs: house", "the tenant itself"),
    ("teams/members.rs: of_teams", "joins the user of a membership, by its tenant"),
    ("teams/members.rs: of_user", "joins the team of a membership, by its tenant"),
    ("tenants/settings.rs: with_audit_retention", "as the platform"),
    ("users/people.rs: ever", "whoever has left has done things before"),
    ("gdpr/consents/model.rs: conversation_with", "joins the conversation of a message, by its tenant"),
    ("gdpr/packages/reading.rs: names_of_labels", "joins which labels somebody has, by the tenant of the label"),
    ("gdpr/packages/talk.rs: threads", "joins the number of a conversation, by its tenant"),
    ("gdpr/retention/whom.rs: fitting", "looks up what belongs to a customer, by the customer's tenant"),
    ("calls/listing.rs: page", "looks up the customer of a call, by the tenant of the call"),
    ("conversations/model.rs: ours", "looks up the reader's memberships, by the tenant of the conversation"),
    ("conversations/listing.rs: columns", "looks up the reader's own rows, by the tenant of the conversation"),
    ("conversations/chats.rs: going_on", "joins customer and address, by the tenant of the conversation"),
    ("customers/fitting.rs: fit", "looks up labels and consents row by row, by the tenant of the customer"),
    ("customers/meeting.rs: known_by", "joins the customer of an address, by the tenant of the address"),
];

#[test]
fn every_query_begins_at_the_tenant() {
    let (mut wrong, mut needed) = (Vec::new(), Vec::new());
    for file in files().iter().filter(|file| is_model(file)) {
        for (name, body) in file.functions() {
            let is_root =
                (name == "of" || name.ends_with("_of") || name == "parked") && body.contains("tenant_id.eq(tenant)");
            let asks = body.match_indices("::table").any(|(at, _)| !is_insert(&body[..at]));
            if is_root || !asks {
                continue;
            }
            let case = format!("{}: {name}", file.path);
            match BEYOND_OF.iter().any(|(known, _)| *known == case) {
                true => needed.push(case),
                false => wrong.push(format!("src/{case} names a table itself")),
            }
        }
    }
    none(wrong);
    all_needed("BEYOND_OF", BEYOND_OF, &needed);
}

/// Whether the table that follows is the one of an INSERT, which names the tenant among its values.
fn is_insert(before: &str) -> bool {
    let word = before.trim_end_matches(|char: char| char.is_alphanumeric() || char == '_' || char == ':');
    word.ends_with("insert_into(") || word.ends_with("Table = ")
}
