use super::*;
use crate::calls::rules::Rule;

fn typed() -> CallForm {
    CallForm {
        direction: "outbound".into(),
        customer: "+351 912 345 678".into(),
        user: UserId::new().to_string(),
        started: "2026-11-20T14:05".into(),
        outcome: "spoke".into(),
        length: "12".into(),
        note: " Wants a refund ".into(),
        ..CallForm::default()
    }
}

#[test]
fn a_call_is_read_in_the_writers_own_time() {
    let (_, data) = typed().validate(chrono_tz::Europe::Berlin, None).unwrap();
    assert_eq!(data.started.to_rfc3339(), "2026-11-20T13:05:00+00:00");
    assert_eq!((data.duration, data.note.as_deref()), (Some(720), Some("Wants a refund")));
    assert_eq!(CallForm::of(&data, chrono_tz::Europe::Berlin).started, "2026-11-20T14:05");
}

#[test]
fn every_field_is_checked() {
    let form = CallForm { note: "x".repeat(2001), ..CallForm::default() }.validate(chrono_tz::UTC, None).unwrap_err();
    for field in ["direction", "user", "customer", "started", "outcome", "note"] {
        assert!(form.errors.of(field).is_some(), "{field}");
    }
    let internal = CallForm { direction: "internal".into(), ..typed() };
    assert!(internal.validate(chrono_tz::UTC, None).unwrap_err().errors.of("colleague").is_some());
    for started in ["2999-01-01T00:00", "1999-01-01T00:00", "yesterday", ""] {
        let form = CallForm { started: started.into(), ..typed() };
        assert!(form.validate(chrono_tz::UTC, None).unwrap_err().errors.of("started").is_some(), "{started}");
    }
}

#[test]
fn lengths_are_minutes_or_a_clock() {
    let known =
        [("12", Some(720)), ("1:30", Some(90)), (" 1:02:03 ", Some(3723)), ("0", Some(0)), ("1440", Some(86_400))];
    for (text, seconds) in known {
        assert_eq!(length(text), seconds, "{text}");
    }
    for text in ["", "x", "-1", "1:60", "1:2:3:4", "1440:01", "24:00:00"] {
        assert_eq!(length(text), None, "{text}");
    }
    assert_eq!((clock(90), clock(3723), clock(5)), ("1:30".into(), "1:02:03".into(), "0:05".into()));
}

#[test]
fn the_seconds_of_a_known_moment_are_kept() {
    let known = "2026-11-20T14:05:37Z".parse().unwrap();
    assert_eq!(moment("2026-11-20T14:05", chrono_tz::UTC, Some(known)), Some(known));
    let other = moment("2026-11-20T14:06", chrono_tz::UTC, Some(known)).unwrap();
    assert_eq!(other.to_rfc3339(), "2026-11-20T14:06:00+00:00");
}

#[test]
fn a_filter_is_read_whole_or_every_field_is_told() {
    let (reader, zone) = (UserId::new(), chrono_tz::Europe::Berlin);
    let good = Look { view: "mine".into(), from: "2026-11-21".into(), to: "2026-11-21".into(), ..Look::default() };
    let (form, filter, _) = good.validate(zone, reader).unwrap();
    assert_eq!((filter.user, filter.from.unwrap().to_rfc3339()), (Some(reader), "2026-11-20T23:00:00+00:00".into()));
    assert_eq!(form.href("/calls", &[("after", "x")]), "/calls?view=mine&from=2026-11-21&to=2026-11-21&after=x");
    let bad = Look {
        view: "x".into(),
        q: "x".repeat(101),
        status: "x".into(),
        direction: "x".into(),
        user: "x".into(),
        number: "x".into(),
        customer: "x".into(),
        from: "x".into(),
        to: "x".into(),
        after: "x".into(),
        ..Look::default()
    };
    let form = bad.validate(zone, reader).unwrap_err();
    for field in ["view", "q", "status", "direction", "user", "number", "customer", "from", "to", "after"] {
        assert!(form.errors.of(field).is_some(), "{field}");
    }
}

#[test]
fn a_rule_declines_or_lets_ring() {
    let rule = |answer: &str, text: &str| {
        RuleForm { answer: answer.into(), text: text.into(), ..RuleForm::default() }.validate()
    };
    assert_eq!(rule("decline", " Write to us ").unwrap(), Rule { declines: true, text: Some("Write to us".into()) });
    assert_eq!(rule("ring", "").unwrap(), Rule::default());
    assert!(rule("", "").is_err() && rule("ring", &"x".repeat(1001)).is_err());
}
