//! Every URL of the program: the map of the house.

use crate::dashboard::handlers as dashboard;
use crate::inbox::handlers as inbox;
use crate::kit::assets;
use crate::microsoft::handlers as microsoft;
use crate::numbers::handlers as numbers;
use crate::platform::handlers as platform;
use crate::sign_in::handlers as sign_in;
use crate::webhooks::handlers as webhooks;
use crate::{account, events, operation};
use actix_web::web::{ServiceConfig, resource};

pub fn all(cfg: &mut ServiceConfig) {
    cfg
        // Getting in and out
        .service(resource("/login").get(sign_in::new).post(sign_in::create))
        .service(resource("/logout").post(sign_in::delete))
        .service(resource("/welcome/{token}").get(sign_in::welcome).post(sign_in::accept))
        .service(resource("/login/microsoft").post(microsoft::create))
        .service(resource("/login/microsoft/callback").get(microsoft::callback))
        .service(resource("/login/microsoft/choice").get(microsoft::choice).post(microsoft::choose))
        .service(resource("/welcome/{token}/microsoft").post(microsoft::accept))
        .service(resource("/account/microsoft").get(microsoft::index).post(microsoft::link))
        .service(resource("/account/microsoft/unlinking").post(microsoft::unlink))
        .service(resource("/account/theme").post(account::update_theme))
        // The desk
        .service(resource("/").get(dashboard::index))
        .service(resource("/inbox").get(inbox::index))
        .service(resource("/inbox/{conversation}").get(inbox::show))
        .service(resource("/conversations/{conversation}/messages").post(inbox::create_message))
        .service(resource("/conversations/{conversation}/draft").put(inbox::update_draft))
        .service(resource("/conversations/{conversation}/reading").post(inbox::create_reading))
        .service(resource("/conversations/{conversation}/resolution").post(inbox::create_resolution))
        .service(resource("/conversations/{conversation}/reopening").post(inbox::create_reopening))
        .service(resource("/messages/{message}/retry").post(inbox::create_retry))
        .service(resource("/messages/{message}/media").get(inbox::media))
        // Settings
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
        // The installation
        .service(resource("/platform/health").get(platform::index))
        .service(resource("/platform/jobs/{job}/retry").post(platform::retry))
        // Programs
        .service(resource("/events").get(events::index))
        .service(resource("/webhooks/waha/{number}").post(webhooks::create))
        .service(resource("/assets/{name}").get(assets::serve))
        .service(resource("/healthz").get(operation::healthz))
        .service(resource("/readyz").get(operation::readyz));
}
