//! `packet init`: the `packet.yaml` of a folder with documents, or an example to try.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use super::context::{Exit, Misuse, print};
use crate::{
    model::document::{ChannelKind, Document},
    parser::{self, Grammar},
    report::style::{BOLD, GOOD, count, paint, safe},
    resolver::people::same,
    workspace::{
        Workspace,
        atomic::{self, Access},
        configuration::FILE,
        documents,
    },
};

/// Write the packet.yaml of a folder with documents, or an example
///
/// In a folder with documents it names the people and channels found in them; the addresses are
/// left for you to fill in. With --example it makes a complete workspace that works at once.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  packet init\n  packet init --example demo")]
pub struct Args {
    /// The folder; the current one unless given
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Make a workspace to try everything in
    #[arg(long)]
    example: bool,
}

/// The files of the example, by path below its folder.
const EXAMPLE: &[(&str, &str)] = &[
    (
        "README.md",
        include_str!("../../examples/rehearsal/README.md"),
    ),
    (
        "packet.yaml",
        include_str!("../../examples/rehearsal/packet.yaml"),
    ),
    (
        "feedback/kiosk.md",
        include_str!("../../examples/rehearsal/feedback/kiosk.md"),
    ),
    (
        "docs/enablement/kiosk_rehearsal_packet.md",
        include_str!("../../examples/rehearsal/docs/enablement/kiosk_rehearsal_packet.md"),
    ),
    (
        "docs/enablement/kiosk_rehearsal_coordination.md",
        include_str!("../../examples/rehearsal/docs/enablement/kiosk_rehearsal_coordination.md"),
    ),
    (
        "docs/enablement/rehearsal_agenda.md",
        include_str!("../../examples/rehearsal/docs/enablement/rehearsal_agenda.md"),
    ),
    (
        "docs/enablement/guides/returns_guide.md",
        include_str!("../../examples/rehearsal/docs/enablement/guides/returns_guide.md"),
    ),
    (
        "docs/enablement/guides/self_checkout_guide.md",
        include_str!("../../examples/rehearsal/docs/enablement/guides/self_checkout_guide.md"),
    ),
    (
        "docs/runbooks/card_reader_key.md",
        include_str!("../../examples/rehearsal/docs/runbooks/card_reader_key.md"),
    ),
    (
        "artifacts/synthetic/checkout-2026-11-20T10-15-05.250Z.json",
        include_str!(
            "../../examples/rehearsal/artifacts/synthetic/checkout-2026-11-20T10-15-05.250Z.json"
        ),
    ),
    (
        "artifacts/kiosk/2026-11-19/probe_2026-11-19T16-20-00Z.log",
        include_str!(
            "../../examples/rehearsal/artifacts/kiosk/2026-11-19/probe_2026-11-19T16-20-00Z.log"
        ),
    ),
    (
        "artifacts/kiosk/2026-11-20/probe_2026-11-20T10-05-12Z.log",
        include_str!(
            "../../examples/rehearsal/artifacts/kiosk/2026-11-20/probe_2026-11-20T10-05-12Z.log"
        ),
    ),
    (
        "artifacts/exports/loans_2026-11-20T10-40-00Z.ndjson",
        include_str!(
            "../../examples/rehearsal/artifacts/exports/loans_2026-11-20T10-40-00Z.ndjson"
        ),
    ),
];

/// Writes the configuration or the example.
///
/// # Errors
/// Something stands there already, or cannot be written.
pub fn run(args: &Args, directory: &Path) -> anyhow::Result<Exit> {
    let folder = match &args.folder {
        Some(folder) if directory == Path::new(".") => folder.clone(),
        Some(folder) => directory.join(folder),
        None => directory.to_path_buf(),
    };
    if args.example {
        example(&folder)
    } else {
        configuration(&folder)
    }
}

fn example(folder: &Path) -> anyhow::Result<Exit> {
    let filled = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if filled {
        let message = format!(
            "`{}` is not empty; name a new folder: packet init --example demo",
            folder.display()
        );
        return Err(Misuse(message).into());
    }
    for (path, text) in EXAMPLE {
        let target = folder.join(path);
        atomic::write(&target, text.as_bytes(), Access::Shared)
            .with_context(|| format!("cannot write `{}`", target.display()))?;
    }
    print(&format!(
        "{}  {} in {}\nNext: cd {} && packet status\n",
        paint(GOOD.bold(), "MADE"),
        count(EXAMPLE.len(), "file"),
        paint(BOLD, folder.display().to_string()),
        safe(&folder.display().to_string()),
    ))?;
    Ok(Exit::Done)
}

fn configuration(folder: &Path) -> anyhow::Result<Exit> {
    let workspace = Workspace::open(folder)
        .with_context(|| format!("cannot work in `{}`", folder.display()))?;
    let target = workspace.root().join(FILE);
    if target.symlink_metadata().is_ok() {
        return Err(Misuse(format!(
            "`{}` exists already; it is left as it is",
            target.display()
        ))
        .into());
    }
    let mut packets = Vec::new();
    for path in documents::find(&workspace).context("cannot look for documents")? {
        // A file that cannot be read as a document is none.
        let Ok(source) = documents::read(&workspace, &path) else {
            continue;
        };
        let (document, _) = parser::parse(&path, &source, &Grammar::default());
        let addressed = !document.notifications.is_empty() || !document.recipients.is_empty();
        if addressed && !document.gates.is_empty() {
            packets.push(document);
        }
    }
    if packets.is_empty() {
        let message = format!(
            "no packet document was found below `{}`: none has gates and a notification or recipients; try packet init --example demo",
            folder.display()
        );
        return Err(Misuse(message).into());
    }
    let (text, people) = written(&packets);
    atomic::write(&target, text.as_bytes(), Access::Shared)
        .with_context(|| format!("cannot write `{FILE}`"))?;
    let names: Vec<&str> = packets.iter().map(|d| d.path.as_str()).collect();
    print(&format!(
        "{}  {FILE} for {}\nFound {}: fill in `from:` and their addresses there. Next: packet status\n",
        paint(GOOD.bold(), "WROTE"),
        safe(&names.join(", ")),
        count(people, "person").replace("persons", "people"),
    ))?;
    Ok(Exit::Done)
}

/// The text of `packet.yaml`, and how many people it names.
fn written(packets: &[Document]) -> (String, usize) {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "# Who sends, what is sent, and to whom. Fill in what is empty."
    );
    let _ = writeln!(out, "from: # Team Name <team@example.com>, needed to send");
    let list: Vec<String> = packets.iter().map(|d| quoted(&d.path)).collect();
    let _ = writeln!(out, "documents: [{}]", list.join(", "));
    let people = people(packets);
    if !people.is_empty() {
        let _ = writeln!(out, "contacts:");
    }
    for (name, aliases) in &people {
        let also: Vec<String> = aliases.iter().map(|a| quoted(a)).collect();
        let also = if also.is_empty() {
            String::new()
        } else {
            format!(", aliases: [{}]", also.join(", "))
        };
        let _ = writeln!(out, "  {}: {{ email: \"\"{also} }}", quoted(name));
    }
    let rows = unmatched(packets, &people);
    if !rows.is_empty() {
        let _ = writeln!(
            out,
            "# The trackers have rows for these names; add each as an alias of the person it means:"
        );
        for row in rows {
            let _ = writeln!(out, "#   {row}");
        }
    }
    let slack: Vec<&str> = packets
        .iter()
        .flat_map(|d| &d.channels)
        .filter(|c| c.kind == ChannelKind::Slack)
        .map(|c| c.target.as_str())
        .collect();
    let _ = writeln!(
        out,
        "# Without a mail server, mail goes to .packet/outbox/ and nothing leaves this machine:"
    );
    let _ = writeln!(
        out,
        "# smtp: {{ host: smtp.example.com, port: 587, security: starttls, username: team }}"
    );
    for channel in slack {
        let variable: String = channel
            .trim_start_matches('#')
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_uppercase()
                } else {
                    '_'
                }
            })
            .collect();
        let _ = writeln!(
            out,
            "# slack: {{ \"{channel}\": PACKET_SLACK_{variable} }}  # the variable that holds the webhook's URL"
        );
    }
    (out, people.len())
}

/// Everyone the documents write to, each once, with the other names they go by.
fn people(packets: &[Document]) -> Vec<(String, Vec<String>)> {
    let mut people: Vec<(String, Vec<String>)> = Vec::new();
    for recipient in packets.iter().flat_map(|d| &d.recipients) {
        let at = people
            .iter()
            .position(|(n, _)| same(n, &recipient.name))
            .unwrap_or_else(|| {
                people.push((recipient.name.clone(), Vec::new()));
                people.len() - 1
            });
        let aliases = &mut people[at].1;
        if !same(&recipient.role, &recipient.name)
            && !aliases.iter().any(|a| same(a, &recipient.role))
        {
            aliases.push(recipient.role.clone());
        }
    }
    // A tracker that only adds a word ("Reliability Liaison") means the same person, if just one fits.
    let rows: Vec<String> = packets
        .iter()
        .flat_map(|d| d.tracker_rows())
        .map(|r| r.name.clone())
        .collect();
    for row in rows {
        let known = people
            .iter()
            .any(|(n, a)| same(n, &row) || a.iter().any(|x| same(x, &row)));
        let fits = |name: &str| {
            row.to_lowercase()
                .starts_with(&format!("{} ", name.to_lowercase()))
        };
        let hits: Vec<usize> = people
            .iter()
            .enumerate()
            .filter(|(_, (n, _))| fits(n))
            .map(|(i, _)| i)
            .collect();
        if let (false, [only]) = (known, hits.as_slice()) {
            people[*only].1.push(row);
        }
    }
    people
}

fn unmatched(packets: &[Document], people: &[(String, Vec<String>)]) -> Vec<String> {
    let rows = packets
        .iter()
        .flat_map(|d| d.tracker_rows())
        .map(|r| r.name.clone());
    rows.filter(|row| {
        !people
            .iter()
            .any(|(n, a)| same(n, row) || a.iter().any(|x| same(x, row)))
    })
    .collect()
}

/// A YAML scalar: bare where that is safe, else in double quotes.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || " ._/-".contains(c);
    let bare = text.chars().all(plain)
        && text.starts_with(|c: char| c.is_alphabetic())
        && !["yes", "no", "true", "false", "null", "on", "off"]
            .contains(&text.to_lowercase().as_str())
        && text.trim() == text;
    if bare {
        text.to_owned()
    } else {
        serde_json::Value::from(text).to_string()
    }
}
