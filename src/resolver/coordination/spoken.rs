//! Escalation lines that stand for themselves: whether what they speak of is met.

use super::{Desk, Draft};
use crate::{
    model::{
        coordination::{Escalation, Part},
        timeline::{Kind, MetBy},
        word::{Word, WordKind},
    },
    resolver::escalations::lines,
};

/// Where a part stands.
struct Stands {
    name: String,
    owner: Option<String>,
    met: Option<MetBy>,
    missing: Vec<String>,
}

impl Desk<'_> {
    /// The line at `index`: met when everything is that it speaks of; where that is nothing, when
    /// a person vouches for it.
    pub(super) fn spoken(
        &self,
        index: usize,
        (name, line): (&str, &Escalation),
        words: &[Word],
    ) -> (Draft, Option<MetBy>) {
        let mut draft = Self::draft(Kind::Escalation, index, &line.text);
        draft.route = line.route.clone();
        if line.about.is_empty() {
            let word = lines::word(self.document, line, words);
            draft.word = word.map(in_words);
            if word.is_none() {
                draft.ask = Some(lines::ask(name));
            }
            return (draft, word.map(|_| MetBy::Attested));
        }
        let stands: Vec<Stands> = line.about.iter().filter_map(|p| self.stands(*p)).collect();
        let by = |by: MetBy| stands.iter().all(|s| s.met == Some(by));
        let all = stands.len() == line.about.len();
        let met = if !all || stands.iter().any(|s| s.met.is_none()) {
            None
        } else if by(MetBy::Evidence) {
            Some(MetBy::Evidence)
        } else {
            Some(MetBy::Word)
        };
        if let [one] = stands.as_slice() {
            draft.owner.clone_from(&one.owner);
        }
        draft.missing = stands.iter().flat_map(|s| s.missing.clone()).collect();
        draft.about = stands.into_iter().map(|s| s.name).collect();
        (draft, met)
    }

    fn stands(&self, part: Part) -> Option<Stands> {
        let parts = &self.document.coordination;
        let of = |name: &str, owner: Option<&str>, met: Option<MetBy>, missing: Vec<String>| {
            // What has neither gates nor boxes is missing itself.
            let itself = met.is_none() && missing.is_empty();
            Stands {
                name: name.to_owned(),
                owner: owner.map(str::to_owned),
                met,
                missing: if itself {
                    vec![name.to_owned()]
                } else {
                    missing
                },
            }
        };
        Some(match part {
            Part::Gate(at) => {
                let name = &self.document.gates.get(at)?.name;
                of(name, None, self.met(&[at], None), Vec::new())
            }
            Part::Task(at) => {
                let task = self.document.tasks.get(at)?;
                let met = task.ticked.then_some(MetBy::Word);
                of(&task.text, None, met, Vec::new())
            }
            Part::Dependency(at) => {
                let one = parts.dependencies.get(at)?;
                let met = self.met(&one.gates, one.status.as_ref());
                of(&one.title, one.owner.as_deref(), met, self.held(&one.gates))
            }
            Part::Owner(at) => {
                let row = parts.owners.get(at)?;
                let met = self.met(&row.gates, row.status.as_ref());
                of(&row.what(), row.owner(), met, self.held(&row.gates))
            }
            Part::Milestone(at) => {
                let one = parts.milestones.get(at)?;
                let (met, missing) = self.checklist(&one.tasks, &one.gates);
                of(&one.title, None, met, missing)
            }
            Part::FollowUp(at) => {
                let one = parts.follow_ups.get(at)?;
                let met = self.met(&[], one.status.as_ref());
                of(&one.title, None, met, Vec::new())
            }
        })
    }
}

/// `attested by Ann Lee on 2026-05-04: it came by van`.
fn in_words(word: &Word) -> String {
    let (what, why) = match &word.kind {
        WordKind::Attestation { note, .. } => ("attested", note.as_deref()),
        WordKind::Waiver { reason, .. } => ("waived", Some(reason.as_str())),
    };
    let why = why.map_or_else(String::new, |why| format!(": {why}"));
    format!("{what} by {} on {}{why}", word.by, word.at.strftime("%F"))
}
