//! Statuses by themselves: `410`, `HTTP 410`, `410 Gone`, and what curl writes out without names.

/// What servers call their statuses (RFC 9110 section 15.1), as far as they are met alone.
const REASONS: &[(&str, &[&str])] = &[
    ("200", &["ok"]),
    ("201", &["created"]),
    ("202", &["accepted"]),
    ("204", &["no content"]),
    ("301", &["moved permanently"]),
    ("302", &["found"]),
    ("304", &["not modified"]),
    ("307", &["temporary redirect"]),
    ("308", &["permanent redirect"]),
    ("400", &["bad request"]),
    ("401", &["unauthorized", "authorization required"]),
    ("403", &["forbidden"]),
    ("404", &["not found"]),
    ("405", &["method not allowed", "not allowed"]),
    ("408", &["request timeout", "request time-out"]),
    ("409", &["conflict"]),
    ("410", &["gone"]),
    ("422", &["unprocessable entity", "unprocessable content"]),
    ("429", &["too many requests"]),
    ("500", &["internal server error"]),
    ("501", &["not implemented"]),
    ("502", &["bad gateway"]),
    (
        "503",
        &["service unavailable", "service temporarily unavailable"],
    ),
    ("504", &["gateway timeout", "gateway time-out"]),
];

/// What may stand before a status alone.
const LEADS: &[&str] = &["http", "status", "code", "response"];

/// A status that is all a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::resolver::readers) struct Bare<'a> {
    /// Its three digits.
    pub(super) code: &'a str,
    /// Whether nothing but the number says that it is one.
    pub(super) alone: bool,
}

/// The status that is all that `line` says.
pub(in crate::resolver::readers) fn read(line: &str) -> Option<Bare<'_>> {
    let mut rest = line.trim();
    let mut led = false;
    while let Some(after) = LEADS.iter().find_map(|lead| past(rest, lead)) {
        rest = after;
        led = true;
    }
    let (code, after) = rest.split_at_checked(3)?;
    let known = code == "000" || matches!(code.parse(), Ok(100..=599_u16));
    if !known || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let said = after.trim_matches([' ', '\t', '(', ')', '-', '.', ',', '"']);
    let apart = after.is_empty() || after.starts_with([' ', '\t', ',']);
    let reason = REASONS
        .iter()
        .any(|(of, names)| *of == code && names.contains(&said.to_lowercase().as_str()));
    // `-w '%{http_code} %{time_total}'`: how long it took, in no unit that is said.
    let timed = said.contains('.') && said.parse::<f64>().is_ok();
    (apart && (said.is_empty() || reason || timed)).then_some(Bare {
        code,
        alone: !led && !reason,
    })
}

/// Whether a whole file says nothing but statuses.
pub(in crate::resolver::readers) fn only(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let said = |line: &str| super::command(line).is_some() || read(line).is_some();
    lines.clone().any(|line| read(line).is_some()) && lines.all(said)
}

/// What stands behind `lead` at the head of `text`, if a blank or a colon parts the two.
fn past<'a>(text: &'a str, lead: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(lead.len())?;
    let parted = rest.starts_with([' ', '\t', ':', '=']);
    (head.eq_ignore_ascii_case(lead) && parted)
        .then(|| rest.trim_start_matches([' ', '\t', ':', '=']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_statuses() {
        for (line, code, alone) in [
            ("410", "410", true),
            (" 200 0.173\r", "200", true),
            ("000", "000", true),
            ("410 Gone", "410", false),
            ("503 (Service Unavailable)", "503", false),
            ("HTTP 410", "410", false),
            ("HTTP status: 404", "404", false),
            ("Status code = 500 Internal Server Error", "500", false),
        ] {
            assert_eq!(read(line), Some(Bare { code, alone }), "{line}");
        }
        for line in [
            "410 crossings",
            "4100",
            "41",
            "600",
            "410 OK",
            "HTTP 410 was seen yesterday",
            "410ms",
            "200 12",
            "20é",
            "",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
        assert!(only("\n410\n\n") && only("$ curl -s http://a.example/\n200\n200 0.1\n"));
        assert!(!only("410\ncrossings\n") && !only("") && !only("$ curl http://a.example\n"));
    }
}
