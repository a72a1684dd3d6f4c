//! Turns an organisation into what its page shows.

use super::form::OrganisationForm;
use super::screens::{Fields, Organisation};
use crate::kit::access::{Access, EditOrganisation, Permission};
use crate::kit::html::{Choice, Fact, status_of_form};
use crate::kit::locales;
use crate::tenants::limits::Use;
use crate::tenants::profile::Identity;
use crate::tenants::view as tenants;

/// Its place among the pages of Settings.
pub const HERE: &str = "/settings/organisation";

pub struct Found {
    pub identity: Identity,
    pub form: OrganisationForm,
    pub uses: [Use; 4],
}

pub fn show<P: Permission>(access: &Access<P>, found: Found, was_saved: bool) -> Organisation {
    let Found { identity, form, uses } = found;
    let may_edit = access.may::<EditOrganisation>();
    let mut facts =
        vec![Fact { label: "Name", value: identity.name.clone() }, Fact { label: "Short name", value: identity.slug }];
    if !may_edit {
        facts.extend(decisions(&form));
    }
    Organisation {
        sections: access.settings(HERE),
        name: identity.name,
        facts,
        meters: tenants::meters(&uses),
        status: status_of_form(!form.errors.is_empty()),
        fields: may_edit.then(|| fields(form)),
        was_saved,
    }
}

/// What readers see instead of the form.
fn decisions(form: &OrganisationForm) -> Vec<Fact> {
    let or_none = |text: &str| if text.is_empty() { "–".into() } else { text.to_owned() };
    vec![
        Fact { label: "Description", value: or_none(&form.description) },
        Fact { label: "Time zone", value: form.time_zone.clone() },
        Fact { label: "Language", value: locales::locale_name(&form.locale).to_owned() },
        Fact {
            label: "Agents see",
            value: SEES.iter().find(|see| see.0 == form.agents_see).map_or("–", |see| see.1).into(),
        },
        Fact { label: "Numbers dialled from", value: or_none(&form.phone_region) },
    ]
}

const SEES: [(&str, &str); 2] = [
    ("own", "Their own conversations, their teams', and those that are nobody's"),
    ("all", "Everybody's conversations"),
];

fn fields(form: OrganisationForm) -> Fields {
    Fields {
        time_zones: tenants::time_zones(&form.time_zone),
        locales: tenants::locales(&form.locale),
        agents_see: SEES.iter().map(|(value, label)| Choice::of(value, *label, &form.agents_see)).collect(),
        description: form.description,
        phone_region: form.phone_region,
        errors: form.errors,
    }
}
