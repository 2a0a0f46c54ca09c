//! Whom an escalation goes to, as prose says it.

use crate::model::coordination::Route;

/// Words behind which somebody is named.
const TOLD: &[&str] = &[
    "notify", "inform", "tell", "call", "page", "ask", "alert", "contact",
];
/// Words that end a name.
const ENDS: &[&str] = &[
    "via", "through", "if", "when", "unless", "by", "for", "at", "in", "on", "about", "with",
    "and", "or", "using", "before", "after", "to",
];

/// The route that `text` names; empty where it names nobody.
pub(super) fn read(text: &str) -> Route {
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |word: &'_ str| -> String {
        word.trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase()
    };
    let mut route = Route::default();
    for word in &words {
        let token = word.trim_matches(|c: char| !(c.is_alphanumeric() || c == '#'));
        if token
            .strip_prefix('#')
            .is_some_and(|t| t.starts_with(char::is_alphabetic))
        {
            route.channel.get_or_insert_with(|| token.to_owned());
        }
        if let Some((name, host)) = token.split_once('@')
            && !name.is_empty()
            && host.contains('.')
        {
            route.address.get_or_insert_with(|| token.to_owned());
        }
    }
    let begins = words.iter().position(|w| {
        let word = bare(w);
        TOLD.contains(&word.as_str())
            || matches!(word.as_str(), "escalate" | "escalates" | "escalated")
    });
    let Some(at) = begins else {
        // `Manager escalation` says it the other way round.
        let before = words
            .iter()
            .position(|w| bare(w) == "escalation")
            .filter(|at| *at > 0);
        route.role = before.and_then(|at| name(&words[..at]));
        return route;
    };
    let first = if bare(words[at]).starts_with("escalate") {
        let to = words[at..].iter().position(|w| bare(w) == "to");
        to.map(|to| at + to + 1)
    } else {
        Some(at + 1)
    };
    route.role = first.and_then(|first| {
        let mut taken = Vec::new();
        for word in &words[first..] {
            let ends = ENDS.contains(&bare(word).as_str());
            if ends || word.starts_with('#') || word.contains('@') {
                break;
            }
            taken.push(*word);
            if word.ends_with([',', ';', '.', ':']) {
                break;
            }
        }
        name(&taken)
    });
    route
}

fn name(words: &[&str]) -> Option<String> {
    let joined = words.join(" ");
    let name = joined.trim_matches([',', ';', '.', ':', ' ']);
    let name = ["the ", "our ", "The ", "Our "]
        .iter()
        .find_map(|article| name.strip_prefix(article))
        .unwrap_or(name);
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_as_prose_says_them() {
        for (text, role, target) in [
            (
                "If it is late, escalate to harbour on-call via `#quay`".replace('`', ""),
                "harbour on-call",
                "#quay",
            ),
            (
                "Watch it; escalate to Stores lead if nothing came by noon".to_owned(),
                "Stores lead",
                "Stores lead",
            ),
            (
                "call the purser via #bridge".to_owned(),
                "purser",
                "#bridge",
            ),
            ("Manager escalation".to_owned(), "Manager", "Manager"),
            (
                "mail to duty@example.com.".to_owned(),
                "",
                "duty@example.com",
            ),
            (
                "escalate immediately to the master, who decides".to_owned(),
                "master",
                "master",
            ),
            ("nobody is told".to_owned(), "", ""),
        ] {
            let route = read(&text);
            assert_eq!(route.role.as_deref().unwrap_or(""), role, "{text}");
            assert_eq!(route.target().unwrap_or(""), target, "{text}");
        }
    }
}
