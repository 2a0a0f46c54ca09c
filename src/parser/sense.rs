//! What a word or two of state say: done, not done, or nothing that can be told.
//!
//! One place for statuses of evidence, of coordination and of tables, for metrics and for texts.
//! Success counts only where nothing in its clause denies, delays or weakens it.

use std::{collections::HashMap, sync::OnceLock};

use crate::model::unseen::{Unseen, unseen};

/// What a text says of the state of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// It went well, or is done.
    Done,
    /// It is not.
    NotDone(Why),
    /// Neither can be told.
    CannotTell,
}

/// Why something is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It went wrong.
    Failed,
    /// It is still to come.
    NotYet,
}

/// A word of a text, folded, and whether a mark parts it from the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// In lower case, without what cannot be seen; a straight apostrophe within.
    pub text: String,
    /// Whether it begins a clause.
    pub apart: bool,
}

/// The words of `text`. Invisible characters are seen through, `isn’t` is one word.
pub fn words(text: &str) -> Vec<Word> {
    let seen = visible(text);
    let mut words: Vec<Word> = Vec::new();
    let mut apart = true;
    let mut open = false;
    let mut chars = seen.chars().peekable();
    while let Some(c) = chars.next() {
        let joins = matches!(c, '\'' | '’' | 'ʼ' | '.')
            && open
            && chars.peek().is_some_and(|next| match c {
                '.' => next.is_ascii_digit(),
                _ => next.is_alphanumeric(),
            });
        if c.is_alphanumeric() || joins {
            if !open {
                words.push(Word {
                    text: String::new(),
                    apart,
                });
                apart = false;
            }
            open = true;
            if let Some(word) = words.last_mut() {
                match joins {
                    true if c != '.' => word.text.push('\''),
                    _ => word.text.extend(c.to_lowercase()),
                }
            }
        } else {
            open = false;
            apart |= matches!(
                c,
                ',' | ';' | '.' | ':' | '(' | ')' | '\n' | '–' | '—' | '!' | '?'
            );
        }
    }
    words
}

/// `text` without what cannot be seen in it.
pub fn visible(text: &str) -> std::borrow::Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    let chars: Vec<char> = text.chars().collect();
    let shown = |at: &usize| !matches!(unseen(&chars, *at), Some(Unseen::Invisible | Unseen::Bidi));
    (0..chars.len())
        .filter(shown)
        .map(|at| chars[at])
        .collect::<String>()
        .into()
}

/// Signs that something went wrong.
const FAILED_SIGNS: &[char] = &[
    '❌', '✖', '✗', '✘', '⛔', '🔴', '🛑', '🚫', '👎', '🟥', '❎', '💥',
];
/// Signs that something is still to come.
const PENDING_SIGNS: &[char] = &['⏳', '⌛', '🔄', '🚧', '⏸', '⬜', '☐', '🟡', '🟠', '⚠'];
/// Signs that it is done.
const DONE_SIGNS: &[char] = &['✅', '✔', '☑', '🟢', '✓', '👍'];

/// Words that say how something went.
const WELL: &str = " accepted approved authorized available clean clear correct enabled go good green \
    healthy info ok okay online operational pass passed passes passing reachable safe secure stable \
    succeeded succeeds success successful successfully successes up valid verified validated \
    bestanden erfolgreich freigegeben genehmigt réussi réussie validé validée approuvé approuvée \
    aprobado aprobada correcto exitoso superado superato approvato aprovado aprovada geslaagd \
    goedgekeurd ";
/// Words that say that something was brought to its end.
const ENDED: &str = " closed complete completed confirmed delivered deployed done finished fixed \
    installed merged met published ready received resolved reviewed shipped signed \
    erledigt fertig abgeschlossen bereit terminé terminée fait prêt listo lista hecho hecha \
    completado completada terminado terminada completato completata fatto pronto concluído \
    concluída feito klaar voltooid afgerond gereed ";
/// Words that say that something went wrong.
const WRONG: &str = " abort aborted bad blocked broken canceled cancelled crash crashed critical \
    danger dead declined degraded denied down emergency err error errored errors exception expired \
    fail failed failing fails failure failures fatal forbidden gone ko killed missed missing nok offline \
    outage overdue panic red refused reject rejected reset revoked stopped terminated timedout timeout \
    timeouts unstable withdrawn fehlgeschlagen fehler gescheitert abgelehnt échoué échec refusé \
    fallido fallida rechazado fallito rifiutato falhou rejeitado mislukt afgewezen ";
/// Words that say that it is still to come.
const COMING: &str = " await awaiting awaits draft incomplete later ongoing open outstanding pending \
    placeholder planned processing queued scheduled tbc tbd tba todo unstarted upcoming waiting wip \
    ausstehend offen entwurf attente pendiente pendente attesa afwachting concept ";
/// Pairs of words that say so.
const COMING_PAIRS: &[(&str, &str)] = &[
    ("to", "be"),
    ("not", "yet"),
    ("in", "progress"),
    ("in", "review"),
    ("under", "way"),
    ("under", "review"),
    ("on", "hold"),
    ("to", "do"),
    ("not", "started"),
    ("to", "come"),
    ("noch", "nicht"),
    ("pas", "encore"),
];
/// Words that take something away from success.
const WEAKENING: &str = " almost approximately barely conditional conditionally hardly half maybe mostly \
    nearly partial partially partly perhaps possibly probably provisional provisionally scarcely skip \
    skipped unclear unknown teilweise kaum presque casi quasi quase bijna ";
/// They turn what stands behind them into its opposite.
const NONE: &str = " no non without zero 0 none nothing never neither nor nil kein keine keinen ohne sans \
    sin senza sem geen zonder ninguno nessun nenhum aucun aucune ";
/// They turn what stands around them into its opposite.
const NOT: &str = " not cannot never dont doesnt didnt isnt arent wasnt cant wont aint couldnt nicht pas \
    niet não nunca jamais ";

/// Every word with the lists that hold it.
fn lists(word: &str) -> &'static [&'static str] {
    static KNOWN: OnceLock<HashMap<&'static str, Vec<&'static str>>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let mut known: HashMap<&str, Vec<&str>> = HashMap::new();
        for list in [WELL, ENDED, WRONG, COMING, WEAKENING, NONE, NOT] {
            for word in list.split_ascii_whitespace() {
                known.entry(word).or_default().push(list);
            }
        }
        known
    });
    known.get(word).map_or(&[], Vec::as_slice)
}

/// Whether `list`, one of the above, holds `word`.
fn has(list: &str, word: &str) -> bool {
    lists(word).contains(&list)
}

/// Whether the word says, by itself, that something is well or done.
pub fn is_done_word(word: &str) -> bool {
    has(WELL, word) || has(ENDED, word)
}

/// How a word of success ends once what denies it at its head is taken off: `unverified`.
fn denied_within(word: &str) -> Option<&str> {
    let bare = ["un", "in", "non", "dis", "ir"]
        .iter()
        .find_map(|head| word.strip_prefix(head))?;
    (bare.len() > 3 && (has(WELL, bare) || has(ENDED, bare))).then_some(bare)
}

/// Whether the word says that something is not: `not`, `isn't`, `cannot`.
pub fn is_denial(word: &str) -> bool {
    has(NOT, word) || has(NONE, word) || word.ends_with("n't")
}

/// What `text` says of a state.
pub fn sense(text: &str) -> Sense {
    // What nearly every record of a good file says, without the ceremony.
    if ["success", "ok", "passed", "completed"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
    {
        return Sense::Done;
    }
    if !text.is_ascii() {
        if text.contains(FAILED_SIGNS) {
            return Sense::NotDone(Why::Failed);
        }
        if text.contains(PENDING_SIGNS) {
            return Sense::NotDone(Why::NotYet);
        }
    }
    let words = words(text);
    // "HTTP 410": a code among a few words is a code all the same.
    let failing = |w: &Word| w.text.len() == 3 && matches!(w.text.parse(), Ok(400u16..=599));
    if words.len() <= 3 && words.iter().any(failing) {
        return Sense::NotDone(Why::Failed);
    }
    let mut found = if text.contains(DONE_SIGNS) {
        Sense::Done
    } else {
        Sense::CannotTell
    };
    let (mut weak, mut coming) = (false, false);
    let mut start = 0;
    while start < words.len() {
        let length = words[start + 1..].iter().take_while(|w| !w.apart).count() + 1;
        let clause = &words[start..start + length];
        match said(clause) {
            Said::Sense(Sense::NotDone(Why::Failed)) => return Sense::NotDone(Why::Failed),
            Said::Sense(Sense::NotDone(Why::NotYet)) => coming = true,
            Said::Sense(Sense::Done) => found = Sense::Done,
            Said::Sense(Sense::CannotTell) => {}
            Said::Weakened => weak = true,
        }
        start += length;
    }
    match (coming, weak) {
        (true, _) => Sense::NotDone(Why::NotYet),
        (false, true) => Sense::CannotTell,
        (false, false) => found,
    }
}

enum Said {
    Sense(Sense),
    Weakened,
}

/// What one clause says.
fn said(clause: &[Word]) -> Said {
    let at = |index: usize| clause.get(index).map_or("", |w| w.text.as_str());
    let not = |w: &Word| has(NOT, &w.text) || w.text.ends_with("n't");
    let mut denied = clause.iter().any(not);
    let mut coming = false;
    let mut weak = false;
    let (mut well, mut ended, mut wrong) = (false, false, false);
    let mut none_before = false;
    for index in 0..clause.len() {
        let word = at(index);
        let before = index.checked_sub(1).map_or("", at);
        coming |= has(COMING, word) || COMING_PAIRS.contains(&(before, word));
        weak |= has(WEAKENING, word);
        if has(WRONG, word)
            || (before, word) == ("timed", "out")
            || (before, word) == ("not", "found")
        {
            let not_found = (before, word) == ("not", "found");
            wrong |= not_found || !(is_denial(before) || none_before);
        } else if let Some(bare) = denied_within(word) {
            well |= has(WELL, bare);
            ended |= has(ENDED, bare);
            denied = true;
        } else if has(WELL, word) || has(ENDED, word) {
            well |= has(WELL, word);
            ended |= has(ENDED, word);
            denied |= none_before;
        }
        none_before |= has(NONE, word);
    }
    Said::Sense(match (well || ended, denied) {
        _ if wrong => Sense::NotDone(Why::Failed),
        (true, true) if well && !coming => Sense::NotDone(Why::Failed),
        (true, true) => Sense::NotDone(Why::NotYet),
        _ if coming => Sense::NotDone(Why::NotYet),
        _ if weak => return Said::Weakened,
        (true, false) => Sense::Done,
        (false, _) => Sense::CannotTell,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_sorted() {
        use Sense::{CannotTell, Done, NotDone};
        let failed = NotDone(Why::Failed);
        let coming = NotDone(Why::NotYet);
        for (text, sense) in [
            ("success", Done),
            ("OK", Done),
            ("passed", Done),
            ("no errors, ok", Done),
            ("completed with no errors", Done),
            ("passed without incident", Done),
            ("✅ ready", Done),
            ("healthy", Done),
            ("erledigt", Done),
            ("error", failed),
            ("FAILED: no answer", failed),
            ("NOT_FOUND", failed),
            ("TIMED_OUT", failed),
            ("timed out", failed),
            ("not ok", failed),
            ("isn't ok", failed),
            ("isn’t ok", failed),
            ("ok, then error", failed),
            ("connection-refused", failed),
            ("❌", failed),
            ("HTTP 410", failed),
            ("unverified", failed),
            ("unsuccessful", failed),
            ("invalid", failed),
            ("no-go", failed),
            ("no tests passed", failed),
            ("d\u{200b}egraded", failed),
            ("incomplete", coming),
            ("cannot be completed", coming),
            ("not yet done", coming),
            ("won't be ready", coming),
            ("to be completed", coming),
            ("pending", coming),
            ("in progress", coming),
            ("not started", coming),
            ("Ready pending review", coming),
            ("noch nicht erledigt", coming),
            ("partially completed", CannotTell),
            ("hardly ready", CannotTell),
            ("almost done", CannotTell),
            ("skipped", CannotTell),
            ("passed, 2 skipped", CannotTell),
            ("banana", CannotTell),
            ("no errors", CannotTell),
            ("terrors", CannotTell),
            ("", CannotTell),
        ] {
            assert_eq!(super::sense(text), sense, "{text}");
        }
    }
}
