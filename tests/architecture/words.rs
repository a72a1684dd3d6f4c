//! Words that stand in no file, or only in those listed.

use super::source::{all_needed, files, none};

/// (file, why it may pass over rows)
const PASSES_OVER: &[(&str, &str)] = &[("customers/listing.rs", "as many from any place: how far a page looks ahead")];

#[test]
fn nothing_pages_by_offset() {
    only_in(PASSES_OVER, "PASSES_OVER", &[".offset(", "OFFSET "]);
}

#[test]
fn nothing_panics_but_for_a_reason_that_is_said() {
    let mut wrong = Vec::new();
    for file in files() {
        for (at, line) in file.code.lines().enumerate() {
            let panics = [".unwrap()", "panic!(", "unreachable!(", "todo!(", "unimplemented!(", ".unwrap_err()"];
            let bare = panics.iter().any(|word| line.contains(word)) || line.contains(".expect(\"\")");
            if bare {
                wrong.push(format!("src/{}, line of code {}: {}", file.path, at + 1, line.trim()));
            }
        }
    }
    none(wrong);
}

/// (file, why it may say which tenant it is)
const KNOWS_TENANT: &[(&str, &str)] = &[
    ("kit/access/signed_in.rs", "from a session that was checked"),
    ("kit/db.rs", "where the platform enters a tenant that it looked up"),
    ("kit/jobs/task.rs", "from the job's own row"),
    ("kit/sessions/mod.rs", "announces the end of a session that it has just ended"),
    ("kit/tenant.rs", "declares it"),
    ("kit/tokens/caller.rs", "from a token that was checked"),
];

#[test]
fn only_checked_places_say_which_tenant_it_is() {
    only_in(KNOWS_TENANT, "KNOWS_TENANT", &["TenantId::known", "fn known(id: Uuid)"]);
}

/// (file, why it opens the door across tenants)
const CROSSES_TENANTS: &[(&str, &str)] = &[
    ("api_clients/api.rs", "an address or a refresh token is known before its tenant"),
    ("api_clients/jobs.rs", "clears up in every tenant"),
    ("app.rs", "hands the door to the session store"),
    ("audit/jobs.rs", "purges in every tenant that wants it"),
    ("cli/admin.rs", "creates platform administrators"),
    ("cli/check.rs", "the doctor looks at the whole installation"),
    ("customer_list/jobs.rs", "adds up the counts of every tenant"),
    ("dashboard/handlers.rs", "the platform administrators' dashboard"),
    ("demo/data.rs", "makes the demo's tenants"),
    ("demo/shop/fair.rs", "takes over a list in the demo's tenant"),
    ("demo/shop/mod.rs", "fills the demo's tenant"),
    ("imports/jobs.rs", "clears up in every tenant"),
    ("messages/jobs/purge.rs", "clears up in every tenant"),
    ("duplicates/jobs.rs", "looks through the customers of every tenant"),
    ("gdpr/retention/jobs.rs", "applies the rules in every tenant"),
    ("kit/access/client.rs", "Client and Anonymous are doors"),
    ("kit/access/pending.rs", "sessions begin as the platform"),
    ("kit/access/mod.rs", "Public is a door"),
    ("kit/access/programs.rs", "Webhook and Machine are doors"),
    ("kit/db.rs", "declares them"),
    ("kit/jobs/context.rs", "hands it to the platform's jobs"),
    ("kit/sessions/mod.rs", "a cookie names a session before it names a tenant"),
    ("kit/tokens/callers.rs", "a token names a caller before a tenant"),
    ("kit/access/platform.rs", "Platform is the door of platform administrators"),
    ("messages/jobs/count.rs", "counts every tenant's days"),
    ("messages/jobs/deliver.rs", "looks for forgotten queues of every tenant"),
    ("microsoft/arrivals.rs", "an account of Microsoft is known before its tenant is"),
    ("numbers/jobs.rs", "puts the numbers of every tenant right"),
    ("security/jobs.rs", "clears up in every tenant"),
    ("server.rs", "puts every number right when it starts"),
    ("sign_in/handlers/reset.rs", "an address is known before its tenant is"),
    ("sign_in/handlers/factor.rs", "sessions begin as the platform"),
    ("sign_in/handlers/passkey.rs", "a passkey is known before its tenant is"),
    ("sign_in/model.rs", "an address is known before its tenant is"),
    ("tenants/api.rs", "platform administrators see every tenant"),
    ("notifications/jobs.rs", "clears up in every tenant"),
    ("tasks/jobs.rs", "throws away files of every tenant"),
    ("webhooks/jobs.rs", "clears up in every tenant"),
    ("webhooks/model.rs", "enters the tenant that routes found"),
    ("webhooks/routes.rs", "a webhook names a number before it names a tenant"),
];

#[test]
fn only_listed_files_reach_across_tenants() {
    only_in(CROSSES_TENANTS, "CROSSES_TENANTS", &[".platform()", ".platform::<", "db.enter(", "PlatformDb"]);
}

/// (file, why it writes SQL itself)
const RAW_SQL: &[(&str, &str)] = &[
    ("customer_desk/timeline.rs", "joins sideways: the newest of each thread, of all kinds in one statement"),
    ("customers/bulk.rs", "rows come as arrays"),
    ("imports/consents.rs", "as customers/bulk"),
    ("imports/keys.rs", "as customers/bulk"),
    ("imports/rows.rs", "as customers/bulk"),
    ("duplicates/candidates.rs", "weighs pairs with the scan's own statement"),
    ("duplicates/merging.rs", "counts the ledger's newest words by DISTINCT ON"),
    ("duplicates/model.rs", "counts four tables at once"),
    ("duplicates/moving.rs", "the tables and columns that move are read from the catalogue"),
    ("duplicates/parting.rs", "works on rows as a merge wrote them down, as JSON"),
    ("duplicates/person.rs", "locks two rows in one order"),
    ("duplicates/record.rs", "reads and writes a row as JSON"),
    ("duplicates/rows.rs", "asks what a conversation's messages say, as JSON"),
    ("duplicates/scan.rs", "a piece of a scan is one statement over sets"),
    ("duplicates/splitting.rs", "clears what a merge wrote down, by members of JSON"),
    ("duplicates/strays.rs", "finds messages by addresses inside of their ids"),
    ("duplicates/threads.rs", "adds two conversations up in one statement"),
    ("demo/load/mod.rs", "the owner COPYs past policies, and vacuums"),
    ("kit/db.rs", "the role and the settings of every transaction"),
    ("kit/embedded/mod.rs", "creates the database in the private cluster"),
    ("kit/jobs/letters.rs", "the doors to graphile_worker's tables are functions"),
    ("kit/live/hub.rs", "listens"),
    ("migrations.rs", "one process at a time"),
    ("notifications/model.rs", "whoever wants to be told gets a row or one that counts up, in one statement"),
    ("notifications/reading.rs", "what is told is read with what it is about, of four rooms"),
    ("security/rotation.rs", "goes over columns by their names, which a constant lists"),
];

#[test]
fn raw_sql_stands_in_listed_files_only() {
    only_in(RAW_SQL, "RAW_SQL", &["sql_query(", "batch_execute(", "dsl::sql("]);
}

/// (file, why it has a client of its own)
const OWN_HTTP: &[(&str, &str)] = &[("kit/http/mod.rs", "makes the one client")];

#[test]
fn there_is_one_http_client() {
    only_in(OWN_HTTP, "OWN_HTTP", &["reqwest::Client", "Client::builder", "reqwest::get"]);
}

#[track_caller]
fn only_in(listed: &[(&str, &str)], list: &str, words: &[&str]) {
    let (mut wrong, mut needed) = (Vec::new(), Vec::new());
    for file in files().into_iter().filter(|file| !file.path.starts_with("demo/simulator")) {
        if words.iter().any(|word| file.code.contains(word)) {
            match listed.iter().any(|(path, _)| *path == file.path) {
                true => needed.push(file.path),
                false => wrong.push(format!("src/{} is not in {list}", file.path)),
            }
        }
    }
    none(wrong);
    all_needed(list, listed, &needed);
}
