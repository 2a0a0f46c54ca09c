//! What recipients said, told to the feedback document: each word once.

use std::{collections::HashSet, io};

use anyhow::Context;

use crate::{
    model::{document::ChannelKind, plan::DeliveryState, wanted::channel_key},
    renderer::{
        feedback::{FeedbackAnswer, FeedbackAnswers, feedback_answers, marker, with_text},
        templates::Templates,
    },
    workspace::{
        Workspace,
        atomic::{self, Access},
        door,
        situation::Situation,
    },
};

/// Adds what is not there yet to every feedback document that was told of the packet; returns
/// those that changed.
///
/// # Errors
/// One cannot be read or written, or its template fails.
pub fn tell(
    workspace: &Workspace,
    situation: &Situation,
    templates: &Templates,
) -> anyhow::Result<Vec<String>> {
    let mut told = Vec::new();
    let channels = situation.document.channels.iter();
    for channel in channels.filter(|c| c.kind == ChannelKind::Document) {
        let key = channel_key(channel.kind, &channel.target);
        let knows = situation.history.revisions.iter().any(|r| {
            let delivery = r.deliveries.get(&key);
            delivery.is_some_and(|d| d.state == DeliveryState::Sent)
        });
        if knows
            && !told.contains(&channel.target)
            && add(workspace, situation, templates, &channel.target).with_context(|| {
                format!("cannot write the feedback document `{}`", channel.target)
            })?
        {
            told.push(channel.target.clone());
        }
    }
    Ok(told)
}

fn add(
    workspace: &Workspace,
    situation: &Situation,
    templates: &Templates,
    target: &str,
) -> anyhow::Result<bool> {
    let path = workspace.writable(target)?;
    let old = match door::read_text(&path, door::DOCUMENT) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error.into()),
    };
    let hashes = situation.ledger.hashes();
    let told: HashSet<&str> = old
        .split("<!-- ")
        .skip(1)
        .filter_map(|m| m.split(" -->").next())
        .collect();
    let mut answers = Vec::new();
    for answer in &situation.history.answers {
        let Some(hash) = usize::try_from(answer.seq)
            .ok()
            .and_then(|seq| hashes.get(seq.checked_sub(1)?))
        else {
            continue;
        };
        // Several packets may share one feedback document: the number alone would not do.
        let marker = marker(&format!("a{}.{}", answer.seq, &hash[..12]));
        let inner = marker.trim_start_matches("<!-- ").trim_end_matches(" -->");
        if !told.contains(inner) {
            answers.push(FeedbackAnswer {
                marker,
                name: answer.name.clone(),
                revision: answer.revision,
                at: answer.when,
                said: answer.said.word().to_owned(),
                words: answer.words().to_owned(),
                how: answer.how(),
            });
        }
    }
    if answers.is_empty() {
        return Ok(false);
    }
    let news = FeedbackAnswers {
        at: situation.now,
        title: situation.document.title().to_owned(),
        answers,
    };
    let text = with_text(&old, &feedback_answers(&news, templates)?);
    atomic::write(&path, text.as_bytes(), Access::Shared)?;
    Ok(true)
}
