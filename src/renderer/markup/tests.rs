use super::*;

#[test]
fn text_in_elements_passes() {
    for html in [
        "",
        "<!DOCTYPE html>\n<p class=\"a\" style=\"color: red\">a &lt;script&gt; src=x</p>",
        "<a href=\"https://example.com/?a=1&amp;b=2\">a</a><a href=\"#b\">b</a>",
        "<input disabled=\"\" type=\"checkbox\" checked=\"\"/><br /><hr>",
        "<style>p { color: red }</style>",
        "<details open><summary>a</summary></details>",
    ] {
        assert_eq!(check(html), Ok(()), "{html}");
    }
}

#[test]
fn what_runs_or_loads_is_refused() {
    for html in [
        "<script>",
        "</script>",
        "<SCRIPT >",
        "<script/x>",
        "<img src=\"a\">",
        "<svg>",
        "<iframe>",
        "<link rel=\"stylesheet\">",
        "<base href=\"https://example.com\">",
        "<form>",
        "<!-- a -->",
        "<!--[if mso]><![endif]-->",
        "<?xml ?>",
        "< script>",
        "<",
        "<p onclick=\"a\">",
        "<p\nONCLICK=\"a\">",
        "<p/onclick=\"a\">",
        "<td background=\"a\">",
        "<p title=\"a\"onclick=\"b\">",
        "<p title=a>",
        "<p title='a'>",
        "<p title=\"a",
        "<p",
        "<a href=\"javascript:a\">",
        "<a href=\"&#106;avascript:a\">",
        "<a href=\"docs/a.md\">",
        "<a href=\" https://example.com\">",
        "<p style=\"background: URL(a)\">",
        "<p style=\"background: ur&#108;(a)\">",
        "<style>@import 'a'</style>",
        "<style>p { background: url(a) }</style>",
        "<style>u\\72l(a)</style>",
        "<meta http-equiv=\"refresh\" content=\"0\">",
        "<input type=\"image\">",
    ] {
        assert!(check(html).is_err(), "{html}");
    }
}
