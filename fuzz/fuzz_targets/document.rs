//! Any text as a document: parsing never fails, every span fits, rendering keeps shell fences.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packet::{
    model::{acknowledgement::Acknowledgements, resolution::Resolution, roster::Roster, span::Span},
    parser::{Grammar, parse},
    renderer::{
        html,
        packet_md::{Scope, packet_md},
    },
};

fuzz_target!(|text: &str| {
    let (document, noticed) = parse("docs/a.md", text, &Grammar::default());
    let fits = |span: Span| {
        assert!(text.get(span.start..span.end).is_some(), "{span:?} in {text:?}");
    };
    noticed.iter().for_each(|d| fits(d.span));
    document.gates.iter().for_each(|g| {
        fits(g.span);
        g.paths.iter().for_each(|p| fits(p.span));
        assert!(g.children.iter().all(|c| *c < document.gates.len()));
    });
    document.placeholders.iter().for_each(|p| fits(p.span));
    document.notifications.iter().flat_map(|n| &n.body).for_each(|s| fits(*s));
    document.recipients.iter().for_each(|r| fits(r.marker));
    document.channels.iter().for_each(|c| fits(c.marker));
    document.layout.iter().flat_map(|l| &l.leaves).for_each(|l| fits(l.span));
    document.tracker_rows().flat_map(|r| &r.cells).for_each(|c| fits(*c));
    // With nothing resolved, only status, ticks and the hash may change.
    let rendered = packet_md(&document, &Resolution::default(), &Roster::default(), None, &Acknowledgements::default(), Scope::Packet);
    for fence in &document.shell_fences {
        assert!(rendered.contains(fence.of(text)));
    }
    let page = html::message_html(text);
    assert!(!page.to_lowercase().contains("<script"));
});
