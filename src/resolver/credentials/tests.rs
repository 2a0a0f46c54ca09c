use proptest::prelude::*;

use super::*;

fn kinds(text: &str) -> Vec<&'static str> {
    scan(text.as_bytes())
        .into_iter()
        .map(|leak| leak.kind)
        .collect()
}

/// Put together here, so that no whole credential stands in this file.
fn made(prefix: &str, length: usize) -> String {
    let letters: String = "a1B2c3D4e5F6g7H8".chars().cycle().take(length).collect();
    format!("{prefix}{letters}")
}

#[test]
fn every_spelling_is_a_regex() {
    assert!(TABLE.is_some());
}

#[test]
fn credentials_are_found() {
    let jwt = format!("{}.{}.{}", made("eyJ", 20), made("eyJ", 20), made("", 20));
    let hex: String = "0123456789abcdef".repeat(2);
    for (text, kind) in [
        (
            format!("Authorization: Bearer {}", made("", 24)),
            "a bearer token",
        ),
        (
            format!("> authorization: bearer {}", made("", 24)),
            "a bearer token",
        ),
        (
            format!("Authorization: Basic {}==", made("", 20)),
            "a Basic authorization header",
        ),
        (
            format!("set-cookie: session={}; Path=/", made("", 20)),
            "a cookie",
        ),
        (format!("< Set-Cookie: s={}", made("", 20)), "a cookie"),
        // As short as they may be.
        (format!("password: {}", made("", 8)), "a password or key"),
        (
            format!("https://ann:{}@files.example.com/", made("", 3)),
            "a password in a URL",
        ),
        (format!("token {jwt}"), "a JSON web token"),
        (
            "-----BEGIN RSA PRIVATE KEY-----".to_owned(),
            "a private key",
        ),
        ("-----BEGIN PRIVATE KEY-----".to_owned(), "a private key"),
        (
            "postgres://admin:hunter22@db.internal/x".to_owned(),
            "a password in a URL",
        ),
        (
            format!("key {}", made("AKIA", 16).to_uppercase()),
            "an AWS access key",
        ),
        (made("ghp_", 36), "a GitHub token"),
        (made("github_pat_", 30), "a GitHub token"),
        (made("xoxb-", 24), "a Slack token"),
        (
            made("https://hooks.slack.com/services/T1/B1/", 24),
            "a Slack webhook",
        ),
        (made("sk_live_", 24), "a Stripe key"),
        (made("AIza", 35), "a Google API key"),
        (format!("shpat_{hex}"), "a Shopify token"),
        (
            format!("{}.{}", made("SG.", 22), made("", 43)),
            "a SendGrid key",
        ),
        (made("npm_", 36), "an npm token"),
        (made("sk-proj-", 40), "an API key of a model provider"),
        ("password=Tr0ub4dor&3".to_owned(), "a password or key"),
        (
            format!("\"api_key\": \"{}\"", made("", 20)),
            "a password or key",
        ),
        (
            format!("SMTP_PASSWORD: {}", made("", 12)),
            "a password or key",
        ),
    ] {
        assert!(kinds(&text).contains(&kind), "{text}: {:?}", kinds(&text));
    }
}

#[test]
fn stand_ins_are_none() {
    for text in [
        "Authorization: Bearer <token>",
        "Authorization: Bearer $TOKEN",
        "Authorization: Bearer ********************",
        "Authorization: Bearer REDACTED_REDACTED_1",
        "Authorization: Basic <credentials>",
        "the bearer of this message",
        "Cookie: session=[REDACTED]",
        "set-cookie: session=********",
        "password=<your password>",
        "password: ********",
        "password = ${SMTP_PASSWORD}",
        "api_key: YOUR_API_KEY_HERE",
        "password: required",
        "https://example.com:8443/app",
        "https://example.com/app?x=1@2",
        "mailto:a@example.com",
        "-----BEGIN PUBLIC KEY-----",
        "sk-300ms",
        "risk-assessment-of-the-whole-project-and-more",
        "no secrets: all tokens were checked",
    ] {
        assert_eq!(kinds(text), [""; 0], "{text}");
    }
}

#[test]
fn lines_are_counted_and_long_ones_searched_whole() {
    let key = made("ghp_", 36);
    let text = format!(
        "a\nb\n{}{key}{}\n{key}",
        "x ".repeat(70_000),
        " y".repeat(70_000)
    );
    let lines: Vec<u64> = scan(text.as_bytes()).iter().map(|leak| leak.line).collect();
    assert_eq!(lines, [3, 4]);
    for shift in [PIECE - 50, PIECE - 20, PIECE - 1, PIECE] {
        let text = format!("{} {key} {}", "x".repeat(shift), "y".repeat(300));
        assert_eq!(scan(text.as_bytes()).len(), 1, "{shift}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_searched(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        scan(&bytes);
    }
}

/// Spellings that were collected before the search was written, by kind of source.
#[derive(serde::Deserialize)]
struct Spellings {
    credentials: Vec<Group>,
    harmless: Vec<String>,
}

#[derive(serde::Deserialize)]
struct Group {
    texts: Vec<String>,
}

#[test]
fn collected_spellings_are_found_and_harmless_texts_are_not() {
    let text = include_str!("../../../tests/credentials/spellings.yaml");
    let spellings: Spellings = serde_yaml::from_str(text).unwrap();
    let texts: Vec<&String> = spellings
        .credentials
        .iter()
        .flat_map(|g| &g.texts)
        .collect();
    let missed: Vec<_> = texts.iter().filter(|t| kinds(t).is_empty()).collect();
    let alarms: Vec<_> = spellings
        .harmless
        .iter()
        .filter(|t| !kinds(t).is_empty())
        .collect();
    assert!(texts.len() >= 120 && spellings.harmless.len() >= 36);
    assert!(alarms.is_empty(), "false alarms: {alarms:#?}");
    assert!(
        missed.len() * 20 <= texts.len(),
        "missed {}: {missed:#?}",
        missed.len()
    );
}
