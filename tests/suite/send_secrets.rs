//! Where a password comes from, where it may go, and that it shows up nowhere else.

use std::{fs, os::unix::fs::PermissionsExt};

use crate::{
    mail::{counts, deliveries, send, server, smtp},
    peers::smtp::{Behaviour, Server},
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

fn offering(line: &str) -> Behaviour {
    Behaviour {
        offers: vec![line.to_owned()],
        offers_tls: Vec::new(),
        tls: None,
        implicit: false,
        faults: Vec::new(),
    }
}

#[test]
fn a_token_that_ran_out_is_fetched_once_more() {
    let server = Server::start(offering("AUTH PLAIN XOAUTH2"));
    let mut scratch = Scratch::clear();
    let own = scratch.beside("config");
    fs::create_dir(own.join("packet")).unwrap();
    // The first token that the program prints has run out, every later one is good.
    let program = own.join("token");
    let mark = own.join("asked");
    let script = format!(
        "#!/bin/sh\nif [ -e {0} ]; then echo fresh; else touch {0}; echo stale; fi\n",
        mark.display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    let text = format!(
        "smtp: {{ host: 127.0.0.1, port: {}, security: none, username: team, auth: xoauth2, connections: 1 }}\n\
         token-command: [{}]\n",
        server.port,
        program.display()
    );
    fs::write(own.join("packet/config.yaml"), text).unwrap();
    let own = own.to_str().unwrap().to_owned();
    scratch.env.insert("XDG_CONFIG_HOME".into(), own);
    send(&scratch).exits(0);
    let logins = server.seen(|s| {
        let all = s.lines.iter().filter(|l| l.starts_with("AUTH"));
        all.map(|l| l.starts_with("AUTH XOAUTH2 "))
            .collect::<Vec<_>>()
    });
    assert_eq!(
        logins,
        [true, true],
        "one refused, one good, never the password"
    );
    assert_eq!(counts(&server), [1, 1, 1, 1]);
}

#[test]
fn a_server_that_offers_only_what_we_lack_is_named() {
    for (offered, auth, variable, said) in [
        (
            "XOAUTH2",
            "password",
            "PACKET_SMTP_PASSWORD",
            "auth: xoauth2",
        ),
        (
            "GSSAPI NTLM",
            "password",
            "PACKET_SMTP_PASSWORD",
            "GSSAPI, NTLM",
        ),
        (
            "PLAIN",
            "xoauth2",
            "PACKET_SMTP_TOKEN",
            "remove `auth: xoauth2`",
        ),
    ] {
        let server = Server::start(offering(&format!("AUTH {offered}")));
        let mut scratch = Scratch::clear();
        let account = format!(", username: team, auth: {auth} }}");
        scratch.configure(&smtp(&server).replace(" }", &account));
        scratch.env.insert(variable.into(), "fresh".into());
        send(&scratch).exits(4).says(said);
        assert_eq!(counts(&server), [0, 0, 0, 0]);
    }
}
