//! Every URL of the program: the map of the house.

use crate::account::api as account_api;
use crate::account::handlers as account;
use crate::api_clients::api as api_clients_api;
use crate::api_tokens::handlers as api_tokens;
use crate::audit::handlers as audit;
use crate::calls::api as calls_api;
use crate::calls::handlers as calls;
use crate::calls::handlers::{call_rules, callbacks};
use crate::customer_desk::api as customer_desk_api;
use crate::customer_desk::api::addresses;
use crate::customer_desk::handlers::{customer_fields, record};
use crate::customer_list::api as customer_list_api;
use crate::customer_list::handlers as customer_list;
use crate::customer_list::handlers::{bulk, exports, filters};
use crate::dashboard::handlers as dashboard;
use crate::duplicates::api as duplicates_api;
use crate::duplicates::api::merges;
use crate::duplicates::handlers as duplicates;
use crate::gdpr::accesses::handlers as gdpr_accesses;
use crate::gdpr::cases::handlers as gdpr_cases;
use crate::gdpr::consents::api as gdpr_consents_api;
use crate::gdpr::consents::handlers as gdpr_consents;
use crate::gdpr::customers::handlers as gdpr_customers;
use crate::gdpr::erasures::handlers as gdpr_erasures;
use crate::gdpr::holds::handlers as gdpr_holds;
use crate::gdpr::retention::handlers as gdpr_retention;
use crate::imports::api as imports_api;
use crate::imports::api::{rows, steps};
use crate::imports::handlers as imports;
use crate::imports::handlers::{columns, faulty_rows};
use crate::inbox::handlers as inbox;
use crate::inbox::handlers::{about, attachments, media, notes};
use crate::inbox::many::handlers as inbox_many;
use crate::inbox::pills::handlers as inbox_pills;
use crate::kit::assets;
use crate::kit::rate::Limit;
use crate::labels::handlers as labels;
use crate::microsoft::handlers as microsoft;
use crate::notifications::handlers as notifications;
use crate::numbers::handlers as numbers;
use crate::organisation::handlers as organisation;
use crate::platform::handlers as platform;
use crate::platform::tenants::handlers as platform_tenants;
use crate::roles::handlers as roles;
use crate::search::handlers as search;
use crate::security::api as security_api;
use crate::security::handlers as security;
use crate::security::handlers::{passkeys, rules, second_factor};
use crate::sign_in::handlers as sign_in;
use crate::sign_in::handlers::{choice, factor, passkey, reset};
use crate::support::handlers as support;
use crate::tasks::handlers as tasks;
use crate::teams::api as teams_api;
use crate::teams::handlers as teams;
use crate::tenants::api as tenants_api;
use crate::users::api as users_api;
use crate::users::handlers as users;
use crate::webhooks::handlers as webhooks;
use crate::{events, openapi, operation};
use actix_web::web::{ServiceConfig, resource};
use std::time::Duration;

/// How often one address may ask what is worth guessing at.
#[derive(Clone)]
pub struct Limits {
    /// Getting tokens without having one: 30 at once, and one more every two seconds.
    tokens: Limit,
    /// The doors for people without a session: 300 at once, and ten more every second; many may sit behind one address.
    doors: Limit,
}

impl Limits {
    /// Must be called inside the runtime.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self {
            tokens: Limit::per_address(30, Duration::from_secs(2)),
            doors: Limit::per_address(300, Duration::from_millis(100)),
        }
    }
}

pub fn all(cfg: &mut ServiceConfig, limits: &Limits) {
    // What is asked for most comes first: paths are compared one after the other.
    for part in
        [desk, programs, told, phone, duplicate_customers, customers, own_account, settings, privacy, installation]
    {
        cfg.configure(part);
    }
    getting_in(cfg, limits);
    api(cfg, limits);
}

/// Getting in and out.
fn getting_in(cfg: &mut ServiceConfig, limits: &Limits) {
    let door = |path: &str| resource(path.to_owned()).wrap(limits.doors.guard());
    cfg.service(door("/login").get(sign_in::new).post(sign_in::create))
        .service(resource("/logout").post(sign_in::delete))
        .service(door("/welcome/{token}").get(sign_in::welcome).post(sign_in::accept))
        .service(resource("/login/microsoft").post(microsoft::create))
        .service(resource("/login/microsoft/callback").get(microsoft::callback))
        .service(resource("/login/microsoft/choice").get(microsoft::choice).post(microsoft::choose))
        .service(resource("/welcome/{token}/microsoft").post(microsoft::accept))
        .service(resource("/account/microsoft").get(microsoft::index).post(microsoft::link))
        .service(resource("/account/microsoft/unlinking").post(microsoft::unlink))
        .service(resource("/login/tenant").post(choice::create))
        .service(resource("/login/factor").get(factor::show).post(factor::create))
        .service(resource("/login/factor/set-up").post(factor::set_up))
        .service(resource("/login/factor/set-up/passkey").post(passkey::set_up))
        .service(resource("/login/factor/set-up/passkey/challenge").post(passkey::set_up_challenge))
        .service(resource("/login/factor/passkey").post(passkey::create_factor))
        .service(resource("/login/factor/passkey/challenge").post(passkey::factor_challenge))
        .service(door("/login/passkey").post(passkey::create))
        .service(door("/login/passkey/challenge").post(passkey::challenge))
        .service(door("/login/reset").get(reset::new).post(reset::create))
        .service(door("/login/reset/{token}").get(reset::show).post(reset::update));
}

/// One's own account.
fn own_account(cfg: &mut ServiceConfig) {
    cfg.service(resource("/account/security").get(security::account))
        .service(resource("/account/password").post(security::update_password))
        .service(resource("/account/second-factor").get(second_factor::show).post(second_factor::create))
        .service(resource("/account/second-factor/confirmation").post(second_factor::confirm))
        .service(resource("/account/second-factor/codes").post(second_factor::renew_codes))
        .service(resource("/account/second-factor/removal").post(second_factor::delete))
        .service(resource("/account/passkeys").post(passkeys::create))
        .service(resource("/account/passkeys/new").get(passkeys::new))
        .service(resource("/account/passkeys/challenge").post(passkeys::create_challenge))
        .service(resource("/account/passkeys/{passkey}").get(passkeys::show).post(passkeys::update))
        .service(resource("/account/passkeys/{passkey}/removal").post(passkeys::delete))
        .service(resource("/account/sessions/others/end").post(security::end_others))
        .service(resource("/account/sessions/{session}/end").post(security::end))
        .service(resource("/account").get(account::show).post(account::update))
        .service(resource("/account/theme").post(account::update_theme))
        .service(resource("/account/api-tokens").get(api_tokens::index).post(api_tokens::create))
        .service(resource("/account/api-tokens/new").get(api_tokens::new))
        .service(resource("/account/api-tokens/alarm").get(api_tokens::alarm))
        .service(resource("/account/api-tokens/{api_token}/revocation").post(api_tokens::revoke));
}

/// The desk.
fn desk(cfg: &mut ServiceConfig) {
    cfg.service(resource("/").get(dashboard::index))
        .service(resource("/inbox").get(inbox::index))
        .service(resource("/search").get(search::index))
        .service(resource("/inbox/{conversation}").get(inbox::show))
        .service(resource("/conversations/changes").post(inbox_many::create))
        .service(resource("/conversations/{conversation}/messages").post(inbox::create_message))
        .service(resource("/conversations/{conversation}/attachments").post(attachments::create))
        .service(resource("/attachments/{attachment}").get(attachments::preview))
        .service(resource("/attachments/{attachment}/removal").post(attachments::delete))
        .service(resource("/conversations/{conversation}/notes").post(notes::create))
        .service(resource("/conversations/{conversation}/draft").put(inbox::update_draft))
        .service(resource("/conversations/{conversation}/reading").post(inbox::create_reading))
        .service(resource("/conversations/{conversation}/resolution").post(inbox_pills::create_resolution))
        .service(resource("/conversations/{conversation}/reopening").post(inbox_pills::create_reopening))
        .service(resource("/conversations/{conversation}/snooze").post(inbox_pills::create_snooze))
        .service(
            resource("/conversations/{conversation}/owner").get(inbox_pills::owner).post(inbox_pills::update_owner),
        )
        .service(resource("/conversations/{conversation}/team").get(inbox_pills::team).post(inbox_pills::update_team))
        .service(resource("/conversations/{conversation}/status").get(inbox_pills::status))
        .service(
            resource("/conversations/{conversation}/priority")
                .get(inbox_pills::urgency)
                .post(inbox_pills::update_urgency),
        )
        .service(
            resource("/conversations/{conversation}/labels").get(inbox_pills::labels).post(inbox_pills::update_labels),
        )
        .service(resource("/activities/{activity}/undoing").post(inbox_pills::undo))
        .service(resource("/messages/{message}").get(about::show))
        .service(resource("/messages/{message}/retry").post(inbox::create_retry))
        .service(resource("/messages/{message}/media").get(media::show).post(media::create));
}

/// What one is told of.
fn told(cfg: &mut ServiceConfig) {
    // Before what is named by an id.
    cfg.service(resource("/notifications").get(notifications::index))
        .service(resource("/notifications/bell").get(notifications::bell))
        .service(resource("/notifications/reading").post(notifications::read_all))
        .service(resource("/notifications/{notification}").get(notifications::show))
        .service(resource("/notifications/{notification}/reading").post(notifications::read));
}

/// Calls.
fn phone(cfg: &mut ServiceConfig) {
    // Before what is named by an id.
    cfg.service(resource("/calls").get(calls::index).post(calls::create))
        .service(resource("/calls/new").get(calls::new))
        .service(resource("/calls/export.csv").get(calls::export))
        .service(resource("/calls/{call}").get(calls::show).post(calls::update))
        .service(resource("/calls/{call}/edit").get(calls::edit))
        .service(resource("/calls/{call}/deletion").post(calls::delete))
        .service(resource("/calls/{call}/callback").post(callbacks::create))
        .service(resource("/calls/{call}/callback/release").post(callbacks::delete))
        .service(resource("/calls/{call}/callback/completion").post(callbacks::complete))
        .service(resource("/settings/numbers/{number}/calls").get(call_rules::show).post(call_rules::update));
}

/// Customers, and the long work that is done on them.
fn customers(cfg: &mut ServiceConfig) {
    // Before what is named by an id.
    cfg.configure(importing)
        .configure(many)
        .service(resource("/customers").get(customer_list::index).post(record::create))
        .service(resource("/customers/new").get(record::new))
        .service(resource("/customers/{customer}").get(record::show).post(record::update))
        .service(resource("/customers/{customer}/edit").get(record::edit))
        .service(resource("/customers/{customer}/state").post(record::update_state))
        .service(resource("/customers/{customer}/addresses").post(record::create_address))
        .service(resource("/customers/{customer}/addresses/{identity}/removal").post(record::delete_address))
        .service(resource("/tasks").get(tasks::index))
        .service(resource("/tasks/{task}").get(tasks::show))
        .service(resource("/tasks/{task}/cancellation").post(tasks::cancel))
        .service(resource("/tasks/{task}/file").get(tasks::file));
}

/// Customers from files.
fn importing(cfg: &mut ServiceConfig) {
    cfg.service(resource("/customers/imports").get(imports::index).post(imports::create))
        .service(resource("/customers/imports/new").get(imports::new))
        .service(resource("/customers/imports/{import}").get(imports::show))
        .service(resource("/customers/imports/{import}/columns").get(columns::edit).post(columns::update))
        .service(resource("/customers/imports/{import}/reading").post(columns::read_again))
        .service(resource("/customers/imports/{import}/check").post(imports::check))
        .service(resource("/customers/imports/{import}/rows").get(faulty_rows::index))
        .service(resource("/customers/imports/{import}/rows/{row}").post(faulty_rows::update))
        .service(resource("/customers/imports/{import}/rows/{row}/skipping").post(faulty_rows::skip))
        .service(resource("/customers/imports/{import}/run").post(imports::run))
        .service(resource("/customers/imports/{import}/cancellation").post(imports::cancel))
        .service(resource("/customers/imports/{import}/undoing").post(imports::undo))
        .service(resource("/customers/imports/{import}/deletion").post(imports::delete))
        .service(resource("/customers/imports/{import}/refused.csv").get(imports::report));
}

/// Customers by the many.
fn many(cfg: &mut ServiceConfig) {
    cfg.service(resource("/customers/columns").post(customer_list::update_columns))
        .service(resource("/customers/filters").post(filters::create))
        .service(resource("/customers/filters/{filter}/deletion").post(filters::delete))
        .service(resource("/customers/exports").post(exports::create))
        .service(resource("/customers/changes").post(bulk::create))
        .service(resource("/customers/changes/{change}").get(bulk::show))
        .service(resource("/customers/changes/{change}/undoing").post(bulk::undo));
}

/// Customers who may be one person. Before `/customers/{customer}`, which would take the first of these for an id.
fn duplicate_customers(cfg: &mut ServiceConfig) {
    cfg.service(resource("/customers/duplicates").get(duplicates::index))
        .service(resource("/customers/duplicates/scans").post(duplicates::create_scan))
        .service(resource("/customers/merges/{merge}/separation").post(duplicates::split))
        .service(resource("/customers/{customer}/duplicates").get(duplicates::of_customer))
        .service(resource("/customers/{customer}/duplicates/{other}/dismissal").post(duplicates::dismiss))
        .service(resource("/customers/{customer}/duplicates/{other}/restoration").post(duplicates::restore))
        .service(resource("/customers/{customer}/merge/{other}").get(duplicates::new).post(duplicates::create))
        .service(resource("/customers/{customer}/merges").get(duplicates::merges));
}

/// Settings.
fn settings(cfg: &mut ServiceConfig) {
    cfg.service(resource("/settings/organisation").get(organisation::show).post(organisation::update))
        .service(resource("/settings/support").get(support::index).post(support::create))
        .service(resource("/settings/support/{grant}/ending").post(support::delete))
        .service(resource("/support/leaving").post(support::leave))
        .service(resource("/settings/numbers").get(numbers::index).post(numbers::create))
        .service(resource("/settings/numbers/new").get(numbers::new))
        .service(resource("/settings/numbers/health").get(numbers::health))
        .service(resource("/settings/numbers/{number}/start").post(numbers::start))
        .service(resource("/settings/numbers/{number}/stop").post(numbers::stop))
        .service(resource("/settings/numbers/{number}/restart").post(numbers::restart))
        .service(resource("/settings/numbers/{number}/logout").post(numbers::logout))
        .service(resource("/settings/numbers/{number}/deletion").post(numbers::delete))
        .service(resource("/settings/numbers/{number}/pairing").get(numbers::pairing))
        .service(resource("/settings/numbers/{number}/pairing/code").post(numbers::code))
        .service(resource("/settings/numbers/{number}/qr.svg").get(numbers::qr))
        .service(resource("/settings/security").get(rules::show).post(rules::update))
        .service(resource("/settings/sessions").get(rules::sessions))
        .service(resource("/settings/sessions/{session}/end").post(rules::end))
        .service(resource("/settings/users/{user}/second-factor/reset").post(rules::reset_factor))
        .service(resource("/settings/users").get(users::index).post(users::create))
        .service(resource("/settings/users/new").get(users::new))
        .service(resource("/settings/users/export.csv").get(users::export))
        .service(resource("/settings/users/{user}").get(users::show).post(users::update))
        .service(resource("/settings/users/{user}/invitation").post(users::invite))
        .service(resource("/settings/users/{user}/activation").post(users::activate))
        .service(resource("/settings/users/{user}/deactivation").post(users::deactivate))
        .service(resource("/settings/users/{user}/deletion").post(users::delete))
        .service(resource("/settings/users/{user}/restoration").post(users::restore))
        .service(resource("/settings/teams").get(teams::index).post(teams::create))
        .service(resource("/settings/teams/new").get(teams::new))
        .service(resource("/settings/teams/{team}").get(teams::show).post(teams::update))
        .service(resource("/settings/teams/{team}/deletion").post(teams::delete))
        .service(resource("/settings/teams/{team}/restoration").post(teams::restore))
        .service(resource("/settings/labels").get(labels::index).post(labels::create))
        .service(resource("/settings/labels/new").get(labels::new))
        .service(resource("/settings/labels/{label}").get(labels::show).post(labels::update))
        .service(resource("/settings/labels/{label}/deletion").post(labels::delete))
        .service(resource("/settings/labels/{label}/restoration").post(labels::restore))
        .service(resource("/settings/customer-fields").get(customer_fields::index).post(customer_fields::create))
        .service(resource("/settings/customer-fields/new").get(customer_fields::new))
        .service(resource("/settings/customer-fields/{field}").get(customer_fields::show).post(customer_fields::update))
        .service(resource("/settings/customer-fields/{field}/raise").post(customer_fields::raise))
        .service(resource("/settings/customer-fields/{field}/lower").post(customer_fields::lower))
        .service(resource("/settings/customer-fields/{field}/deletion").post(customer_fields::delete))
        .service(resource("/settings/customer-fields/{field}/restoration").post(customer_fields::restore))
        .service(resource("/settings/roles").get(roles::index))
        .service(resource("/settings/api-tokens").get(api_tokens::everybody))
        .service(resource("/settings/api-tokens/{api_token}/revocation").post(api_tokens::revoke_any))
        .service(resource("/audit").get(audit::index))
        .service(resource("/audit/export").get(audit::export))
        .service(resource("/audit/retention").post(audit::update_retention));
}

/// The GDPR desk, and its pages about one customer.
fn privacy(cfg: &mut ServiceConfig) {
    cfg.service(resource("/gdpr").get(gdpr_cases::index))
        .service(resource("/gdpr/requests").post(gdpr_cases::create))
        .service(resource("/gdpr/requests/new").get(gdpr_cases::new))
        .service(resource("/gdpr/requests/{case}").get(gdpr_cases::show))
        .service(resource("/gdpr/requests/{case}/notes").post(gdpr_cases::note))
        .service(resource("/gdpr/requests/{case}/assignee").post(gdpr_cases::assign))
        .service(resource("/gdpr/requests/{case}/customer").post(gdpr_cases::identify))
        .service(resource("/gdpr/requests/{case}/start").post(gdpr_cases::start))
        .service(resource("/gdpr/requests/{case}/extension").post(gdpr_cases::extend))
        .service(resource("/gdpr/requests/{case}/completion").post(gdpr_cases::complete))
        .service(resource("/gdpr/requests/{case}/refusal").post(gdpr_cases::refuse))
        .service(resource("/gdpr/requests/{case}/reopening").post(gdpr_cases::reopen))
        .service(resource("/gdpr/requests/{case}/package").get(gdpr_cases::download).post(gdpr_cases::package))
        .service(resource("/gdpr/consents").get(gdpr_consents::index))
        .service(resource("/gdpr/erasures").get(gdpr_erasures::index))
        .service(resource("/gdpr/erasures/{erasure}").get(gdpr_erasures::show))
        .service(resource("/gdpr/erasures/{erasure}/certificate.json").get(gdpr_erasures::certificate))
        .service(resource("/gdpr/retention").get(gdpr_retention::index).post(gdpr_retention::create))
        .service(resource("/gdpr/retention/new").get(gdpr_retention::new))
        .service(resource("/gdpr/retention/runs").post(gdpr_retention::run))
        .service(resource("/gdpr/retention/{rule}").get(gdpr_retention::show).post(gdpr_retention::update))
        .service(resource("/gdpr/retention/{rule}/activation").post(gdpr_retention::activate))
        .service(resource("/gdpr/retention/{rule}/deactivation").post(gdpr_retention::deactivate))
        .service(resource("/gdpr/retention/{rule}/promotion").post(gdpr_retention::promote))
        .service(resource("/gdpr/retention/{rule}/deletion").post(gdpr_retention::delete))
        .service(resource("/gdpr/holds").get(gdpr_holds::index))
        .service(resource("/gdpr/holds/{hold}/release").get(gdpr_holds::ask).post(gdpr_holds::release))
        .service(resource("/gdpr/accesses").get(gdpr_accesses::index))
        .service(resource("/customers/{customer}/privacy").get(gdpr_customers::show))
        .service(resource("/customers/{customer}/restriction").post(gdpr_customers::restrict))
        .service(resource("/customers/{customer}/restriction/lifting").post(gdpr_customers::lift))
        .service(resource("/customers/{customer}/holds").post(gdpr_customers::hold))
        .service(resource("/customers/{customer}/consents").get(gdpr_consents::show).post(gdpr_consents::create))
        .service(resource("/customers/{customer}/erasure").get(gdpr_erasures::new).post(gdpr_erasures::create))
        .service(resource("/customers/{customer}/accesses").get(gdpr_accesses::show));
}

/// The installation.
fn installation(cfg: &mut ServiceConfig) {
    cfg.service(resource("/platform/health").get(platform::index))
        .service(resource("/platform/tenants").get(platform_tenants::index).post(platform_tenants::create))
        .service(resource("/platform/tenants/new").get(platform_tenants::new))
        .service(resource("/platform/tenants/{tenant}").get(platform_tenants::show).post(platform_tenants::update))
        .service(resource("/platform/tenants/{tenant}/edit").get(platform_tenants::edit))
        .service(resource("/platform/tenants/{tenant}/deactivation").post(platform_tenants::deactivate))
        .service(resource("/platform/tenants/{tenant}/activation").post(platform_tenants::activate))
        .service(resource("/platform/tenants/{tenant}/deletion").post(platform_tenants::delete))
        .service(resource("/platform/tenants/{tenant}/restoration").post(platform_tenants::restore))
        .service(resource("/platform/tenants/{tenant}/administrators/{user}/invitation").post(platform_tenants::invite))
        .service(resource("/platform/tenants/{tenant}/support").post(support::enter))
        .service(resource("/platform/tenants/{tenant}/support/ending").post(support::give_back))
        .service(resource("/platform/jobs/{job}/retry").post(platform::retry));
}

/// Programs.
fn programs(cfg: &mut ServiceConfig) {
    cfg.service(resource("/events").get(events::index))
        .service(resource("/webhooks/waha/{number}").post(webhooks::create))
        .service(resource("/assets/{name}").get(assets::serve))
        .service(resource("/healthz").get(operation::healthz))
        .service(resource("/readyz").get(operation::readyz));
}

/// For programs with a token.
fn api(cfg: &mut ServiceConfig, limits: &Limits) {
    let auth = |path: &str| resource(path.to_owned()).wrap(limits.tokens.guard());
    cfg.service(auth("/api/v1/auth/token").post(api_clients_api::create))
        .service(auth("/api/v1/auth/refresh").post(api_clients_api::refresh))
        .service(auth("/api/v1/auth/revoke").post(api_clients_api::revoke))
        .service(resource("/api/v1/me").get(account_api::show))
        .service(resource("/api/v1/tenants").get(tenants_api::index))
        .service(resource("/api/v1/tenants/{tenant}").get(tenants_api::show))
        .service(resource("/api/v1/users").get(users_api::index).post(users_api::create))
        .service(
            resource("/api/v1/users/{user}").get(users_api::show).patch(users_api::update).delete(users_api::delete),
        )
        .service(resource("/api/v1/teams").get(teams_api::index).post(teams_api::create))
        .service(
            resource("/api/v1/teams/{team}").get(teams_api::show).patch(teams_api::update).delete(teams_api::delete),
        )
        .configure(customer_api)
        .service(resource("/api/v1/calls").get(calls_api::index).post(calls_api::create))
        .service(
            resource("/api/v1/calls/{call}").get(calls_api::show).patch(calls_api::update).delete(calls_api::delete),
        )
        .service(resource("/api/v1/sessions").get(security_api::index))
        .service(resource("/api/v1/sessions/{session}").delete(security_api::delete))
        .service(resource("/api/v1/openapi.json").get(openapi::description));
}

/// Customers, for programs with a token.
fn customer_api(cfg: &mut ServiceConfig) {
    // Before what is named by an id.
    cfg.configure(import_api)
        .service(resource("/api/v1/customers/exports").post(customer_list_api::create))
        .service(resource("/api/v1/customers/exports/{export}").get(customer_list_api::show))
        .service(resource("/api/v1/customers/exports/{export}/file").get(customer_list_api::file))
        .service(resource("/api/v1/customers").get(customer_desk_api::index).post(customer_desk_api::create))
        .service(
            resource("/api/v1/customers/{customer}")
                .get(customer_desk_api::show)
                .patch(customer_desk_api::update)
                .delete(customer_desk_api::delete),
        )
        .service(resource("/api/v1/customers/{customer}/identities").get(addresses::index).post(addresses::create))
        .service(resource("/api/v1/customers/{customer}/identities/{identity}").delete(addresses::delete))
        .service(
            resource("/api/v1/customers/{customer}/consents")
                .get(gdpr_consents_api::index)
                .post(gdpr_consents_api::create),
        )
        .service(resource("/api/v1/customers/{customer}/consent-states").get(gdpr_consents_api::states))
        .service(resource("/api/v1/customers/{customer}/duplicates").get(duplicates_api::index))
        .service(resource("/api/v1/customers/{customer}/merges").get(merges::index).post(merges::create))
        .service(resource("/api/v1/customers/{customer}/merges/{merge}/separation").post(merges::separate));
}

/// Customers from files, for programs with a token.
fn import_api(cfg: &mut ServiceConfig) {
    cfg.service(resource("/api/v1/customers/imports").get(imports_api::index).post(imports_api::create))
        .service(
            resource("/api/v1/customers/imports/{import}")
                .get(imports_api::show)
                .patch(imports_api::update)
                .delete(imports_api::delete),
        )
        .service(resource("/api/v1/customers/imports/{import}/check").post(steps::check))
        .service(resource("/api/v1/customers/imports/{import}/run").post(steps::run))
        .service(resource("/api/v1/customers/imports/{import}/cancellation").post(steps::cancel))
        .service(resource("/api/v1/customers/imports/{import}/undoing").post(steps::undo))
        .service(resource("/api/v1/customers/imports/{import}/rows").get(rows::index))
        .service(resource("/api/v1/customers/imports/{import}/report").get(rows::report));
}
