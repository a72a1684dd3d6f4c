//! Which file knows what: models no HTTP, handlers no SQL, screens neither.

use super::source::{File, all_needed, files, none};

/// (file name, words that it may not hold, why)
const RULES: &[(&str, &[&str], &str)] = &[
    ("handlers.rs", &["diesel", "schema::", "askama", "sql_query"], "handlers ask the model and show a screen"),
    ("api.rs", &["diesel", "schema::", "askama", "sql_query"], "operations ask the model and show a resource"),
    ("form.rs", &["actix_web", "diesel", "askama", "schema::"], "forms are plain data"),
    ("screens.rs", &["diesel", "schema::", "Access", "::handlers", "Db"], "screens only show"),
    ("view.rs", &["diesel", "schema::", "::handlers"], "views turn rows into words"),
    ("bubbles.rs", &["diesel", "schema::", "::handlers"], "views turn rows into words"),
    ("thread_view.rs", &["diesel", "schema::", "::handlers"], "views turn rows into words"),
    ("jobs.rs", &["actix_web", "askama", "::handlers", "::screens", "schema::"], "jobs call model functions"),
];

/// Rooms whose files are not layered as features' are.
const NO_FEATURES: &[&str] = &["kit", "demo", "cli"];

/// (file:word, why it may)
const EXCEPTIONS: &[(&str, &str)] = &[];

/// Reads and rules: everything of a feature that holds SQL.
pub fn is_model(file: &File) -> bool {
    let is_feature = file.path.contains('/') && !NO_FEATURES.contains(&file.room());
    let others = [
        "handlers.rs",
        "api.rs",
        "screens.rs",
        "view.rs",
        "thread_view.rs",
        "bubbles.rs",
        "form.rs",
        "jobs.rs",
        "gateway.rs",
        "text.rs",
    ];
    let is_folder_of_others = ["/handlers/", "/screens/", "/view/", "/form/", "/api/", "/waha/", "/jobs/"]
        .iter()
        .any(|folder| file.path.contains(folder));
    is_feature && !others.contains(&file.name()) && !is_folder_of_others
}

#[test]
fn files_hold_only_what_their_layer_allows() {
    let (mut wrong, mut needed) = (Vec::new(), Vec::new());
    for file in files().iter().filter(|file| file.path.contains('/') && !NO_FEATURES.contains(&file.room())) {
        let layer =
            ["screens", "handlers", "view", "form"].iter().find(|layer| file.path.contains(&format!("/{layer}/")));
        let name = layer.map_or(file.name().to_owned(), |layer| format!("{layer}.rs"));
        for (_, words, why) in RULES.iter().filter(|(rules, ..)| *rules == name) {
            for word in words.iter().filter(|word| file.code.contains(**word)) {
                let case = format!("{}:{word}", file.path);
                match EXCEPTIONS.iter().any(|(known, _)| *known == case) {
                    true => needed.push(case),
                    false => wrong.push(format!("src/{} holds `{word}`: {why}", file.path)),
                }
            }
        }
    }
    none(wrong);
    all_needed("layers", EXCEPTIONS, &needed);
}

/// (file, why it knows HTTP)
const KNOWS_HTTP: &[(&str, &str)] =
    &[("microsoft/way.rs", "sends a browser to Microsoft and keeps its cookie meanwhile")];

#[test]
fn models_know_no_http_and_no_html() {
    let (mut wrong, mut needed) = (Vec::new(), Vec::new());
    for file in files().iter().filter(|file| is_model(file) && file.name() != "mod.rs") {
        for word in ["actix_web", "askama", "kit::html", "::screens", "::handlers"] {
            if file.code.contains(word) {
                match KNOWS_HTTP.iter().any(|(path, _)| *path == file.path) {
                    true => needed.push(file.path.clone()),
                    false => wrong.push(format!("src/{} holds `{word}`", file.path)),
                }
            }
        }
    }
    none(wrong);
    all_needed("KNOWS_HTTP", KNOWS_HTTP, &needed);
}

#[test]
fn every_handler_says_who_may_ask() {
    let proofs = ["Access<", "Public", "Pending", "Platform<", "Webhook", "Machine", "Client<", "Anonymous"];
    let mut wrong = Vec::new();
    let is_asked = |file: &&File| {
        ["handlers.rs", "api.rs"].contains(&file.name())
            || file.path.contains("/handlers/")
            || file.path.contains("/api/")
    };
    for file in files().iter().filter(is_asked) {
        for handler in file.code.split("pub async fn ").skip(1) {
            let signature = handler.split_once("{\n").map_or(handler, |(signature, _)| signature);
            if !proofs.iter().any(|proof| signature.contains(proof)) {
                wrong.push(format!("src/{}: {}", file.path, signature.lines().next().unwrap_or_default()));
            }
        }
    }
    none(wrong);
}

/// A room in a room, as routes name it.
fn folders(room: &str) -> String {
    room.replace('_', "/")
}

/// (handler, why it takes no proof)
const UNPROVED: &[(&str, &str)] = &[
    ("assets::serve", "style and scripts of the sign-in page; nothing in it is anybody's"),
    ("openapi::description", "what the API is like; nothing in it is anybody's"),
];

#[test]
fn every_route_leads_to_a_handler_of_a_feature() {
    let files = files();
    let routes = files.iter().find(|file| file.path == "routes.rs").map(|file| file.code.clone()).unwrap_or_default();
    let handlers: Vec<String> = ["get", "post", "put", "patch", "delete"]
        .iter()
        .flat_map(|method| routes.split(&format!(".{method}(")).skip(1).collect::<Vec<_>>())
        .filter_map(|rest| rest.split_once(')').map(|(handler, _)| handler.to_owned()))
        .collect();
    let (mut wrong, mut needed) = (Vec::new(), Vec::new());
    for handler in &handlers {
        let (room, name) = handler.split_once("::").unwrap_or_default();
        // The handlers of a room, a part of them that is named after what it handles, or their twins for programs;
        // platform_tenants is the room platform/tenants.
        let nested = folders(room);
        let places = match room.strip_suffix("_api") {
            Some(room) => [format!("{room}/api.rs"), format!("{}/api.rs", folders(room))],
            None => [format!("{room}/handlers.rs"), format!("{nested}/handlers.rs")],
        };
        let part = format!("/handlers/{room}.rs");
        let known = files.iter().find(|file| {
            places.contains(&file.path) || file.path.ends_with(&part) || file.path.ends_with(&format!("/api/{room}.rs"))
        });
        let is_there = known.is_some_and(|file| file.code.contains(&format!("pub async fn {name}(")));
        match UNPROVED.iter().any(|(exception, _)| exception == handler) {
            true => needed.push(handler.clone()),
            false if !is_there => wrong.push(format!("{handler} is no handler of {places:?}")),
            false => {}
        }
    }
    assert!(handlers.len() > 30, "only {} handlers were found", handlers.len());
    none(wrong);
    all_needed("UNPROVED", UNPROVED, &needed);
}
