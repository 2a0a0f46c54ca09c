use super::*;

#[test]
fn ordinary_templates_pass() {
    for source in [
        "",
        "plain { % text } %}",
        "{# {% set a = 1 %} #}{{- title | cell -}}",
        "{% for a in list %}{% for b in a.items %}{{ b }}{% endfor %}{% endfor %}",
        "{% for a in one %}{% endfor %}{% for a in two %}{% endfor %}",
        "{% if a and (b or not (c)) %}{{ \"{{ %} }}\" }}{% elif d is containing(\"x\") %}{% endif %}",
        "{{ list | join(sep=\", \") | upper }}",
    ] {
        let refusal = check(source).err().map(|r| r.message);
        assert_eq!(refusal, None, "{source}");
    }
}

#[test]
fn what_could_run_away_is_refused() {
    for (source, says) in [
        (
            "{% for a in x %}{% for b in x %}{% for c in x %}",
            "deeper than 2",
        ),
        ("{% set a = 1 %}", "% set %"),
        ("{% set_global a = a ~ a %}", "set_global"),
        ("{% include \"mail.txt.tera\" %}", "include"),
        ("{%- extends \"mail.txt.tera\" %}", "extends"),
        ("{% block a %}", "block"),
        ("{% filter upper %}", "filter"),
        ("{% component a() %}", "(…)"),
        ("{% raw %}{% for a in x %}{% endraw %}", "raw"),
        ("{% <A /> %}", "% A %"),
        ("{% for i in range(end=1000000000) %}", "range(…)"),
        ("{{ [a for a in x] }}", "inside an expression"),
        (
            "{{ x | replace(from=\"a\", to=\"aa\") }}",
            "no filter `replace`",
        ),
        ("{{ x | indent(width=1000000000) }}", "no filter `indent`"),
        ("{{ x | upper | upper | upper | upper }}", "more than 3"),
        ("{{ x~x~x~x~x~x~x~x~x~x }}", "8 `~`"),
        ("{{ {\"a\": 1} }}", "map"),
        ("{{ x", "not closed"),
        ("{# x", "not closed"),
    ] {
        let refusal = check(source).expect_err(source);
        assert!(
            refusal.message.contains(says),
            "{source}: {}",
            refusal.message
        );
    }
    assert!(check(&" ".repeat(LARGEST + 1)).is_err());
    assert!(check(&format!("{{{{ {} }}}}", "a".repeat(LONGEST_TAG))).is_err());
    assert_eq!(
        check("a\nb\n{% set a = 1 %}").err().map(|r| r.line),
        Some(3)
    );
}
