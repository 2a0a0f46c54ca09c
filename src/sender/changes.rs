//! What a new revision tells each of those who hold an earlier one.

use std::collections::BTreeMap;

use super::planning::{self, Draft};
use crate::{
    model::{
        acknowledgement::Acknowledgement,
        config::Config,
        difference::{Difference, SinceHeld},
        evidence::FileHash,
        history::Revision,
        plan::DeliveryState,
        wanted::Wanted,
    },
    renderer::changes::{self, Confirm},
    resolver::{
        acknowledgements::{Basis, Whom, acknowledgements, voids},
        changes::pins,
    },
    workspace::{Workspace, revisions, situation::Situation},
};

/// What differs from what people hold; `None` where they hold what the document comes to, where
/// nothing was sent yet, or while it is on hold.
pub fn since_held(
    workspace: &Workspace,
    situation: &Situation,
    config: &Config,
) -> Option<SinceHeld> {
    let held = situation.history.latest()?;
    if situation.resolution.digest.is_none() || situation.current().is_some() {
        return None;
    }
    let message = planning::message(situation, config);
    let (people, void) = (counted(situation, held), void_by_now(situation, held));
    let confirmed = |again: bool| {
        let people = people.iter().enumerate();
        let counts = people.filter(|(_, person)| person.acknowledged.is_some());
        let these = counts.filter(|(index, _)| void.has(*index) == again);
        these.map(|(_, person)| person.name.clone()).collect()
    };
    Some(SinceHeld {
        difference: revisions::since(workspace, situation, held, &message),
        void: confirmed(true),
        stays: confirmed(false),
    })
}

/// Where each recipient stands as of `latest`.
fn counted(situation: &Situation, latest: &Revision) -> Vec<Acknowledgement> {
    let (document, roster) = (&situation.document, &situation.roster);
    acknowledgements(document, roster, &situation.history, Some(latest)).people
}

/// Whose confirmations of `latest` what the document now comes to makes void.
fn void_by_now(situation: &Situation, latest: &Revision) -> Whom {
    let resolution = &situation.resolution;
    let files = resolution.files.iter().filter(|f| !f.evidence);
    let materials: Vec<FileHash> = files.map(|f| f.from.clone()).collect();
    let evidence = pins(&situation.document, resolution);
    let now = Basis {
        evidence: &evidence,
        materials: &materials,
    };
    voids(&situation.roster, latest.into(), now).0
}

/// What the messages of one plan say about changes, worked out once.
pub struct Changes<'a> {
    draft: &'a Draft<'a>,
    /// Differences by the revision they are from.
    since: BTreeMap<u32, Difference>,
    /// Where each recipient stands as of the latest revision.
    people: Vec<Acknowledgement>,
    /// Whose confirmations of that revision the new one makes void.
    void: Whom,
}

impl<'a> Changes<'a> {
    /// For what the document of `draft` comes to.
    pub fn new(draft: &'a Draft<'a>) -> Self {
        let situation = draft.situation;
        let mut changes = Changes {
            draft,
            since: BTreeMap::new(),
            people: Vec::new(),
            void: Whom::Nobody,
        };
        let Some(latest) = situation.history.latest() else {
            return changes;
        };
        let message = planning::message(situation, draft.config);
        for revision in changes.earlier() {
            let since = revisions::since(draft.workspace, situation, revision, &message);
            changes.since.insert(revision.number, since);
        }
        changes.people = counted(situation, latest);
        if situation.current().is_none() {
            changes.void = void_by_now(situation, latest);
        }
        changes
    }

    /// The revisions before the one at hand, newest first.
    fn earlier(&self) -> Vec<&'a Revision> {
        let situation = self.draft.situation;
        let number = situation.revision();
        let mut earlier: Vec<&Revision> = situation
            .history
            .revisions
            .iter()
            .filter(|r| r.number < number)
            .collect();
        earlier.sort_by_key(|r| std::cmp::Reverse(r.number));
        earlier
    }

    /// The revision that whoever gets `wanted` holds; `None` where they hold none yet.
    fn held(&self, wanted: &Wanted) -> Option<&Difference> {
        let via = self.draft.routes.via(wanted.kind, &wanted.target);
        let document = &self.draft.situation.document;
        let is_theirs = |names: &[String]| {
            let mut own = wanted.recipients.iter();
            own.any(|&i| names.contains(&document.recipients[i].name))
        };
        let has = |revision: &&Revision| {
            revision.deliveries.iter().any(|(key, delivery)| {
                let arrived = matches!(
                    delivery.standing(via),
                    DeliveryState::Sent | DeliveryState::Unknown
                );
                arrived && (*key == wanted.key || is_theirs(&delivery.names))
            })
        };
        let held = self.earlier().into_iter().find(has)?;
        self.since.get(&held.number)
    }

    /// The head of a letter, as Markdown; `None` for those who hold nothing yet.
    pub fn letter(&self, wanted: &Wanted) -> Option<String> {
        let difference = self.held(wanted)?;
        let people: Vec<(String, Confirm)> = wanted
            .recipients
            .iter()
            .filter_map(|&index| {
                let person = self.people.get(index)?;
                Some((person.name.clone(), self.confirm(index, person)?))
            })
            .collect();
        Some(changes::markdown(difference, &people))
    }

    fn confirm(&self, index: usize, person: &Acknowledgement) -> Option<Confirm> {
        let is_void = self.void.has(index);
        match (&person.acknowledged, person.voided()) {
            (Some(word), _) if is_void => Some(Confirm::Again(word.revision)),
            (Some(word), _) => Some(Confirm::Stays(word.revision)),
            (None, Some(void)) => Some(Confirm::Again(void.word.revision)),
            (None, None) => person.expected.then_some(Confirm::Please),
        }
    }

    /// The lines of a post; none for a channel that holds nothing yet.
    pub fn post(&self, wanted: &Wanted) -> Vec<String> {
        self.held(wanted).map(changes::lines).unwrap_or_default()
    }

    /// All that the plan's messages say about changes, for its id.
    pub fn told(&self, wanted: &[Wanted]) -> Vec<(String, String)> {
        let letters = wanted
            .iter()
            .filter_map(|w| Some((w.key.clone(), self.letter(w)?)));
        letters.collect()
    }
}
