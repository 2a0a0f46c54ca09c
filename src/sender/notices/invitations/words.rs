//! What invitations say.

use jiff::Timestamp;

use crate::{
    model::{
        occasion::{Invited, Occasion, OccasionKind, Time, USUAL_LENGTH},
        resolution::Verdict,
    },
    renderer::filters::prose,
    workspace::situation::Situation,
};

/// The most gates that are named; the rest is a number.
const NAMED: usize = 8;

/// The subject; `held` says that they hold an earlier invitation.
pub(super) fn subject(occasion: &Occasion, held: bool) -> String {
    let word = if held {
        "Updated invitation"
    } else {
        "Invitation"
    };
    format!("{word}: {}, {}", occasion.title, short(occasion))
}

/// The mail's text. Markdown.
pub(super) fn body(
    situation: &Situation,
    occasion: &Occasion,
    held: bool,
    bundle_url: Option<&str>,
) -> String {
    let mut out = match held {
        true => {
            "This invitation has changed. It takes the place of the one you have.\n\n".to_owned()
        }
        false => "You are invited.\n\n".to_owned(),
    };
    out.push_str(&format!("**{}**\n\n", prose(&occasion.title)));
    out.push_str(&format!("- **When:** {}\n", when(occasion)));
    if let Some(place) = &occasion.place {
        out.push_str(&format!("- **Where:** {}\n", linked(place)));
    }
    if let Some(about) = &occasion.about {
        out.push_str(&format!("- **What for:** {}\n", prose(about)));
    }
    out.push('\n');
    let open = open(situation);
    if !open.is_empty() {
        out.push_str("**Still open.** Bring what you know about it:\n\n");
        for gate in open.iter().take(NAMED) {
            out.push_str(&format!("- {}\n", prose(gate)));
        }
        if open.len() > NAMED {
            out.push_str(&format!("- and {} more\n", open.len() - NAMED));
        }
        out.push('\n');
    }
    if let Some(url) = bundle_url {
        out.push_str(&format!("**To read before:** {}\n\n", linked(url)));
    }
    out.push_str("Please accept or decline in your calendar. If your mail program shows no buttons for that, open the attached file `invite.ics`, or reply to this mail.\n");
    out
}

/// The same for the calendar, as plain text.
pub(super) fn description(
    situation: &Situation,
    occasion: &Occasion,
    bundle_url: Option<&str>,
) -> String {
    let mut lines = Vec::new();
    lines.extend(occasion.about.clone());
    if let Some(length) = assumed(occasion) {
        lines.push(length);
    }
    let open = open(situation);
    if !open.is_empty() {
        lines.push("Still open, bring what you know about it:".to_owned());
        lines.extend(open.iter().take(NAMED).map(|gate| format!("- {gate}")));
        if open.len() > NAMED {
            lines.push(format!("- and {} more", open.len() - NAMED));
        }
    }
    lines.extend(bundle_url.map(|url| format!("To read before: {url}")));
    lines.push(format!("From {}", situation.document.path));
    lines.join("\n")
}

/// The title of an occasion that is no longer in the document.
pub(super) fn dropped(kind: OccasionKind, title: &str) -> String {
    match kind {
        OccasionKind::Session => title.to_owned(),
        OccasionKind::FollowUpReview => format!("Follow-up review: {title}"),
        OccasionKind::NextReview => format!("Next review: {title}"),
    }
}

/// The text of a cancellation. Markdown.
pub(super) fn cancelled(invited: &Invited, title: &str) -> String {
    let when = match invited.begins.parse::<Timestamp>() {
        Ok(at) => at.strftime("%Y-%m-%d at %H:%M UTC").to_string(),
        Err(_) => invited.begins.clone(),
    };
    format!(
        "The {} on {when} does not take place:\n\n**{}**\n\nYou need not do anything. If your calendar still shows it, open the attached file `invite.ics`.\n",
        invited.kind.word(),
        prose(title)
    )
}

/// The gates on hold, by name.
fn open(situation: &Situation) -> Vec<String> {
    let gates = situation.document.gates.iter();
    let results = situation.resolution.gates.iter();
    let on_hold = gates
        .zip(results)
        .filter(|(_, r)| r.verdict == Verdict::Hold);
    on_hold.map(|(gate, _)| gate.name.clone()).collect()
}

/// `2026-11-02 13:00 ET (18:00 UTC), 1 hour (the document does not say how long)`.
fn when(occasion: &Occasion) -> String {
    let begins = &occasion.begins;
    let local = begins.local();
    let weekday = local.strftime("%A");
    if begins.whole_day {
        return format!(
            "{weekday}, {}, the whole day (the document names no time)",
            local.date()
        );
    }
    let mut text = format!(
        "{weekday}, {} {} {}",
        local.date(),
        local.strftime("%H:%M"),
        begins.zone.name
    );
    if begins.zone.rules != jiff::tz::TimeZone::UTC {
        let utc = begins.at.to_zoned(jiff::tz::TimeZone::UTC);
        let form = if utc.date() == local.date() {
            "%H:%M UTC"
        } else {
            "%Y-%m-%d %H:%M UTC"
        };
        text.push_str(&format!(" ({})", utc.strftime(form)));
    }
    let length = occasion.length.unwrap_or(USUAL_LENGTH);
    text.push_str(&format!(", for {}", length_of(length.as_mins())));
    if occasion.length.is_none() {
        text.push_str(" (the document does not say how long)");
    }
    text
}

fn assumed(occasion: &Occasion) -> Option<String> {
    let hours = matches!(occasion.time(), Time::Hours(..));
    (hours && occasion.length.is_none())
        .then(|| "How long it takes is not stated; one hour is kept free.".to_owned())
}

/// `1 h 30 min`.
fn length_of(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest} min"),
    }
}

fn short(occasion: &Occasion) -> String {
    let begins = &occasion.begins;
    let local = begins.local();
    match begins.whole_day {
        true => local.date().to_string(),
        false => format!("{} {}", local.strftime("%F %H:%M"), begins.zone.name),
    }
}

/// A place or a link: what is a web address stays one.
fn linked(text: &str) -> String {
    if text.starts_with("https://") || text.starts_with("http://") {
        text.to_owned()
    } else {
        prose(text)
    }
}
