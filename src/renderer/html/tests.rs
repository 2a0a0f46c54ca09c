use proptest::prelude::*;

use super::*;
use crate::renderer::markdown::tests::{assert_harmless, nasty};

fn templates() -> Templates {
    Templates::new(&std::collections::BTreeMap::new()).unwrap()
}

fn page(markdown: &str) -> PacketPage {
    PacketPage {
        title: "Night shift drill".into(),
        document: "docs/night_shift_drill.md".into(),
        state: "hold".into(),
        revision: None,
        digest: None,
        as_of: Some("2025-03-04T09:30:00Z".parse().unwrap()),
        blockers: vec!["Crane probe: line 3 says <HTTP 410>".into()],
        gates: vec![
            PageGate {
                name: "Crane probe".into(),
                verdict: Verdict::Hold,
                reason: "line 3 says <HTTP 410>".into(),
                artifacts: vec!["artifacts/crane/probe.log".into()],
            },
            PageGate {
                name: "Rota".into(),
                verdict: Verdict::Waived,
                reason: "waived by Noor Haddad".into(),
                artifacts: vec![],
            },
        ],
        front: vec![("owner".into(), "pier <team>".into())],
        markdown: markdown.into(),
    }
}

fn html(page: &PacketPage) -> String {
    packet_html(page, &templates()).unwrap()
}

#[test]
fn the_summary_comes_first() {
    let text = html(&page(
        "---\nowner: pier\n---\n# Night shift drill\n\n- [x] Rota\n",
    ));
    let order = [
        "<title>Night shift drill</title>",
        "<h1>Night shift drill</h1>",
        "<span class=\"badge hold\">On hold</span>",
        "as of 2025-03-04 09:30:00 UTC",
        "This is a draft.",
        "Crane probe: line 3 says &lt;HTTP 410&gt;",
        "1 of 2 settled",
        "<code>artifacts/crane/probe.log</code>",
        "<span class=\"badge waived\">Waived</span>",
        "<dt>owner</dt><dd>pier &lt;team&gt;</dd>",
        "<article",
        "type=\"checkbox\" checked=\"\"",
    ];
    let mut from = 0;
    for part in order {
        let at = text[from..]
            .find(part)
            .unwrap_or_else(|| panic!("{part} in {text}"));
        from += at;
    }
    assert_eq!(text.matches("<h1").count(), 1);
    assert!(!text.contains("owner: pier"));
}

#[test]
fn a_clear_packet_is_no_draft() {
    let mut page = page("# Other heading\n");
    page.state = "sent".into();
    page.revision = Some(2);
    page.digest = Some("0123456789abcdef".into());
    let text = html(&page);
    assert!(!text.contains("draft"));
    assert!(
        text.contains("<span class=\"badge sent\">Sent</span> <span class=\"fact\">Revision 2")
    );
    assert!(text.contains("<dt>digest</dt><dd><code>0123456789abcdef</code></dd>"));
    assert_eq!(text.matches("<h1").count(), 2, "a heading of its own stays");
}

#[test]
fn nothing_is_loaded() {
    let text = html(&page("![a](https://example.com/a.png)"));
    assert!(text.contains("Content-Security-Policy\" content=\"default-src 'none';"));
    for word in ["<script", "<img", "<link", " src=", "url(", "@import"] {
        assert!(!text.contains(word), "{word}");
    }
}

proptest! {
    #[test]
    fn the_page_is_harmless(markdown in nasty(), words in nasty()) {
        let mut page = page(&markdown);
        page.title = words.clone();
        page.document = words.clone();
        page.blockers = vec![words.clone()];
        page.gates[0].name = words.clone();
        page.gates[0].artifacts = vec![words.clone()];
        page.front = vec![(words.clone(), words)];
        let text = html(&page);
        let style = text.find("<style>").unwrap()..text.find("</style>").unwrap();
        let rest = format!("{}{}", &text[..style.start], &text[style.end..]);
        assert_harmless(&rest.replace("<!DOCTYPE html>", ""), &[
            "a", "article", "blockquote", "body", "br", "code", "dd", "del", "details", "div", "dl",
            "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html",
            "input", "li", "main", "meta", "ol", "p", "pre", "section", "span", "strong", "style",
            "summary", "table", "tbody", "td", "th", "thead", "title", "tr", "ul",
        ]);
    }
}
