//! Text as sentences of words, each with its class (`words.txt`).

use std::{collections::HashMap, sync::LazyLock};

/// A line of so many characters goes on in the next: a program may have broken it there.
const BREAKS: usize = 60;
/// How many words a phrase of `words.txt` may have.
const PHRASE: usize = 5;
/// How far after a "no" the question or concern may stand that there is none of.
const NEAR: usize = 4;

/// Signs of assent.
const SIGNS: &[char] = &['✅', '✔', '☑', '👍', '👌'];
/// Signs of the contrary, and boxes that are not ticked.
const CROSSES: &[char] = &['❌', '✖', '✗', '✘', '👎', '🚫', '⛔', '☐', '☒'];
const QUESTION_MARKS: &[char] = &['?', '？', '؟', '⁇', '❓', '❔'];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Sign,
    Yes,
    Verb,
    Mild,
    Me,
    Fill,
    Prep,
    Neg,
    Cannot,
    Without,
    Yet,
    Issue,
    But,
    If,
    Until,
    Wait,
    Refuse,
    Later,
    Look,
    By,
    Away,
    Courtesy,
    Greeting,
    Polite,
    Closing,
    Comma,
    Other,
}

impl Class {
    fn of(name: &str) -> Class {
        match name {
            "yes" => Class::Yes,
            "verb" => Class::Verb,
            "mild" => Class::Mild,
            "me" => Class::Me,
            "fill" => Class::Fill,
            "prep" => Class::Prep,
            "neg" => Class::Neg,
            "cannot" => Class::Cannot,
            "without" => Class::Without,
            "yet" => Class::Yet,
            "issue" => Class::Issue,
            "but" => Class::But,
            "if" => Class::If,
            "until" => Class::Until,
            "wait" => Class::Wait,
            "refuse" => Class::Refuse,
            "later" => Class::Later,
            "look" => Class::Look,
            "by" => Class::By,
            "away" => Class::Away,
            "courtesy" => Class::Courtesy,
            "greeting" => Class::Greeting,
            "polite" => Class::Polite,
            "closing" => Class::Closing,
            _ => Class::Other,
        }
    }

    /// Whether it may be part of a yes.
    pub(super) fn assents(self) -> bool {
        matches!(self, Class::Sign | Class::Yes | Class::Verb | Class::Mild)
    }

    /// Whether it adds nothing to what stands beside it.
    pub(super) fn is_filling(self) -> bool {
        matches!(
            self,
            Class::Me
                | Class::Fill
                | Class::Prep
                | Class::Yet
                | Class::Polite
                | Class::Greeting
                | Class::Closing
        )
    }

    pub(super) fn denies(self) -> bool {
        matches!(self, Class::Neg | Class::Cannot | Class::Without)
    }
}

/// All words and phrases by their classes; a word of several classes has each.
static LEXICON: LazyLock<HashMap<&'static str, Vec<Class>>> = LazyLock::new(|| {
    let mut all: HashMap<&'static str, Vec<Class>> = HashMap::new();
    for line in include_str!("words.txt").lines() {
        let Some((class, words)) = line.split_once(':').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        for word in words.split(',').map(str::trim).filter(|w| !w.is_empty()) {
            let classes = all.entry(word).or_default();
            if !classes.contains(&Class::of(class)) {
                classes.push(Class::of(class));
            }
        }
    }
    all
});

/// The class in force: what may hold a yes back goes before what may be one.
pub(super) fn class(word: &str) -> Option<Class> {
    let order = |class: &Class| match class {
        Class::Away | Class::Courtesy => 0,
        Class::Refuse | Class::Cannot | Class::Neg | Class::Without => 1,
        Class::But | Class::If | Class::Until | Class::Wait => 2,
        Class::Yes | Class::Verb => 3,
        Class::Mild => 4,
        Class::Closing | Class::Polite | Class::Greeting => 5,
        Class::Me | Class::Fill => 6,
        _ => 7,
    };
    LEXICON.get(word)?.iter().copied().min_by_key(order)
}

pub(super) fn is(word: &str, class: Class) -> bool {
    LEXICON.get(word).is_some_and(|all| all.contains(&class))
}

/// Whether `sign` is one of assent.
pub(super) fn is_assent(sign: &str) -> bool {
    let mut chars = sign.chars();
    matches!((chars.next(), chars.next()), (Some(c), None) if SIGNS.contains(&c))
}

#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) class: Class,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Sentence {
    pub(super) words: Vec<Word>,
    pub(super) asks: bool,
}

impl Sentence {
    pub(super) fn clauses(&self) -> impl Iterator<Item = &[Word]> {
        self.words
            .split(|w| w.class == Class::Comma)
            .filter(|c| !c.is_empty())
    }
}

/// The sentences of a text, each with its words and their classes.
pub(super) fn sentences(text: &str) -> Vec<Sentence> {
    let mut all = Vec::new();
    let mut current = Sentence::default();
    let mut raw: Vec<String> = Vec::new();
    for line in text.lines() {
        for token in line.split_whitespace() {
            let address = token.contains("://") || token.contains('@') || token.starts_with("www.");
            let ends = take(&mut raw, token, address);
            current.asks |= !address && token.contains(QUESTION_MARKS);
            if ends {
                end(&mut all, &mut current, &mut raw);
            }
        }
        if line.chars().count() < BREAKS {
            end(&mut all, &mut current, &mut raw);
        }
    }
    end(&mut all, &mut current, &mut raw);
    all
}

/// Takes one token apart into words, signs and commas; whether a sentence ends in it.
fn take(raw: &mut Vec<String>, token: &str, address: bool) -> bool {
    let comma = || ",".to_owned();
    if matches!(token, "-" | "–" | "—" | "--" | "|" | "/" | "&") {
        raw.push(comma());
        return false;
    }
    if address {
        raw.push(token.to_lowercase());
        return false;
    }
    let (mut word, mut ends) = (String::new(), false);
    let mut chars = token.chars().peekable();
    while let Some(c) = chars.next() {
        let last = !chars.clone().any(char::is_alphanumeric);
        let breaks = matches!(c, '。' | '！' | '？' | '!' | '?' | '…') || (c == '.' && last);
        let parts = matches!(c, '、' | '，' | '(' | ')' | '（' | '）' | '；' | '：')
            || (matches!(c, ',' | ';' | ':' | '–' | '—') && (last || c != ':'));
        let sign = SIGNS.contains(&c) || CROSSES.contains(&c) || QUESTION_MARKS.contains(&c);
        if breaks || parts || sign {
            if !word.is_empty() {
                raw.push(std::mem::take(&mut word));
            }
            match () {
                () if breaks => {
                    ends = true;
                    raw.push(comma());
                }
                () if parts => raw.push(comma()),
                () => raw.push(c.to_string()),
            }
        } else if is_pictogram(c) {
            if !word.is_empty() {
                raw.push(std::mem::take(&mut word));
            }
            raw.push(c.to_string());
        } else if c.is_alphanumeric() || matches!(c, '\'' | '-' | '.' | '+' | '/') {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        raw.push(word);
    }
    ends
}

/// Signs and smileys: none of assent, but one that a notification may have asked for.
pub(super) fn is_pictogram(c: char) -> bool {
    matches!(u32::from(c), 0x2190..=0x2bff | 0x1f000..=0x1faff)
}

fn end(all: &mut Vec<Sentence>, current: &mut Sentence, raw: &mut Vec<String>) {
    let mut sentence = std::mem::take(current);
    sentence.words = classed(&std::mem::take(raw));
    if sentence.asks || sentence.words.iter().any(|w| w.class != Class::Comma) {
        settle(&mut sentence.words);
        all.push(sentence);
    }
}

/// Words with their classes, the longest phrase first.
fn classed(raw: &[String]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while at < raw.len() {
        let word = raw[at].trim_matches(['\'', '-', '.', '/']);
        if raw[at] == "," || word.is_empty() {
            words.push(Word {
                text: String::new(),
                class: Class::Comma,
            });
            at += 1;
            continue;
        }
        let sign = |signs: &[char]| word.chars().all(|c| signs.contains(&c));
        if sign(SIGNS) || sign(CROSSES) {
            let class = if sign(SIGNS) {
                Class::Sign
            } else {
                Class::Issue
            };
            words.push(Word {
                text: word.to_owned(),
                class,
            });
            at += 1;
            continue;
        }
        let found = (1..=PHRASE.min(raw.len() - at)).rev().find_map(|length| {
            let phrase = raw[at..at + length].join(" ");
            let phrase = phrase.trim_matches(['\'', '-', '.', '/']);
            class(phrase).map(|class| (phrase.to_owned(), class, length))
        });
        if let Some((text, class, length)) = found {
            words.push(Word { text, class });
            at += length;
            continue;
        }
        // "n'ai", "l'ho", "c'est": what stands before the mark is a word of its own.
        if let Some((head, tail)) = word.split_once('\'') {
            let head = format!("{head}'");
            for part in [head.as_str(), tail].into_iter().filter(|p| !p.is_empty()) {
                words.push(Word {
                    text: part.to_owned(),
                    class: class(part).unwrap_or(Class::Other),
                });
            }
        } else {
            words.push(Word {
                text: word.to_owned(),
                class: Class::Other,
            });
        }
        at += 1;
    }
    words
}

/// Takes what belongs to a yes for that: "no questions or concerns", "bis Montag", a lone "si".
fn settle(words: &mut [Word]) {
    if let Some(from) = words.iter().position(|w| w.class == Class::Courtesy) {
        for word in &mut words[from..] {
            let cross = is_sign(word);
            if word.class != Class::Comma && !cross {
                word.class = Class::Fill;
            }
        }
    }
    let mut at = 0;
    while at < words.len() {
        if !words[at].class.denies() {
            at += 1;
            continue;
        }
        let plain = |w: &Word| {
            matches!(
                w.class,
                Class::Other | Class::Fill | Class::Me | Class::Neg | Class::Yet | Class::Prep
            )
        };
        let near = words[at + 1..].iter().take(NEAR);
        let plain = near.take_while(|w| plain(w)).count();
        let issue = at + 1 + plain;
        let settled = plain < NEAR && words.get(issue).is_some_and(is_issue);
        let Some(mut last) = settled.then_some(issue) else {
            at += 1;
            continue;
        };
        // What is listed after it belongs to it: "no questions, remarks or concerns".
        let mut next = last + 1;
        while next < words.len() && next <= last + 3 {
            match words[next].class {
                _ if is_issue(&words[next]) => last = next,
                Class::Comma | Class::Fill => {}
                Class::Other
                    if matches!(
                        words[next].text.as_str(),
                        "or" | "oder" | "ou" | "o" | "of" | "lub" | "ani" | "ni"
                    ) => {}
                _ => break,
            }
            next += 1;
        }
        for word in &mut words[at..=last] {
            if word.class != Class::Comma {
                word.class = Class::Fill;
            }
        }
        at = last + 1;
    }
    let mut clause = 0;
    for at in 0..=words.len() {
        if at < words.len() && words[at].class != Class::Comma {
            continue;
        }
        let length = at - clause;
        let first = words.get(clause).map(|w| w.class);
        if (first == Some(Class::Until) && length <= 3) || (first == Some(Class::If) && length == 1)
        {
            for word in &mut words[clause..at] {
                word.class = Class::Fill;
            }
        }
        clause = at + 1;
    }
}

fn is_sign(word: &Word) -> bool {
    let sign = |c: char| SIGNS.contains(&c) || CROSSES.contains(&c);
    word.text.chars().all(sign)
}

/// A question or concern in words; a cross is none that there could be "no" of.
fn is_issue(word: &Word) -> bool {
    word.class == Class::Issue && !word.text.chars().all(|c| CROSSES.contains(&c))
}
