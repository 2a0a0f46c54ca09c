//! HTTP statuses in a gate's words.

use super::{
    Words, bounds,
    codes::{self, Chain},
    table,
    tokens::{Kind, Token},
};
use crate::{
    model::requirement::{Codes, Requirement},
    resolver::readers::names::{Field, classify},
};

/// What stands before a status.
#[derive(Clone, Copy, Debug, Default)]
struct Context {
    /// Where the word is that makes the number a status.
    strong: Option<usize>,
    /// Where a word is that may.
    weak: Option<usize>,
    denied: Option<usize>,
    elsewhere: bool,
    condition: bool,
    past: bool,
    all: bool,
}

/// How far before a status its words are looked for, in tokens.
const REACH: usize = 12;

/// Reads every status.
pub fn read(words: &mut Words<'_>) {
    let mut at = 0;
    while at < words.tokens.len() {
        match codes::chain(&words.tokens, at) {
            Some(chain) => {
                one(words, at, &chain);
                at = chain.end.max(at + 1);
            }
            None => at += 1,
        }
    }
}

fn one(words: &mut Words<'_>, at: usize, chain: &Chain) {
    let tokens = &words.tokens;
    let compared = bounds::before(tokens, at).filter(|c| !c.noun);
    if let Some(compared) = compared {
        let context = context(words, compared.start);
        if let (Some(lead), Some(codes)) = (context.strong, codes::side(compared.side, chain)) {
            let range = lead.min(compared.start)..chain.end;
            if compared.elsewhere {
                words.claim(range);
            } else {
                words.keep(Requirement::Statuses(codes), range);
            }
        }
        return;
    }
    let context = context(words, at);
    let reason = behind(tokens, chain.end);
    let quoted = at > 0
        && chain.bare
        && [at - 1, chain.end]
            .iter()
            .all(|&t| tokens.get(t).is_some_and(|t| t.text == "`"));
    let failures = chain.fails();
    if context.elsewhere || (failures && (context.condition || context.past)) {
        words.claim(at..chain.end);
        return;
    }
    let several =
        chain.ranges.len() > 1 && chain.ranges.iter().all(|(low, _)| codes::is_usual(*low));
    let sure = context.strong.is_some() || reason || chain.class || quoted || several;
    let plural = chain.plural && (context.denied.is_some() || context.all);
    let denied = context.denied.is_some()
        && (failures || chain.ranges.iter().all(|(low, _)| codes::is_usual(*low)));
    if !sure && !plural && !denied && context.weak.is_none() {
        return;
    }
    let from = [context.strong.or(context.weak), context.denied]
        .into_iter()
        .flatten()
        .fold(at, usize::min);
    let range = from..chain.end;
    if !reason && is_counted(tokens, chain.end) {
        // `returns 200 rows` counts rows; of `HTTP 200 requests` nobody can tell.
        if sure {
            words.unread(from..chain.end + 1)
        } else {
            words.claim(at..chain.end)
        }
        return;
    }
    if context.condition {
        words.unread(range);
    } else if context.denied.is_some() {
        // A redirect that was followed is not seen, so nobody can say that there was none.
        let redirects = chain
            .ranges
            .iter()
            .any(|(low, high)| *low < 400 && *high >= 300);
        match redirects {
            true => words.unread(range),
            false => words.keep(
                Requirement::Statuses(Codes::except(chain.ranges.clone())),
                range,
            ),
        }
    } else if failures && chain.class {
        // A failure cannot be asked for: `5xx-free` and its like mean something else.
        words.unread(range);
    } else if let [(code, last)] = chain.ranges.as_slice()
        && code == last
    {
        words.keep(Requirement::Status(*code), range);
    } else {
        words.keep(
            Requirement::Statuses(Codes::among(chain.ranges.clone())),
            range,
        );
    }
}

fn context(words: &Words<'_>, at: usize) -> Context {
    let tokens = &words.tokens;
    let mut context = Context::default();
    let mut end = at;
    while end > 0 && at - end < REACH {
        let token = &tokens[end - 1];
        let text = token.text.as_str();
        if table::ELSEWHERE.before(tokens, end).is_some() {
            context.elsewhere = true;
            break;
        } else if text == "0" && token.kind == Kind::Number {
            end -= 1;
            context.denied = Some(end);
        } else if let Some(start) = table::DENIALS.before(tokens, end) {
            context.denied = Some(start);
            end = start;
        } else if text.ends_with("n't") {
            end -= 1;
            context.denied = Some(end);
        } else if let Some(start) = table::CONDITIONS.before(tokens, end) {
            context.condition = true;
            end = start;
        } else if is_status(words, end - 1) {
            end -= 1;
            context.strong = Some(end);
        } else if let Some(start) = version(tokens, end) {
            end = start;
        } else if let Some(start) = table::ANSWERS.before(tokens, end) {
            context.weak = context.weak.or(Some(start));
            end = start;
            if matches!(text, "but" | "then" | "→") {
                break;
            }
        } else if table::PAST.has(text) {
            context.past = true;
            end -= 1;
        } else if table::STATUS_BETWEEN.has(text) {
            let led = context.strong.or(context.weak).is_some();
            if led && matches!(text, ":" | "(" | ")" | "-" | "\"") {
                break;
            }
            context.all |= matches!(text, "all" | "only" | "just" | "always" | "every");
            end -= 1;
        } else {
            break;
        }
    }
    context
}

/// Whether the token says that a number behind it is a status, as a word or as a field's name.
fn is_status(words: &Words<'_>, at: usize) -> bool {
    let token = &words.tokens[at];
    // An exit code is no HTTP status.
    if at > 0 && words.tokens[at - 1].text == "exit" {
        return false;
    }
    let field = || classify(&words.plain[token.range.clone()]);
    token.kind == Kind::Word
        && (table::STATUS.has(&token.text) || matches!(field(), Field::Status | Field::Code))
}

/// Where `/1.1` or `/2` begins, behind `HTTP`.
fn version(tokens: &[Token], end: usize) -> Option<usize> {
    let start = end.checked_sub(3)?;
    let [http, slash, number] = tokens.get(start..end)? else {
        return None;
    };
    let joined = number.kind == Kind::Number && number.glued && slash.text == "/";
    (joined && http.text.starts_with("http")).then_some(start + 1)
}

fn behind(tokens: &[Token], end: usize) -> bool {
    let mut at = end;
    while tokens
        .get(at)
        .is_some_and(|t| matches!(t.text.as_str(), "(" | ")" | "-" | "`" | "\""))
        && at < end + 2
    {
        at += 1;
    }
    table::REASONS.at(tokens, at).is_some()
}

/// Whether what stands at `at` is counted by the number before it.
pub fn is_counted(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|next| {
        table::COUNTED.has(&next.text)
            || (next.kind == Kind::Word
                && next.text.len() > 2
                && next.text.ends_with('s')
                && !next.text.ends_with("ss")
                && !table::NOT_COUNTED.has(&next.text))
    })
}
