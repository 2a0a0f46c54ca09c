//! The last look at HTML before it goes out, whoever's template wrote it: no scripts, nothing
//! loaded, links only to http(s), mail addresses and places in the page itself.

use super::markdown::is_allowed;

/// Elements that show text and load nothing.
const ELEMENTS: &[&str] = &[
    "a",
    "article",
    "aside",
    "b",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "input",
    "li",
    "main",
    "meta",
    "nav",
    "ol",
    "p",
    "pre",
    "s",
    "section",
    "small",
    "span",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "u",
    "ul",
];

/// Attributes whose value is looked at no further.
const ATTRIBUTES: &[&str] = &[
    "align",
    "aria-hidden",
    "aria-label",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "charset",
    "checked",
    "class",
    "colspan",
    "content",
    "datetime",
    "dir",
    "disabled",
    "height",
    "id",
    "lang",
    "name",
    "open",
    "role",
    "rowspan",
    "scope",
    "start",
    "tabindex",
    "title",
    "valign",
    "width",
];

/// What loads something from a style sheet, or hides that it does.
const LOADS: &[&str] = &[
    "url(",
    "@import",
    "image(",
    "image-set(",
    "src(",
    "expression(",
    "\\",
];

/// The part of a style sheet that could load something, if any.
pub(super) fn loading_style(css: &str) -> Option<&'static str> {
    let lower = css.to_ascii_lowercase();
    LOADS.iter().copied().find(|word| lower.contains(word))
}

/// Looks at every tag of `html`; the error says what must not go out.
pub(super) fn check(html: &str) -> Result<(), String> {
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(after) = strip_doctype(rest) {
            rest = after;
            continue;
        }
        let closing = rest.starts_with('/');
        let name_at = &rest[usize::from(closing)..];
        let length = name_at
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(name_at.len());
        let name = name_at[..length].to_ascii_lowercase();
        if !ELEMENTS.contains(&name.as_str()) {
            let shown: String = rest.chars().take(20).collect();
            return Err(format!("`<{shown}` must not go out; remove it"));
        }
        rest = attributes(&name, &name_at[length..])?;
        if name == "style" && !closing {
            let end = rest.find("</").unwrap_or(rest.len());
            if let Some(word) = loading_style(&rest[..end]) {
                return Err(format!(
                    "`{word}` in its styles could load something; remove it"
                ));
            }
            rest = &rest[end..];
        }
    }
    Ok(())
}

fn strip_doctype(rest: &str) -> Option<&str> {
    const DOCTYPE: &str = "!doctype html>";
    let head = rest.get(..DOCTYPE.len())?;
    head.eq_ignore_ascii_case(DOCTYPE)
        .then(|| &rest[DOCTYPE.len()..])
}

/// Looks at the attributes of one tag; gives what follows its `>`.
fn attributes<'a>(element: &str, mut rest: &'a str) -> Result<&'a str, String> {
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return Ok(after);
        }
        let length = rest
            .find(|c: char| c.is_ascii_whitespace() || "/>=".contains(c))
            .ok_or_else(|| format!("a `<{element}` is not closed"))?;
        let name = rest[..length].to_ascii_lowercase();
        rest = rest[length..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            // Values without quotes end where each reader thinks; the built-in templates have none.
            let quoted = after
                .trim_start()
                .strip_prefix('"')
                .and_then(|v| v.split_once('"'))
                .ok_or_else(|| format!("write the value of `{name}` in double quotes"))?;
            (value, rest) = quoted;
        }
        if !attribute_is_harmless(&name, value) {
            return Err(format!("`{name}=\"{value}\"` must not go out; remove it"));
        }
    }
}

fn attribute_is_harmless(name: &str, value: &str) -> bool {
    match name {
        "href" => value.starts_with('#') || is_allowed(value),
        "style" => loading_style(value).is_none() && !value.contains('&'),
        "http-equiv" => value.eq_ignore_ascii_case("content-security-policy"),
        "type" => value == "checkbox",
        other => ATTRIBUTES.contains(&other),
    }
}

#[cfg(test)]
mod tests;
