//! How limits, zones and languages look, to the platform and to the tenant alike.

use super::limits::{Limited, Use};
use crate::kit::html::{Choice, Meter, Tone};
use crate::kit::locales;
use crate::kit::words;

/// From this much on a limit asks for attention.
pub const WARNS_AT: i64 = 80;

pub fn meters(uses: &[Use]) -> Vec<Meter> {
    uses.iter().map(meter).collect()
}

fn meter(of: &Use) -> Meter {
    let (label, icon) = match of.what {
        Limited::Users => ("Users", "users"),
        Limited::Numbers => ("Numbers", "device-mobile"),
        Limited::MessagesToday => ("Messages today", "message-2-up"),
        Limited::Storage => ("Storage", "database"),
    };
    let amount = |count: i64| match of.what {
        Limited::Storage => words::size(count.unsigned_abs()),
        _ => words::number(count),
    };
    let text = match of.most {
        Some(most) => format!("{} of {}", amount(of.used), amount(most)),
        None => format!("{}, no limit", amount(of.used)),
    };
    Meter { label, icon, text, percent: of.percent().map(|percent| percent.clamp(0, 100)), tone: tone(of) }
}

fn tone(of: &Use) -> Tone {
    match of.percent() {
        Some(100..) => Tone::Bad,
        Some(WARNS_AT..) => Tone::Warn,
        Some(_) => Tone::Good,
        None => Tone::Quiet,
    }
}

/// What an administrator should know before it is felt: one sentence per limit that is nearly or wholly used.
pub fn warnings(uses: &[Use]) -> Vec<(Tone, String)> {
    let near = uses.iter().filter(|of| of.percent().is_some_and(|percent| percent >= WARNS_AT));
    let sentence = |of: &Use| {
        if of.is_full() {
            return (Tone::Bad, of.refusal());
        }
        let Meter { label, text, .. } = meter(of);
        (Tone::Warn, format!("{label}: {text} used. At the limit nothing more is let in."))
    };
    near.map(sentence).collect()
}

pub fn time_zones(chosen: &str) -> Vec<Choice> {
    choices(locales::time_zones().into_iter().map(|zone| (zone, zone)), chosen)
}

pub fn locales(chosen: &str) -> Vec<Choice> {
    choices(locales::LOCALES.iter().copied(), chosen)
}

/// What is chosen stays choosable, also where the list has another name for it by now.
fn choices<'a>(known: impl Iterator<Item = (&'a str, &'a str)>, chosen: &str) -> Vec<Choice> {
    let mut choices: Vec<Choice> = known.map(|(value, label)| Choice::of(value, label, chosen)).collect();
    if !choices.iter().any(|choice| choice.is_chosen) && !chosen.is_empty() {
        choices.insert(0, Choice::of(chosen, chosen, chosen));
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users(used: i64, most: Option<i64>) -> Use {
        Use { what: Limited::Users, used, most }
    }

    #[test]
    fn a_meter_warns_from_four_fifths_on() {
        let tones = [(3, Some(5)), (4, Some(5)), (5, Some(5)), (5, None)].map(|(used, most)| tone(&users(used, most)));
        assert_eq!(tones, [Tone::Good, Tone::Warn, Tone::Bad, Tone::Quiet]);
        let storage = Use { what: Limited::Storage, used: 4_000_000_000, most: Some(5_000_000_000) };
        assert_eq!(meter(&storage).text, "4.0 GB of 5.0 GB");
    }

    #[test]
    fn only_what_is_nearly_used_is_told() {
        assert!(warnings(&[users(3, Some(5)), users(9, None)]).is_empty());
        let told = warnings(&[users(4, Some(5)), users(5, Some(5))]);
        assert!(told[0].1.starts_with("Users: 4 of 5 used.") && told[1].1.contains("at most 5 users"), "{told:?}");
    }

    #[test]
    fn an_old_name_of_a_zone_stays_chosen() {
        let chosen = |zones: Vec<Choice>| zones.into_iter().find(|zone| zone.is_chosen).map(|zone| zone.value);
        assert_eq!(chosen(time_zones("US/Eastern")), Some("US/Eastern".into()));
        assert_eq!(chosen(time_zones("Europe/Berlin")), Some("Europe/Berlin".into()));
    }
}
