//! Success that is asked for in plain words: `status is ok`, `must be healthy`, `all unit tests
//! passing`, `status: passed`.

use super::{
    Words, table,
    tokens::{Kind, Token},
};
use crate::{model::requirement::Requirement, parser::sense};

/// Words of success that any record can say, whatever it is about.
const PLAIN: &str = " ok okay pass passed passes passing success successes successful successfully succeed \
    succeeds succeeded green healthy operational ";

/// Before any word of state they make it what the record has to say.
const SAYING: &str = " is are be status state result outcome health conclusion verdict shows show says \
    reports reads stays remains ";

/// How many tokens may stand between `all` and what all of them did.
const REACH: usize = 7;

/// Reads every such word.
pub fn read(words: &mut Words<'_>) {
    for at in 0..words.tokens.len() {
        if words.free(at..at + 1)
            && let Some(start) = asked(words, at)
        {
            let plain = has(PLAIN, &words.tokens[at].text) || words.tokens[at].text == "up";
            let requirement = match plain {
                true => Requirement::NoFailure,
                false => Requirement::State(words.tokens[at].text.clone()),
            };
            words.keep(requirement, start..at + 1);
        }
    }
}

fn has(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

/// Where the words begin that ask for the state at `at`; `None` where nothing asks for it, or it
/// is denied.
fn asked(words: &Words<'_>, at: usize) -> Option<usize> {
    let tokens = &words.tokens;
    let token = &tokens[at];
    if token.kind != Kind::Word {
        return None;
    }
    let plain = has(PLAIN, &token.text);
    // `is up to date`, `is clear about`: no state of anything asked.
    if matches!(
        token.text.as_str(),
        "up" | "go" | "good" | "met" | "info" | "clear" | "correct" | "fixed"
    ) && tokens
        .get(at + 1)
        .is_some_and(|next| next.kind == Kind::Word)
    {
        return None;
    }
    if !plain && !sense::is_done_word(&token.text) {
        return None;
    }
    // `no failed tests`, `isn't ok`, `unless green`: not what stands here.
    let word = |t: &Token| t.kind == Kind::Word;
    let mut start = at;
    let mut said = None;
    let mut all = None;
    while start > 0 && at - start < REACH && words.free(start - 1..start) {
        let before = &tokens[start - 1];
        let text = before.text.as_str();
        if sense::is_denial(text)
            || table::CONDITIONS.before(tokens, start).is_some()
            || table::ELSEWHERE.before(tokens, start).is_some()
        {
            return None;
        }
        let joins = matches!(text, ":" | "=" | "`" | "\"" | "(" | "→");
        if matches!(text, "," | ";" | "." | ")") || !(word(before) || joins || text == "-") {
            break;
        }
        start -= 1;
        if said.is_none() && has(SAYING, text) && at - start <= 3 {
            said = Some(start);
        }
        if matches!(text, "all" | "every" | "each") {
            all = Some(start);
            break;
        }
    }
    // `passed by the owner`, `success criteria`: somebody else's word, another thing.
    let noun = tokens.get(at + 1).is_some_and(|next| {
        word(next)
            && matches!(
                next.text.as_str(),
                "by" | "criteria" | "criterion" | "rate" | "ratio" | "metric" | "metrics" | "story"
            )
    });
    if noun {
        return None;
    }
    let from = said.map(|said| {
        let field = said
            .checked_sub(1)
            .filter(|&f| words.free(f..f + 1) && has(SAYING, &tokens[f].text));
        let must = field.or(said.checked_sub(1)).filter(|&m| {
            matches!(
                tokens[m].text.as_str(),
                "must" | "should" | "shall" | "status" | "state" | "result"
            )
        });
        must.unwrap_or(said)
    });
    match (plain, all, from) {
        (true, Some(all), _) => Some(all),
        (_, None, Some(from)) => Some(from),
        (true, None, None) => Some(at),
        _ => None,
    }
}
