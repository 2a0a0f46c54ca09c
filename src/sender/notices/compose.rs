//! Composing a notice: from words to the bytes of a mail or a post.

use super::Composed;
use crate::{
    model::{
        config::Config,
        document::ChannelKind,
        history::History,
        ledger::Notice,
        plan::PlannedDelivery,
        wanted::{channel_key, email_key},
    },
    renderer::{
        letter::{Footer, Letter, NoticeParts, PersonalBlock},
        mail,
        mime::Attachment,
        safety,
        slack::{NoticePost, notice_json},
        templates::Templates,
    },
    sender::{
        leaks,
        planning::{random, slug},
        standing,
    },
    workspace::{ledger_file::sha256_hex, situation::Situation},
};

/// What notices about one document are composed with.
pub struct Desk<'a> {
    /// The document and its record.
    pub situation: &'a Situation,
    /// Configuration in force.
    pub config: &'a Config,
    /// Templates in force.
    pub templates: &'a Templates,
}

/// A notice by mail, in words.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Which notice.
    pub notice: Notice,
    /// The address it goes to.
    pub address: String,
    /// The people it is for, as in the document; empty where it is for nobody by name.
    pub names: Vec<String>,
    /// The subject, one line.
    pub subject: String,
    /// The text. Markdown.
    pub body: String,
    /// What single people are asked, below the text.
    pub blocks: Vec<PersonalBlock>,
    /// Files, in order.
    pub attachments: Vec<Attachment>,
    /// The mail it follows, and a calendar part.
    pub parts: NoticeParts,
    /// The token of the `Ref:` line, where replies belong to an earlier mail; else a new one.
    pub token: Option<String>,
    /// Whether a schedule sends it (RFC 3834).
    pub scheduled: bool,
}

/// A notice as a Slack post, in words.
#[derive(Clone, Debug)]
pub struct Post {
    /// Which notice.
    pub notice: Notice,
    /// The channel, with its `#`.
    pub channel: String,
    /// The heading, one line.
    pub subject: String,
    /// The text. Markdown: bold, lists and paragraphs are kept.
    pub body: String,
}

/// A notice that must not go out, with the reason and the fix.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refused(String);

impl Refused {
    /// With what a person reads.
    pub fn new(why: impl Into<String>) -> Self {
        Refused(why.into())
    }

    /// Where no address is known of anybody involved.
    pub fn nobody() -> Self {
        Refused::new(
            "nobody in the document has an address; add them to `contacts:` in packet.yaml",
        )
    }
}

impl Desk<'_> {
    /// Writes the mail. One that is on record already keeps its Message-ID and token, so that a
    /// repeated delivery is the same mail to whoever gets it.
    ///
    /// # Errors
    /// No sender is configured, an address or a name cannot go into a mail, a template fails, or
    /// the text holds a credential ([`Refused`]).
    pub fn mail(&self, mail: &Mail) -> anyhow::Result<Composed> {
        let asks = mail.blocks.iter().map(|b| b.ask.as_str());
        let texts = [mail.subject.as_str(), mail.body.as_str()];
        let calendar = mail.parts.calendar.iter().map(|c| c.text.as_str());
        refuse_credentials(
            &self.situation.history,
            &mail.address,
            texts.into_iter().chain(asks).chain(calendar),
        )?;
        let from = self.config.from.clone().ok_or_else(|| {
            Refused(
                "nobody is named as sender; add `from: Team Name <team@example.com>` to packet.yaml"
                    .to_owned(),
            )
        })?;
        let sender = safety::check_address("`from`", &from)?.address();
        let domain = sender.rsplit('@').next().unwrap_or("localhost");
        let key = email_key(&mail.address);
        let record = self.record(&mail.notice, &key);
        let message_id = match record.and_then(|r| r.message_id.clone()) {
            Some(known) => known,
            None => format!("<{}.notice@{domain}>", random()?),
        };
        let known = record.and_then(|r| r.token.clone());
        let token = match mail.token.clone().or(known) {
            Some(token) => token,
            None => random()?,
        };
        let letter = Letter {
            from,
            reply_to: self.config.reply_to.clone(),
            to_name: match mail.names.as_slice() {
                [one] => Some(one.clone()),
                _ => None,
            },
            to_address: mail.address.clone(),
            subject: mail.subject.clone(),
            lead: None,
            changes: None,
            body: mail.body.clone(),
            blocks: mail.blocks.clone(),
            footer: self.footer(&token),
            attachments: mail.attachments.clone(),
            date: self.situation.now,
            message_id: message_id.clone(),
            auto_submitted: mail.scheduled,
            notice: Some(mail.parts.clone()),
        };
        let bytes = mail::compose(&letter, self.templates)
            .map_err(|e| anyhow::Error::new(e).context(format!("the mail to {}", mail.address)))?;
        let who = mail.names.first().unwrap_or(&mail.address);
        Ok(composed(
            &mail.notice,
            PlannedDelivery {
                key,
                kind: ChannelKind::Email,
                names: mail.names.clone(),
                target: mail.address.clone(),
                file: Some(format!("{}.eml", slug(who))),
                sha256: None,
                size: 0,
                message_id: Some(message_id),
                token: Some(token),
            },
            bytes,
        ))
    }

    /// Writes the post.
    ///
    /// # Errors
    /// A template fails, or the text holds a credential ([`Refused`]).
    pub fn post(&self, post: &Post) -> anyhow::Result<Composed> {
        refuse_credentials(
            &self.situation.history,
            &post.channel,
            [post.subject.as_str(), post.body.as_str()],
        )?;
        let json = notice_json(
            &NoticePost {
                subject: post.subject.clone(),
                body: post.body.clone(),
                title: self.situation.document.title().to_owned(),
                document: self.situation.document.path.clone(),
            },
            self.templates,
        )?;
        Ok(composed(
            &post.notice,
            PlannedDelivery {
                key: channel_key(ChannelKind::Slack, &post.channel),
                kind: ChannelKind::Slack,
                names: Vec::new(),
                target: post.channel.clone(),
                file: Some(format!("slack-{}.json", slug(&post.channel))),
                sha256: None,
                size: 0,
                message_id: None,
                token: None,
            },
            json.into_bytes(),
        ))
    }

    fn record(&self, notice: &Notice, key: &str) -> Option<&crate::model::history::Delivery> {
        let place = (notice.clone(), key.to_owned());
        self.situation.history.notices.get(&place)
    }

    /// The facts: of the revision that is out, where there is one.
    fn footer(&self, token: &str) -> Footer {
        let situation = self.situation;
        let revision = standing::current(situation).or(situation.history.latest());
        Footer {
            title: situation.document.title().to_owned(),
            document: situation.document.path.clone(),
            revision: revision.map(|r| r.number),
            digest: revision.map(|r| r.digest.clone()),
            ledger_head: situation.ledger.head().map(str::to_owned),
            token: Some(token.to_owned()),
            bundle_url: self.config.bundle_url.clone(),
            not_attached: Vec::new(),
        }
    }
}

fn composed(notice: &Notice, mut delivery: PlannedDelivery, bytes: Vec<u8>) -> Composed {
    delivery.sha256 = Some(sha256_hex(&bytes));
    delivery.size = bytes.len() as u64;
    Composed {
        notice: notice.clone(),
        delivery,
        bytes,
    }
}

fn refuse_credentials<'t>(
    history: &History,
    to: &str,
    texts: impl IntoIterator<Item = &'t str>,
) -> Result<(), Refused> {
    match leaks::first_in(history, texts) {
        Some(leak) => Err(Refused(format!(
            "{} would go out in the notice to {to}; take it out of the document (its value is not shown here), and have it replaced where it is used",
            leak.kind
        ))),
        None => Ok(()),
    }
}
