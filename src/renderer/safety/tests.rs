use proptest::prelude::*;

use super::*;

fn why(text: &str) -> Option<Why> {
    check_line("subject", text).err().map(|e| e.why)
}

#[test]
fn ordinary_lines_pass() {
    for line in [
        "",
        "Harbor drill pack is ready",
        "Übung für Zoë – “bereit”",
        "準備ができました",
        "مرحبا بالجميع",
        "Ready 👩\u{200d}🚀 and ❤\u{fe0f}\u{200d}🔥",
        "👩🏽\u{200d}💻",
        "🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
        "tab-free, {{ braces }} and <angles>",
    ] {
        assert_eq!(why(line), None, "{line}");
    }
}

#[test]
fn deceiving_lines_are_refused_by_kind() {
    for (line, expected) in [
        ("a\r\nBcc: x@example.com", Why::LineBreak),
        ("a\nb", Why::LineBreak),
        ("a\u{2028}b", Why::LineBreak),
        ("a\tb", Why::Control),
        ("a\u{0}b", Why::Control),
        ("a\u{1b}[31mb", Why::Control),
        ("invoice\u{202e}fdp.exe", Why::Bidi),
        ("a\u{2066}b\u{2069}", Why::Bidi),
        ("a\u{200f}b", Why::Bidi),
        ("a\u{61c}b", Why::Bidi),
        ("pay\u{200b}roll", Why::Invisible),
        ("pay\u{200c}roll", Why::Invisible),
        ("pay\u{200d}roll", Why::Invisible),
        ("👩\u{200d}a", Why::Invisible),
        ("a\u{200d}👩", Why::Invisible),
        ("a\u{2060}b", Why::Invisible),
        ("\u{feff}a", Why::Invisible),
        ("a\u{e0041}", Why::Invisible),
    ] {
        assert_eq!(why(line), Some(expected), "{line:?}");
    }
}

#[test]
fn the_error_shows_what_cannot_be_seen() {
    let error = check_line("subject", "pay\u{200b}roll").unwrap_err();
    assert_eq!(
        error.to_string(),
        "subject `pay\\u{200b}roll` has an invisible character; delete what is shown as \
         \\u{…} and type it again"
    );
    let error = check_address("from", "Team\r\nBcc: x@example.com <t@example.com>").unwrap_err();
    assert!(error.to_string().contains("Team\\u{d}\\u{a}Bcc"), "{error}");
    assert!(error.to_string().contains("one line"), "{error}");
}

#[test]
fn addresses_are_read() {
    for (text, name, address) in [
        ("a@example.com", None, "a@example.com"),
        (" <a@example.com> ", None, "a@example.com"),
        (
            "Ana Ruiz <a@example.com>",
            Some("Ana Ruiz"),
            "a@example.com",
        ),
        (
            "\"Ruiz, \\\"Ana\\\"\" <a@example.com>",
            Some("Ruiz, \"Ana\""),
            "a@example.com",
        ),
        ("a@bücher.example", None, "a@xn--bcher-kva.example"),
        ("a+tag@Example.COM", None, "a+tag@example.com"),
        ("a@[127.0.0.1]", None, "a@[127.0.0.1]"),
        ("dé@example.com", None, "dé@example.com"),
    ] {
        let mailbox = check_address("to", text).unwrap();
        assert_eq!(mailbox.name(), name, "{text}");
        assert_eq!(mailbox.address(), address, "{text}");
    }
    let utf8 = check_address("to", "dé@example.com").unwrap();
    assert!(utf8.needs_smtputf8());
}

#[test]
fn wrong_addresses_are_refused() {
    for (text, expected) in [
        ("", Why::NotAnAddress),
        ("nobody", Why::NotAnAddress),
        ("a@example.com, b@example.com", Why::NotAnAddress),
        ("a@b@example.com", Why::NotAnAddress),
        ("Ana a@example.com>", Why::NotAnAddress),
        ("a@", Why::Domain),
        ("a@exa mple.com", Why::NotAnAddress),
        ("a@example..com", Why::NotAnAddress),
        // A Cyrillic `а` inside a Latin label, plain and in its ASCII form.
        ("a@ex\u{430}mple.com", Why::MixedScript),
        ("a@xn--exmple-4nf.com", Why::MixedScript),
        ("=?utf-8?q?x?= <a@example.com>", Why::EncodedWord),
        ("a\u{202e}b <a@example.com>", Why::Bidi),
    ] {
        let refused = check_address("to", text).unwrap_err();
        assert_eq!(refused.why, expected, "{text:?}: {refused}");
    }
    let long = format!("{} <a@example.com>", "n".repeat(201));
    assert_eq!(check_address("to", &long).unwrap_err().why, Why::TooLong);
}

proptest! {
    #[test]
    fn what_passes_is_visible_as_it_is(text in any::<String>()) {
        prop_assert_eq!(check_line("x", &text).is_ok(), visible(&text) == text);
        prop_assert!(check_line("x", &visible(&text)).is_ok());
    }

    #[test]
    fn reading_addresses_never_panics(text in "\\PC{0,40}(<\\PC{0,20}@\\PC{0,20}>)?") {
        if let Ok(mailbox) = check_address("x", &text) {
            prop_assert!(check_address("x", &mailbox.address()).is_ok());
        }
    }
}
