//! What `verify` and `archive` found.

use std::fmt::Write;

use super::style::{BAD, BOLD, DIM, GOOD, WAIT, count, paint, width, wrap};
use crate::{
    model::verification::{Finding, Misfit, Sort, Verification},
    workspace::archive::Archived,
};

/// For a person: every finding, or what fits.
pub fn text(found: &Verification) -> String {
    let mut out = String::new();
    let sort = match found.sort {
        Sort::Bundle => "bundle",
        Sort::Archive => "archive",
    };
    let (style, word) = match found.is_fine() {
        true => (GOOD, "VERIFIED"),
        false => (BAD, "DOES NOT FIT"),
    };
    let _ = writeln!(
        out,
        "{}  {sort} {}",
        paint(style.bold(), word),
        paint(BOLD, &found.path)
    );
    if let Some(document) = &found.document {
        let mut facts = vec![document.clone()];
        facts.extend(found.revision.map(|n| format!("revision {n}")));
        facts.extend(
            found
                .digest
                .iter()
                .map(|d| format!("digest {}", d.get(..12).unwrap_or(d))),
        );
        let _ = writeln!(out, "  {}", paint(DIM, facts.join(" · ")));
    }
    findings(&mut out, &found.findings);
    let entries = count(found.entries, "entry").replace("entrys", "entries");
    let _ = writeln!(
        out,
        "  {} and {} as recorded; {entries} in the ledger",
        count(found.files, "file"),
        count(found.messages, "message"),
    );
    if let Some(head) = &found.head {
        let _ = writeln!(out, "  head {head}");
    }
    for note in &found.notes {
        let _ = writeln!(out, "  {} {}", paint(WAIT, "note:"), wrap(note, 8, width()));
    }
    if found.is_fine() {
        let hint = "That the ledger's end was not cut off shows only by its head: compare it with one in a message you have, packet verify PATH --head HEAD.";
        let _ = writeln!(out, "  {}", wrap(hint, 2, width()));
    }
    out
}

fn findings(out: &mut String, findings: &[Finding]) {
    for finding in findings {
        let word = match finding.what {
            Misfit::Altered => "altered   ",
            Misfit::Missing => "missing   ",
            Misfit::Unexpected => "unexpected",
            Misfit::Ledger => "ledger    ",
        };
        let _ = writeln!(
            out,
            "  {}  {}",
            paint(BAD, word),
            paint(BOLD, &finding.path)
        );
        let _ = writeln!(out, "              {}", wrap(&finding.why, 14, width()));
    }
}

/// What `archive` wrote, or why not; `left` are files that stay out of it.
pub fn archived(path: &str, archived: &Archived, left: &[Finding]) -> String {
    let mut out = String::new();
    if archived.refused {
        let _ = writeln!(
            out,
            "{}  {path} is another file, and was left as it is",
            paint(BAD.bold(), "NOT WRITTEN")
        );
        let _ = writeln!(
            out,
            "Next: name another file, packet archive -o FILE, or move that one away"
        );
        return out;
    }
    let word = match archived.unchanged {
        true => paint(GOOD.bold(), "UNCHANGED"),
        false => paint(GOOD.bold(), "ARCHIVED"),
    };
    let what = match archived.unchanged {
        true => " is there already, with just these bytes",
        false => "",
    };
    let _ = writeln!(out, "{word}  {}{what}", paint(BOLD, path));
    let (kept, all) = archived.messages;
    let _ = writeln!(
        out,
        "  {}, {kept} of {} among them; {} bytes",
        count(archived.files, "file"),
        count(all, "message"),
        archived.size
    );
    let _ = writeln!(out, "  sha256 {}", archived.sha256);
    if kept < all {
        let note = format!(
            "{} no longer kept in .packet/: their hashes are in the archive, their bytes are not",
            count(all - kept, "message")
        );
        let _ = writeln!(
            out,
            "  {} {}",
            paint(WAIT, "note:"),
            wrap(&note, 8, width())
        );
    }
    for finding in left {
        let note = format!("{} stays out: it is not the bundle's own", finding.path);
        let _ = writeln!(
            out,
            "  {} {}",
            paint(WAIT, "note:"),
            wrap(&note, 8, width())
        );
    }
    let _ = writeln!(out, "Next: packet verify {path}");
    out
}
