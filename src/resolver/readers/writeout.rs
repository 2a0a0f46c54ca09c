//! `key=value` write-outs, as from `curl -w`, on one line or one a line.

use super::names::{Field, classify};

/// The facts that a line states as `key=value` or, alone on it, `key: value`.
pub fn pairs(line: &str) -> Vec<(Field, &str, &str)> {
    let mut found: Vec<(Field, &str, &str)> = Vec::new();
    for token in line.split_whitespace() {
        let Some((name, value)) = token.split_once('=') else {
            continue;
        };
        let name = name.trim_start_matches(['"', '\'', '{', '(', '[', ',', ';', '|']);
        let field = classify(name);
        if is_plain(name) && is_fact(field) {
            found.push((field, name, bare(value)));
        }
    }
    if found.is_empty()
        && let Some((name, value)) = line.split_once(':')
        && let name = name.trim()
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
    line.split_whitespace().all(pair)
        || line.split_once(':').is_some_and(|(name, value)| {
            is_plain(name.trim()) && value.split_whitespace().count() == 1
        })
}

fn is_fact(field: Field) -> bool {
    !matches!(
        field,
        Field::Container | Field::Complaint | Field::Other | Field::Code
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
        assert_eq!(pairs("   time_total:  0.173s").len(), 1);
        assert_eq!(pairs("HTTP status: 200").len(), 1);
        assert!(pairs("<a href=\"?status=500\">").is_empty());
        assert!(pairs("note: all well").is_empty());
    }
}
