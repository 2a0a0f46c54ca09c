//! What `send --when-clear` waits for: the whole list once, then what changes in it.

use std::fmt::Write;

use jiff::Timestamp;

use super::style::{BOLD, DIM, GOOD, WAIT, paint, safe, width, wrap};

/// The first look.
pub fn begins(document: &str, until: Option<Timestamp>, reasons: &[String]) -> String {
    let until = until.map_or(String::new(), |at| format!(" until {at:.0}"));
    let mut out = format!(
        "{}  {} is sent as soon as nothing holds it{until}; Ctrl-C ends the wait\n",
        paint(WAIT.bold(), "WAITING"),
        safe(document)
    );
    for reason in reasons {
        let _ = writeln!(out, "  ✘ {}", wrap(reason, 4, width()));
    }
    out
}

/// What a later look found otherwise than the one `before`; empty where nothing changed.
pub fn changes(at: Timestamp, before: &[String], now: &[String]) -> String {
    let mut out = String::new();
    let gone = before.iter().filter(|r| !now.contains(r));
    let new = now.iter().filter(|r| !before.contains(r));
    for reason in gone {
        let text = wrap(&format!("no longer: {reason}"), 4, width());
        let _ = writeln!(out, "  {} {}", paint(GOOD, "✔"), paint(DIM, text));
    }
    for reason in new {
        let _ = writeln!(out, "  ✘ {}", wrap(reason, 4, width()));
    }
    if out.is_empty() {
        return out;
    }
    let left = match now.len() {
        0 => "nothing holds it; one more look, in case a file is still being written".to_owned(),
        n => format!("waits for {}", super::style::count(n, "thing")),
    };
    format!("{}\n{out}", paint(BOLD, format!("{at:.0}  {left}")))
}

/// The wait is over without a send.
pub fn over(document: &str, until: Timestamp, reasons: &[String]) -> String {
    let mut out = format!(
        "{}  {} was not sent: at {until:.0} it still waited\n",
        paint(WAIT.bold(), "TIME IS UP"),
        safe(document)
    );
    for reason in reasons {
        let _ = writeln!(out, "  ✘ {}", wrap(reason, 4, width()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_are_told() {
        let at: Timestamp = "2027-03-04T12:00:00Z".parse().unwrap();
        let list = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        let before = list(&["probe: no file", "owner: nobody attested"]);
        assert_eq!(changes(at, &before, &before), "");
        let text = changes(
            at,
            &before,
            &list(&["owner: nobody attested", "probe: HTTP 500"]),
        );
        assert!(text.contains("no longer: probe: no file"), "{text}");
        assert!(text.contains("✘ probe: HTTP 500"), "{text}");
        assert!(!text.contains("owner"), "{text}");
        assert!(changes(at, &before, &[]).contains("one more look"));
    }
}
