//! Credentials in what would go out: sending is blocked, the line named, the value never shown.

use crate::{
    model::config::Config,
    resolver::{credentials, messages},
    workspace::{Workspace, open::HashedFile, situation::Situation},
};

use super::obstacles;

/// Why the document must not be sent as it is, for the credentials it would carry.
pub fn leaks(workspace: &Workspace, situation: &Situation, config: &Config) -> Vec<String> {
    let document = &situation.document;
    let mut found = Vec::new();
    if let Ok(notification) = obstacles::notification(document, config) {
        let (subject, body) =
            messages::message(document, notification, &situation.resolution.placeholders);
        let first = notification.body.first().map_or(1, |s| document.line(*s));
        for leak in credentials::scan(subject.as_bytes()) {
            found.push(refusal(
                &document.path,
                document.line(notification.subject_span) as u64,
                leak.kind,
            ));
        }
        for leak in credentials::scan(body.as_bytes()) {
            found.push(refusal(
                &document.path,
                first as u64 + leak.line - 1,
                leak.kind,
            ));
        }
    }
    for recipient in &document.recipients {
        for leak in credentials::scan(recipient.ask.as_bytes()) {
            found.push(refusal(
                &document.path,
                document.line(recipient.span) as u64,
                leak.kind,
            ));
        }
    }
    for file in &situation.resolution.files {
        // A file that cannot be read any more is refused where its bytes are needed.
        let Ok(reader) = HashedFile::open(workspace.root(), &file.from.path) else {
            continue;
        };
        for leak in credentials::scan_reader(reader).unwrap_or_default() {
            found.push(refusal(&file.from.path, leak.line, leak.kind));
        }
    }
    found
}

fn refusal(path: &str, line: u64, kind: &str) -> String {
    format!(
        "{path}:{line}: {kind} would go out; take it out of the file (its value is not shown here), and have it replaced where it is used"
    )
}
