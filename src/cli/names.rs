//! Names given at the prompt: the gate that is meant, or the list of those there are.

use std::path::PathBuf;

use super::context::{Context, Misuse};
use crate::{
    model::{
        coordination::{Escalation, Metric},
        document::Gate,
        timeline::Kind,
        wanted::email_key,
    },
    resolver::{
        decision,
        escalations::lines,
        people::{self, same},
    },
    workspace::{documents, situation::Situation},
};

/// The gate called `name`, ignoring case; its index.
///
/// # Errors
/// With the names there are.
pub fn gate<'s>(situation: &'s Situation, name: &str) -> Result<(usize, &'s Gate), Misuse> {
    let gates = &situation.document.gates;
    let found = gates.iter().enumerate().find(|(_, g)| same(&g.name, name));
    found.ok_or_else(|| {
        let known = list(&gate_names(situation));
        Misuse(format!(
            "no gate is called \"{name}\"; the gates of {} are: {known}",
            situation.document.path
        ))
    })
}

/// What a person can vouch for.
pub enum Attestable<'s> {
    /// A gate, with its index.
    Gate(usize, &'s Gate),
    /// A success metric or a readiness gate of the final report.
    Metric(&'s Metric),
    /// An escalation line that stands for itself, with its name.
    Escalation(String, &'s Escalation),
}

/// The gate called `name`, else the metric, else the escalation line, ignoring case.
///
/// # Errors
/// With the names there are.
pub fn attestable<'s>(situation: &'s Situation, name: &str) -> Result<Attestable<'s>, Misuse> {
    let missing = match gate(situation, name) {
        Ok((index, gate)) => return Ok(Attestable::Gate(index, gate)),
        Err(missing) => missing,
    };
    if let Some(metric) = decision::metric(&situation.document, name) {
        return Ok(Attestable::Metric(metric));
    }
    let line = lines::find(&situation.document, name);
    let line = line.map(|(name, line)| Attestable::Escalation(name, line));
    line.ok_or(missing)
}

/// A line that speaks of something is settled when that is, not by word; one that reads as another
/// does not say which of them is meant.
///
/// # Errors
/// It does, and of what; it reads as another.
pub fn settled_elsewhere(situation: &Situation, line: &Escalation) -> Result<(), Misuse> {
    let number = situation.document.line(line.span);
    if line.about.is_empty() && lines::is_alone(&situation.document, line) {
        return Ok(());
    }
    if line.about.is_empty() {
        return Err(Misuse(format!(
            "line {number} reads as another one does; write into each what it is about, then record it"
        )));
    }
    let entries = situation.resolution.timeline.entries.iter();
    let escalations = &situation.document.coordination.escalations;
    let own = entries.filter(|e| e.kind == Kind::Escalation);
    let about = own
        .filter(|e| {
            escalations
                .get(e.index)
                .is_some_and(|l| l.span == line.span)
        })
        .flat_map(|e| &e.about);
    let names: Vec<&str> = about.map(String::as_str).collect();
    Err(Misuse(format!(
        "line {number} is settled as soon as what it speaks of is: {}; see what is missing there: packet status",
        names.join(", ")
    )))
}

/// The recipient called `name`, by name, role, contact, alias or address, ignoring case; their
/// index.
///
/// # Errors
/// With the names there are.
pub fn recipient(situation: &Situation, name: &str) -> Result<usize, Misuse> {
    let path = &situation.document.path;
    match recipients(situation, name).as_slice() {
        [one] => Ok(*one),
        [] => Err(Misuse(format!(
            "no recipient is called \"{name}\"; the recipients of {path} are: {}",
            list(&recipient_names(situation))
        ))),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|i| situation.document.recipients[*i].name.clone())
                .collect();
            Err(Misuse(format!(
                "\"{name}\" may be {}; give the recipient's own name",
                list(&names)
            )))
        }
    }
}

fn recipients(situation: &Situation, name: &str) -> Vec<usize> {
    let mut own = situation.document.recipients.iter();
    if let Some(index) = own.position(|r| same(&r.name, name)) {
        return vec![index];
    }
    let found = people::find(&situation.roster, name);
    if !found.is_empty() {
        return found;
    }
    by_address(situation, name)
}

fn by_address(situation: &Situation, address: &str) -> Vec<usize> {
    let key = email_key(address);
    let people = situation.roster.people.iter().enumerate();
    people
        .filter(|(_, p)| p.addresses.iter().any(|a| email_key(a) == key))
        .map(|(index, _)| index)
        .collect()
}

/// The recipient whose address it is; `None` where it is nobody's, or several people's.
pub fn owner(situation: &Situation, address: &str) -> Option<usize> {
    match by_address(situation, address).as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// The recipients, in the document's order.
pub fn recipient_names(situation: &Situation) -> Vec<String> {
    let recipients = situation.document.recipients.iter();
    recipients.map(|r| r.name.clone()).collect()
}

/// The gates, in the document's order.
pub fn gate_names(situation: &Situation) -> Vec<String> {
    let gates = situation.document.gates.iter();
    gates.map(|g| g.name.clone()).collect()
}

fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|n| format!("\"{n}\"")).collect();
    if quoted.is_empty() {
        "none".to_owned()
    } else {
        quoted.join(", ")
    }
}

/// What somebody can give their word for.
const WORD: Sought = Sought {
    what: "gate",
    known: |situation| {
        let parts = &situation.document.coordination;
        let metrics = parts.metrics.iter().chain(&parts.readiness);
        let metrics = metrics.map(|m| m.name.clone());
        let lines = lines::names(&situation.document);
        let gates = gate_names(situation).into_iter();
        gates.chain(metrics).chain(lines).collect()
    },
    has: |situation, name| attestable(situation, name).is_ok(),
};

/// The document that has the gate, metric or escalation line called `name`; see [`Sought`].
/// `new_evidence` looks at the newest evidence even where a revision was sent with older.
///
/// # Errors
/// None has it, or several have.
pub fn document_to_waive(
    context: &Context,
    given: Option<&PathBuf>,
    name: &str,
    new_evidence: bool,
) -> anyhow::Result<Situation> {
    WORD.document(context, given, name, new_evidence)
}

/// The document that has the gate, metric or escalation line called `name`; see [`Sought`].
///
/// # Errors
/// None has it, or several have.
pub fn document_to_attest(
    context: &Context,
    given: Option<&PathBuf>,
    name: &str,
) -> anyhow::Result<Situation> {
    WORD.document(context, given, name, false)
}

/// The document that has the recipient called `name`; see [`Sought`].
///
/// # Errors
/// None has them, or several have.
pub fn document_with_recipient(
    context: &Context,
    given: Option<&PathBuf>,
    name: &str,
) -> anyhow::Result<Situation> {
    let recipients = Sought {
        what: "recipient",
        known: recipient_names,
        has: |situation, name| !recipients(situation, name).is_empty(),
    };
    recipients.document(context, given, name, false)
}

/// The documents to look for names in: those configured, else all of the workspace.
/// `new_evidence` looks at the newest evidence even where a revision was sent with older.
pub fn documents(context: &Context, new_evidence: bool) -> anyhow::Result<Vec<Situation>> {
    let configured = &context.settings.config.documents;
    let paths = if configured.is_empty() {
        documents::find(&context.workspace)?
    } else {
        context.documents(&[])?
    };
    let mut all = Vec::new();
    for path in paths {
        match context.situation(&path, new_evidence) {
            Ok(situation) => all.push(situation),
            // A Markdown file nobody named may be anything.
            Err(_) if configured.is_empty() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

/// Something that a name at the prompt stands for. It is looked for in the document given, else
/// in the only one that has it.
struct Sought {
    what: &'static str,
    known: fn(&Situation) -> Vec<String>,
    has: fn(&Situation, &str) -> bool,
}

impl Sought {
    fn document(
        &self,
        context: &Context,
        given: Option<&PathBuf>,
        name: &str,
        new_evidence: bool,
    ) -> anyhow::Result<Situation> {
        if given.is_some() {
            return context.situation(&context.document(given)?, new_evidence);
        }
        let what = self.what;
        let mut hits: Vec<Situation> = Vec::new();
        let mut known: Vec<String> = Vec::new();
        for situation in documents(context, new_evidence)? {
            known.extend((self.known)(&situation));
            if (self.has)(&situation, name) {
                hits.push(situation);
            }
        }
        match (hits.pop(), hits.is_empty()) {
            (Some(only), true) => Ok(only),
            (Some(last), false) => {
                let mut paths: Vec<&str> = hits.iter().map(|s| s.document.path.as_str()).collect();
                paths.push(&last.document.path);
                Err(Misuse(format!(
                    "several documents have a {what} \"{name}\": {}; say which with --document",
                    paths.join(", ")
                ))
                .into())
            }
            (None, _) => {
                let list = if known.is_empty() {
                    "there are none here".to_owned()
                } else {
                    format!("there are: {}", list(&known))
                };
                Err(Misuse(format!("no {what} is called \"{name}\"; {list}")).into())
            }
        }
    }
}

/// A person's name for the record.
///
/// # Errors
/// It is blank or has characters that could deceive a reader.
pub fn person(what: &str, name: &str) -> Result<String, Misuse> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Misuse(format!("{what} is empty; give a name")));
    }
    crate::renderer::safety::check_line(what, name).map_err(|error| Misuse(error.to_string()))?;
    Ok(name.to_owned())
}

/// Words for the record: one line, nothing that could deceive a reader.
///
/// # Errors
/// They are blank or have such characters.
pub fn words(what: &str, text: &str) -> Result<String, Misuse> {
    person(what, text)
}
