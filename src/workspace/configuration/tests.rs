use std::fs;

use super::*;

fn settings(file: &str, own: &str, environment: &[(&str, &str)]) -> Result<Settings, String> {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    fs::create_dir_all(home.join("packet")).unwrap();
    fs::write(dir.path().join(FILE), file).unwrap();
    fs::write(home.join("packet/config.yaml"), own).unwrap();
    let workspace = Workspace::open(dir.path()).unwrap();
    let mut variables: BTreeMap<String, String> = environment
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
    variables.insert("XDG_CONFIG_HOME".into(), home.display().to_string());
    load(&workspace, &variables).map_err(|e| e.to_string())
}

#[test]
fn environment_over_user_over_workspace() {
    let found = settings(
        "from: a@x.org\nreply-to: r@x.org",
        "from: b@x.org",
        &[("PACKET_FROM", "c@x.org")],
    )
    .unwrap();
    assert_eq!(found.config.from.as_deref(), Some("c@x.org"));
    assert_eq!(found.config.reply_to.as_deref(), Some("r@x.org"));
    let found = settings("from: a@x.org", "from: b@x.org", &[]).unwrap();
    assert_eq!(found.config.from.as_deref(), Some("b@x.org"));
}

#[test]
fn mistakes_name_file_line_and_fix() {
    let error = settings("from: a@x.org\nfrmo: b", "", &[]).unwrap_err();
    assert!(
        error.starts_with("packet.yaml:2: unknown key `frmo`; known keys:"),
        "{error}"
    );
    let error = settings("contacts:\n  Ann: { email: a@x.org, phone: 1 }", "", &[]).unwrap_err();
    assert!(
        error.starts_with("packet.yaml:2: ") && error.contains("`phone`"),
        "{error}"
    );
    let error = settings("contacts:\n  Ann: {}\n  Ann: {}", "", &[]).unwrap_err();
    assert!(error.contains("duplicate"), "{error}");
    let error = settings("password-command: [pass]", "", &[]).unwrap_err();
    assert!(error.contains("your own configuration"), "{error}");
    let error = settings("slack: { \"#a\": HOME }", "", &[]).unwrap_err();
    assert!(error.contains("PACKET_SLACK_"), "{error}");
}

#[test]
fn only_the_user_names_trusted_hosts() {
    let found = settings(
        "smtp: { host: evil.example }",
        "password-command: [pass, mail]",
        &[],
    )
    .unwrap();
    assert!(found.user_host.is_none());
    assert_eq!(
        found.password_command.as_deref(),
        Some(&["pass".to_owned(), "mail".to_owned()][..])
    );
    let found = settings(
        "",
        "smtp: { host: mail.example }",
        &[("PACKET_SMTP_HOST", "other.example")],
    )
    .unwrap();
    assert_eq!(found.user_host.as_deref(), Some("mail.example"));
    assert_eq!(found.config.smtp.unwrap().host, "other.example");
    assert!(settings("", "password-command: pass show", &[]).is_err());
}

#[test]
fn numbers_of_the_mail_server_stay_in_their_bounds() {
    for (text, part) in [
        ("connections: 0", "1 to 16"),
        ("connections: 17", "1 to 16"),
        ("attempts: 0", "1 to 10"),
        ("attempts: 11", "1 to 10"),
        ("retry-seconds: 601", "0 to 600"),
    ] {
        let error = settings(&format!("smtp: {{ host: mx.example, {text} }}"), "", &[]);
        let error = error.unwrap_err();
        assert!(error.contains(part), "{text}: {error}");
    }
    let good = "smtp: { host: mx.example, connections: 16, attempts: 10, retry-seconds: 0 }";
    assert!(settings(good, "", &[]).is_ok());
}

#[test]
fn filters_that_cannot_be_read_are_mistakes() {
    let file = "gates:\n  Probe: { max-age: 3d }\n  \"Night Desk\":\n    max-age: 3d\n    all: 'length >'\n";
    let error = settings(file, "", &[]).unwrap_err();
    assert!(
        error.starts_with(
            "packet.yaml:5: gate `Night Desk`: `all`: the filter `length >` ends too early"
        ),
        "{error}"
    );
    let error = settings("", "gates: { Probe: { each: nope } }", &[]).unwrap_err();
    assert!(
        error.contains("config.yaml:1: gate `Probe`: `each`"),
        "{error}"
    );
    settings(
        "gates:\n  Probe: { each: '.a < 3', all: length > 2 }",
        "",
        &[],
    )
    .unwrap();
}
