//! One's own account as its page shows it.

use super::form::{self, ProfileForm};
use super::screens::{KindRow, Show, ThemeChoice, TickBox};
use crate::kit::access::{Access, OwnAccount};
use crate::kit::html::{Avatar, Choice, status_of_form};
use crate::kit::locales;
use crate::users::preferences::{Channel, Kind, Theme};
use crate::users::profile::House;

pub fn show(access: &Access<OwnAccount>, form: ProfileForm, house: &House, is_saved: bool) -> Show {
    let who = access.who();
    let error = |field: &str| form.errors.of(field).map(str::to_owned);
    Show {
        sections: access.account_sections("/account"),
        name: who.name(),
        avatar: Avatar::of(&who.name()),
        email: who.email.clone(),
        place: format!("{} at {}", who.role.label(), who.tenant_name),
        zones: locales::time_zones(),
        zone_hint: format!("Times are shown in it. Empty: {}.", house.time_zone),
        locales: choices(&form.locale, &house.locale),
        themes: Theme::ALL.map(|theme| theme_choice(theme, &form.theme)).into(),
        channels: Channel::ALL.map(channel_label).into(),
        kinds: Kind::ALL.map(|kind| row(kind, &form)).into(),
        first_name_error: error("first_name"),
        last_name_error: error("last_name"),
        time_zone_error: error("time_zone"),
        locale_error: error("locale"),
        theme_error: error("theme"),
        is_saved,
        status: status_of_form(!form.errors.is_empty()),
        first_name: form.first_name,
        last_name: form.last_name,
        time_zone: form.time_zone,
    }
}

fn choices(chosen: &str, of_house: &str) -> Vec<Choice> {
    let choice = |value: &str, label: String| Choice { value: value.into(), label, is_chosen: value == chosen };
    let inherited = choice("", format!("As the organisation: {}", locales::locale_name(of_house)));
    let known = locales::LOCALES.iter().map(|(tag, name)| choice(tag, (*name).into()));
    [inherited].into_iter().chain(known).collect()
}

fn theme_choice(theme: Theme, chosen: &str) -> ThemeChoice {
    let (label, about) = match theme {
        Theme::Light => ("Light", "Dark text on white"),
        Theme::Dark => ("Dark", "Easy on the eyes at night"),
        Theme::System => ("System", "As your device has it"),
    };
    ThemeChoice { value: theme.word(), label, about, is_chosen: theme.word() == chosen }
}

fn channel_label(channel: Channel) -> &'static str {
    match channel {
        Channel::InApp => "In the desk",
        Channel::Email => "Email",
        Channel::Sms => "SMS",
        Channel::Push => "Push",
    }
}

fn row(kind: Kind, form: &ProfileForm) -> KindRow {
    let (label, about) = match kind {
        Kind::NewMessage => ("New messages", "A customer writes in one of your conversations"),
        Kind::Mention => ("Mentions", "Somebody names you in a note"),
        Kind::Assignment => ("Assignments", "A conversation is given to you or your team"),
        Kind::MissedCall => ("Missed calls", "Somebody called on WhatsApp and nobody answered"),
        Kind::TaskDone => ("Background work", "An import, an export or a change of many is done"),
        Kind::NumberTrouble => ("Trouble with a number", "A WhatsApp number stops working"),
    };
    let tick_box = |channel| {
        let field = form::field(kind, channel);
        TickBox {
            label: format!("{label}: {}", channel_label(channel)),
            channel: channel_label(channel),
            is_ticked: form.boxes.contains_key(&field),
            field,
        }
    };
    KindRow { label, about, boxes: Channel::ALL.map(tick_box).into() }
}
