use super::*;

fn secret() -> Secret {
    Secret::new("hunter2-very-secret")
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|&w| w.to_owned()).collect()
}

#[test]
fn a_password_goes_only_where_the_user_says() {
    let given = secret();
    // host, user's host, PACKET_SMTP_HOST, whether the password may go there
    for (host, user_host, env_host, allowed) in [
        ("smtp.example.com", Some("smtp.example.com"), None, true),
        ("smtp.example.com", Some("SMTP.Example.com."), None, true),
        ("smtp.example.com", None, Some("smtp.example.com"), true),
        ("smtp.example.com", None, None, false),
        (
            "smtp.example.com",
            Some("mail.example.com"),
            Some(""),
            false,
        ),
        (
            "smtp.example.com.evil.example",
            Some("smtp.example.com"),
            None,
            false,
        ),
        ("", Some(""), Some(""), false),
        ("localhost", None, None, true),
        ("127.0.0.1", None, None, true),
        ("[::1]", None, None, true),
        ("localhost.evil.example", None, None, false),
        ("127.0.0.1.evil.example", None, None, false),
    ] {
        let decision = password(&PasswordCase {
            host,
            username: Some("team"),
            auth: Auth::Password,
            variable: Some(&given),
            command: None,
            user_host,
            env_host,
        });
        assert_eq!(
            decision.is_ok(),
            allowed,
            "{host} {user_host:?} {env_host:?}"
        );
    }
}

#[test]
fn the_variable_comes_first_then_the_command_then_an_error() {
    let given = secret();
    let command = words(&["pass", "show", "mail"]);
    let case = PasswordCase {
        host: "localhost",
        username: Some("team"),
        variable: Some(&given),
        command: Some(&command),
        ..PasswordCase::default()
    };
    assert!(matches!(
        password(&case),
        Ok(Some(PasswordSource::Given(_)))
    ));
    let asked = password(&PasswordCase {
        variable: None,
        ..case.clone()
    });
    assert!(matches!(asked, Ok(Some(PasswordSource::Command { .. }))));
    let none = PasswordCase {
        variable: None,
        command: None,
        ..case.clone()
    };
    assert!(matches!(
        password(&none),
        Err(CredentialError::Missing { .. })
    ));
    let anonymous = PasswordCase {
        username: None,
        ..case
    };
    assert_eq!(password(&anonymous), Ok(None));
}

#[test]
fn a_command_runs_without_a_shell() {
    let printed = run_command(
        &words(&["printf", "%s\\n%s\\n", "$HOME;`id`", "second line"]),
        Auth::Password,
    );
    assert_eq!(
        printed.map(|s| s.expose().to_owned()),
        Ok("$HOME;`id`".to_owned())
    );
    for (command, part) in [
        (words(&[]), "must begin"),
        (words(&["./steal"]), "must begin"),
        (words(&["bin/steal"]), "must begin"),
        (words(&["false"]), "ended with"),
        (words(&["true"]), "printed nothing"),
        (words(&["no-such-program-anywhere"]), "could not be started"),
    ] {
        let error = run_command(&command, Auth::Password)
            .unwrap_err()
            .to_string();
        assert!(error.contains(part), "{command:?}: {error}");
    }
}

#[test]
fn a_command_that_prints_without_end_does_not_fill_the_memory() {
    // `yes` is stopped by its closed pipe, which counts as a failure.
    assert!(run_command(&words(&["yes"]), Auth::Password).is_err());
}

#[test]
fn webhooks_are_named_and_addressed_strictly() {
    let https = "https://hooks.example.com/services/T0/B0/abcdef";
    for (variable, value, ok) in [
        ("PACKET_SLACK_OCC", Some(https), true),
        ("PACKET_SLACK_OCC", Some("http://127.0.0.1:9/x"), true),
        (
            "PACKET_SLACK_OCC",
            Some("http://hooks.example.com/x"),
            false,
        ),
        (
            "PACKET_SLACK_OCC",
            Some("http://127.0.0.1.evil.example/x"),
            false,
        ),
        (
            "PACKET_SLACK_OCC",
            Some("https://user:pw@hooks.example.com/x"),
            false,
        ),
        ("PACKET_SLACK_OCC", Some("file:///etc/passwd"), false),
        ("PACKET_SLACK_OCC", Some("  "), false),
        ("PACKET_SLACK_OCC", None, false),
        ("AWS_SECRET_ACCESS_KEY", Some(https), false),
        ("PACKET_SLACK_", Some(https), false),
        ("PACKET_SLACK_a b", Some(https), false),
        ("PACKET_SMTP_PASSWORD", Some(https), false),
    ] {
        let hook = Webhook::new(variable, value);
        assert_eq!(hook.is_ok(), ok, "{variable}={value:?}");
        if let (Err(error), Some(value)) = (hook, value.filter(|v| !v.trim().is_empty())) {
            assert!(!error.to_string().contains(value), "{error}");
        }
    }
}

#[test]
fn debug_shows_no_secret() {
    let given = secret();
    let credentials = Credentials::new("team", Auth::Password, given.clone());
    let hook = Webhook::new("PACKET_SLACK_X", Some("https://hooks.example.com/abcdef")).unwrap();
    let case = PasswordCase {
        variable: Some(&given),
        ..PasswordCase::default()
    };
    let shown = format!("{credentials:?} {hook:?} {case:?}");
    assert!(
        !shown.contains("hunter2") && !shown.contains("abcdef"),
        "{shown}"
    );
}
