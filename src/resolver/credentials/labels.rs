//! A value beside a word that says it is a secret: `Password: …`, in a table, on the next line.
//!
//! The words are a list, as no structure tells a password's name from another. What follows one
//! counts when it looks drawn up rather than written: a sentence, an address, a date or a
//! stand-in is none.

use std::sync::LazyLock;

use regex::Regex;

use super::{stands_in, table};

/// How the find is called.
const FOUND: &str = "a password or key";
/// After a name alone on its line, the value is looked for on so many more.
const LINES: u8 = 4;
/// So many words may stand between a name and its value where no colon joins them.
const WORDS: usize = 8;
/// A value of fewer characters is none, unless it is a number.
const LEAST: usize = 6;
/// Where nothing joins name and value, and for names of keys, it is at least so long.
const LEAST_LOOSE: usize = 8;
/// Names that stand for many things (`token`) need a value of this length.
const LEAST_VAGUE: usize = 20;

/// How much a name says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strength {
    /// A password: any number or odd word beside it is one.
    Password,
    /// A key: what is beside it has letters and figures.
    Key,
    /// It may be one.
    Vague,
}

struct Names {
    /// Any name, wherever it stands.
    any: Regex,
    /// What joins a name to its value.
    joined: Regex,
    /// Name and password of one account, in one place.
    pair: Regex,
}

static NAMES: LazyLock<Option<Names>> = LazyLock::new(|| {
    let list = |words: &[&str]| words.join("|");
    let any = format!(
        r"(?i)(?:^|[^\p{{L}}\p{{N}}]|[\p{{L}}\p{{N}}][_-])(?:(?P<password>{})|(?P<key>{})|(?P<vague>{}))(?P<rest>[^\p{{L}}\p{{N}}_-].*|-?$)",
        list(table::PASSWORDS),
        list(table::KEYS),
        list(table::VAGUE),
    );
    Some(Names {
        any: Regex::new(&any).ok()?,
        joined: Regex::new(
            r#"^["'\])]*\s*(?:\([^)]{0,40}\)\s*)?(?P<words>(?:[\p{L}'’&/-]+\s+){0,6}[\p{L}'’&/-]*?)\s*(?P<by>:|=+>?|->|→|⇒|–|—|\||>)\s*(?P<value>.*)$"#,
        )
        .ok()?,
        pair: Regex::new(&format!(
            r"(?i)(?:^|[^\p{{L}}\p{{N}}])(?:{})\s*[:=]\s*[^\s:/|]+\s*[:/|]\s*(?P<value>[^\s/]\S*)",
            list(table::ACCOUNTS)
        ))
        .ok()?,
    })
});

/// What earlier lines promise of the next.
#[derive(Default)]
pub(super) struct Labels {
    /// A name stood alone; its value may follow on so many lines.
    awaited: u8,
    /// Columns of the table that is being read whose heading is a name.
    columns: Vec<usize>,
}

impl Labels {
    /// Reads the next line, as its reader sees it; what it holds, if it holds a secret.
    pub fn line(&mut self, line: &str) -> Option<&'static str> {
        let names = NAMES.as_ref()?;
        let line = line.trim();
        if self.column(names, line) || self.below(line) {
            return Some(FOUND);
        }
        let mut rest = line;
        while let Some(found) = names.any.captures(rest) {
            let strength = if found.name("password").is_some() {
                Strength::Password
            } else if found.name("key").is_some() {
                Strength::Key
            } else {
                Strength::Vague
            };
            let after = found.name("rest").map_or("", |m| m.as_str());
            if beside(names, after, strength) {
                return Some(FOUND);
            }
            let alone = after
                .trim_matches(|c: char| !c.is_alphanumeric())
                .is_empty();
            let before = &rest[..found.get(0).map_or(0, |m| m.start())];
            let heading = before.trim_matches(['#', '>', '-', ' ']).is_empty();
            if alone && (after.trim_end().ends_with([':', '=']) || heading) && !line.contains('|') {
                self.awaited = LINES;
            }
            rest = after;
        }
        let pair = names.pair.captures(line).and_then(|c| c.name("value"));
        pair.is_some_and(|m| is_odd(token(m.as_str()), LEAST))
            .then_some(FOUND)
    }

    /// Whether the line is a row of a table with a secret in a column of that name.
    fn column(&mut self, names: &Names, line: &str) -> bool {
        if line.matches('|').count() < 2 {
            self.columns.clear();
            return false;
        }
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let held = self.columns.iter().any(|&column| {
            cells.get(column).is_some_and(|cell| {
                is_secret(token(cell), Strength::Password) && !cell.contains(' ')
            })
        });
        let is_name = |cell: &str| {
            names.any.captures(cell).is_some_and(|found| {
                let whole = found.get(0).is_some_and(|m| m.start() == 0);
                let rest = found.name("rest").map_or("", |m| m.as_str());
                whole && rest.trim_matches(|c: char| !c.is_alphanumeric()).is_empty()
            })
        };
        if self.columns.is_empty() {
            let named = cells.iter().enumerate().filter(|(_, cell)| is_name(cell));
            self.columns = named.map(|(index, _)| index).collect();
        }
        held
    }

    /// Whether the line is the value of a name that stood alone before it.
    fn below(&mut self, line: &str) -> bool {
        if self.awaited == 0 {
            return false;
        }
        self.awaited -= 1;
        if line.trim_matches(['`', '~', '>', ' ', '|', '-']).is_empty() {
            return false;
        }
        self.awaited = 0;
        let value = line.trim_start_matches(['>', '-', ' ']);
        !value.contains(char::is_whitespace) && is_odd(token(value), LEAST)
    }
}

/// Whether what follows a name is its secret.
fn beside(names: &Names, after: &str, strength: Strength) -> bool {
    if let Some(joined) = names.joined.captures(after) {
        let words = joined.name("words").map_or("", |m| m.as_str()).trim();
        let value = joined.name("value").map_or("", |m| m.as_str());
        let first = token(value);
        let phrase = strength == Strength::Password && words.is_empty() && is_phrase(value);
        let sole = strength == Strength::Password
            && words.is_empty()
            && joined
                .name("by")
                .is_some_and(|by| by.as_str() != "|" && by.as_str() != ">")
            && is_sole_word(value);
        if (words.is_empty() || strength == Strength::Password) && is_secret(first, strength)
            || phrase
            || sole
        {
            return true;
        }
    }
    strength == Strength::Password
        && after
            .split_whitespace()
            .take(WORDS)
            .map(token)
            .any(|word| is_odd(word, LEAST_LOOSE) && is_mixed(word))
}

/// The first word of a value, without the quotes and the punctuation around it.
fn token(value: &str) -> &str {
    let word = value.split_whitespace().next().unwrap_or_default();
    let word = word.trim_start_matches(['"', '\'', '“', '„', '‘', '«']);
    let end = word.find(['<', '|', '"', '”', '»']).filter(|&at| at > 0);
    let word = &word[..end.unwrap_or(word.len())];
    word.trim_end_matches(['.', ',', ';', ')', '\'', '’', '。'])
}

fn is_secret(value: &str, strength: Strength) -> bool {
    match strength {
        Strength::Password => {
            let figures = value.bytes().all(|b| b.is_ascii_digit());
            is_odd(value, LEAST) || figures && (4..=12).contains(&value.len())
        }
        Strength::Key => is_odd(value, LEAST_LOOSE),
        Strength::Vague => {
            is_odd(value, LEAST_VAGUE) && value.bytes().all(|b| b.is_ascii_graphic())
        }
    }
}

/// Whether it looks drawn up rather than written: letters with figures or odd signs among them,
/// and no address, date, path or call.
fn is_odd(value: &str, least: usize) -> bool {
    let letters = value.chars().any(char::is_alphabetic);
    let figures = value.chars().any(|c| c.is_ascii_digit());
    let signs = value.contains(['!', '#', '$', '%', '^', '+', '?', '~', '@', '&']);
    let path = value.contains('/')
        && value
            .rsplit_once('.')
            .is_some_and(|(_, ending)| (1..=4).contains(&ending.len()));
    let mail = value
        .split_once('@')
        .is_some_and(|(_, host)| host.contains('.') && !host.contains(['!', '#', '$']));
    let date = value.len() >= 10
        && value.as_bytes()[..4].iter().all(u8::is_ascii_digit)
        && value.as_bytes()[4] == b'-';
    let other = path || mail || date || value.contains("://") || value.ends_with("()");
    value.chars().count() >= least && letters && (figures || signs) && !other && !stands_in(value)
}

/// Whether it has small letters and figures, and capitals or signs besides: a word that nobody
/// writes in a sentence.
fn is_mixed(word: &str) -> bool {
    let small = word.chars().any(char::is_lowercase);
    let figure = word.chars().any(|c| c.is_ascii_digit());
    let more = word
        .chars()
        .any(|c| c.is_uppercase() || c.is_ascii_punctuation());
    small && figure && more && !word.starts_with('v')
}

/// Whether a value is one word and nothing more: `Password: sunflower`.
fn is_sole_word(value: &str) -> bool {
    let word = value.trim().trim_matches(['"', '\'', '.']);
    let letters = word.chars().count() >= LEAST && word.chars().all(char::is_alphabetic);
    letters && !stands_in(word) && !table::STATES.contains(&word.to_lowercase().as_str())
}

/// Whether a value is a pass phrase: several plain words, and no sentence.
fn is_phrase(value: &str) -> bool {
    let words: Vec<&str> = value.split_whitespace().collect();
    let plain = |word: &&str| {
        word.len() >= 4 && word.chars().all(|c| c.is_lowercase()) && !table::SENTENCE.contains(word)
    };
    (3..=8).contains(&words.len()) && words.iter().all(plain)
}
