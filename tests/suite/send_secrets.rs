//! Where a password comes from, where it may go, and that it shows up nowhere else.

use std::fs;

use crate::{
    mail::{counts, deliveries, send, server, smtp},
    scratch::{BUNDLE, LEDGER, Scratch, files},
};

#[test]
fn a_password_goes_only_where_the_user_says() {
    let server = server(vec![]);
    let mut scratch = Scratch::clear();
    // 0.0.0.0 leads to this machine, but is not one of its loopback names.
    scratch.configure(&format!(
        "smtp: {{ host: 0.0.0.0, port: {}, security: none, username: team }}",
        server.port
    ));
    scratch
        .env
        .insert("PACKET_SMTP_PASSWORD".into(), "open sesame".into());
    let ran = send(&scratch).exits(2).says("0.0.0.0");
    assert!(!ran.text().contains("sesame"), "{ran:#?}");
    scratch.now = None;
    scratch.edit(
        "docs/scanner_packet.md",
        "expires: 2026-03-31",
        "expires: 9999-12-31",
    );
    send(&scratch).exits(2).says("PACKET_SMTP_HOST");
    assert_eq!(server.seen(|s| s.connections), 0);
    // Named by the user, it is trusted, but never without encryption.
    scratch
        .env
        .insert("PACKET_SMTP_HOST".into(), "0.0.0.0".into());
    let ran = send(&scratch);
    assert_ne!(ran.exit, Some(0), "{ran:#?}");
    assert!(server.seen(|s| s.lines.iter().all(|l| !l.starts_with("AUTH"))));
    assert_eq!(server.seen(|s| s.held.len()), 0);
}

#[test]
fn secrets_are_written_nowhere() {
    let server = server(vec![]);
    let mut scratch = Scratch::clear();
    scratch.configure(&smtp(&server).replace(" }", ", username: team }"));
    let ran = send(&scratch).exits(2).says("PACKET_SMTP_PASSWORD");
    assert_eq!(server.seen(|s| s.connections), 0, "{ran:#?}");
    scratch
        .env
        .insert("PACKET_SMTP_PASSWORD".into(), "open sesame".into());
    let mut said = String::new();
    for args in [
        &["-v", "send", "--dry-run"][..],
        &["-v", "send", "--yes"],
        &["-v", "status"],
        &["log", "--format", "json"],
        &["check", "-v"],
    ] {
        said.push_str(&scratch.run(args).exits(0).text());
    }
    assert!(
        server.seen(|s| s.lines.iter().any(|l| l.starts_with("AUTH PLAIN"))),
        "it logged in"
    );
    assert_eq!(counts(&server), [1, 1, 1, 1]);
    let secrets = ["open sesame", "AHRlYW0Ab3BlbiBzZXNhbWU", "b3BlbiBzZXNhbWU"];
    assert!(secrets.iter().all(|s| !said.contains(s)));
    let written = files(scratch.root());
    assert!(
        written.contains(&LEDGER.to_owned()) && written.contains(&format!("{BUNDLE}/packet.html"))
    );
    for path in written {
        let text =
            String::from_utf8_lossy(&fs::read(scratch.root().join(&path)).unwrap()).into_owned();
        assert!(secrets.iter().all(|s| !text.contains(s)), "{path}");
    }
}

#[test]
fn a_wrong_password_is_said_once_and_costs_nobody_anything() {
    let server = server(vec![]);
    let mut scratch = Scratch::clear();
    scratch.configure(&smtp(&server).replace(" }", ", username: team }"));
    scratch
        .env
        .insert("PACKET_SMTP_PASSWORD".into(), "open barley".into());
    let ran = send(&scratch).exits(4).says("password");
    assert!(!ran.text().contains("barley"), "{ran:#?}");
    // Nobody else is tried with it: an account must not be locked.
    assert_eq!(deliveries(&scratch), ["deferred", "pending", "pending"]);
    scratch
        .env
        .insert("PACKET_SMTP_PASSWORD".into(), "open sesame".into());
    send(&scratch).exits(0);
    assert_eq!(counts(&server), [1, 1, 1, 1]);
}

#[test]
fn the_users_own_file_may_name_server_and_password_command() {
    let server = server(vec![]);
    let mut scratch = Scratch::clear();
    let own = scratch.beside("config");
    fs::create_dir(own.join("packet")).unwrap();
    let text = format!(
        "smtp: {{ host: 127.0.0.1, port: {}, security: none, username: team }}\n\
         password-command: [/bin/echo, open sesame]\n",
        server.port
    );
    fs::write(own.join("packet/config.yaml"), text).unwrap();
    let own = own.to_str().unwrap().to_owned();
    scratch.env.insert("XDG_CONFIG_HOME".into(), own);
    let ran = send(&scratch).exits(0);
    assert!(!ran.text().contains("sesame"), "{ran:#?}");
    assert!(server.seen(|s| s.lines.iter().any(|l| l.starts_with("AUTH PLAIN"))));
    assert_eq!(counts(&server), [1, 1, 1, 1]);
}
