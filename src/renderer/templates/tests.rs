use super::*;

fn with(name: &str, text: &str) -> Result<Templates, TemplateError> {
    Templates::new(&BTreeMap::from([(name.to_owned(), text.to_owned())]))
}

#[test]
fn the_built_in_templates_keep_the_rules_for_workspaces() {
    for (name, text) in BUILT_IN {
        let result = check_override(name, text);
        assert!(result.is_ok(), "{name}: {result:?}");
    }
}

#[test]
fn an_unknown_name_lists_the_valid_ones() {
    let error = with("mail.html", "").unwrap_err();
    assert_eq!(error.kind, TemplateErrorKind::UnknownName);
    for name in names() {
        assert!(error.message.contains(name), "{error}");
    }
}

#[test]
fn errors_name_file_and_line() {
    let syntax = with("mail.txt.tera", "a\n{{ body").unwrap_err();
    assert_eq!(
        syntax.to_string().find("templates/mail.txt.tera:2: "),
        Some(0),
        "{syntax}"
    );
    let refused = with("mail.txt.tera", "\n\n{% set a = 1 %}").unwrap_err();
    assert_eq!(refused.kind, TemplateErrorKind::Refused);
    assert_eq!(refused.line, Some(3));
    let broken = with("mail.txt.tera", "{% if a %}").unwrap_err();
    assert_eq!(broken.kind, TemplateErrorKind::Syntax);
    let templates = with("mail.txt.tera", "a\n{{ nobody }}").unwrap();
    let render = templates
        .render("mail.txt.tera", &BTreeMap::<String, String>::new())
        .unwrap_err();
    assert_eq!(render.kind, TemplateErrorKind::Render);
    assert_eq!(render.line, Some(2), "{render}");
}

#[test]
fn styles_load_nothing() {
    for text in [
        "@import 'x'",
        "a { background: URL(x) }",
        "</style>",
        "u\\72l(x)",
    ] {
        assert_eq!(
            with("mail.css", text).unwrap_err().kind,
            TemplateErrorKind::Refused
        );
    }
    assert!(with("mail.css", "p { color: red }").is_ok());
}

#[test]
fn a_workspace_cannot_add_pixels() {
    for text in [
        "<img src=\"https://example.com/p.png\">",
        "{{ (\"<scr\" ~ \"ipt>\") | safe }}",
        "{{ body | safe }}",
    ] {
        let templates = with("mail.html.tera", text).unwrap();
        let values = serde_json::json!({ "body": "<script>" });
        let error = templates.render("mail.html.tera", &values).unwrap_err();
        assert_eq!(error.kind, TemplateErrorKind::BadOutput, "{text}");
    }
}

#[test]
fn output_is_bounded() {
    let templates = with("mail.txt.tera", "{% for a in list %}{{ text }}{% endfor %}").unwrap();
    let values = serde_json::json!({ "list": vec![0; 5000], "text": "x".repeat(5000) });
    let error = templates.render("mail.txt.tera", &values).unwrap_err();
    assert_eq!(error.kind, TemplateErrorKind::TooMuchOutput);
}

#[test]
fn the_hash_follows_every_template() {
    let plain = Templates::new(&BTreeMap::new()).unwrap();
    let again = Templates::new(&BTreeMap::new()).unwrap();
    assert_eq!(plain.hash(), again.hash());
    assert_eq!(plain.hash().len(), 64);
    let mut seen = vec![plain.hash().to_owned()];
    for name in names() {
        let other = with(name, "a").unwrap();
        assert!(!seen.contains(&other.hash().to_owned()), "{name}");
        seen.push(other.hash().to_owned());
    }
}

#[test]
fn values_are_never_template_source() {
    let templates = with("mail.txt.tera", "{{ body }}").unwrap();
    let values = serde_json::json!({ "body": "{{ 1 + 1 }} {% raw %}" });
    let text = templates.render("mail.txt.tera", &values).unwrap();
    assert_eq!(text, "{{ 1 + 1 }} {% raw %}");
}
