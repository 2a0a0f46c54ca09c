//! What holds for every document, also for those nobody would write.

use packet::{
    model::{document::Document, span::Span},
    parser::{self, Grammar},
    renderer::packet_md::{Scope, packet_md},
};
use proptest::prelude::*;

use crate::settled::{answered, settled};

const FERRY: &str = include_str!("../cli/workspaces/ferry/docs/scanner_packet.md");
const KIOSK: &str =
    include_str!("../../examples/rehearsal/docs/enablement/kiosk_rehearsal_packet.md");
const PLAN: &str =
    include_str!("../../examples/rehearsal/docs/enablement/kiosk_rehearsal_coordination.md");

/// Pieces that mean something to the parser.
const PIECES: &[&str] = &[
    "---\n",
    "...\n",
    "expires: 2026-01-01\n",
    "doc_hash: TBD\n",
    "doc_hash: \"x\" # no\n",
    "\u{feff}",
    "\r\n",
    "\n",
    "\r",
    "\0",
    "# Title\n",
    "## Required Evidence\n",
    "**Clearance Gates:**\n",
    "- [ ] ",
    "* [X] ",
    "1. [x] ",
    "  - [ ] ",
    "> ",
    "~~",
    "**Name:** ",
    "`artifacts/a/<date>/b_<timestamp>.log`",
    "`../x`",
    "<PLACEHOLDER - ",
    "<timestamp>",
    ">",
    "Placeholder → ",
    "### Subject: ",
    "**Subject:** s\n",
    "```\n",
    "```bash\n",
    "~~~\n",
    "````",
    "<!--",
    "-->",
    "| Stakeholder | Sent |\n|---|---|\n",
    "| Ann | <PENDING> |\n",
    "|",
    "\\|",
    "## Primary Recipients\n",
    "**Lead (Ann):** asked\n",
    "**Email:** a@b.example, c@d.example\n",
    "**Slack:** #x\n",
    "**Status:** ⏳ **HOLD** - x\n",
    "├── a_v2026-01-01.md\n",
    "└── ",
    "artifacts/x/\n",
    "│   ",
    "é",
    "🚢",
    "\u{202e}",
    "\t",
    "    ",
    "[a](b)",
    "<div>",
    "&amp;",
    "\\",
];

fn document() -> impl Strategy<Value = String> {
    let pieces =
        prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|p| p.concat());
    let mutated = (
        prop::sample::select(&[FERRY, KIOSK, PLAN][..]),
        prop::collection::vec(
            (
                any::<prop::sample::Index>(),
                0usize..40,
                prop::sample::select(PIECES),
            ),
            0..6,
        ),
    )
        .prop_map(|(base, cuts)| {
            let mut text = base.to_owned();
            for (at, length, piece) in cuts {
                let near = |text: &str, mut at: usize| {
                    while !text.is_char_boundary(at) {
                        at -= 1;
                    }
                    at
                };
                let start = near(&text, at.index(text.len() + 1));
                let end = near(&text, (start + length).min(text.len())).max(start);
                text.replace_range(start..end, piece);
            }
            text
        });
    prop_oneof![4 => mutated, 4 => pieces, 1 => "\\PC{0,200}", 1 => any::<String>()]
}

/// Every span of a document, with what it is.
fn spans(document: &Document) -> Vec<(&'static str, Span)> {
    let mut all: Vec<(&'static str, Span)> = Vec::new();
    all.extend(document.front.span.map(|s| ("front matter", s)));
    all.extend(
        document
            .front
            .entries
            .iter()
            .map(|e| ("front entry", e.span)),
    );
    all.extend(document.headings.iter().map(|h| ("heading", h.span)));
    for gate in &document.gates {
        all.push(("gate", gate.span));
        all.extend(gate.marker.map(|s| ("gate marker", s)));
        all.extend(gate.paths.iter().map(|p| ("gate path", p.span)));
        all.extend(gate.targets.iter().map(|(_, s)| ("gate target", *s)));
    }
    all.extend(
        document
            .placeholders
            .iter()
            .map(|p| ("placeholder", p.span)),
    );
    for notification in &document.notifications {
        all.push(("subject", notification.subject_span));
        all.extend(notification.body.iter().map(|s| ("body", *s)));
    }
    for recipient in &document.recipients {
        all.extend([
            ("recipient", recipient.span),
            ("recipient marker", recipient.marker),
        ]);
    }
    for channel in &document.channels {
        all.extend([
            ("channel", channel.span),
            ("channel marker", channel.marker),
        ]);
    }
    if let Some(layout) = &document.layout {
        all.push(("layout root", layout.root_span));
        all.extend(layout.leaves.iter().map(|l| ("leaf", l.span)));
    }
    all.extend(document.mentions.iter().map(|m| ("mention", m.span)));
    for tracker in &document.trackers {
        all.push(("tracker", tracker.span));
        for row in &tracker.rows {
            all.push(("row", row.span));
            all.extend(row.cells.iter().map(|c| ("cell", *c)));
        }
    }
    all.extend(document.status_field.map(|f| ("status", f.value)));
    all.extend(document.claims.iter().map(|c| ("claim", c.span)));
    all.extend(document.tasks.iter().map(|t| ("task marker", t.marker)));
    all.extend(document.shell_fences.iter().map(|f| ("shell fence", *f)));
    all
}

fn parse(source: &str) -> Document {
    parser::parse("docs/x.md", source, &Grammar::default()).0
}

fn render(source: &str, scope: Scope) -> (Document, String) {
    let document = parse(source);
    let (resolution, roster, revision) = settled(&document);
    let text = packet_md(
        &document,
        &resolution,
        &roster,
        Some(&revision),
        &answered(&document),
        scope,
    );
    (document, text)
}

/// The bytes that rendering may touch, in order and without overlaps.
fn editable(document: &Document, scope: Scope) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    spans.extend(document.gates.iter().filter_map(|g| g.marker));
    spans.extend(document.recipients.iter().map(|r| r.marker));
    spans.extend(document.channels.iter().map(|c| c.marker));
    spans.extend(document.status_field.map(|f| f.value));
    spans.extend(document.tracker_rows().flat_map(|r| r.cells.clone()));
    spans.extend(document.front.entry("doc_hash").map(|e| e.span));
    if scope == Scope::Packet {
        spans.extend(
            document
                .gates
                .iter()
                .flat_map(|g| g.paths.iter().map(|p| p.span)),
        );
        spans.extend(document.placeholders.iter().map(|p| p.span));
        spans.extend(
            document
                .layout
                .iter()
                .flat_map(|l| l.leaves.iter().map(|f| f.span)),
        );
    }
    spans.retain(|s| !document.shell_fences.iter().any(|f| f.overlaps(*s)));
    spans.sort();
    spans.dedup();
    spans
}

/// Whether `rendered` is `source` with something in place of each editable span: the pieces
/// between them stand in it, in order, the first at its start and the last at its end.
fn only_edited(source: &str, rendered: &str, editable: &[Span]) -> Result<(), String> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for span in editable {
        if span.start > at {
            pieces.push(&source[at..span.start]);
        }
        at = at.max(span.end);
    }
    pieces.push(&source[at..]);
    let opens = editable.first().is_some_and(|s| s.start == 0);
    let mut rest = rendered;
    for (number, piece) in pieces.iter().enumerate() {
        let found = match number {
            0 if !opens => rest.starts_with(piece).then_some(0),
            _ => rest.find(piece),
        };
        let Some(found) = found else {
            return Err(format!("{piece:?} of the author is not in its place"));
        };
        rest = &rest[found + piece.len()..];
    }
    let last = pieces.last().copied().unwrap_or_default();
    if rendered.ends_with(last) {
        Ok(())
    } else {
        Err(format!("it does not end with {last:?}"))
    }
}

fn fences(document: &Document, text: &str) -> Vec<String> {
    document
        .shell_fences
        .iter()
        .map(|f| f.of(text).to_owned())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parsing_never_fails_and_every_span_fits(source in document()) {
        let (document, diagnostics) = parser::parse("docs/x.md", &source, &Grammar::default());
        prop_assert_eq!(&document.source, &source);
        let found = diagnostics.iter().map(|d| ("diagnostic", d.span));
        for (what, span) in spans(&document).into_iter().chain(found) {
            let fits = span.start <= span.end && source.get(span.start..span.end).is_some();
            prop_assert!(fits, "{} {:?} of {} bytes", what, span, source.len());
        }
        for task in &document.tasks {
            prop_assert!(matches!(task.marker.of(&source).as_bytes(), [b'[', _, b']']), "{:?}", task);
        }
        let mut names: Vec<_> = document.gates.iter().map(|g| &g.name).collect();
        names.sort();
        names.dedup();
        prop_assert_eq!(names.len(), document.gates.len(), "every gate has a name of its own");
    }

    #[test]
    fn rendering_touches_nothing_else(source in document()) {
        for scope in [Scope::Packet, Scope::Source] {
            let (document, rendered) = render(&source, scope);
            let held = only_edited(&source, &rendered, &editable(&document, scope));
            prop_assert!(held.is_ok(), "{}\n{}", held.unwrap_err(), rendered);
            for fence in fences(&document, &source) {
                prop_assert!(rendered.contains(&fence), "{fence:?}");
            }
        }
    }

    #[test]
    fn rendering_into_the_source_twice_changes_nothing_more(source in document()) {
        let (_, once) = render(&source, Scope::Source);
        let (_, twice) = render(&once, Scope::Source);
        let differ = once.lines().zip(twice.lines()).filter(|(a, b)| a != b);
        prop_assert_eq!(parts(&parse(&source)), parts(&parse(&once)), "{}", once);
        prop_assert!(once == twice, "{:#?}", differ.collect::<Vec<_>>());
    }
}

/// How much of each part a document has.
fn parts(document: &Document) -> [usize; 9] {
    [
        document.gates.len(),
        document.headings.len(),
        document.placeholders.len(),
        document.notifications.len(),
        document.recipients.len(),
        document.channels.len(),
        document.tracker_rows().count(),
        document.layout.iter().flat_map(|l| &l.leaves).count(),
        document.tasks.len(),
    ]
}

/// More with `PROPTEST_CASES=…`.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").map_or(256, |v| v.parse().expect("a number"))
}

#[test]
fn the_documents_of_this_repository_render_to_themselves() {
    for source in [FERRY, KIOSK] {
        let (document, rendered) = render(source, Scope::Packet);
        assert_ne!(source, rendered, "something is edited");
        only_edited(source, &rendered, &editable(&document, Scope::Packet)).unwrap();
        let other = rendered.replace("## ", "##  ");
        assert!(only_edited(source, &other, &editable(&document, Scope::Packet)).is_err());
    }
    let (document, rendered) = render(FERRY, Scope::Packet);
    let fence = fences(&document, FERRY).remove(0);
    assert!(
        fence.contains("sed -i") && rendered.contains(&fence),
        "{rendered}"
    );
}
