//! Phone numbers of people outside, as digits with their country code.

use phonenumber::country;
use std::fmt;

/// A number that could exist: digits with country code and without a plus, as WhatsApp writes them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Phone(String);

/// Where a number without country code is dialled from: two letters of ISO 3166, such as DE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region(country::Id);

impl Region {
    /// None when there is no such country, or none that has telephones.
    pub fn of(code: &str) -> Option<Self> {
        code.trim().to_ascii_uppercase().parse().ok().map(Self)
    }

    /// Its two letters.
    pub fn code(self) -> String {
        self.0.as_ref().to_owned()
    }
}

impl Phone {
    /// Reads any notation: "+49 151 2345678", "0049…", and, with a region, "0151 2345678". A number without plus and
    /// without region is taken for an international one, as WhatsApp shows them.
    ///
    /// # Errors
    /// A sentence for whoever typed it.
    pub fn parse(typed: &str, region: Option<Region>) -> Result<Self, &'static str> {
        const NONE: &str = "This is no phone number. One looks like +49 151 23456789.";
        let text = typed.trim();
        if text.len() > 40 || text.chars().any(|char| !(char.is_ascii_digit() || " +-./()\u{A0}".contains(char))) {
            return Err(NONE);
        }
        let readings = [
            text.strip_prefix("00").map(|rest| (None, format!("+{rest}"))),
            region.filter(|_| !text.starts_with('+')).map(|region| (Some(region.0), text.to_owned())),
            Some((None, format!("+{}", text.trim_start_matches('+')))),
        ];
        let mut numbers = readings.into_iter().flatten().filter_map(|(from, text)| phonenumber::parse(from, text).ok());
        let number = numbers.find(phonenumber::is_valid).ok_or(match region {
            Some(_) => NONE,
            None => "This is no phone number with a country code. One looks like +49 151 23456789.",
        })?;
        let digits = number.format().mode(phonenumber::Mode::E164).to_string();
        Ok(Self(digits.trim_start_matches('+').to_owned()))
    }

    pub fn digits(&self) -> &str {
        &self.0
    }

    pub fn into_digits(self) -> String {
        self.0
    }
}

/// As people read it: "+49 1512 3456789".
impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::words::phone(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_number_is_the_same_however_it_is_written(
            rest in "15[0-9]{9}", dividers in proptest::collection::vec("[ ./()-]{0,2}", 14), how in 0..4,
        ) {
            let digits = match how { 0 => format!("+49{rest}"), 1 => format!("0049{rest}"), _ => format!("0{rest}") };
            let typed: String = digits.chars().zip(dividers.iter().map(String::as_str).chain(std::iter::repeat("")))
                .map(|(digit, divider)| format!("{digit}{divider}")).collect();
            let (plain, divided) = (format!("49{rest}"), Phone::parse(&typed, Region::of("DE")));
            prop_assert_eq!(divided.ok().map(Phone::into_digits), Phone::parse(&plain, None).ok().map(Phone::into_digits));
        }

        #[test]
        fn whatever_is_taken_is_digits_that_are_taken_as_the_same(typed in "\\PC{0,20}|[+0-9 ()/.-]{0,24}") {
            for from in ["DE", "US", "BR", "IT", ""] {
                let Ok(phone) = Phone::parse(&typed, Region::of(from)) else { continue };
                prop_assert!(phone.digits().bytes().all(|digit| digit.is_ascii_digit()) && phone.digits().len() <= 15);
                prop_assert_eq!(Phone::parse(phone.digits(), None), Ok(phone.clone()));
                prop_assert_eq!(Phone::parse(&phone.to_string(), Region::of(from)), Ok(phone.clone()));
            }
        }
    }

    #[test]
    fn every_notation_of_a_number_is_the_same_number() {
        let germany = Region::of("de");
        for typed in ["+49 1512 3456789", "0049 1512 3456789", "01512/3456789", "(01512) 345-6789", "4915123456789"] {
            assert_eq!(Phone::parse(typed, germany).unwrap().digits(), "4915123456789", "{typed}");
        }
        assert_eq!(Phone::parse("4915123456789", None).unwrap().digits(), "4915123456789");
        assert_eq!(Phone::parse("+1 (202) 555-0143", germany).unwrap().digits(), "12025550143");
    }

    #[test]
    fn impossible_numbers_are_refused() {
        for typed in
            ["", "+", "12", "+49", "hello", "+49 1512 3456789 ext 5", "+999 123456789", "0".repeat(60).as_str()]
        {
            assert!(Phone::parse(typed, Region::of("DE")).is_err(), "{typed}");
        }
        assert!(Phone::parse("01512 3456789", None).is_err(), "nobody says in which country");
    }

    #[test]
    fn what_was_parsed_parses_to_itself() {
        let phone = Phone::parse("+44 20 7946 0958", None).unwrap();
        assert_eq!(Phone::parse(&phone.to_string(), Region::of("DE")).unwrap(), phone);
        assert_eq!(Phone::parse(phone.digits(), None).unwrap(), phone);
    }

    #[test]
    fn a_region_is_a_country() {
        assert_eq!(Region::of("de").unwrap().code(), "DE");
        assert!(Region::of("XX").is_none() && Region::of("").is_none());
    }
}
