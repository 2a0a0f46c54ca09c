//! The final report as notices: to everybody involved, to the announcement's addresses and to
//! Slack, once per content.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::compose::{Mail, Post};
use crate::{
    model::{
        decision::{Assessment, Known},
        document::{ChannelKind, Document},
        evidence::hex,
        history::History,
        ledger::{Notice, NoticeKind},
        wanted::email_key,
    },
    renderer::{doc_hash, final_report, letter::NoticeParts, mime::Attachment},
    resolver::involved::Reached,
};

/// The report that goes out.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The document it is about.
    pub document: &'a Document,
    /// What it rests on.
    pub assessment: &'a Assessment,
    /// Its text, front matter included.
    pub text: &'a str,
}

/// Which notice it is: the decision, and a hash of what it rests on. How a computed answer is
/// worded may change from day to day; that makes no other report.
pub fn notice(assessment: &Assessment) -> Notice {
    let points: Vec<_> = assessment
        .points()
        .map(|p| {
            let word = (p.known == Known::Attested).then_some(&p.why);
            (&p.name, &p.text, p.answer, p.known, word)
        })
        .collect();
    let held: Vec<&str> = assessment.on_hold.iter().map(|g| g.name.as_str()).collect();
    let needed = assessment.dependencies.iter().map(|d| (&d.title, d.met));
    let basis = json!([
        "packet-final-report-1",
        assessment.decision,
        points,
        held,
        needed.collect::<Vec<_>>(),
        assessment.items,
        assessment.confirmations,
    ]);
    let hash = hex(&Sha256::digest(basis.to_string().as_bytes()));
    Notice {
        kind: NoticeKind::FinalReport,
        item: format!("{} {}", assessment.decision.word(), &hash[..16]),
    }
}

/// The last report on record, for the document's change log: `NO-GO 0f1e2d3c4b5a6978`.
pub fn last(history: &History) -> Option<&str> {
    let all = history.notices.iter();
    let mine = all.filter(|((n, _), _)| n.kind == NoticeKind::FinalReport);
    let last = mine.max_by_key(|(_, delivery)| delivery.at);
    last.map(|((notice, _), _)| notice.item.as_str())
}

/// The mails and posts.
pub fn messages(report: Report<'_>, people: &[Reached]) -> (Vec<Mail>, Vec<Post>) {
    let notice = notice(report.assessment);
    let subject = format!(
        "{}: {}",
        report.assessment.decision.word(),
        report.document.title()
    );
    let mail = |address: &str, names: Vec<String>| Mail {
        notice: notice.clone(),
        address: address.to_owned(),
        names,
        subject: subject.clone(),
        body: doc_hash::body(report.text).to_owned(),
        blocks: Vec::new(),
        attachments: vec![Attachment::new("final_report.md", report.text.as_bytes())],
        parts: NoticeParts::default(),
        token: None,
        scheduled: true,
    };
    let of_kind = |kind: ChannelKind| {
        let channels = report.document.channels.iter();
        channels.filter(move |c| c.kind == kind)
    };
    let reached = |address: &str| {
        people
            .iter()
            .any(|p| email_key(&p.address) == email_key(address))
    };
    let persons = people.iter().map(|p| mail(&p.address, p.names.clone()));
    let announced = of_kind(ChannelKind::Email).filter(|c| !reached(&c.target));
    let mails = persons.chain(announced.map(|c| mail(&c.target, Vec::new())));
    let posts = of_kind(ChannelKind::Slack).map(|c| Post {
        notice: notice.clone(),
        channel: c.target.clone(),
        subject: subject.clone(),
        body: final_report::summary(report.assessment),
    });
    (mails.collect(), posts.collect())
}
