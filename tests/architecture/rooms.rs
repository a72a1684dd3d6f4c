//! Which room may use which: the kit none, features each other's models only, nobody the assembly; and no circles.

use super::layers::is_model;
use super::source::{File, all_needed, files, none};
use std::collections::{BTreeMap, BTreeSet};

const ASSEMBLY: &[&str] = &["app", "worker", "server", "cli", "config", "routes", "migrations", "openapi"];
/// Neither kit nor feature nor assembly.
const OUTSIDE: &[&str] = &["kit", "schema", "demo", "ids", "pg_enum", "lib", "main"];

fn is_feature(room: &str) -> bool {
    !ASSEMBLY.contains(&room) && !OUTSIDE.contains(&room)
}

/// (room, what it uses) of every `crate::…` in features.
fn arrows(files: &[File]) -> Vec<(&File, String)> {
    let of = |file| File::uses(file).into_iter().map(move |used| (file, used));
    files.iter().filter(|file| is_feature(file.room())).flat_map(of).collect()
}

#[test]
fn the_kit_uses_no_feature_and_no_assembly() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.room() == "kit") {
        let outside = file.uses().into_iter().filter(|used| {
            let room = used.split("::").next().unwrap_or_default();
            !["kit", "schema", "ids", "pg_enum"].contains(&room)
                && room.chars().all(|char| char.is_lowercase() || char == '_')
        });
        wrong.extend(outside.map(|used| format!("src/{} uses {used}", file.path)));
    }
    none(wrong);
}

/// (file uses room, why)
const USES_ASSEMBLY: &[(&str, &str)] =
    &[("operation/handlers.rs uses migrations", "ready means that the database has this program's migrations")];

#[test]
fn features_use_no_assembly() {
    let (files, mut wrong, mut needed) = (files(), Vec::new(), Vec::new());
    for (file, used) in arrows(&files) {
        let room = used.split("::").next().unwrap_or_default();
        if ASSEMBLY.contains(&room) {
            let case = format!("{} uses {room}", file.path);
            match USES_ASSEMBLY.iter().any(|(known, _)| *known == case) {
                true => needed.push(case),
                false => wrong.push(format!("src/{case}")),
            }
        }
    }
    none(wrong);
    all_needed("USES_ASSEMBLY", USES_ASSEMBLY, &needed);
}

/// (room uses module, why it is more than a model or a gateway)
const BEYOND_MODELS: &[(&str, &str)] = &[
    ("customer_list uses customer_desk::view", "a customer looks the same in the list as on their page"),
    ("duplicates uses customer_desk::view", "as customer_list"),
    ("customer_list uses labels::screens", "a label looks the same everywhere"),
    ("customer_list uses labels::view", "as screens"),
    ("customer_list uses tasks::view", "the way to work in the background is told in one place"),
    ("sign_in uses security::form", "a code is the same in the midst of signing in"),
    ("sign_in uses security::screens", "the set-up of a factor is one card"),
    ("sign_in uses security::view", "as screens"),
    ("customer_desk uses labels::screens", "a label looks the same everywhere"),
    ("customer_desk uses labels::view", "as screens"),
    ("calls uses duplicates::jobs", "as messages"),
    ("inbox uses calls::view", "a call looks the same in a thread as in the list"),
    ("inbox uses customer_desk::view", "a customer looks the same beside a thread as on their page"),
    ("inbox uses labels::screens", "a label looks the same everywhere"),
    ("inbox uses labels::view", "as screens"),
    ("inbox uses numbers::view", "a number looks the same in a thread as on its card"),
    ("dashboard uses numbers::view", "a number looks the same on the dashboard as on its card"),
    ("dashboard uses inbox::view", "who waits leads to the inbox, in the inbox's words"),
    ("search uses inbox::thread_view", "a title is masked, and a state named, in one place"),
    ("dashboard uses inbox::thread_view", "a title is masked in one place"),
    ("platform uses tenants::view", "a limit looks the same to the platform as to the tenant"),
    ("organisation uses tenants::view", "a limit looks the same to the tenant as to the platform"),
    ("dashboard uses tenants::view", "a limit is told in the same words wherever it is nearly used"),
    ("inbox uses messages::jobs", "reading a thread asks for the blue ticks"),
    ("microsoft uses sign_in::form", "what is a path of ours is decided in one place"),
    ("microsoft uses sign_in::handlers", "whoever has shown the first factor goes on as with a password"),
    ("webhooks uses messages::jobs", "a message that comes asks for its file and its sender's phone"),
    ("messages uses duplicates::jobs", "WhatsApp's proof that two are one person asks for their joining"),
    ("messages uses numbers::jobs", "a number that turns out not to work is put right"),
];

#[test]
fn features_use_each_others_models_only() {
    let (files, mut wrong, mut needed) = (files(), Vec::new(), Vec::new());
    let models: BTreeSet<String> = files
        .iter()
        .filter(|file| is_model(file) || file.name() == "gateway.rs" || file.path.contains("/waha/"))
        .map(|file| file.path.trim_end_matches(".rs").replace('/', "::"))
        .collect();
    for (file, used) in arrows(&files) {
        let room = used.split("::").next().unwrap_or_default();
        let is_folder = models.iter().any(|model| model.starts_with(&format!("{used}::")));
        if room == file.room() || !is_feature(room) || models.contains(&used) || is_folder {
            continue;
        }
        let case = format!("{} uses {used}", file.room());
        match BEYOND_MODELS.iter().any(|(known, _)| *known == case) {
            true => needed.push(case),
            false => wrong.push(format!("src/{}: {case}", file.path)),
        }
    }
    none(wrong);
    all_needed("BEYOND_MODELS", BEYOND_MODELS, &needed);
}

#[test]
fn features_form_no_circle() {
    let files = files();
    let mut uses: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (file, used) in arrows(&files) {
        let room = used.split("::").next().unwrap_or_default();
        let own = uses.entry(file.room()).or_default();
        if room != file.room() && is_feature(room) {
            own.insert(room.to_owned());
        }
    }
    // Take away features that use none of those left, until nothing or only a circle is left.
    while !uses.is_empty() {
        let left: BTreeSet<String> = uses.keys().map(|room| (*room).to_owned()).collect();
        let before = uses.len();
        uses.retain(|_, used| used.intersection(&left).next().is_some());
        assert!(uses.len() < before, "a circle among {uses:#?}");
    }
}
