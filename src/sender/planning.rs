//! From a clear document to a plan: every delivery with its bytes, before any is made.

use std::thread;

use anyhow::Context;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    changes::Changes,
    enclosures::{Files, attach, attachments},
    obstacles,
    routes::Routes,
};
use crate::{
    model::{
        config::Config,
        document::ChannelKind,
        evidence::hex,
        plan::{PLAN_VERSION, Plan, PlannedDelivery},
        wanted::Wanted,
    },
    renderer::{
        letter::{Footer, Letter, PersonalBlock},
        mail::Press,
        safety,
        slack::{Announcement, slack_json},
        templates::Templates,
    },
    resolver::{messages, wanted},
    workspace::{
        Workspace,
        ledger_file::sha256_hex,
        plans::{self, Kept, PlanError},
        situation::Situation,
    },
};

/// The form of what a plan's id is the hash of.
const FORM: &str = "packet-plan-1";
/// So few letters are not worth a thread of their own.
const FEW: usize = 16;

/// What a plan is made of.
pub struct Draft<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// The document, clear or on hold.
    pub situation: &'a Situation,
    /// Configuration in force.
    pub config: &'a Config,
    /// Templates in force.
    pub templates: &'a Templates,
    /// By which transports deliveries go: what only lies in the outbox nobody holds.
    pub routes: &'a Routes,
}

/// The plan's id: a hash of digest, recipients, channels and templates; not of the clock.
fn id(draft: &Draft<'_>, digest: &str, changes: &Changes<'_>) -> anyhow::Result<String> {
    let situation = draft.situation;
    let document = &situation.document;
    let notification =
        obstacles::notification(document, draft.config).map_err(anyhow::Error::msg)?;
    let people: Vec<_> = document
        .recipients
        .iter()
        .zip(&situation.roster.people)
        .map(|(r, p)| (&r.name, &r.role, &r.ask, &p.address))
        .collect();
    let channels: Vec<_> = document
        .channels
        .iter()
        .map(|c| (c.kind, &c.target))
        .collect();
    let attach: Vec<String> = attach(draft.config)
        .iter()
        .map(|a| format!("{a:?}"))
        .collect();
    let (subject, body) =
        messages::message(document, notification, &situation.resolution.placeholders);
    let canonical = json!([
        FORM,
        env!("CARGO_PKG_VERSION"),
        document.path,
        document.title(),
        digest,
        situation.revision(),
        subject,
        body,
        people,
        channels,
        draft.config.from,
        draft.config.reply_to,
        draft.config.bundle_url,
        attach,
        situation
            .resolution
            .files
            .iter()
            .map(|f| (&f.to, &f.from.sha256))
            .collect::<Vec<_>>(),
        draft.templates.hash(),
        changes.told(&wanted::deliveries(document, &situation.roster)),
    ]);
    Ok(hex(&Sha256::digest(canonical.to_string().as_bytes()))[..12].to_owned())
}

/// Subject and text as they go out, placeholders filled; empty where there is nothing to send.
pub fn message(situation: &Situation, config: &Config) -> (String, String) {
    let document = &situation.document;
    let fillings = &situation.resolution.placeholders;
    obstacles::notification(document, config)
        .map(|notification| messages::message(document, notification, fillings))
        .unwrap_or_default()
}

/// The kept plan where there is a fresh one for the document as it is, else a new one.
/// Says whether it was kept. Of a kept plan only what cannot be derived is used, its Date, tokens
/// and Message-IDs: everything is composed again, and one byte or address that differs is an error.
/// With `anew` a new plan takes the place of such a one, for then somebody looks at it before it
/// goes out. `named` plans may be older.
pub fn plan(draft: &Draft<'_>, anew: bool, named: bool) -> anyhow::Result<(Kept, bool)> {
    let digest = draft
        .situation
        .resolution
        .digest
        .clone()
        .unwrap_or_default();
    let changes = Changes::new(draft);
    let id = id(draft, &digest, &changes)?;
    let found = match plans::find(draft.workspace, &id, draft.situation.now, named) {
        Ok(Some(kept)) => confirmed(draft, &digest, &changes, kept),
        Ok(None) => Ok(None),
        Err(error) => Err(error.into()),
    };
    match found {
        Ok(Some(kept)) => return Ok((kept, true)),
        Err(error) if !(anew && error.is::<PlanError>()) => return Err(error),
        Ok(None) | Err(_) => {}
    }
    Ok((make(draft, id, digest, &changes, None)?, false))
}

/// A kept plan composed again, which has to come to just what was kept.
fn confirmed(
    draft: &Draft<'_>,
    digest: &str,
    changes: &Changes<'_>,
    kept: Kept,
) -> anyhow::Result<Option<Kept>> {
    let plan = &kept.plan;
    let altered = |what: &str| PlanError::Altered {
        id: plan.id.clone(),
        what: what.to_owned(),
    };
    // The head of the ledger goes into every footer: it is one that this ledger has had.
    let hashes = draft.situation.ledger.hashes();
    if !plan.head.as_ref().is_none_or(|head| hashes.contains(head)) {
        return Err(altered("plan.json").into());
    }
    let again = make(
        draft,
        plan.id.clone(),
        digest.to_owned(),
        changes,
        Some(plan),
    )?;
    if again.plan != *plan {
        return Err(altered("plan.json").into());
    }
    let differs = again
        .bytes
        .iter()
        .zip(&kept.bytes)
        .position(|(a, b)| a != b);
    match differs {
        Some(index) => {
            let file = plan.deliveries[index].file.as_deref();
            Err(altered(file.unwrap_or("plan.json")).into())
        }
        None => Ok(Some(again)),
    }
}

/// Makes a plan with a Date, tokens and Message-IDs of its own.
fn make(
    draft: &Draft<'_>,
    id: String,
    digest: String,
    changes: &Changes<'_>,
    kept: Option<&Plan>,
) -> anyhow::Result<Kept> {
    let situation = draft.situation;
    let files = Files::read(draft)?;
    let mut plan = Plan {
        version: PLAN_VERSION,
        id,
        document: situation.document.path.clone(),
        created: kept.map_or(situation.now, |plan| plan.created),
        digest,
        revision: situation.revision(),
        head: match kept {
            Some(plan) => plan.head.clone(),
            None => situation.ledger.head().map(str::to_owned),
        },
        deliveries: Vec::new(),
    };
    let wanted = wanted::deliveries(&situation.document, &situation.roster);
    let numbered: Vec<(usize, &Wanted)> = wanted.iter().enumerate().collect();
    // Writing thousands of letters is most of the work of a plan.
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let share = numbered.len().div_ceil(workers).max(FEW);
    let made: Vec<anyhow::Result<Vec<_>>> = thread::scope(|scope| {
        let compose = |part: &[(usize, &Wanted)]| -> anyhow::Result<Vec<_>> {
            let mut press = Press::new(draft.templates);
            let one = |(index, wanted): &(usize, &Wanted)| {
                let marks = Marks::of(&plan, kept, &wanted.key)?;
                delivery(
                    draft,
                    &plan,
                    wanted,
                    &files,
                    (*index, marks),
                    changes,
                    &mut press,
                )
            };
            part.iter().map(one).collect()
        };
        let parts = numbered.chunks(share);
        let running: Vec<_> = parts
            .map(|part| scope.spawn(move || compose(part)))
            .collect();
        let joined = running.into_iter().map(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err(anyhow::anyhow!("writing the messages failed")))
        });
        joined.collect()
    });
    let mut all = Vec::new();
    for part in made {
        for (delivery, bytes) in part? {
            plan.deliveries.push(delivery);
            all.push(bytes);
        }
    }
    Ok(Kept { plan, bytes: all })
}

/// What no mail shares with another and nothing can be derived from: random, or as it was kept.
struct Marks {
    /// The part of the Message-ID.
    message: String,
    /// The token of the footer.
    token: String,
}

impl Marks {
    /// Those of a kept plan's delivery `key` where they have the form that they are made in.
    fn of(plan: &Plan, kept: Option<&Plan>, key: &str) -> anyhow::Result<Self> {
        let plain = |text: &&str| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let deliveries = kept
            .map(|plan| plan.deliveries.as_slice())
            .unwrap_or_default();
        let known = deliveries.iter().find(|d| d.key == key);
        let message = known.and_then(|d| {
            let begins = format!("<{}.", plan.id);
            d.message_id
                .as_deref()?
                .strip_prefix(&begins)?
                .split('@')
                .next()
        });
        let token = known.and_then(|d| d.token.as_deref());
        match (message.filter(plain), token.filter(plain)) {
            (Some(message), Some(token)) => Ok(Marks {
                message: message.to_owned(),
                token: token.to_owned(),
            }),
            _ => Ok(Marks {
                message: random()?,
                token: random()?,
            }),
        }
    }
}

/// One delivery of the plan, the `index`-th, with its bytes.
fn delivery(
    draft: &Draft<'_>,
    plan: &Plan,
    wanted: &Wanted,
    files: &Files,
    (index, marks): (usize, Marks),
    changes: &Changes<'_>,
    press: &mut Press<'_>,
) -> anyhow::Result<(PlannedDelivery, Vec<u8>)> {
    match wanted.kind {
        ChannelKind::Email => letter(
            draft,
            plan,
            wanted,
            files,
            (index, marks),
            changes.letter(wanted),
            press,
        ),
        ChannelKind::Slack => slack(draft, plan, wanted, index, changes.post(wanted)),
        ChannelKind::Document | ChannelKind::Folder => Ok((planned(draft, wanted), Vec::new())),
    }
}

fn planned(draft: &Draft<'_>, wanted: &Wanted) -> PlannedDelivery {
    let names = wanted
        .recipients
        .iter()
        .map(|&i| draft.situation.document.recipients[i].name.clone());
    PlannedDelivery {
        key: wanted.key.clone(),
        kind: wanted.kind,
        names: names.collect(),
        target: wanted.target.clone(),
        file: None,
        sha256: None,
        size: 0,
        message_id: None,
        token: None,
    }
}

fn with_bytes(mut delivery: PlannedDelivery, file: String, bytes: &[u8]) -> PlannedDelivery {
    delivery.file = Some(file);
    delivery.sha256 = Some(sha256_hex(bytes));
    delivery.size = bytes.len() as u64;
    delivery
}

fn letter(
    draft: &Draft<'_>,
    plan: &Plan,
    wanted: &Wanted,
    files: &Files,
    (index, marks): (usize, Marks),
    changes: Option<String>,
    press: &mut Press<'_>,
) -> anyhow::Result<(PlannedDelivery, Vec<u8>)> {
    let situation = draft.situation;
    let document = &situation.document;
    let config = draft.config;
    let notification = obstacles::notification(document, config).map_err(anyhow::Error::msg)?;
    let (subject, body) =
        messages::message(document, notification, &situation.resolution.placeholders);
    let from = config.from.clone().unwrap_or_default();
    let domain = safety::check_address("`from`", &from)?.address();
    let domain = domain.rsplit('@').next().unwrap_or("localhost").to_owned();
    let token = marks.token;
    let message_id = format!("<{}.{}@{domain}>", plan.id, marks.message);
    let people: Vec<_> = wanted
        .recipients
        .iter()
        .map(|&i| &document.recipients[i])
        .collect();
    let (attachments, not_attached) = attachments(files, !people.is_empty(), body.len());
    let letter = Letter {
        from,
        reply_to: config.reply_to.clone(),
        to_name: match people.as_slice() {
            [one] => Some(one.name.clone()),
            _ => None,
        },
        to_address: wanted.target.clone(),
        subject,
        lead: None,
        changes,
        body,
        blocks: people
            .iter()
            .map(|r| PersonalBlock {
                name: r.name.clone(),
                ask: r.ask.clone(),
            })
            .collect(),
        footer: Footer {
            title: document.title().to_owned(),
            document: document.path.clone(),
            revision: Some(plan.revision),
            digest: Some(plan.digest.clone()),
            ledger_head: plan.head.clone(),
            token: Some(token.clone()),
            bundle_url: config.bundle_url.clone(),
            not_attached,
        },
        attachments,
        date: plan.created,
        message_id: message_id.clone(),
        auto_submitted: false,
        notice: None,
    };
    let who = people
        .first()
        .map_or(wanted.target.as_str(), |r| r.name.as_str());
    let bytes = press
        .compose(&letter)
        .with_context(|| format!("the mail to {who}"))?;
    let mut delivery = with_bytes(
        planned(draft, wanted),
        format!("{:02}-{}.eml", index + 1, slug(who)),
        &bytes,
    );
    delivery.message_id = Some(message_id);
    delivery.token = Some(token);
    Ok((delivery, bytes))
}

fn slack(
    draft: &Draft<'_>,
    plan: &Plan,
    wanted: &Wanted,
    index: usize,
    changes: Vec<String>,
) -> anyhow::Result<(PlannedDelivery, Vec<u8>)> {
    let situation = draft.situation;
    let document = &situation.document;
    let notification =
        obstacles::notification(document, draft.config).map_err(anyhow::Error::msg)?;
    let (subject, body) =
        messages::message(document, notification, &situation.resolution.placeholders);
    let announcement = Announcement {
        subject,
        body,
        title: document.title().to_owned(),
        revision: plan.revision,
        digest: plan.digest.clone(),
        links: links(draft.config, situation),
        changes,
    };
    let json = slack_json(&announcement, draft.templates)?.into_bytes();
    let file = format!("{:02}-slack-{}.json", index + 1, slug(&wanted.target));
    Ok((with_bytes(planned(draft, wanted), file, &json), json))
}

/// Links to the packet and its materials through `bundle-url`.
fn links(config: &Config, situation: &Situation) -> Vec<(String, String)> {
    let Some(base) = &config.bundle_url else {
        return Vec::new();
    };
    let base = base.trim_end_matches('/');
    let mut links = vec![("Packet".to_owned(), format!("{base}/packet.html"))];
    for laid in situation.resolution.files.iter().filter(|f| !f.evidence) {
        let name = laid.to.rsplit('/').next().unwrap_or(&laid.to);
        links.push((
            name.to_owned(),
            format!("{base}/{}", laid.to.replace(' ', "%20")),
        ));
    }
    links
}

/// 128 random bits, in hex.
pub(super) fn random() -> anyhow::Result<String> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|e| anyhow::anyhow!("the system gives no random numbers: {e}"))?;
    Ok(hex(&bytes))
}

/// `text` as a part of a file name: letters, digits and single hyphens.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().take(48) {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() {
        "message".to_owned()
    } else {
        slug.to_owned()
    }
}
