//! Templates: nothing that the strict policy forbids, nothing unescaped, nothing computed.

use super::source::{none, texts};

/// The simulator's pages are no part of the desk, and are served under a policy of their own.
fn templates() -> Vec<(String, String)> {
    texts("templates", "html")
}

#[test]
fn no_template_has_scripts_styles_or_handlers_inside() {
    let mut wrong = Vec::new();
    for (path, text) in templates() {
        for (at, line) in text.lines().enumerate() {
            let inline_script =
                line.split("<script").skip(1).any(|rest| !rest.split('>').next().unwrap_or_default().contains("src="));
            let attributes =
                line.split(|char: char| char.is_whitespace() || char == '<').filter_map(|word| word.split_once('='));
            let forbidden = attributes.map(|(name, _)| name).find(|name| {
                let is_handler =
                    name.len() > 4 && name.starts_with("on") && name.bytes().all(|byte| byte.is_ascii_lowercase());
                is_handler
                    || *name == "style"
                    || name.starts_with("hx-on")
                    || *name == "hx-vals" && line.contains("js:")
            });
            if inline_script || line.contains("<style") || line.contains("javascript:") || forbidden.is_some() {
                wrong.push(format!("{path}:{}: {}", at + 1, line.trim()));
            }
        }
    }
    none(wrong);
}

#[test]
fn nothing_is_shown_unescaped() {
    let words = ["|safe", "| safe", "|escape(\"none\")", "{% autoescape", "{%- autoescape"];
    let unescaped = templates().into_iter().filter(|(_, text)| words.iter().any(|word| text.contains(word)));
    none(unescaped.map(|(path, _)| path).collect());
}

#[test]
fn every_form_that_posts_carries_the_token() {
    let mut wrong = Vec::new();
    for (path, text) in templates().into_iter().filter(|(path, _)| !path.contains("simulator")) {
        for form in text.split("<form").skip(1) {
            let (head, rest) = form.split_once('>').unwrap_or((form, ""));
            let body = rest.split("</form>").next().unwrap_or_default();
            if head.contains(r#"method="post""#) && !body.contains("csrf()") {
                wrong.push(format!("{path}: <form{head}>"));
            }
        }
    }
    none(wrong);
}

#[test]
fn links_to_elsewhere_do_not_hand_over_the_window() {
    let mut wrong = Vec::new();
    for (path, text) in templates() {
        let links = text.split("<a ").skip(1).filter_map(|rest| rest.split('>').next());
        let open = links.filter(|link| link.contains(r#"target="_blank""#) && !link.contains("noopener"));
        wrong.extend(open.map(|link| format!("{path}: <a {link}>")));
    }
    none(wrong);
}
