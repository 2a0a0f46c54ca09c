use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::*;

use super::*;
use crate::renderer::markdown::tests::{assert_harmless, nasty};

fn arbitrary() -> impl Strategy<Value = Letter> {
    let text = || prop_oneof![any::<String>(), "[ -~]{0,40}", "[ -~é✅]{0,90}"];
    let file = (text(), prop::collection::vec(any::<u8>(), 0..200));
    (
        (text(), text(), text(), nasty(), nasty()),
        (prop::option::of(text()), prop::option::of(nasty())),
        prop::collection::vec((text(), text()), 0..3),
        prop::collection::vec(file, 0..3),
        any::<bool>(),
    )
        .prop_map(
            |((subject, name, title, body, lead), (changes, bundle_url), blocks, files, auto)| {
                Letter {
                    subject,
                    to_name: Some(name),
                    body,
                    lead: Some(lead),
                    changes,
                    blocks: blocks
                        .into_iter()
                        .map(|(name, ask)| PersonalBlock { name, ask })
                        .collect(),
                    attachments: files
                        .into_iter()
                        .map(|(n, b)| Attachment::new(n, b))
                        .collect(),
                    auto_submitted: auto,
                    footer: Footer {
                        title,
                        bundle_url,
                        ..letter().footer
                    },
                    ..letter()
                }
            },
        )
}

proptest! {
    #[test]
    fn what_is_composed_is_read_back(letter in arbitrary()) {
        let templates = templates();
        let Ok(bytes) = compose(&letter, &templates) else {
            return Ok(());
        };
        prop_assert_eq!(&bytes, &compose(&letter, &templates).unwrap());
        let parsed = MessageParser::default().parse(&bytes).unwrap();
        prop_assert_eq!(parsed.subject().unwrap_or(""), &letter.subject);
        let name = letter.to_name.as_deref().map(str::trim).filter(|n| !n.is_empty());
        let to = parsed.to().unwrap().first().unwrap();
        prop_assert_eq!(to.name().map(str::trim), name);
        prop_assert_eq!(to.address(), Some("noor@example.com"));
        let (text, html) = bodies(&letter, &templates).unwrap();
        let lines = |t: &str| t.replace("\r\n", "\n").replace('\r', "\n").trim_end().to_owned();
        prop_assert_eq!(lines(&parsed.body_text(0).unwrap()), lines(&text));
        prop_assert_eq!(lines(&parsed.body_html(0).unwrap()), lines(&html));
        prop_assert_eq!(parsed.attachment_count(), letter.attachments.len());
        for (at, file) in letter.attachments.iter().enumerate() {
            let part = parsed.attachment(at as u32).unwrap();
            prop_assert_eq!(part.attachment_name().unwrap_or(""), &file.name);
        }
    }

    #[test]
    fn the_html_is_harmless(letter in arbitrary()) {
        let (_, html) = bodies(&letter, &templates()).unwrap();
        let body = &html[html.find("<body").unwrap()..];
        assert_harmless(body, &[
            "a", "blockquote", "body", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4",
            "h5", "h6", "hr", "html", "li", "ol", "p", "pre", "span", "strong", "table", "tbody",
            "td", "th", "thead", "tr", "ul",
        ]);
    }
    #[test]
    fn what_was_written_before_changes_nothing(
        letters in prop::collection::vec(similar(), 2..8),
        own_template in any::<bool>(),
    ) {
        let own = [("mail.html.tera".to_owned(), OWN_TEMPLATE.to_owned())].into();
        let templates = if own_template { Templates::new(&own).unwrap() } else { templates() };
        let mut press = Press::new(&templates);
        for letter in letters {
            let fresh = compose(&letter, &templates).map_err(|e| e.to_string());
            prop_assert_eq!(press.compose(&letter).map_err(|e| e.to_string()), fresh);
        }
    }
}

/// A workspace's template in which a name decides over styles.
const OWN_TEMPLATE: &str = "<!DOCTYPE html><html><head><style>.Noor { color: red } p[title^=\"N\"] { color: blue }</style></head><body>{% for block in blocks %}<p class=\"{{ block.name }}\" title=\"{{ block.name }}\">{{ block.name }}</p>{% endfor %}</body></html>";

/// Letters as one distribution has them: much the same, with names and asks of all sorts.
fn similar() -> impl Strategy<Value = Letter> {
    let word = || {
        let odd = [
            "style",
            "p",
            "amp",
            "Noor",
            "Revision",
            "nbsp",
            "a",
            "For",
            "td",
            " ",
            "\u{f5e10}",
        ];
        prop_oneof![
            4 => "[A-Z][a-z]{1,6}( [A-Z][a-z]{1,8})?",
            2 => prop::sample::select(odd.map(str::to_owned).to_vec()),
            1 => "[ -~é✅]{1,20}",
            1 => nasty(),
        ]
    };
    let body = prop::sample::select(vec!["Team, Noor too.", "All & sundry\n\n- one\n- two"]);
    (
        prop::collection::vec((word(), word()), 0..3),
        (body, prop::option::of("[0-9a-f]{4}")),
        prop::collection::vec(prop::sample::select(vec!["one", "two\u{e9}"]), 0..3),
    )
        .prop_map(|(blocks, (body, token), files)| Letter {
            body: body.to_owned(),
            blocks: blocks
                .into_iter()
                .map(|(name, ask)| PersonalBlock { name, ask })
                .collect(),
            attachments: files
                .into_iter()
                .map(|f| Attachment::new(format!("{f}.txt"), f.repeat(60).into_bytes()))
                .collect(),
            footer: Footer {
                token,
                ..letter().footer
            },
            ..letter()
        })
}
