//! The mail transport before a real server: Postfix with STARTTLS, logins and its own authority.

use std::{sync::Arc, time::Duration};

use packet::{
    model::{
        config::{Auth, Security},
        document::ChannelKind,
        plan::{DeliveryState, Outcome, PlannedDelivery},
    },
    sender::{
        credentials::{Credentials, Secret},
        smtp::{Settings, SmtpTransport, Timeouts},
        transport::{Parcel, Transport},
    },
};

use crate::peers::postfix::{Postfix, SIZE_LIMIT};

const PASSWORD: &str = "correct horse";

fn transport(postfix: &Postfix, port: u16, password: &str) -> SmtpTransport {
    SmtpTransport::new(Arc::new(Settings {
        host: "localhost".to_owned(),
        port,
        security: Security::Starttls,
        credentials: Some(Credentials::new(
            "team@localhost".to_owned(),
            Auth::Password,
            Secret::new(password),
        )),
        ca_pem: Some(postfix.authority.pem().as_bytes().to_vec()),
        hello: "client.example.com".to_owned(),
        timeouts: Timeouts::all(Duration::from_secs(30)),
    }))
}

fn deliver(transport: &mut SmtpTransport, to: &str, message: &str) -> Outcome {
    let delivery = PlannedDelivery {
        key: format!("email:{to}"),
        kind: ChannelKind::Email,
        names: vec![],
        target: to.to_owned(),
        file: None,
        sha256: None,
        size: message.len() as u64,
        message_id: None,
        token: None,
    };
    transport.deliver(&Parcel {
        delivery: &delivery,
        bytes: message.as_bytes(),
        sender: "team@example.com",
    })
}

fn message(body: &str) -> String {
    format!(
        "From: team@example.com\r\nTo: ann@example.com\r\nSubject: clear\r\nMessage-ID: <1@example.com>\r\n\r\n{body}\r\n"
    )
}

#[test]
fn a_real_server_gets_each_message_once_and_its_refusals_are_recorded() {
    let postfix = Postfix::start(PASSWORD);
    let mut good = transport(&postfix, postfix.port, PASSWORD);

    let unknown = deliver(&mut good, "nobody@example.com", &message("hello"));
    assert_eq!(
        (unknown.state, unknown.code),
        (DeliveryState::Rejected, Some(550)),
        "{unknown:?}"
    );
    assert_eq!(unknown.enhanced.as_deref(), Some("5.1.1"));

    let large = deliver(
        &mut good,
        "ann@example.com",
        &message(&"x".repeat(SIZE_LIMIT)),
    );
    assert_eq!(large.state, DeliveryState::Rejected, "{large:?}");
    assert!(large.detail.contains(&SIZE_LIMIT.to_string()), "{large:?}");

    // A line of one dot and one that opens with a dot must arrive as they are.
    let body = "All gates are clear.\r\n.\r\n.hidden\r\nEnd.";
    let sent = deliver(&mut good, "ann@example.com", &message(body));
    assert_eq!(
        (sent.state, sent.code),
        (DeliveryState::Sent, Some(250)),
        "{sent:?}"
    );
    let again = deliver(&mut good, "ann@example.com", &message("second"));
    assert_eq!(again.state, DeliveryState::Sent, "{again:?}");
    good.finish();

    let mut wrong = transport(&postfix, postfix.port, "battery staple");
    let refused = deliver(&mut wrong, "ann@example.com", &message("third"));
    assert_eq!(
        (refused.state, refused.code),
        (DeliveryState::Deferred, Some(535)),
        "{refused:?}"
    );
    assert!(wrong.stuck());

    let mut expired = transport(&postfix, postfix.expired_port, PASSWORD);
    let refused = deliver(&mut expired, "ann@example.com", &message("fourth"));
    assert_eq!(refused.state, DeliveryState::Deferred, "{refused:?}");
    assert!(refused.detail.contains("has expired"), "{refused:?}");

    let box_ = postfix.mailbox(2);
    assert_eq!(box_.len(), 2);
    let mine: Vec<_> = box_
        .iter()
        .filter(|m| m.contains("All gates are clear."))
        .collect();
    assert_eq!(mine.len(), 1);
    assert!(
        mine[0].ends_with(&format!("\n\n{}\n", body.replace("\r\n", "\n"))),
        "{}",
        mine[0]
    );
}
