//! Deadlines and coordination in the JSON contract.

use serde_json::{Value, json};

use crate::{
    model::{
        coordination::{Condition, Escalation, Metric, Route, Status},
        deadline::Deadline,
        timeline::Timeline,
    },
    workspace::situation::Situation,
};

/// `deadlines`: those that can be read, earliest first.
pub fn deadlines(timeline: &Timeline) -> Value {
    let entries = timeline.entries.iter().map(|entry| {
        json!({
            "line": entry.line,
            "kind": entry.kind,
            "what": entry.what,
            "owner": entry.owner,
            "due": entry.due.at,
            "whole_day": entry.due.whole_day,
            "zone": entry.due.zone.name,
            "state": entry.state,
            "met_by": entry.met_by,
            "red": entry.red,
            "status": status(entry.status.as_ref()),
            "missing": entry.missing,
            "about": entry.about,
            "word": entry.word,
            "ask": entry.ask,
            "escalate_to": entry.route.target(),
            "escalate_at": entry.escalate_at,
            "route": route(&entry.route),
        })
    });
    entries.collect()
}

/// `coordination`: what was recognised; null where the document coordinates nothing.
pub fn coordination(situation: &Situation) -> Value {
    let document = &situation.document;
    let parts = &document.coordination;
    if parts.is_empty() {
        return Value::Null;
    }
    let line = |span| document.line(span);
    let names = |gates: &[usize]| -> Vec<&str> {
        let found = gates.iter().filter_map(|g| document.gates.get(*g));
        found.map(|g| g.name.as_str()).collect()
    };
    let escalation = |escalation: &Escalation| {
        json!({
            "line": line(escalation.span),
            "text": escalation.text,
            "due": escalation.deadline.as_ref().and_then(at),
            "route": route(&escalation.route),
        })
    };
    let metric = |metric: &Metric| {
        let task = document.tasks.get(metric.task);
        json!({
            "line": line(metric.span),
            "name": metric.name,
            "text": metric.text,
            "ticked": task.is_some_and(|t| t.ticked),
            "at_least": metric.target.map(|t| t.at_least),
            "percent": metric.target.is_some_and(|t| t.percent),
        })
    };
    let met = &situation.resolution.timeline.dependencies;
    json!({
        "last_updated": parts.last_updated,
        "overall": status(parts.overall.as_ref()),
        "contact": parts.contact.as_ref().map(route),
        "zone": parts.zone.as_ref().map(|z| &z.name),
        "event": parts.event.as_ref().map(|e| json!({
            "line": line(e.span), "begins": e.due.at, "whole_day": e.due.whole_day,
            "minutes": e.length.map(|l| l.as_mins()), "place": e.place,
        })),
        "dependencies": parts.dependencies.iter().zip(met).map(|(d, met)| json!({
            "line": line(d.span),
            "title": d.title,
            "owner": d.owner,
            "status": status(d.status.as_ref()),
            "gates": names(&d.gates),
            "due": d.deadline().and_then(at),
            "met_by": met,
            "escalation": d.escalation.as_ref().map(escalation),
        })).collect::<Vec<_>>(),
        "owners": parts.owners.iter().map(|row| json!({
            "line": line(row.span),
            "team": row.team,
            "contact": row.contact,
            "owes": row.owes,
            "due": row.due.as_ref().and_then(at),
            "status": status(row.status.as_ref()),
            "follow_up": row.follow_up,
        })).collect::<Vec<_>>(),
        "milestones": parts.milestones.iter().map(|m| json!({
            "line": line(m.span),
            "title": m.title,
            "due": at(&m.deadline),
            "tasks": m.tasks.iter().filter_map(|t| document.tasks.get(*t)).map(|t| json!({
                "line": line(t.marker), "text": t.text, "ticked": t.ticked,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "risks": parts.risks.iter().map(|r| json!({
            "line": line(r.span),
            "title": r.title,
            "mitigation": r.mitigation,
            "impact": r.impact,
            "owner": r.owner,
        })).collect::<Vec<_>>(),
        "triggers": parts.triggers.iter().map(|t| json!({
            "line": line(t.span),
            "label": t.label,
            "from": at(&t.from),
            "condition": condition(t.condition),
            "when": t.when,
            "action": t.action,
            "route": route(&t.route),
        })).collect::<Vec<_>>(),
        "escalations": parts.escalations.iter().map(escalation).collect::<Vec<_>>(),
        "follow_ups": parts.follow_ups.iter().map(|f| json!({
            "line": line(f.span),
            "title": f.title,
            "due": at(&f.deadline),
            "details": f.details,
        })).collect::<Vec<_>>(),
        "archive": parts.archive.as_ref().map(|a| json!({ "line": line(a.span), "folder": a.folder })),
        "metrics": parts.metrics.iter().map(metric).collect::<Vec<_>>(),
        "readiness": parts.readiness.iter().map(metric).collect::<Vec<_>>(),
        "daily": parts.daily.as_ref().map(|d| json!({
            "line": line(d.span),
            "text": d.text,
            "time": d.at.as_ref().map(|(time, _)| time.to_string()),
            "zone": d.at.as_ref().map(|(_, zone)| &zone.name),
        })),
        "next_review": parts.next_review.as_ref().map(|r| json!({
            "line": line(r.deadline.span),
            "due": at(&r.deadline),
            "text": r.about,
            "owner": r.owner,
            "deliverable": r.deliverable,
            "minutes": r.length.map(|l| l.as_mins()),
            "place": r.place,
        })),
        "changes": parts.changes.iter().map(|c| json!({
            "line": line(c.span), "at": c.at, "label": c.label, "text": c.text,
        })).collect::<Vec<_>>(),
    })
}

fn at(deadline: &Deadline) -> Option<jiff::Timestamp> {
    deadline.due().map(|due| due.at)
}

fn status(status: Option<&Status>) -> Value {
    status.map_or(Value::Null, |s| json!({ "text": s.text, "means": s.kind }))
}

fn route(route: &Route) -> Value {
    json!({ "role": route.role, "channel": route.channel, "address": route.address })
}

fn condition(condition: Condition) -> Value {
    match condition {
        Condition::DependencyRed => json!("dependency-red"),
        Condition::EvidenceIncomplete => json!("evidence-incomplete"),
        Condition::SystemsUnavailable(more_than) => json!({ "systems_unavailable": more_than }),
        Condition::Other => json!("other"),
    }
}
