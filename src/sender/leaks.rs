//! Credentials in what would go out: sending is blocked, the line named, the value never shown.
//!
//! All of the document is searched, for the bundle's pages hold all of it; then what configuration
//! puts into messages, every file that is handed out, and each message as its reader reads it. A
//! part that cannot be searched blocks as well.

use std::{collections::HashSet, io};

use mail_parser::MessageParser;

use crate::{
    model::{config::Config, history::History, plan::Plan, word::WordKind},
    resolver::credentials::{self, Leak},
    workspace::{Workspace, open::HashedFile, plans::Kept, situation::Situation},
};

/// Which files are searched besides the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Materials alone: evidence may be large, and a board is looked at often.
    Materials,
    /// Everything that is handed out.
    All,
}

/// The lines of which somebody said that they hold no credential: SHA-256 of each.
fn waived(history: &History) -> HashSet<&str> {
    let words = history.words.iter();
    words
        .filter(|word| place(&word.gate).is_some() && matches!(word.kind, WordKind::Waiver { .. }))
        .map(|word| word.text_sha256.as_str())
        .collect()
}

/// Takes `FILE:LINE` apart.
pub fn place(text: &str) -> Option<(&str, u64)> {
    let (path, line) = text.rsplit_once(':')?;
    let line = line.parse().ok().filter(|line| *line > 0)?;
    (!path.is_empty()).then_some((path, line))
}

/// The first of `texts` that would carry a credential nobody has waived.
pub(super) fn first_in<'t>(
    history: &History,
    texts: impl IntoIterator<Item = &'t str>,
) -> Option<Leak> {
    let waived = waived(history);
    texts.into_iter().find_map(|text| {
        let leaks = credentials::scan(text.as_bytes()).into_iter();
        leaks
            .into_iter()
            .find(|leak| !waived.contains(leak.line_sha256.as_str()))
    })
}

/// Every credential that would go out and that nobody has waived, by file; `Err` for a file that
/// cannot be searched.
pub fn found(
    workspace: &Workspace,
    situation: &Situation,
    scope: Scope,
) -> Vec<(String, io::Result<Leak>)> {
    let waived = waived(&situation.history);
    let document = &situation.document;
    let mut found: Vec<(String, io::Result<Leak>)> = Vec::new();
    for leak in credentials::scan(document.source.as_bytes()) {
        found.push((document.path.clone(), Ok(leak)));
    }
    let handed_out = situation.resolution.files.iter();
    for file in handed_out.filter(|f| scope == Scope::All || !f.evidence) {
        let path = &file.from.path;
        let opened = HashedFile::open(workspace.root(), path);
        let leaks = opened
            .map_err(|error| io::Error::other(error.to_string()))
            .and_then(credentials::scan_reader);
        match leaks {
            Ok(leaks) => found.extend(leaks.into_iter().map(|leak| (path.clone(), Ok(leak)))),
            Err(error) => found.push((path.clone(), Err(error))),
        }
    }
    let open = |leak: &Leak| !waived.contains(leak.line_sha256.as_str());
    found.retain(|(_, leak)| leak.as_ref().map_or(true, open));
    found
}

/// Why the document must not be sent as it is, for the credentials it would carry.
pub fn leaks(
    workspace: &Workspace,
    situation: &Situation,
    config: &Config,
    scope: Scope,
) -> Vec<String> {
    let mut why: Vec<String> = found(workspace, situation, scope)
        .into_iter()
        .map(|(path, leak)| match leak {
            Ok(leak) => refusal(&path, &leak),
            Err(error) => format!(
                "{path}: it cannot be searched for credentials ({error}), so it does not go out; replace it with a file that can be read"
            ),
        })
        .collect();
    let settings = [
        ("from", &config.from),
        ("reply-to", &config.reply_to),
        ("bundle-url", &config.bundle_url),
        ("notification", &config.notification),
    ];
    for (key, value) in settings {
        let text = value.as_deref().unwrap_or_default();
        if let Some(leak) = first_in(&situation.history, [text]) {
            why.push(format!(
                "`{key}` in the configuration holds {}, which would go out in every message; take it out (its value is not shown here)",
                leak.kind
            ));
        }
    }
    why
}

/// Why finished messages must not go out: what templates and names put into them counts as well.
pub fn in_messages(history: &History, kept: &Kept) -> Vec<String> {
    let Plan { deliveries, .. } = &kept.plan;
    let mut why = Vec::new();
    for (delivery, bytes) in deliveries.iter().zip(&kept.bytes) {
        let texts = match MessageParser::default().parse(bytes.as_slice()) {
            Some(mail) if delivery.message_id.is_some() => {
                let subject = mail.subject().unwrap_or_default().to_owned();
                let bodies = (0..mail.text_body_count())
                    .filter_map(|index| mail.body_text(index))
                    .chain((0..mail.html_body_count()).filter_map(|index| mail.body_html(index)))
                    .map(std::borrow::Cow::into_owned);
                std::iter::once(subject).chain(bodies).collect()
            }
            _ => vec![String::from_utf8_lossy(bytes).into_owned()],
        };
        if let Some(leak) = first_in(history, texts.iter().map(String::as_str)) {
            let whom = match delivery.names.as_slice() {
                [] => delivery.target.clone(),
                names => names.join(", "),
            };
            why.push(format!(
                "the message to {whom} would carry {} (its value is not shown here); look at what a template, a name or the configuration puts into it, take it out, and have it replaced where it is used",
                leak.kind
            ));
        }
    }
    why
}

fn refusal(path: &str, leak: &Leak) -> String {
    let line = leak.line;
    format!(
        "{path}:{line}: {} would go out; take it out of the file (its value is not shown here), and have it replaced where it is used. If it is none: packet waive {} --by NAME --reason TEXT",
        leak.kind,
        quoted(&format!("{path}:{line}")),
    )
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:".contains(c);
    if word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
