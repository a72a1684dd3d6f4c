//! What people choose from when they say where they are and how they write numbers and dates.

use chrono_tz::{TZ_VARIANTS, Tz};

/// (BCP 47 tag, its name in itself)
pub const LOCALES: &[(&str, &str)] = &[
    ("en", "English"),
    ("en-US", "English (United States)"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("pt-BR", "Português (Brasil)"),
    ("tr", "Türkçe"),
];

/// The parts of the world that zones in use are named after; the rest of the IANA list are old names of the same ones.
const REGIONS: [&str; 10] =
    ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

pub fn is_locale(tag: &str) -> bool {
    LOCALES.iter().any(|(known, _)| *known == tag)
}

/// "Deutsch" for `de`; a tag that is not in the list stands for itself.
pub fn locale_name(tag: &str) -> &str {
    LOCALES.iter().find(|(known, _)| *known == tag).map_or(tag, |(_, name)| name)
}

/// Also the old names that the list leaves out.
pub fn is_time_zone(name: &str) -> bool {
    name.parse::<Tz>().is_ok()
}

/// The zones to choose from, in the order of their names, UTC first.
pub fn time_zones() -> Vec<&'static str> {
    let is_offered = |name: &&str| name.split_once('/').is_some_and(|(region, _)| REGIONS.contains(&region));
    let mut zones: Vec<&str> = TZ_VARIANTS.iter().map(|zone| zone.name()).filter(is_offered).collect();
    zones.sort_unstable();
    zones.insert(0, "UTC");
    zones
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offered_zone_is_one() {
        let zones = time_zones();
        assert!(zones.len() > 400 && zones.contains(&"Europe/Berlin") && !zones.contains(&"US/Eastern"));
        assert!(zones.iter().all(|zone| is_time_zone(zone)));
        assert!(!is_time_zone("Europe/Atlantis") && !is_time_zone("") && is_time_zone("US/Eastern"));
    }

    #[test]
    fn locales_have_names() {
        assert!(is_locale("pt-BR") && !is_locale("xx"));
        assert_eq!((locale_name("de"), locale_name("xx")), ("Deutsch", "xx"));
    }
}
