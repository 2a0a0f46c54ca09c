//! Runs of inline text, each with its style and bytes.

use crate::model::span::Span;

/// A stretch of inline text of one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The text without markup; `"\n"` for a line break.
    pub text: String,
    /// Its bytes, markup of code spans included.
    pub span: Span,
    /// How it is set.
    pub style: Style,
    /// Where it links to.
    pub link: Option<String>,
    /// The picture it stands for.
    pub image: Option<String>,
}

impl Run {
    /// White space at byte `at`, where the source has none to point at.
    pub fn gap(at: usize) -> Self {
        Run {
            text: "\n".to_owned(),
            span: Span::new(at, at),
            style: Style::default(),
            link: None,
            image: None,
        }
    }
}

/// How a run is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub strong: bool,
    pub struck: bool,
    pub code: bool,
}

/// The text of runs, white space folded to single spaces.
pub(super) fn text(runs: &[Run]) -> String {
    let joined: String = runs.iter().map(|r| r.text.as_str()).collect();
    fold(&joined)
}

/// The text of runs with what changes its meaning: struck words between `~~`, code spans between
/// backticks, links as `[words](target)`, pictures as `![words](target)`. Where such a mark
/// stands for itself, a `\` stands before it. White space is folded.
pub(super) fn marked(runs: &[Run]) -> String {
    let mut out = String::new();
    let mut rest = runs;
    while let Some(first) = rest.first() {
        let alike = |r: &&Run| {
            (r.style.struck, &r.link, &r.image) == (first.style.struck, &first.link, &first.image)
        };
        let (group, others) = rest.split_at(rest.iter().take_while(alike).count());
        rest = others;
        let mut words: String = group.iter().map(escaped).collect();
        if first.style.struck {
            words = format!("~~{words}~~");
        }
        if let Some(target) = &first.image {
            words = format!("![{words}]({target})");
        }
        if let Some(target) = &first.link {
            words = format!("[{words}]({target})");
        }
        out.push_str(&words);
    }
    fold(&out)
}

/// A run's text, code between backticks, with a `\` before what could be taken for a mark.
fn escaped(run: &Run) -> String {
    let mut text = String::new();
    for c in run.text.chars() {
        if matches!(c, '~' | '`' | '[' | ']' | '\\') {
            text.push('\\');
        }
        text.push(c);
    }
    if run.style.code {
        text = format!("`{text}`");
    }
    text
}

/// White space (no-break spaces too) folded to single spaces, ends trimmed.
pub(super) fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Splits runs at line breaks.
pub(super) fn lines(runs: &[Run]) -> Vec<&[Run]> {
    runs.split(|r| r.text == "\n" && !r.style.code).collect()
}

/// The leading bold phrase without its colon, and the runs after it.
///
/// The colon may stand inside (`**Lead:** rest`) or behind (`**Lead**: rest`) the bold.
pub(super) fn bold_lead(runs: &[Run]) -> Option<(String, Vec<Run>)> {
    let first = runs.iter().position(|r| !r.text.trim().is_empty())?;
    let bold = runs[first..].iter().take_while(|r| r.style.strong).count();
    if bold == 0 {
        return None;
    }
    let name = text(&runs[first..first + bold]);
    let name = name.trim_end_matches([':', '：']).trim_end().to_owned();
    let mut rest = runs[first + bold..].to_vec();
    if let Some(next) = rest.first_mut()
        && let Some(stripped) = next.text.trim_start().strip_prefix([':', '：'])
    {
        next.text = stripped.to_owned();
    }
    (!name.is_empty()).then_some((name, rest))
}

/// The lead before the first colon and the runs after it, bold or not.
///
/// Without a bold phrase the lead is plain text up to `: `; `None` without either.
pub(super) fn lead(runs: &[Run]) -> Option<(String, Vec<Run>)> {
    if let Some(found) = bold_lead(runs) {
        return Some(found);
    }
    for (index, run) in runs.iter().enumerate() {
        if run.style.code {
            return None;
        }
        let Some(at) = run.text.find(':') else {
            continue;
        };
        let mut before = runs[..index].to_vec();
        before.push(Run {
            text: run.text[..at].to_owned(),
            ..run.clone()
        });
        let mut after = vec![Run {
            text: run.text[at + 1..].to_owned(),
            ..run.clone()
        }];
        after.extend_from_slice(&runs[index + 1..]);
        let name = text(&before);
        return (!name.is_empty()).then_some((name, after));
    }
    None
}

/// Whether everything visible is struck out.
pub(super) fn all_struck(runs: &[Run]) -> bool {
    let mut visible = runs.iter().filter(|r| !r.text.trim().is_empty()).peekable();
    visible.peek().is_some() && visible.all(|r| r.style.struck)
}
