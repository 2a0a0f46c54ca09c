//! File names without their moments, to tell which artifact a drawn leaf stands for.

use super::{clock_prefixes, iter};

/// A file name with every moment, lone time part, `<date>`, `<timestamp>` and other `<name>`
/// replaced by `*`.
///
/// Two names with the same key are of the same family, whatever their moments. So that a drawn
/// name and a real one meet however much of the moment either spells out:
///
/// - moments and `<…>`s that only `-`, `_`, a space or `T` separates become one `*`:
///   `2025-10-11T<timestamp>` and `<date>_<timestamp>` as well as `2025-10-12T09-00-00Z`;
/// - a `Z` directly after `<…>` belongs to it;
/// - a time part counts where it stands beside a `*`, or where its shape leaves no doubt: it
///   has seconds or a `Z` (`09-00-00Z`, `174559`, `0725Z`), not four bare digits.
///
/// ```
/// use packet::parser::moments::without_moments;
/// assert_eq!(without_moments("probe_2025-10-11T<timestamp>.log"), "probe_*.log");
/// assert_eq!(without_moments("probe_2025-10-12T09-00-00Z.log"), "probe_*.log");
/// ```
pub fn without_moments(name: &str) -> String {
    collapse(&star_clocks(&star_moments(&star_names(name))))
}

fn star_names(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(open) = rest.find('<') {
        let Some(close) = rest[open..].find('>').filter(|&length| length > 1) else {
            break;
        };
        key.push_str(&rest[..open]);
        key.push('*');
        rest = &rest[open + close + 1..];
        let after_z = rest.strip_prefix(['Z', 'z']);
        rest = after_z.filter(|r| !starts_word(r)).unwrap_or(rest);
    }
    key.push_str(rest);
    key
}

fn star_moments(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let mut done = 0;
    for (span, _) in iter(name) {
        key.push_str(&name[done..span.start]);
        key.push('*');
        done = span.end;
    }
    key.push_str(&name[done..]);
    key
}

fn star_clocks(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let fresh = !key.ends_with(|c: char| c.is_ascii_alphanumeric()) || ends_glued(&key);
        let end = (first.is_ascii_digit() && fresh)
            .then(|| clock_end(&key, rest))
            .flatten();
        if let Some(end) = end {
            key.push('*');
            rest = &rest[end..];
        } else {
            key.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    key
}

/// Where the time part at the start of `text` ends, if `key` stands before it.
fn clock_end(key: &str, text: &str) -> Option<usize> {
    let readings = clock_prefixes(text, key.ends_with(['T', 't'])).into_iter();
    let mut closed = readings.filter(|reading| !reading.is_open(text));
    let end = closed.next()?.end;
    let beside = ends_glued(key) || is_glued_star(&text[end..]);
    let certain = end > 5 || text[..end].ends_with(['Z', 'z']);
    (beside || certain).then_some(end)
}

const GLUE: [char; 5] = ['-', '_', ' ', 'T', 't'];

fn ends_glued(key: &str) -> bool {
    key.ends_with('*') || key.strip_suffix(GLUE).is_some_and(|k| k.ends_with('*'))
}

fn is_glued_star(rest: &str) -> bool {
    rest.starts_with('*') || rest.strip_prefix(GLUE).is_some_and(|r| r.starts_with('*'))
}

fn starts_word(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_ascii_alphanumeric())
}

fn collapse(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for c in key.chars() {
        if c == '*' {
            if out.ends_with('*') {
                continue;
            }
            if ends_glued(&out) {
                out.pop();
                continue;
            }
        }
        out.push(c);
    }
    out
}
