//! What new text comes to: a yes, a question or refusal, or something for a person to decide.
//!
//! Words have classes (`words.txt`); rules over clauses decide. What is in no class is understood
//! as nothing: it is never a question, and a yes that needs everything beside it understood is none.

use super::{
    lexicon::{Class, Sentence, Word, is, sentences},
    notes::{sign_off, without_notes},
    tidy::one_line,
};
use crate::model::mail::Words;

/// The longest words that are kept, in characters.
const LONGEST: usize = 500;
/// How many words may follow "for", "from" or "with" behind a yes.
const TAIL: usize = 5;
/// The longest answer that is compared with the one that was asked for, in characters.
const BARE: usize = 64;

/// Whether `text` has the usual words of an automatic answer.
pub(super) fn speaks_for_somebody_away(text: &str) -> bool {
    let sentences = sentences(text);
    sentences
        .iter()
        .flat_map(|s| &s.words)
        .any(|w| w.class == Class::Away)
}

/// Few words as [`Words::Undecided`] keeps them.
pub(super) fn normal(text: &str) -> Option<String> {
    bare(&sentences(text))
}

/// How much a clause is a yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Yes {
    No,
    Mild,
    Strong,
}

/// Reads new text. `name` is the sender's, as the mail gives it; `to` the address it was written to.
pub(super) fn read(text: &str, name: Option<&str>, to: &[String]) -> Words {
    let said = one_line(text, LONGEST);
    let text = without_notes(text, to);
    let (own, below) = sign_off(&text, name);
    let all = sentences(&own);
    let undecided = |why: &str| Words::Undecided {
        text: said.clone(),
        bare: bare(&all),
        why: why.to_owned(),
    };
    if all.is_empty() {
        return undecided("it says nothing that was not added by a program");
    }
    let words = || all.iter().flat_map(|s| &s.words);
    if words().any(|w| w.class == Class::Away) {
        return undecided("it reads like an automatic answer");
    }
    let strongest = |s: &Sentence| s.clauses().map(yes).max().unwrap_or(Yes::No);
    let strong = all
        .iter()
        .filter(|s| !s.asks && strongest(s) == Yes::Strong);
    let strong = strong.count();
    let asks = all.iter().find(|s| s.asks);
    if let Some(asks) = asks {
        let apart = strong > 0 && !asks.words.iter().any(|w| w.class.assents());
        return if apart {
            undecided("it says yes and asks something")
        } else {
            Words::Open(said)
        };
    }
    let anywhere = words().any(|w| w.class.assents());
    let refusals: Vec<bool> = all.iter().map(|s| refuses(s, anywhere)).collect();
    if refusals.contains(&true) {
        let apart = all
            .iter()
            .zip(&refusals)
            .any(|(s, refuses)| !refuses && strongest(s) == Yes::Strong);
        let takes_back = all
            .iter()
            .any(|s| s.words.first().is_some_and(|w| w.class == Class::But));
        return if apart && !takes_back {
            undecided("it says yes and holds something back")
        } else {
            Words::Open(said)
        };
    }
    let below = sentences(&below);
    if below
        .iter()
        .any(|s| s.asks || s.clauses().any(|c| doubts(c) || puts_off(c)))
        || all
            .iter()
            .any(|s| s.clauses().any(|c| doubts(c) || puts_off(c)))
    {
        return undecided("it may hold something back");
    }
    let understood = all.iter().all(|s| s.clauses().all(is_understood));
    let foreign = |c: &[Word]| !is_understood(c) && c.iter().any(|w| is_foreign(&w.text));
    if all.iter().chain(&below).any(|s| s.clauses().any(foreign)) {
        return undecided("part of it is in a language that is not read here");
    }
    let mild = all.iter().any(|s| strongest(s) >= Yes::Mild);
    if strong > 0 || (mild && understood) {
        return Words::Confirms((!understood).then_some(said));
    }
    undecided("it neither says yes, nor asks or refuses anything")
}

/// Whether a clause is a yes of the sender's own.
fn yes(clause: &[Word]) -> Yes {
    if clause.iter().any(|w| w.class == Class::Sign) {
        return Yes::Strong;
    }
    let Some(first) = clause.iter().position(|w| w.class.assents()) else {
        return Yes::No;
    };
    let (before, after) = clause.split_at(first);
    if !before.iter().all(|w| w.class.is_filling()) {
        return Yes::No;
    }
    // "I confirm" says yes, "confirm the date" asks somebody to; "approved by Kim" tells of Kim.
    let speaks = |at: usize| clause[..at].iter().any(|w| is(&w.text, Class::Me));
    let of_another = |at: usize| {
        clause.iter().enumerate().skip(at).any(|(at, w)| {
            is(&w.text, Class::By) && !clause.get(at + 1).is_some_and(|w| w.class.is_filling())
        })
    };
    let strong = after
        .iter()
        .enumerate()
        .find(|(_, w)| matches!(w.class, Class::Yes | Class::Verb));
    if let Some((at, word)) = strong {
        let at = first + at;
        let alone = clause
            .iter()
            .all(|w| w.class.is_filling() || w.class.assents());
        let before = clause[..at]
            .iter()
            .all(|w| w.class.is_filling() || w.class == Class::Mild);
        let own = word.class == Class::Yes || speaks(at) || (alone && clause.len() == 1);
        if !own {
            return Yes::No;
        }
        // "Confirmed with Ben" tells of Ben, "confirmed with thanks" does not.
        let with = |w: &Word| {
            matches!(
                w.text.as_str(),
                "with" | "mit" | "avec" | "con" | "com" | "met" | "z"
            )
        };
        let about = clause.get(at + 1).is_some_and(with)
            && !clause.get(at + 2).is_some_and(|w| w.class.is_filling());
        if before && !about && !of_another(at) {
            return Yes::Strong;
        }
        if about {
            return Yes::No;
        }
    }
    if is_covered(clause) {
        Yes::Mild
    } else {
        Yes::No
    }
}

/// Whether all of a clause is understood: pieces of a yes, manners, and behind "for" or "with" a
/// few words of any kind.
fn is_understood(clause: &[Word]) -> bool {
    let Some(first) = clause.first() else {
        return true;
    };
    if matches!(
        first.class,
        Class::Greeting | Class::Polite | Class::Closing
    ) {
        return true;
    }
    is_covered(clause)
}

fn is_covered(clause: &[Word]) -> bool {
    for (at, word) in clause.iter().enumerate() {
        if word.class == Class::Prep {
            return clause.len() - at <= TAIL;
        }
        if !word.class.is_filling() && !word.class.assents() && word.class != Class::By {
            return false;
        }
    }
    true
}

/// Whether a sentence refuses, or makes its yes depend on something.
fn refuses(sentence: &Sentence, yes_anywhere: bool) -> bool {
    let yes = sentence.words.iter().any(|w| w.class.assents());
    if yes_anywhere
        && sentence
            .words
            .first()
            .is_some_and(|w| w.class == Class::But)
    {
        return true;
    }
    sentence.clauses().any(|clause| {
        let here = clause
            .iter()
            .any(|w| w.class.assents() || w.class == Class::Look);
        let denies = clause.iter().any(|w| w.class.denies());
        let first = clause.iter().find(|w| {
            !matches!(
                w.class,
                Class::Fill | Class::Yet | Class::Greeting | Class::Polite
            )
        });
        let leads = |classes: &[Class]| first.is_some_and(|w| classes.contains(&w.class));
        let has = |class: Class| clause.iter().any(|w| w.class == class);
        has(Class::Refuse)
            || has(Class::Cannot)
            || (denies && (here || has(Class::Yet)))
            || leads(&[Class::Neg, Class::Wait])
            || (has(Class::Wait) && !yes)
            || (yes && leads(&[Class::But, Class::If, Class::Until]))
            || (here && (has(Class::But) || has(Class::If) || has(Class::Until)))
    })
}

/// Whether a clause may take something back in a way that is not understood.
fn doubts(clause: &[Word]) -> bool {
    let first = clause.first().map(|w| w.class);
    clause.iter().any(|w| {
        w.class.denies()
            || matches!(
                w.class,
                Class::Issue | Class::But | Class::Wait | Class::Refuse
            )
    }) || matches!(first, Some(Class::If | Class::Until))
}

/// Whether a clause says that its sender will read or answer later.
fn puts_off(clause: &[Word]) -> bool {
    clause.iter().any(|w| w.class == Class::Later)
        && clause
            .iter()
            .any(|w| w.class.assents() || w.class == Class::Look || is(&w.text, Class::Look))
}

fn is_foreign(word: &str) -> bool {
    word.chars()
        .any(|c| c.is_alphabetic() && u32::from(c) > 0x24f)
}

/// The words themselves, manners aside: to be compared with what the notification asked for.
fn bare(all: &[Sentence]) -> Option<String> {
    let words = all.iter().flat_map(|s| s.clauses()).filter(|c| {
        !matches!(
            c.first().map(|w| w.class),
            Some(Class::Greeting | Class::Polite | Class::Closing)
        )
    });
    let text: Vec<&str> = words.flatten().map(|w| w.text.as_str()).collect();
    let text = text.join(" ");
    (!text.is_empty() && text.chars().count() <= BARE).then_some(text)
}
