//! HTTP status lines (RFC 9112 section 4; curl writes HTTP/2 and HTTP/3 in the same shape).

/// The code and reason of a status line; `None` for any other text.
pub fn read(text: &str) -> Option<(u16, &str)> {
    let rest = version(text)?;
    let rest = rest
        .strip_prefix([' ', '\t'])?
        .trim_start_matches([' ', '\t']);
    let code = rest.get(..3)?;
    let after = rest.get(3..)?;
    if !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if !(after.is_empty() || after.starts_with([' ', '\t'])) {
        return None;
    }
    Some((code.parse().ok()?, after.trim()))
}

/// Whether `text` is a status line that was cut off within the version or the code.
pub fn is_cut(text: &str) -> bool {
    match version(text) {
        Some(rest) => {
            let digits = rest.trim();
            digits.len() < 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
        }
        None => text.eq_ignore_ascii_case("HTTP/"),
    }
}

/// What follows `HTTP/1.1` and the like.
fn version(text: &str) -> Option<&str> {
    let (name, rest) = text.split_at_checked(5)?;
    if !name.eq_ignore_ascii_case("HTTP/") {
        return None;
    }
    let rest = rest.strip_prefix(|c: char| c.is_ascii_digit())?;
    Some(match rest.strip_prefix('.') {
        Some(minor) => minor.strip_prefix(|c: char| c.is_ascii_digit())?,
        None => rest,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_status_lines() {
        assert_eq!(read("HTTP/2 410 "), Some((410, "")));
        assert_eq!(read("HTTP/1.1 200 OK"), Some((200, "OK")));
        assert_eq!(read("HTTP/3 200"), Some((200, "")));
        assert_eq!(read("http/1.1  410\tGone"), Some((410, "Gone")));
        for other in ["HTTP/2 200ms", "HTTP 200", "HTTP/1.1 20", "HTTP/2 2é0", ""] {
            assert_eq!(read(other), None, "{other}");
        }
        assert!(is_cut("HTTP/1.1 2") && is_cut("HTTP/2") && is_cut("HTTP/2 "));
        assert!(!is_cut("HTTP/2 is used") && !is_cut("HTTP/2 200"));
    }
}
