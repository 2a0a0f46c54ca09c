use super::*;
use crate::{
    model::{document::ChannelKind, history::Delivery, ledger::NoticeKind},
    workspace::{configuration::Settings, situation},
};

fn composed(address: &str) -> Composed {
    let notice = Notice {
        kind: NoticeKind::Report,
        item: "2025-03-01".to_owned(),
    };
    let delivery = PlannedDelivery {
        key: format!("email:{address}"),
        kind: ChannelKind::Email,
        names: Vec::new(),
        target: address.to_owned(),
        file: None,
        sha256: None,
        size: 0,
        message_id: None,
        token: None,
    };
    Composed {
        notice,
        delivery,
        bytes: Vec::new(),
    }
}

#[test]
fn what_may_have_arrived_or_was_refused_is_left_alone() {
    use DeliveryState::{Deferred, Pending, Rejected, Sent, Unknown};
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.md"), "# A\n").unwrap();
    let workspace = Workspace::open(dir.path()).unwrap();
    let now = "2025-03-01T08:00:00Z".parse().unwrap();
    let mut settings = Settings::default();
    settings.config.smtp = Some(crate::model::config::Smtp::default());
    let mut situation = situation::read(&workspace, &settings, "a.md", now, false).unwrap();
    let states = [Pending, Sent, Deferred, Unknown, Rejected];
    let all: Vec<Composed> = (0..states.len())
        .map(|n| composed(&format!("p{n}@example.com")))
        .collect();
    for (one, state) in all.iter().zip(states).skip(1) {
        let record = Delivery {
            names: Vec::new(),
            state,
            via: Via::Smtp,
            at: now,
            outcome: None,
            sha256: None,
            message_id: None,
            token: None,
        };
        let place = (one.notice.clone(), one.delivery.key.clone());
        situation.history.notices.insert(place, record);
    }
    let twice = all.iter().chain(&all).cloned();
    let notices = Notices::new(twice);
    let routes = Routes::of(&settings, &Default::default());
    let standings = notices.standings(&situation, &routes);
    let due: Vec<bool> = standings.iter().map(|s| s.is_due()).collect();
    assert_eq!(due, [true, false, true, false, false]);
    let done = notices.left_alone(&situation, &routes);
    let [unknown, rejected] = [&done.unknown, &done.rejected];
    assert_eq!(unknown[0].target, "p3@example.com");
    assert_eq!(rejected[0].target, "p4@example.com");
    assert_eq!((unknown.len(), rejected.len()), (1, 1));
}
