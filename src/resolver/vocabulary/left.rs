//! The account of every word of a gate: taken by a rule, harmless, or left.
//!
//! Words of denial, quantity, comparison or state that no rule has taken are demands that were
//! not understood: they hold. So does a text in none of the listed languages. Everything else
//! that is left is shown.

use std::ops::Range;

use super::{
    Words,
    tokens::{Kind, Token},
};
use crate::{model::requirement::Requirement, parser::sense};

/// Participles that say no more than that a file is there, and what it is.
const FILED: &str = " archived asked available attached called counted seen served based captured collected dated dedicated described detailed \
    downloaded expected exported filed generated gathered kept labelled linked listed logged mixed named \
    noted planned prepared printed produced proposed provided recorded related required saved scanned \
    asked called counted seen served shared sustained stored supplied taken timed timestamped titled uploaded used written ";
/// What is counted or meant as a whole.
const QUANTITIES: &str = " all any both each every everyone everything entire only none nobody \
    alle alles jede jeder jedes sämtliche nur tous toutes tout chaque todos todas cada tutti tutte ogni \
    elke ";
/// What compares.
const COMPARING: &str = " below beneath exceed exceeds exceeded exceeding fewer least less lower maximum \
    minimum most than unter höchstens mindestens ";
/// What denies; `no` before a number is none.
const DENYING: &str = " cannot free neither never no none nor not nothing without zero \
    kein keine keinen nicht ohne sans aucun aucune pas sin ningún ninguna senza nessun sem nenhum geen \
    niet zonder ";
/// Behind a participle that says what became of something.
const BEHIND: &str = " a after against all and as at before but by during for from in into including is it no \
    not of off on or out over per since the through to under until up via when with within without ";
/// States that the words of replies and statuses do not hold.
const STATES: &str = " active adequate authoritative compliant consistent current-free effective empty \
    error-free functional idle intact operational present ready sane secure sound sufficient unchanged \
    unique verifiable visible working zero ";
/// The commonest words of the languages that are read.
const COMMON: &str = " a above an and below over see under without are as at be by for from has have in is it its no not of on or our that \
    the their this to was we will with all every each must \
    am auf das dem den der des die ein eine für im ist mit oder sind und von zu zum alle \
    au aux avec dans de des du en est et la le les ou par pour sont sur un une tous \
    al con del el las los para por que se son una todos \
    che di e il lo non per sono tutti da do dos das em na no os para uma todas \
    het een met op te van voor zijn alle ";

fn has(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

/// Keeps what is left as unread.
pub fn read(words: &mut Words<'_>) {
    let mut at = 0;
    while at < words.tokens.len() {
        if !is_left(words, at) {
            at += 1;
            continue;
        }
        // What follows belongs to it, up to the end of its clause.
        let start = at;
        let mut end = at + 1;
        let mut last = end;
        while end < words.tokens.len() && end - start < 8 && words.free(end..end + 1) {
            let token = &words.tokens[end];
            if token.kind == Kind::Opaque || token.kind == Kind::Sign && token.text != "-" {
                break;
            }
            end += 1;
            if token_is_word(&words.tokens[end - 1]) {
                last = end;
            }
            if is_left(words, end - 1) {
                at = end - 1;
            }
        }
        // No further than one word behind the last of them.
        let stop = last.min(at + 3).max(start + 1);
        words.unread(start..stop);
        at = stop;
    }
    foreign(words);
}

fn token_is_word(token: &Token) -> bool {
    token.kind == Kind::Word
}

/// A text of four words or more without one common word of a listed language.
fn foreign(words: &mut Words<'_>) {
    let letters: Vec<usize> = (0..words.tokens.len())
        .filter(|&at| {
            let token = &words.tokens[at];
            token.kind == Kind::Word && token.text.chars().all(char::is_alphabetic)
        })
        .collect();
    let common = |at: &usize| has(COMMON, &words.tokens[*at].text);
    if letters.len() >= 4
        && !letters.iter().any(common)
        && words.found.is_empty()
        && let (Some(first), Some(last)) = (letters.first(), letters.last())
    {
        words.unread(*first..*last + 1);
    }
}

/// Whether the token is a word of denial, quantity, comparison or state that nothing has read.
fn is_left(words: &Words<'_>, at: usize) -> bool {
    let tokens = &words.tokens;
    let Some(token) = tokens.get(at).filter(|t| token_is_word(t)) else {
        return false;
    };
    if !words.free(at..at + 1) {
        return false;
    }
    let word = token.text.as_str();
    let beside = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at))
            .map_or("", |t| t.text.as_str())
    };
    let (before, after) = (beside(at.checked_sub(1)), beside(Some(at + 1)));
    let numbered = tokens.get(at + 1).is_some_and(|t| t.kind == Kind::Number)
        || after == "." && tokens.get(at + 2).is_some_and(|t| t.kind == Kind::Number);
    if has(DENYING, word) || word.ends_with("n't") {
        return !(word == "no" && numbered);
    }
    if has(QUANTITIES, word) {
        // `every 30 s`, `each booking under 300 ms`: how often, and of what a rule asks something.
        return !(before == "at" && word == "all" || numbered || is_of_a_rule(words, at));
    }
    if has(COMPARING, word) {
        // `log below PATH` compares nothing.
        return !matches!(after, "" | "`" | "…");
    }
    if word == "confirmed" {
        return !matches!(after, "with" | "at" | "in" | "by");
    }
    // `sign-off`, `set up`, `up to`, `follow-up`, `go live`, `good morning`: no states.
    if matches!(
        word,
        "up" | "go" | "good" | "met" | "info" | "clear" | "correct" | "fixed"
    ) {
        return matches!(before, "is" | "are" | "be" | "stays");
    }
    let known = has(STATES, word) || is_state(word);
    // `one scripted loan` tells which loan; `the loan is scripted` says what became of it.
    let attributive = tokens
        .get(at + 1)
        .is_some_and(|next| token_is_word(next) && !has(BEHIND, &next.text));
    !has(FILED, word) && (known || is_participle(word) && !attributive)
}

/// Whether a rule that looks at every record has read something near `at`, in its clause.
fn is_of_a_rule(words: &Words<'_>, at: usize) -> bool {
    let near = |index: usize| {
        words.found.iter().any(|(what, range)| {
            let each = matches!(
                what,
                Requirement::Latency(_)
                    | Requirement::Measure(..)
                    | Requirement::Status(_)
                    | Requirement::Statuses(_)
                    | Requirement::NoFailure
            );
            each && range.contains(&index)
        })
    };
    let word = |index: usize| {
        words
            .tokens
            .get(index)
            .is_some_and(|t| t.kind != Kind::Sign)
    };
    let ahead = (at + 1..at + 5).take_while(|&index| word(index));
    let behind = (at.saturating_sub(4)..at)
        .rev()
        .take_while(|&index| word(index));
    ahead.chain(behind).any(near)
}

/// Whether a word is one of state: of success, by the one list, or denied within itself.
fn is_state(word: &str) -> bool {
    if sense::is_done_word(word) {
        return true;
    }
    let stem = ["un", "in", "non", "re"]
        .iter()
        .find_map(|head| word.strip_prefix(head))
        .filter(|rest| rest.len() > 3);
    stem.is_some_and(sense::is_done_word)
}

/// Whether a word is a participle by its ending.
fn is_participle(word: &str) -> bool {
    word.len() > 4 && word.ends_with("ed") && !word.ends_with("eed") && word != "hundred"
}

/// Every word of the text with what it was read as: a requirement, `harmless` or `left`.
pub fn account(words: &Words<'_>) -> Vec<(Range<usize>, String)> {
    let read_as = |at: usize| {
        let by = words.found.iter().find(|(_, range)| range.contains(&at));
        match by {
            Some((Requirement::Unread(_), _)) => "left".to_owned(),
            Some((requirement, _)) => requirement.to_string(),
            None => "harmless".to_owned(),
        }
    };
    (0..words.tokens.len())
        .filter(|&at| matches!(words.tokens[at].kind, Kind::Word | Kind::Number))
        .map(|at| (words.tokens[at].range.clone(), read_as(at)))
        .collect()
}
