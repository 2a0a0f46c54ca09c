//! What keeps a clear document from being sent: expiry, missing addresses, names that cannot go
//! into a mail. They are not part of its state.

use std::path::{Path, PathBuf};

use jiff::{Timestamp, civil::Date};

use super::routes::Routes;
use crate::{
    model::{
        config::Config,
        diagnostic::Severity,
        document::{ChannelKind, Document, Notification},
        plan::DeliveryState,
        roster::Roster,
    },
    renderer::safety,
    resolver::people::same,
    workspace::{Workspace, configuration, root::PathError, situation::Situation},
};

/// Why the document cannot be sent now, each with the fix; empty when it can.
pub fn obstacles(situation: &Situation, config: &Config, workspace: &Workspace) -> Vec<String> {
    let document = &situation.document;
    let mut found = Vec::new();
    found.extend(expired(document, situation.now));
    if only_coordinates(document) {
        found.push(
            "this document says who owes what by when and holds no message, so there is nothing to send; its timeline: packet status"
                .to_owned(),
        );
        return found;
    }
    found.extend(sender(config));
    found.extend(recipients(document, &situation.roster));
    found.extend(channels(document, workspace));
    found.extend(errors(situation));
    match notification(document, config) {
        Ok(notification) => {
            found.extend(
                safety::check_line("the subject", &notification.subject)
                    .err()
                    .map(|e| e.to_string()),
            );
        }
        Err(why) => found.push(why),
    }
    if situation.history.revisions.is_empty() && tracker_claims_sent(document) {
        found.push(format!(
            "the tracker of {} shows sent times that the ledger does not know; restore the ledger (.packet/ledger/) from version control or from the bundle, or clear the sent cells if nothing was sent",
            document.path
        ));
    }
    found
}

/// Whether the document coordinates and hands out nothing: no message, nobody to get one.
fn only_coordinates(document: &Document) -> bool {
    let silent = document.notifications.is_empty() && document.recipients.is_empty();
    silent && document.channels.is_empty() && !document.coordination.is_empty()
}

/// The notification that is sent: the only one, or the one that the configuration names.
pub fn notification<'d>(
    document: &'d Document,
    config: &Config,
) -> Result<&'d Notification, String> {
    let list = || {
        let subjects: Vec<String> = document
            .notifications
            .iter()
            .map(|n| format!("\"{}\" (line {})", n.subject, document.line(n.subject_span)))
            .collect();
        subjects.join(", ")
    };
    match (document.notifications.as_slice(), &config.notification) {
        ([], _) => Err("there is no notification to send; write `### Subject: …` and the message in a fence below it".to_owned()),
        ([only], None) => Ok(only),
        (several, Some(wanted)) => several
            .iter()
            .find(|n| same(&n.subject, wanted))
            .ok_or_else(|| format!("no notification has the subject \"{wanted}\"; there are {}", list())),
        (several, None) => Err(format!(
            "the document holds {} notifications, {}; name the one to send: `notification: SUBJECT` in packet.yaml",
            several.len(),
            list()
        )),
    }
}

/// Whether the document's `expires` has passed; it runs to the end of that day, UTC.
pub fn expired(document: &Document, now: Timestamp) -> Option<String> {
    let entry = document
        .front
        .entry("expires")
        .filter(|e| !e.value.is_empty())?;
    let line = document.line(entry.span);
    let Ok(date) = entry.value.parse::<Date>() else {
        return Some(format!(
            "{}:{line}: `expires: {}` is not a date; write it as YYYY-MM-DD",
            document.path, entry.value
        ));
    };
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    (today > date).then(|| {
        format!(
            "the document expired at the end of {date} ({}:{line}); have it reviewed and set a later `expires`",
            document.path
        )
    })
}

fn sender(config: &Config) -> Option<String> {
    let Some(from) = &config.from else {
        return Some(
            "nobody is named as sender; add `from: Team Name <team@example.com>` to packet.yaml"
                .to_owned(),
        );
    };
    let unsafe_from = safety::check_address("`from` in packet.yaml", from).err();
    let unsafe_reply = config
        .reply_to
        .as_ref()
        .and_then(|r| safety::check_address("`reply-to` in packet.yaml", r).err());
    unsafe_from.or(unsafe_reply).map(|e| e.to_string())
}

fn recipients(document: &Document, roster: &Roster) -> Vec<String> {
    let mut found = Vec::new();
    for (recipient, person) in document.recipients.iter().zip(&roster.people) {
        let line = document.line(recipient.span);
        if let Err(error) = safety::check_line("the recipient's name", &recipient.name) {
            found.push(format!("line {line}: {error}"));
            continue;
        }
        match &person.address {
            None => found.push(format!(
                "no address is known for `{}` (line {line}); add it to `contacts:` in packet.yaml",
                recipient.name
            )),
            Some(address) => {
                let what = format!("the address of {}", recipient.name);
                found.extend(
                    safety::check_address(&what, address)
                        .err()
                        .map(|e| e.to_string()),
                );
            }
        }
    }
    if document.recipients.is_empty()
        && !document
            .channels
            .iter()
            .any(|c| c.kind == ChannelKind::Email)
    {
        found.push(
            "nobody would get it; list people under `Primary Recipients` or an `Email:` channel"
                .to_owned(),
        );
    }
    found
}

/// Errors of the document that do not hold it already: whoever sends over them may send to fewer
/// people, or later, than the author wrote.
fn errors(situation: &Situation) -> Vec<String> {
    let held = &situation.resolution.blockers;
    let errors = situation.diagnostics.iter().filter(|d| {
        // A refused path holds its gate, which a person may waive. A deadline that cannot be read
        // concerns who does what by when, not what is sent to whom.
        d.severity == Severity::Error
            && d.code != "path-refused"
            && !d.code.starts_with("deadline-")
            && !held.iter().any(|b| b.contains(&d.message))
    });
    errors
        .map(|d| {
            let line = situation.document.line(d.span);
            let help = d.help.as_ref().map_or(String::new(), |h| format!("; {h}"));
            format!("line {line}: {}{help}", d.message)
        })
        .collect()
}

fn channels(document: &Document, workspace: &Workspace) -> Vec<String> {
    let mut found = Vec::new();
    for channel in &document.channels {
        let line = document.line(channel.span);
        let wrong = match channel.kind {
            ChannelKind::Email => safety::check_address("the address", &channel.target)
                .err()
                .map(|e| e.to_string()),
            ChannelKind::Slack => safety::check_line("the channel", &channel.target)
                .err()
                .map(|e| e.to_string()),
            ChannelKind::Document if own_file(document, &channel.target, workspace) => {
                Some(format!(
                    "`{}` is read by packet, which never writes to it; name another file, such as `feedback/packet.md`",
                    channel.target
                ))
            }
            ChannelKind::Document => place(workspace.writable_file(&channel.target)),
            ChannelKind::Folder => place(workspace.writable_folder(&channel.target)),
        };
        found.extend(wrong.map(|w| format!("line {line}: {w}")));
    }
    found
}

/// Whether the feedback document would be the packet document itself or the configuration.
fn own_file(document: &Document, target: &str, workspace: &Workspace) -> bool {
    workspace
        .relative(Path::new(target))
        .is_ok_and(|path| path == document.path || path == configuration::FILE)
}

fn place(found: Result<PathBuf, PathError>) -> Option<String> {
    let error = found.err()?;
    Some(match error {
        PathError::Io { .. } => format!("{error}; move what is in the way elsewhere"),
        PathError::Outside(_) | PathError::Link(_) | PathError::Reserved(_) => {
            format!("{error}; name one inside, such as `feedback/packet.md`")
        }
        PathError::Through { .. } | PathError::File(_) | PathError::Folder(_) => error.to_string(),
    })
}

fn tracker_claims_sent(document: &Document) -> bool {
    document.trackers.iter().any(|tracker| {
        let Some(column) = tracker.columns.sent else {
            return false;
        };
        tracker.rows.iter().any(|row| {
            row.cells
                .get(column)
                .is_some_and(|c| !crate::parser::spellings::is_pending(c.of(&document.source)))
        })
    })
}

/// Whether `send` has anything left to do.
pub fn anything_left(situation: &Situation, routes: &Routes) -> bool {
    super::standing::standings(situation, routes)
        .iter()
        .any(|s| matches!(s.state, DeliveryState::Pending | DeliveryState::Deferred))
}
