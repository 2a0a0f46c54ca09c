//! Targets: what a gate names against what its evidence says was asked.

/// A URL, a path with a query or a query, cut up. Fragments and user names do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Parts<'a> {
    scheme: Option<String>,
    /// Host in lower case, with a port that is not the scheme's own.
    host: Option<String>,
    path: Option<&'a str>,
    query: Vec<(&'a str, &'a str)>,
}

/// `code` without surrounding blanks, if it is an http(s) URL or a query such as `?mock=0` or
/// `/app?mock=0`. Paths without a query and anything with variable parts are not targets.
///
/// ```
/// use packet::model::target::target;
/// assert_eq!(target(" ?mock=0 ").as_deref(), Some("?mock=0"));
/// assert_eq!(target("artifacts/probe.log"), None);
/// ```
pub fn target(code: &str) -> Option<String> {
    let code = code.trim();
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>*…{}`\"\\".contains(c);
    if code.contains(odd) {
        return None;
    }
    let parts = parts(code);
    let named = parts.query.iter().any(|(name, _)| !name.is_empty());
    let asks = (code.starts_with('?') || code.starts_with('/')) && named;
    let url = parts.scheme.is_some() && parts.host.as_deref().is_some_and(|host| !host.is_empty());
    (asks || url).then(|| code.to_owned())
}

/// Whether `recorded` is what `wanted` names.
///
/// What `wanted` states must be there: scheme, host and port, path (a final `/` aside), and
/// each parameter of its query with exactly that value and no other. Scheme, host or path that
/// `recorded` does not state cannot differ; parameters that it lacks do.
pub fn meets(wanted: &str, recorded: &str) -> bool {
    let (wanted, recorded) = (parts(wanted.trim()), parts(recorded.trim()));
    if recorded.host.is_none() && recorded.path.is_none() && recorded.query.is_empty() {
        return false;
    }
    let agree = |a: &Option<String>, b: &Option<String>| match (a, b) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    let path = |path: Option<&str>| path.map(|path| path.trim_end_matches('/').to_owned());
    // A URL without a path names the root.
    let wanted_path = wanted.path.or(wanted.host.as_ref().map(|_| ""));
    let recorded_path = recorded.path.or(recorded.host.as_ref().map(|_| ""));
    agree(&wanted.scheme, &recorded.scheme)
        && agree(&wanted.host, &recorded.host)
        && agree(&path(wanted_path), &path(recorded_path))
        && wanted.query.iter().all(|(name, value)| {
            let mut values = recorded.query.iter().filter(|(known, _)| known == name);
            let wanted_too = |known: &str| wanted.query.contains(&(name, known));
            recorded.query.contains(&(name, value)) && values.all(|(_, known)| wanted_too(known))
        })
}

fn parts(text: &str) -> Parts<'_> {
    let text = text.split('#').next().unwrap_or(text);
    let (place, query) = match text.split_once('?') {
        Some((place, query)) => (place, pairs(query)),
        None => (text, Vec::new()),
    };
    let mut parts = Parts {
        query,
        ..Parts::default()
    };
    let (scheme, rest) = match place.split_once("://") {
        Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), Some(rest)),
        None => (None, place.strip_prefix("//")),
    };
    let web = |scheme: &String| scheme == "http" || scheme == "https";
    match rest.or_else(|| (!place.is_empty() && !place.starts_with('/')).then_some(place)) {
        None => parts.path = (!place.is_empty()).then_some(place),
        Some(rest) => {
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            parts.host = Some(bare_host(host, scheme.as_deref()));
            parts.path = (!path.is_empty()).then_some(path);
            parts.scheme = scheme.filter(web);
        }
    }
    parts
}

fn bare_host(host: &str, scheme: Option<&str>) -> String {
    let host = host.to_ascii_lowercase();
    let ports: &[&str] = match scheme {
        Some("http") => &[":80"],
        Some("https") => &[":443"],
        // Without a scheme, either default may be meant.
        _ => &[":80", ":443"],
    };
    let bare = ports.iter().find_map(|port| host.strip_suffix(port));
    let bare = bare.unwrap_or(&host);
    bare.strip_suffix('.').unwrap_or(bare).to_owned()
}

fn pairs(query: &str) -> Vec<(&str, &str)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_urls_and_queries() {
        for yes in [
            "?mock=0",
            "/app?mock=0",
            "https://a.example",
            "http://a.example/x?y",
            "?debug",
        ] {
            assert!(target(yes).is_some(), "{yes}");
        }
        for no in [
            "/app",
            "mock=0",
            "?",
            "https://",
            "ftp://a.example",
            "?a=<n>",
            "https://a.example/…/",
            "a b?c=d",
            "?&",
        ] {
            assert!(target(no).is_none(), "{no}");
        }
    }

    #[test]
    fn queries_match_whole_values() {
        assert!(meets("?mock=0", "https://a.example/app?mock=0"));
        assert!(meets("?mock=0", "/app?x=1&mock=0"));
        assert!(meets("?mock=0", "?mock=0#top"));
        for other in [
            "/app?mock=01",
            "/app?mock=1",
            "/app",
            "/app?amock=0",
            "/app?mock=0&mock=1",
            "/app?mock",
            "",
            "mock=0",
        ] {
            assert!(!meets("?mock=0", other), "{other}");
        }
    }

    #[test]
    fn urls_match_where_both_speak() {
        let wanted = "https://A.example:443/app/";
        for same in [
            "https://a.example/app",
            "//a.example/app?x=1",
            "a.example/app",
            "/app",
            "https://me@a.example./app",
        ] {
            assert!(meets(wanted, same), "{same}");
        }
        for other in [
            "http://a.example/app",
            "https://b.example/app",
            "https://a.example/",
            "https://a.example:8443/app",
            "https://a.example/App",
            "production",
        ] {
            assert!(!meets(wanted, other), "{other}");
        }
        assert!(meets("https://a.example", "https://a.example/"));
        assert!(!meets("https://a.example", "https://a.example/app"));
        assert!(!meets("/app?mock=0", "https://a.example/other?mock=0"));
        assert!(meets("/app?mock=0", "https://a.example/app?mock=0"));
    }
}
