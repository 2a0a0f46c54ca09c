//! The accepted spellings of every part of a document, in one place.
//!
//! Other people's documents differ in wording, so each rule is a small table here, and
//! `recognise:` in `packet.yaml` adds to it.

use super::{inline::fold, nearly::nearly};
use crate::model::{
    change_log::EntryColumn,
    config::Recognise,
    document::{ChannelKind, Group},
};

/// Phrases of headings over gates.
const GATES: &[&str] = &[
    "required evidence",
    "evidence required",
    "clearance gate",
    "evidence gate",
    "delivery requirement",
    "distribution gate",
];
/// Words that make a heading with primary or secondary one over recipients.
const PEOPLE: &[&str] = &[
    "recipient",
    "notification",
    "stakeholder",
    "contact",
    "audience",
    "distribution",
];
/// What may stand beside them in a heading over recipients that lies within the gates.
const BESIDE: &[&str] = &[
    "primary",
    "secondary",
    "list",
    "and",
    "of",
    "the",
    "for",
    "to",
    "team",
    "people",
    "group",
];
/// Leads of channels.
const EMAIL: &[&str] = &["email", "e-mail", "mail", "mailing list"];
const SLACK: &[&str] = &["slack", "slack channel"];
const DOCUMENT: &[&str] = &["documentation", "feedback document", "feedback"];
const FOLDER: &[&str] = &["artifact storage", "storage", "bundle folder", "bundle"];
/// Header cells of an acknowledgement table.
const STAKEHOLDER: &[&str] = &["stakeholder", "recipient", "name", "person", "who"];
const ROLE: &[&str] = &["role", "function", "team"];
const SENT: &[&str] = &["sent"];
const REVIEWED: &[&str] = &["reviewed"];
const ACKNOWLEDGED: &[&str] = &[
    "acknowledged",
    "acknowledgement",
    "acknowledgment",
    "confirmed",
    "ack",
];
const BLOCKER: &[&str] = &["blocker", "question"];
/// Phrases of headings over a change log.
const CHANGE_LOG: &[&str] = &[
    "change log",
    "changelog",
    "change history",
    "revision history",
    "document history",
];
/// Header cells of a change log.
const WHEN: &[&str] = &["date", "when", "time", "timestamp"];
const AUTHOR: &[&str] = &["author", "by", "who", "editor"];
const WORDS: &[&str] = &["change", "description", "summary", "what", "note", "entry"];
/// Cells and values that mean "not yet".
const PENDING: &[&str] = &["", "pending", "<pending>", "—", "–", "-", "tbd", "n/a"];
/// Languages of fences that hold commands; nothing in them is ever replaced.
const SHELL: &[&str] = &[
    "bash",
    "sh",
    "shell",
    "zsh",
    "fish",
    "ksh",
    "console",
    "terminal",
    "shell-session",
    "shellsession",
    "sh-session",
    "powershell",
    "pwsh",
    "ps1",
    "bat",
    "batch",
    "cmd",
    "dosbatch",
];
/// Labels of a subject line.
const SUBJECT: &[&str] = &["subject", "email subject", "subject line"];

/// What a column of an acknowledgement table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Stakeholder,
    Role,
    Sent,
    Reviewed,
    Acknowledged,
    Blocker,
}

/// The built-in spellings and those a workspace adds.
#[derive(Clone, Debug, Default)]
pub struct Spellings {
    added: Recognise,
}

impl Spellings {
    /// The built-in tables plus `added`.
    pub fn new(added: Recognise) -> Self {
        Spellings { added }
    }

    /// What the workspace adds to the spellings of coordination.
    pub(super) fn added(&self) -> &Recognise {
        &self.added
    }

    /// Whether a heading speaks of gates.
    pub(super) fn heads_gates(&self, heading: &str) -> bool {
        speaks_of(heading, GATES, &self.added.gates)
    }

    /// The phrase that a heading nearly has, where it does not speak of gates.
    pub(super) fn nearly_heads_gates(&self, heading: &str) -> Option<&'static str> {
        let text = fold(heading).to_lowercase();
        let words: Vec<&str> = text.split(' ').collect();
        let near = |phrase: &&&str| {
            let length = phrase.split(' ').count();
            let mut runs = words.windows(length).map(|w| w.join(" "));
            runs.any(|run| nearly(&run, phrase, 2))
        };
        GATES
            .iter()
            .find(near)
            .copied()
            .filter(|_| !self.heads_gates(heading))
    }

    /// Whether a heading speaks of recipients, and of which.
    pub(super) fn heads_recipients(&self, heading: &str) -> Option<Group> {
        if speaks_of(heading, &[], &self.added.primary) {
            return Some(Group::Primary);
        }
        if speaks_of(heading, &[], &self.added.secondary) {
            return Some(Group::Secondary);
        }
        let text = heading.to_lowercase();
        let of_people = PEOPLE.iter().any(|w| text.contains(w));
        if !of_people || text.contains("channel") {
            return None;
        }
        if text.contains("secondary") {
            Some(Group::Secondary)
        } else if text.contains("primary") || text.contains("recipient") {
            Some(Group::Primary)
        } else {
            None
        }
    }

    /// Whether a heading over recipients says nothing but that, remarks in brackets aside.
    pub(super) fn heads_people_alone(&self, heading: &str) -> bool {
        let added = [&self.added.primary, &self.added.secondary];
        if added.iter().any(|a| speaks_of(heading, &[], a)) {
            return true;
        }
        let text = heading
            .split(['(', '['])
            .next()
            .unwrap_or(heading)
            .to_lowercase();
        let words = text.split(|c: char| !c.is_alphanumeric());
        let mut words = words.filter(|w| !w.is_empty());
        words.all(|word| {
            let one = word.strip_suffix('s').unwrap_or(word);
            [PEOPLE, BESIDE].iter().any(|list| list.contains(&one))
        })
    }

    /// Whether a lead names a channel.
    pub(super) fn channel(&self, lead: &str) -> Option<ChannelKind> {
        let tables = [
            (ChannelKind::Email, EMAIL, &self.added.email),
            (ChannelKind::Slack, SLACK, &self.added.slack),
            (ChannelKind::Document, DOCUMENT, &self.added.document),
            (ChannelKind::Folder, FOLDER, &self.added.folder),
        ];
        let found = tables
            .iter()
            .find(|(_, built_in, added)| is_one_of(lead, built_in, added));
        found.map(|(kind, _, _)| *kind)
    }

    /// What a header cell of an acknowledgement table says.
    pub(super) fn column(&self, cell: &str) -> Option<Column> {
        let tables = [
            (
                Column::Stakeholder,
                STAKEHOLDER,
                self.added.stakeholder.as_slice(),
            ),
            (Column::Sent, SENT, &self.added.sent),
            (Column::Reviewed, REVIEWED, &self.added.reviewed),
            (Column::Acknowledged, ACKNOWLEDGED, &self.added.acknowledged),
            (Column::Blocker, BLOCKER, &self.added.blocker),
            (Column::Role, ROLE, &[]),
        ];
        let found = tables
            .iter()
            .find(|(_, built_in, added)| has_word(cell, built_in, added));
        found.map(|(column, _, _)| *column)
    }

    /// Whether a heading stands over a change log.
    pub(super) fn heads_change_log(&self, heading: &str) -> bool {
        speaks_of(heading, CHANGE_LOG, &self.added.headings.changes)
    }

    /// Whether a header cell stands over evidence paths.
    pub(super) fn heads_evidence(&self, cell: &str) -> bool {
        if is_one_of(cell, &[], &self.added.evidence) {
            return true;
        }
        let text = cell.to_lowercase();
        let other = ["review", "status", "owner", "date", "due", "count"];
        (text.contains("evidence") || text.contains("artifact"))
            && !other.iter().any(|w| text.contains(w))
    }
}

/// What a header cell of a change log says.
pub(super) fn change_log_column(cell: &str) -> EntryColumn {
    let tables = [
        (EntryColumn::Moment, WHEN),
        (EntryColumn::Author, AUTHOR),
        (EntryColumn::Words, WORDS),
    ];
    let found = tables.iter().find(|(_, words)| has_word(cell, words, &[]));
    found.map_or(EntryColumn::Other, |(column, _)| *column)
}

/// Whether a cell or value means "not yet", whatever its emphasis.
pub fn is_pending(text: &str) -> bool {
    let plain = fold(text).to_lowercase();
    let plain = plain.trim_matches(|c: char| matches!(c, '*' | '_' | '`' | '⏳' | ' ' | '.' | '…'));
    PENDING.contains(&plain)
}

/// Whether a fence's language is one of commands.
pub(super) fn is_shell(language: &str) -> bool {
    SHELL.contains(&language)
}

/// What follows the label in `Subject: …`.
pub(super) fn after_subject(text: &str) -> Option<&str> {
    let (label, rest) = text.split_once(':')?;
    let label = label.trim_matches(|c: char| c == '*' || c == '_' || c.is_whitespace());
    SUBJECT
        .contains(&label.to_lowercase().as_str())
        .then(|| rest.trim())
}

pub(super) fn speaks_of(text: &str, built_in: &[&str], added: &[String]) -> bool {
    let text = fold(text).to_lowercase();
    built_in.iter().any(|p| text.contains(p))
        || added
            .iter()
            .any(|p| !p.trim().is_empty() && text.contains(&fold(p).to_lowercase()))
}

pub(super) fn is_one_of(text: &str, built_in: &[&str], added: &[String]) -> bool {
    let text = fold(text).to_lowercase();
    built_in.contains(&text.as_str()) || added.iter().any(|a| fold(a).to_lowercase() == text)
}

fn has_word(text: &str, built_in: &[&str], added: &[String]) -> bool {
    let text = fold(text).to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    let listed = words.any(|word| {
        built_in
            .iter()
            .any(|b| word == *b || word.strip_suffix('s') == Some(*b))
    });
    listed || is_one_of(&text, &[], added)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_leads() {
        let spellings = Spellings::new(Recognise {
            gates: vec!["Go-live proof".into()],
            ..Recognise::default()
        });
        assert!(spellings.heads_gates("Required Evidence (update first)"));
        assert!(spellings.heads_gates("Our go-live  proof list"));
        assert!(!spellings.heads_gates("Launch Readiness Gates"));
        assert_eq!(
            spellings.heads_recipients("Secondary Notifications"),
            Some(Group::Secondary)
        );
        assert_eq!(
            spellings.heads_recipients("Recipients"),
            Some(Group::Primary)
        );
        assert_eq!(spellings.heads_recipients("Primary goals"), None);
        assert_eq!(
            spellings.channel("artifact  storage"),
            Some(ChannelKind::Folder)
        );
        assert_eq!(spellings.column("Packet Sent (UTC)"), Some(Column::Sent));
        assert_eq!(spellings.column("Blocker/Questions"), Some(Column::Blocker));
        assert!(!spellings.heads_evidence("Evidence Reviewed"));
        assert!(spellings.heads_evidence("Artifact path"));
    }

    #[test]
    fn pending_in_its_spellings() {
        for cell in ["", "<PENDING>", "Pending", "_Pending_", "—", " `pending` "] {
            assert!(is_pending(cell), "{cell}");
        }
        assert!(!is_pending("2025-10-12"));
    }

    #[test]
    fn subjects() {
        assert_eq!(after_subject("Subject: A: b"), Some("A: b"));
        assert_eq!(after_subject("**Subject:** x"), Some("** x"));
        assert_eq!(after_subject("The subject: x"), None);
    }
}
