use proptest::prelude::*;

use super::*;

fn message(text: &str) -> String {
    render(text, Dialect::Message).html
}

fn page(text: &str) -> String {
    render(text, Dialect::Page).html
}

#[test]
fn raw_html_is_shown_not_obeyed() {
    assert_eq!(message("Sent: <PENDING>"), "<p>Sent: &lt;PENDING&gt;</p>\n");
    assert_eq!(message("<timestamp>"), "<p>&lt;timestamp&gt;</p>\n");
    assert_eq!(
        page("<div onclick=x>\na\n</div>"),
        "<p>&lt;div onclick=x&gt;\na\n&lt;/div&gt;</p>\n"
    );
    assert_eq!(
        message("<b>\na\n</b>\n\nc"),
        "<p>&lt;b&gt;<br />\na<br />\n&lt;/b&gt;</p>\n<p>c</p>\n"
    );
    assert!(page("| a |\n| --- |\n| <PENDING> |").contains("<td>&lt;PENDING&gt;</td>"));
}

#[test]
fn comments_are_left_out_of_pages_only() {
    assert_eq!(
        page("a <!-- b --> c\n\n<!-- d -->\n\ne"),
        "<p>a  c</p>\n<p>e</p>\n"
    );
    assert!(message("a <!-- b -->").contains("&lt;!-- b --&gt;"));
}

#[test]
fn messages_keep_their_lines() {
    assert_eq!(
        message("Team,\nit is ready."),
        "<p>Team,<br />\nit is ready.</p>\n"
    );
    assert_eq!(page("Team,\nit is ready."), "<p>Team,\nit is ready.</p>\n");
}

#[test]
fn only_web_and_mail_links_are_kept() {
    for kept in [
        "https://example.com/a",
        "HTTP://example.com",
        "mailto:a@example.com",
    ] {
        assert_eq!(
            message(&format!("[a]({kept})")),
            format!("<p><a href=\"{kept}\">a</a></p>\n")
        );
    }
    for dropped in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "docs/a.md",
        "#a",
        "file:///etc/passwd",
        "vbscript:x",
        "java&#10;script:x",
        "//example.com/a",
        "",
    ] {
        assert_eq!(
            message(&format!("[a]({dropped})")),
            "<p>a</p>\n",
            "{dropped}"
        );
    }
    assert_eq!(
        message("<javascript:alert(1)>"),
        "<p>javascript:alert(1)</p>\n"
    );
}

#[test]
fn images_become_words() {
    assert_eq!(
        page("![the pier](https://example.com/p.png)"),
        "<p><a href=\"https://example.com/p.png\">the pier</a></p>\n"
    );
    assert_eq!(page("![the pier](pier.png)"), "<p>the pier</p>\n");
    assert_eq!(
        page("[![the pier](https://example.com/p.png)](https://example.com)"),
        "<p><a href=\"https://example.com\">the pier</a></p>\n"
    );
}

#[test]
fn bare_addresses_become_links_once() {
    assert_eq!(
        message("https://example.com/a_b_c or ops@example.com"),
        "<p><a href=\"https://example.com/a_b_c\">https://example.com/a_b_c</a> or \
         <a href=\"mailto:ops@example.com\">ops@example.com</a></p>\n"
    );
    assert_eq!(
        message("[https://example.com](https://example.org)"),
        "<p><a href=\"https://example.org\">https://example.com</a></p>\n"
    );
    assert_eq!(
        message("`https://example.com`"),
        "<p><code>https://example.com</code></p>\n"
    );
}

#[test]
fn ticks_are_checkboxes_on_pages_and_signs_in_mail() {
    assert!(page("- [x] a").contains("<input disabled=\"\" type=\"checkbox\" checked=\"\"/>"));
    assert!(message("- [x] a\n- [ ] b").contains("<li>☑ a</li>\n<li>☐ b</li>"));
}

#[test]
fn headings_have_ids_of_their_own() {
    let rendered = render(
        "# Plan\n\n## Übung `a`\n\n## Übung a\n\n## !\n\n## Plan 2\n\n## Plan\n\n## Plan",
        Dialect::Page,
    );
    let ids: Vec<&str> = rendered.anchors.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "s-plan",
            "s-übung-a",
            "s-übung-a-2",
            "section",
            "s-plan-2",
            "s-plan-3",
            "s-plan-4"
        ]
    );
    assert!(rendered.html.contains("<h2 id=\"s-übung-a\">"));
}

#[test]
fn front_matter_is_left_out() {
    assert_eq!(page("---\ndoc: a\n---\nText"), "<p>Text</p>\n");
}

#[test]
fn what_is_too_deep_loses_its_markup_not_its_text() {
    for text in [
        "**deep**\n",
        "<deep>\n",
        "<div>deep\n",
        "# deep\n",
        "```\n{q}deep\n{q}```\n",
        "| deep | b |\n{q}| - | - |\n{q}| c | d |\n",
    ] {
        for depth in [60, 63, 64, 65, 500] {
            let quote = ">".repeat(depth);
            let html = message(&format!("{quote}{}", text.replace("{q}", &quote)));
            assert!(html.contains("deep"), "{depth}: {html}");
            assert!(html.matches("<blockquote>").count() <= DEEPEST, "{depth}");
            assert_harmless(&html, ELEMENTS);
        }
    }
}

/// Markdown that tries: fragments of attacks and of markup in any order.
pub(crate) fn nasty() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        Just("<script>alert(1)</script>".to_owned()),
        Just("<img src=http://example.com/x.png onerror=x>".to_owned()),
        Just("![a](http://example.com/x.png)".to_owned()),
        Just("![a](javascript:x \"t\")".to_owned()),
        Just("[a](javascript:alert(1))".to_owned()),
        Just("[a](  JAVASCRIPT:alert(1) )".to_owned()),
        Just("[a]: javascript:alert(1)\n".to_owned()),
        Just("[a][a]".to_owned()),
        Just("<javascript:x>".to_owned()),
        Just("[![a](b)](http://example.com/\"onmouseover=x)".to_owned()),
        Just("http://example.com/\"><script>".to_owned()),
        Just("```<script>\n".to_owned()),
        Just("```\"onload=x\n<iframe>\n```\n".to_owned()),
        Just("<!--".to_owned()),
        Just("-->".to_owned()),
        Just("\n\n".to_owned()),
        Just("\n- [x] ".to_owned()),
        Just("\n| a | b |\n| --- | --- |\n| ".to_owned()),
        Just("> ".to_owned()),
        Just("---\n".to_owned()),
        Just("# ".to_owned()),
        Just("&lt;script&gt;&#60;script>".to_owned()),
        any::<String>(),
        "[ -~]{0,8}",
    ];
    prop::collection::vec(fragment, 0..12).prop_map(|parts| parts.concat())
}

/// Every `<` of `html` opens or closes an element of Markdown, with harmless attributes.
pub(crate) fn assert_harmless(html: &str, elements: &[&str]) {
    for (at, _) in html.match_indices('<') {
        let rest = &html[at + 1..];
        let tag = &rest[..rest.find('>').unwrap_or(rest.len())];
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        assert!(elements.contains(&name.as_str()), "<{tag}> in {html}");
        let attributes = tag[tag.find(&name).unwrap_or(0) + name.len()..].to_ascii_lowercase();
        for word in [
            " src",
            " on",
            " srcset",
            "javascript:",
            "vbscript:",
            "data:",
            "url(",
        ] {
            let quoted = attributes.split('"').step_by(2).any(|a| a.contains(word));
            assert!(!quoted, "<{tag}> in {html}");
        }
        if let Some(href) = attributes.split("href=\"").nth(1) {
            let ok = ["http://", "https://", "mailto:", "#"];
            assert!(ok.iter().any(|s| href.starts_with(s)), "<{tag}> in {html}");
        }
    }
}

const ELEMENTS: &[&str] = &[
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "input",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

proptest! {
    #[test]
    fn nothing_dangerous_comes_out(text in nasty()) {
        for dialect in [Dialect::Page, Dialect::Message] {
            assert_harmless(&render(&text, dialect).html, ELEMENTS);
        }
    }
}
