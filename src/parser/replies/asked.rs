//! What a message asks its readers to answer with.

use super::{lexicon::is_pictogram, words};

/// How sentences speak of answering, by the roots of their words.
const ANSWERS: &[&str] = &[
    "reply",
    "replies",
    "answer",
    "respond",
    "antwort",
    "répon",
    "rispond",
    "rispost",
    "respuesta",
    "antwoord",
    "resposta",
    "odpowi",
    "odpis",
];
/// The longest answer that is asked for, in words.
const LONGEST: usize = 4;
/// The marks around words that stand for themselves.
const MARKS: &[(char, char)] = &[
    ('"', '"'),
    ('`', '`'),
    ('“', '”'),
    ('„', '“'),
    ('«', '»'),
    ('‘', '’'),
    ('*', '*'),
];

/// The answer that `message` asks for, as [`crate::model::mail::Words`] keeps few words; `None` where
/// it asks for none, or offers several.
pub fn asked(message: &str) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    for sentence in message.lines().flat_map(|l| l.split_inclusive(". ")) {
        let lower = sentence.to_lowercase();
        if !ANSWERS.iter().any(|root| lower.contains(root)) {
            continue;
        }
        let signs = sentence.chars().filter(|c| is_pictogram(*c));
        let marked = marked(sentence);
        let capitals = sentence
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| w.chars().count() >= 3 && w.chars().all(char::is_uppercase));
        let capitals: Vec<String> = match marked.is_empty() {
            true => capitals.map(str::to_owned).collect(),
            false => Vec::new(),
        };
        let all = signs.map(String::from).chain(marked).chain(capitals);
        for answer in all.filter_map(|a| words::normal(&a)) {
            if !found.contains(&answer) {
                found.push(answer);
            }
        }
    }
    (found.len() == 1).then(|| found.swap_remove(0))
}

/// Few words in quotation marks, code or bold.
fn marked(sentence: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = sentence;
    while let Some((at, open)) = rest
        .char_indices()
        .find(|(_, c)| MARKS.iter().any(|(o, _)| o == c))
    {
        let inner = rest[at..].trim_start_matches(open);
        let close = MARKS
            .iter()
            .find(|(o, _)| *o == open)
            .map_or(open, |(_, c)| *c);
        let Some(end) = inner.find(close) else { break };
        let words = inner[..end].trim();
        if !words.is_empty() && words.split_whitespace().count() <= LONGEST {
            found.push(words.to_owned());
        }
        rest = inner[end..].trim_start_matches(close);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::asked;

    #[test]
    fn one_answer_is_asked_for_or_none() {
        for (message, wanted) in [
            ("Please answer with ✅.", Some("✅")),
            ("Please reply with “Ready to sail”.", Some("ready to sail")),
            ("Bitte mit `Gesehen` antworten.", Some("gesehen")),
            ("Read the guide, then reply SEEN.", Some("seen")),
            (
                "Reply \"A\" for the north door or \"B\" for the south.",
                None,
            ),
            ("The \"north\" door is open.", None),
            ("Answer when you can.", None),
        ] {
            assert_eq!(asked(message).as_deref(), wanted, "{message}");
        }
    }
}
