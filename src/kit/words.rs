//! Times, spans, counts and phone numbers as people read them.

use super::html::When;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

/// A moment in a list: the time today, the weekday this week, else the date.
pub fn when(at: DateTime<Utc>, zone: Tz, now: DateTime<Utc>) -> When {
    let (local, today) = (at.with_timezone(&zone), now.with_timezone(&zone).date_naive());
    let text = match (today - local.date_naive()).num_days() {
        ..=0 => local.format("%H:%M").to_string(),
        1 => "Yesterday".into(),
        2..=6 => local.format("%A").to_string(),
        _ if local.year() == today.year() => local.format("%-d %b").to_string(),
        _ => local.format("%-d %b %Y").to_string(),
    };
    exactly(text, at, zone)
}

/// A moment inside a day that is already named: the time.
pub fn time_of_day(at: DateTime<Utc>, zone: Tz) -> When {
    exactly(at.with_timezone(&zone).format("%H:%M").to_string(), at, zone)
}

fn exactly(text: String, at: DateTime<Utc>, zone: Tz) -> When {
    let local = at.with_timezone(&zone);
    let exact = local.format("%A, %-d %B %Y, %H:%M:%S %Z").to_string();
    When { text, exact, datetime: at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true) }
}

/// The head of a day in a thread: "Today", "Yesterday", "Monday, 16 November".
pub fn day(date: NaiveDate, today: NaiveDate) -> String {
    match (today - date).num_days() {
        0 => "Today".into(),
        1 => "Yesterday".into(),
        _ if date.year() == today.year() => date.format("%A, %-d %B").to_string(),
        _ => date.format("%A, %-d %B %Y").to_string(),
    }
}

/// How long something has been going on, in its two largest units at most: "now", "12 min", "1 h 5 min", "3 days".
pub fn span(length: TimeDelta) -> String {
    let minutes = length.num_minutes();
    match (minutes / 1440, minutes / 60, minutes % 60) {
        (0, 0, 0) => "now".into(),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (1, ..) => "1 day".into(),
        (days, ..) => format!("{days} days"),
    }
}

/// The same in its largest unit, where there is little room: "12 min", "1 h", "3 d".
pub fn short_span(length: TimeDelta) -> String {
    let minutes = length.num_minutes();
    match (minutes / 1440, minutes / 60) {
        (0, 0) if minutes == 0 => "now".into(),
        (0, 0) => format!("{minutes} min"),
        (0, hours) => format!("{hours} h"),
        (days, _) => format!("{days} d"),
    }
}

/// A capped count, as a badge shows it; None for nothing.
pub fn badge(count: i32) -> Option<String> {
    match count {
        ..=0 => None,
        1..=99 => Some(count.to_string()),
        _ => Some("99+".into()),
    }
}

/// Digits with country code as an international number: "+49 1512 3456789". What is no number stays as it is.
pub fn phone(digits: &str) -> String {
    let text = format!("+{digits}");
    match phonenumber::parse(None, &text) {
        Ok(number) => number.format().mode(phonenumber::Mode::International).to_string(),
        Err(_) => text,
    }
}

/// The same for those who may not see it: country and last two digits stay.
pub fn masked_phone(digits: &str) -> String {
    match digits.len() {
        0..=4 => "••••".into(),
        length => format!("+{} ••• {}", &digits[..2.min(length)], &digits[length - 2..]),
    }
}

/// An address for those who may not see it: its first letter and where it is at stay.
pub fn masked_email(email: &str) -> String {
    match email.rsplit_once('@') {
        Some((local, domain)) => format!("{}•••@{domain}", local.chars().next().unwrap_or('•')),
        None => "•••".into(),
    }
}

/// Bytes: "240 kB".
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{:.1} MB", bytes as f64 / 1_000_000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_moment_is_told_by_its_distance_in_the_readers_zone() {
        let now = at("2026-11-21T12:00:00Z");
        let zone = chrono_tz::Europe::Berlin;
        let told = |moment: &str| when(at(moment), zone, now).text;
        assert_eq!(told("2026-11-21T08:05:00Z"), "09:05");
        assert_eq!(told("2026-11-20T23:30:00Z"), "00:30", "already today in Berlin");
        assert_eq!(told("2026-11-20T12:00:00Z"), "Yesterday");
        assert_eq!(told("2026-11-17T12:00:00Z"), "Tuesday");
        assert_eq!(told("2026-03-01T12:00:00Z"), "1 Mar");
        assert_eq!(told("2025-03-01T12:00:00Z"), "1 Mar 2025");
        assert_eq!(when(now, zone, now).exact, "Saturday, 21 November 2026, 13:00:00 CET");
    }

    #[test]
    fn days_and_spans_have_names() {
        let date = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        assert_eq!(day(date(21), date(21)), "Today");
        assert_eq!(day(date(16), date(21)), "Monday, 16 November");
        assert_eq!(span(TimeDelta::seconds(20)), "now");
        assert_eq!(span(TimeDelta::minutes(65)), "1 h 5 min");
        assert_eq!(span(TimeDelta::hours(50)), "2 days");
        assert_eq!(short_span(TimeDelta::minutes(65)), "1 h");
        assert_eq!(short_span(TimeDelta::hours(50)), "2 d");
    }

    #[test]
    fn phones_are_international_and_can_be_masked() {
        assert_eq!(phone("4915123456789"), "+49 1512 3456789");
        assert_eq!(phone("12"), "+12");
        assert_eq!(masked_phone("4915123456789"), "+49 ••• 89");
        assert_eq!(masked_phone("123"), "••••");
        assert_eq!(masked_email("ada@acme.test"), "a•••@acme.test");
        assert_eq!(masked_email("nonsense"), "•••");
    }
}
