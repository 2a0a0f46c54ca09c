use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn templates(slack: Option<&str>) -> Templates {
    let own = slack.map(|text| ("slack.json.tera".to_owned(), text.to_owned()));
    Templates::new(&own.into_iter().collect()).unwrap()
}

fn announcement() -> Announcement {
    Announcement {
        subject: "Night shift drill pack is ready".into(),
        body: "Team,\n\n✅ **Crane & rota guides:**\n- **Ten steps** instead of nine\n- no **lead** here\n\n\
               1. **Confirm** by Friday\n"
            .into(),
        title: "Night shift drill".into(),
        revision: 2,
        digest: "0123456789abcdef".into(),
        links: vec![
            ("The bundle".into(), "https://example.com/drill/?a=1&b=2".into()),
            ("Nowhere".into(), "javascript:alert(1)".into()),
        ],
        changes: vec!["Checklist: ten steps, was nine".into()],
    }
}

#[test]
fn the_announcement_is_made_of_the_notification() {
    insta::assert_snapshot!(slack_json(&announcement(), &templates(None)).unwrap());
}

#[test]
fn highlights_are_the_bold_leads() {
    assert_eq!(
        highlights(&announcement().body),
        ["Crane & rota guides", "Ten steps", "Confirm"]
    );
    assert_eq!(
        highlights("a **b**\n**c:**\n> **d**\n\n- [ ] **e** f\n\n**`g` h**: i"),
        ["c", "d", "e", "g h"]
    );
    assert_eq!(highlights("**:** plain"), [""; 0]);
}

#[test]
fn a_template_that_writes_no_json_is_refused() {
    let error = slack_json(
        &announcement(),
        &templates(Some("{ \"text\": {{ text }} }")),
    )
    .unwrap_err();
    assert_eq!(error.kind, TemplateErrorKind::BadOutput);
    assert!(error.message.contains("json_encode"), "{error}");
}

fn texts(value: &Value, found: &mut Vec<(String, usize)>) {
    match value {
        Value::Object(map) => {
            let limit = match map.get("type").and_then(Value::as_str) {
                Some("plain_text") => 150,
                _ => 3000,
            };
            if let Some(Value::String(text)) = map.get("text") {
                found.push((text.clone(), limit));
            }
            map.values().for_each(|v| texts(v, found));
        }
        Value::Array(items) => items.iter().for_each(|v| texts(v, found)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn any_text_makes_json_within_the_limits(
        subject in any::<String>(),
        long in "[&<>\"\\\\a ]{0,400}",
        leads in prop::collection::vec("[&<>a-z|*]{0,600}", 0..40),
        label in any::<String>(),
    ) {
        let announcement = Announcement {
            subject: format!("{subject}{long}"),
            body: leads.iter().map(|l| format!("- **{l}**\n")).collect(),
            title: label.clone(),
            links: leads.iter().map(|l| (label.clone(), format!("https://example.com/{l}"))).collect(),
            changes: leads,
            ..announcement()
        };
        let text = slack_json(&announcement, &templates(None)).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        prop_assert!(json["blocks"].as_array().unwrap().len() <= 50);
        let mut found = Vec::new();
        texts(&json, &mut found);
        for (text, limit) in found {
            prop_assert!(text.chars().count() <= limit, "{} in {}", text.chars().count(), limit);
        }
    }
}

#[test]
fn a_notice_keeps_its_lines_in_slacks_marks() {
    let post = NoticePost {
        subject: "Late: crane checklist".into(),
        body: "## Open\n**Noor** has not answered.\n- due <today>\n\n#quay is told".into(),
        title: "Night & day".into(),
        document: "docs/drill.md".into(),
    };
    let json: Value = serde_json::from_str(&notice_json(&post, &templates(None)).unwrap()).unwrap();
    assert_eq!(json["text"], "Late: crane checklist");
    assert_eq!(
        json["blocks"][1]["text"]["text"],
        "*Open*\n*Noor* has not answered.\n• due &lt;today&gt;\n\n#quay is told"
    );
    assert_eq!(
        json["blocks"][2]["elements"][0]["text"],
        "Night &amp; day · docs/drill.md"
    );
}
