//! `key=value` write-outs, as from `curl -w`, on one line or one a line.

use super::names::{Field, classify};

/// The facts that a line states as `key=value` or, alone on it, `key: value`.
pub fn pairs(line: &str) -> Vec<(Field, &str, &str)> {
    let mut found: Vec<(Field, &str, &str)> = Vec::new();
    let mut exit = false;
    for token in tokens(line) {
        let Some((name, value)) = token.split_once('=') else {
            exit = token.eq_ignore_ascii_case("exit");
            continue;
        };
        let name = name.trim_start_matches(['"', '\'', '{', '(', '[', ',', ';', '|']);
        let field = classify(name);
        let value = bare(value);
        let code = field == Field::Code && !exit && is_code(value);
        if is_plain(name) && (is_fact(field) || code) {
            found.push((field, name, value));
        }
        exit = false;
    }
    if found.is_empty()
        && let Some((name, value)) = line.split_once(':')
        && let name = name.trim()
        && !name.contains(['{', '[', '"', '<'])
        && let field = classify(name)
        && matches!(field, Field::Status | Field::Duration(_))
        && !value.trim().is_empty()
    {
        found.push((field, name, value.trim()));
    }
    found
}

/// Whether the line is pairs and nothing else.
pub fn is_pure(line: &str) -> bool {
    let pair = |token: &str| {
        token
            .split_once('=')
            .is_some_and(|(name, _)| is_plain(name))
    };
    tokens(line).all(pair)
        || line.split_once(':').is_some_and(|(name, value)| {
            is_plain(name.trim()) && value.split_whitespace().count() == 1
        })
}

/// The pieces of a line: blanks part them, and so do `,`, `;` and `|` before the next pair.
fn tokens(line: &str) -> impl Iterator<Item = &str> {
    line.split_whitespace().flat_map(|word| {
        let mut rest = Some(word);
        std::iter::from_fn(move || {
            let text = rest?;
            let cut = text.char_indices().find(|(at, c)| {
                matches!(c, ',' | ';' | '|')
                    && text[at + 1..].split_once('=').is_some_and(|(name, _)| {
                        !name.is_empty() && is_plain(name) && classify(name) != Field::Other
                    })
            });
            rest = cut.map(|(at, _)| &text[at + 1..]);
            Some(cut.map_or(text, |(at, _)| &text[..at]))
        })
    })
}

/// Whether `value` can be the status of an answer. Programs end with small numbers.
fn is_code(value: &str) -> bool {
    value.len() == 3 && matches!(value.parse(), Ok(200..=599_u16))
}

fn is_fact(field: Field) -> bool {
    !matches!(
        field,
        Field::Container
            | Field::Checks
            | Field::Aside
            | Field::Complaint
            | Field::Other
            | Field::Code
    )
}

fn is_plain(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_alphanumeric() || "_-.".contains(c))
}

/// The value without quotes and without what separates it from the next pair.
fn bare(value: &str) -> &str {
    let value = value.trim_end_matches([',', ';', '|', ')', ']']);
    value.trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_on_a_line() {
        let line = "http_code=200 time_total=0.173, url=\"https://a.example/?x=1\" size=12";
        let values: Vec<&str> = pairs(line).iter().map(|(_, _, value)| *value).collect();
        assert_eq!(values, ["200", "0.173", "https://a.example/?x=1"]);
        let values = |line| -> Vec<&str> { pairs(line).iter().map(|(.., value)| *value).collect() };
        assert_eq!(values("http_code=410,time_total=0.1"), ["410", "0.1"]);
        assert_eq!(values("code=410;time=1"), ["410", "1"]);
        assert_eq!(values("exit code=255 code=7"), [""; 0]);
        assert_eq!(values("url=/a?b=1,c=2;d=3"), ["/a?b=1,c=2;d=3"]);
        assert!(is_pure("http_code=410;time_total=0.1"));
        assert_eq!(pairs("   time_total:  0.173s").len(), 1);
        assert_eq!(pairs("HTTP status: 200").len(), 1);
        assert!(pairs("<a href=\"?status=500\">").is_empty());
        assert!(pairs("note: all well").is_empty());
        assert!(pairs("{\"status\": 200}").is_empty());
    }
}
