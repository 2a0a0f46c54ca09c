//! Where the packet goes: mail lists, Slack channels, the feedback document, the bundle folder.

use super::{
    Grammar,
    blocks::Outline,
    inline::{self, Run},
};
use crate::model::{
    diagnostic::Diagnostic,
    document::{Channel, ChannelKind},
};

/// Channels, and the items they were read from.
#[derive(Debug, Default)]
pub(super) struct Claimed {
    pub channels: Vec<Channel>,
    pub items: Vec<usize>,
}

pub(super) fn read(outline: &Outline, grammar: &Grammar, found: &mut Vec<Diagnostic>) -> Claimed {
    let mut claimed = Claimed::default();
    for (index, item) in outline.tasks() {
        let Some((lead, rest)) = inline::lead(&item.runs) else {
            continue;
        };
        let Some(kind) = grammar.spellings.channel(&lead) else {
            continue;
        };
        let chain = outline.chain(item.heading);
        let among_channels = chain
            .iter()
            .any(|h| h.text.to_lowercase().contains("channel"));
        // Under the gates a channel's word is a gate's name: nothing may slip past as a channel.
        if !among_channels && chain.iter().any(|h| grammar.spellings.heads_gates(&h.text)) {
            continue;
        }
        let targets = targets(kind, &rest);
        if targets.is_empty() && !among_channels {
            continue;
        }
        claimed.items.push(index);
        let Some(marker) = item.marker.filter(|_| !inline::all_struck(&item.runs)) else {
            let message = format!("the struck-out channel `{lead}` is left out");
            found.push(Diagnostic::note("channel-struck", item.span, message));
            continue;
        };
        if targets.is_empty() {
            found.push(
                Diagnostic::error(
                    "channel-target",
                    item.span,
                    format!("`{lead}` names no {}", wanted(kind)),
                )
                .help(format!("write `**{lead}:** {}`", example(kind))),
            );
        }
        claimed
            .channels
            .extend(targets.into_iter().map(|target| Channel {
                kind,
                target,
                span: item.span,
                marker,
                ticked: item.ticked,
            }));
    }
    claimed
}

fn wanted(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Email => "address",
        ChannelKind::Slack => "#channel",
        ChannelKind::Document => "file",
        ChannelKind::Folder => "folder",
    }
}

fn example(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Email => "team@example.com",
        ChannelKind::Slack => "#team-updates",
        ChannelKind::Document => "`feedback/team.md`",
        ChannelKind::Folder => "`artifacts/team/packet/`",
    }
}

fn targets(kind: ChannelKind, rest: &[Run]) -> Vec<String> {
    match kind {
        ChannelKind::Email => addresses(rest),
        ChannelKind::Slack => first_word(rest, |w| w.starts_with('#') && w.len() > 1),
        ChannelKind::Document => first_path(rest, |p| {
            !p.ends_with('/') && p.rsplit('/').next().is_some_and(|n| n.contains('.'))
        }),
        ChannelKind::Folder => first_path(rest, |p| p.contains('/')),
    }
}

/// Addresses, split at commas, semicolons and white space; what stands in brackets is a remark.
fn addresses(rest: &[Run]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let text: String = rest.iter().map(|r| r.text.as_str()).collect();
    let mut depth = 0usize;
    let open: String = text
        .chars()
        .filter(|c| {
            match c {
                '(' => depth += 1,
                ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect();
    for word in open.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>')) {
        let word = word.trim_matches(|c: char| matches!(c, '.' | ':' | '`'));
        let word = word.strip_prefix("mailto:").unwrap_or(word);
        if word.contains('@') && !found.iter().any(|f| f.eq_ignore_ascii_case(word)) {
            found.push(word.to_owned());
        }
    }
    found
}

fn first_word(rest: &[Run], fits: impl Fn(&str) -> bool) -> Vec<String> {
    let words = rest.iter().flat_map(|r| r.text.split_whitespace());
    let mut trimmed =
        words.map(|w| w.trim_matches(|c: char| matches!(c, ',' | ';' | '.' | '(' | ')' | '`')));
    trimmed
        .find(|w| fits(w))
        .map(str::to_owned)
        .into_iter()
        .collect()
}

/// The first fitting path, code spans before plain words.
fn first_path(rest: &[Run], fits: impl Fn(&str) -> bool) -> Vec<String> {
    let code = rest.iter().find(|r| r.style.code && fits(r.text.trim()));
    match code {
        Some(run) => vec![run.text.trim().to_owned()],
        None => first_word(rest, fits),
    }
}
