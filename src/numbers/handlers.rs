//! Settings → Numbers.

use super::form::{NumberForm, PhoneForm};
use super::gateway::Gateways;
use super::jobs::{self, Order};
use super::model::{self, NumberId, Wish};
use super::screens::{Index, New, Pairing, Step};
use super::view;
use crate::kit::access::{Access, EditNumbers, RestartNumbers, ViewNumberHealth, ViewNumbers};
use crate::kit::error::{Error, Result};
use crate::kit::form::Form;
use crate::kit::html::Sections;
use crate::kit::vault::Vault;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Data, Path};
use chrono::Utc;
use qrcode::QrCode;
use qrcode::render::svg;

/// Their place among the pages of Settings.
const HERE: &str = "/settings/numbers";

pub async fn index(access: Access<ViewNumbers>) -> Result<HttpResponse> {
    let numbers = access.run(model::list).await?;
    let cards = numbers.iter().map(|number| view::card(&access, number, Utc::now())).collect();
    access.show(&Index { sections: access.settings(HERE), cards, may_add: access.may::<EditNumbers>() })
}

/// The dot in the rail.
pub async fn health(access: Access<ViewNumberHealth>) -> Result<HttpResponse> {
    let numbers = access.run(model::list).await?;
    access.show_fragment(&view::health(&numbers))
}

pub async fn new(access: Access<EditNumbers>, gateways: Data<Gateways>) -> Result<HttpResponse> {
    let taken = access.run(model::list).await?;
    let proposed = model::propose_session(&access.who().tenant_name, &taken);
    let form = NumberForm { external_session_id: proposed, engine: "GOWS".into(), ..NumberForm::default() };
    access.show(&show_form(access.settings(HERE), form, &gateways, StatusCode::OK))
}

pub async fn create(
    access: Access<EditNumbers>,
    form: Form<NumberForm>,
    gateways: Data<Gateways>,
    vault: Data<Vault>,
) -> Result<HttpResponse> {
    let typed = form.0.clone();
    let data = match form.0.validate(!view::has_default_gateway(&gateways)) {
        Ok(data) => data,
        Err(form) => {
            return access.show(&show_form(access.settings(HERE), form, &gateways, StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    let created = access.run(move |conn, tenant| {
        let id = model::create(conn, tenant, &vault, &data)?;
        jobs::reconcile(conn, tenant, id).map(|()| id)
    });
    match created.await {
        Ok(id) => access.go(&format!("/settings/numbers/{id}/pairing")),
        Err(Error::Taken(_)) => {
            let sections = access.settings(HERE);
            access.show(&show_form(sections, typed.session_taken(), &gateways, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(Error::Refused(why)) => {
            let form = show_form(access.settings(HERE), typed, &gateways, StatusCode::UNPROCESSABLE_ENTITY);
            access.show(&New { problem: Some(why), ..form })
        }
        Err(error) => Err(error),
    }
}

pub async fn start(access: Access<EditNumbers>, id: Path<NumberId>) -> Result<HttpResponse> {
    wish(&access, *id, Wish::Run).await
}

pub async fn stop(access: Access<EditNumbers>, id: Path<NumberId>) -> Result<HttpResponse> {
    wish(&access, *id, Wish::Stop).await
}

async fn wish(access: &Access<EditNumbers>, id: NumberId, wish: Wish) -> Result<HttpResponse> {
    let wished = access.run(move |conn, tenant| {
        model::wish(conn, tenant, id, wish)?;
        jobs::reconcile(conn, tenant, id)
    });
    wished.await?;
    access.go("/settings/numbers")
}

pub async fn restart(access: Access<RestartNumbers>, id: Path<NumberId>) -> Result<HttpResponse> {
    let id = *id;
    let asked = access.run(move |conn, tenant| {
        model::wish(conn, tenant, id, Wish::Run)?;
        model::note(conn, tenant, id, "restarted")?;
        jobs::carry(conn, tenant, id, Order::Restart)
    });
    asked.await?;
    access.go("/settings/numbers")
}

pub async fn logout(access: Access<EditNumbers>, id: Path<NumberId>) -> Result<HttpResponse> {
    let id = *id;
    let asked = access.run(move |conn, tenant| {
        model::find(conn, tenant, id)?;
        model::note(conn, tenant, id, "logged_out")?;
        jobs::carry(conn, tenant, id, Order::LogOut)
    });
    asked.await?;
    access.go("/settings/numbers")
}

pub async fn delete(access: Access<EditNumbers>, id: Path<NumberId>) -> Result<HttpResponse> {
    let id = *id;
    let deleted = access.run(move |conn, tenant| {
        model::delete(conn, tenant, id)?;
        jobs::carry(conn, tenant, id, Order::Delete)
    });
    deleted.await?;
    access.go("/settings/numbers")
}

pub async fn pairing(access: Access<EditNumbers>, id: Path<NumberId>) -> Result<HttpResponse> {
    let id = *id;
    let number = access.run(move |conn, tenant| model::find(conn, tenant, id)).await?;
    let step = view::step(&number);
    access.show(&show_pairing(access.settings(HERE), &number, step, PhoneForm::default(), StatusCode::OK))
}

/// The QR code as we draw it from WAHA's raw value.
pub async fn qr(access: Access<EditNumbers>, id: Path<NumberId>, gateways: Data<Gateways>) -> Result<HttpResponse> {
    let id = *id;
    let number = access.run(move |conn, tenant| model::find(conn, tenant, id)).await?;
    let value = gateways.of(&number)?.qr_raw(&number.external_session_id).await?;
    let code = QrCode::new(value.expose()).map_err(Error::unexpected)?;
    let picture = code.render::<svg::Color>().min_dimensions(276, 276).quiet_zone(true).build();
    Ok(HttpResponse::Ok().content_type("image/svg+xml").insert_header((CACHE_CONTROL, "no-store")).body(picture))
}

/// The alternative to the QR code: a code that is typed on the phone.
pub async fn code(
    access: Access<EditNumbers>,
    id: Path<NumberId>,
    form: Form<PhoneForm>,
    gateways: Data<Gateways>,
) -> Result<HttpResponse> {
    let id = *id;
    let number = access.run(move |conn, tenant| model::find(conn, tenant, id)).await?;
    let mut typed = form.0.clone();
    let phone = match form.0.validate() {
        Ok(phone) => phone,
        Err(form) => {
            let step = view::step(&number);
            return access.show(&show_pairing(
                access.settings(HERE),
                &number,
                step,
                form,
                StatusCode::UNPROCESSABLE_ENTITY,
            ));
        }
    };
    match gateways.of(&number)?.request_code(&number.external_session_id, &phone).await {
        Ok(code) => {
            access.run(move |conn, tenant| model::note(conn, tenant, id, "asked_for_code")).await?;
            let step = Step::Code { code: code.expose().clone() };
            access.show(&show_pairing(access.settings(HERE), &number, step, typed, StatusCode::OK))
        }
        Err(error) => {
            typed.errors.add("phone", error.to_string());
            access.show(&show_pairing(
                access.settings(HERE),
                &number,
                view::step(&number),
                typed,
                StatusCode::UNPROCESSABLE_ENTITY,
            ))
        }
    }
}

fn show_pairing(
    sections: Sections,
    number: &model::Number,
    step: Step,
    form: PhoneForm,
    status: StatusCode,
) -> Pairing {
    Pairing {
        sections,
        id: number.id.to_string(),
        name: number.name.clone(),
        step,
        phone_error: form.errors.of("phone").map(str::to_owned),
        phone: form.phone,
        status,
    }
}

fn show_form(sections: Sections, form: NumberForm, gateways: &Gateways, status: StatusCode) -> New {
    let error = |field: &str| form.errors.of(field).map(str::to_owned);
    New {
        sections,
        engines: view::engines(&form.engine),
        has_default_gateway: view::has_default_gateway(gateways),
        problem: None,
        name_error: error("name"),
        external_session_id_error: error("external_session_id"),
        engine_error: error("engine"),
        waha_url_error: error("waha_url"),
        waha_api_key_error: error("waha_api_key"),
        name: form.name,
        external_session_id: form.external_session_id,
        waha_url: form.waha_url,
        status,
    }
}
