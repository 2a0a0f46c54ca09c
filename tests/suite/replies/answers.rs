//! What people and machines answer, in eight languages, through the quoting of ten mail programs:
//! `tests/replies/answers.yaml` by `tests/replies/programs.yaml`.

use std::collections::BTreeMap;

use packet::{
    model::mail::{Content, Words},
    parser::replies::read,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Answers {
    confirming: Vec<Texts>,
    open: Vec<Texts>,
    automatic: Vec<Mails>,
}

#[derive(Deserialize)]
struct Texts {
    lang: String,
    texts: Vec<String>,
}

#[derive(Deserialize)]
struct Mails {
    of: String,
    mails: Vec<Machine>,
}

#[derive(Deserialize)]
struct Machine {
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    standard: bool,
    #[serde(default)]
    status: String,
    text: String,
}

#[derive(Deserialize)]
struct Program {
    kind: String,
    #[serde(default)]
    attribution: BTreeMap<String, String>,
    #[serde(default)]
    footer: BTreeMap<String, String>,
    #[serde(default)]
    signature: String,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    above: String,
    #[serde(default)]
    page: String,
}

type Programs = BTreeMap<String, Program>;

const SUBJECT: &str = "Tide mill opens";
const QUOTED: &str = "Hello Ada,\n\nplease read the guide and answer with ✅.\nDo you have questions? Not before Monday, please.\n\nRef: 0123456789abcdef0123456789abcdef";

fn data<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let path = format!("{}/tests/replies/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\n', "<br>")
}

/// The mail that says `text`, as `program` sends it in `lang`.
fn mail(programs: &Programs, program: &Program, lang: &str, text: &str) -> Vec<u8> {
    let of = |name: &str| programs[name].attribution[lang].replace("@SUBJECT@", SUBJECT);
    let marked = QUOTED
        .lines()
        .map(|l| format!("> {l}"))
        .collect::<Vec<_>>()
        .join("\n");
    let own = |name: &str| match program.attribution.get(lang) {
        Some(line) => line.replace("@SUBJECT@", SUBJECT),
        None => of(name),
    };
    let footer = program
        .footer
        .get(lang)
        .map_or(String::new(), |f| format!("\n\n{f}"));
    let above = match program.above.as_str() {
        "" => String::new(),
        above => format!("{above}\n\n"),
    };
    let signature = match program.signature.as_str() {
        "" => String::new(),
        signature => format!("\n\n{signature}"),
    };
    let (kind, body) = match program.kind.as_str() {
        "quoted" => (
            "plain",
            format!(
                "{above}{text}{footer}\n\n{}\n{marked}{signature}\n",
                own("gmail")
            ),
        ),
        "quoted-like-apple-mail" => (
            "plain",
            format!("{above}{text}{footer}\n\n{}\n{marked}\n", of("apple-mail")),
        ),
        "headed" => (
            "plain",
            format!(
                "{above}{text}{footer}\n\n{}\n{}\n\n{QUOTED}\n",
                program.rule,
                own("outlook-desktop")
            ),
        ),
        _ => {
            let page = program.page.replace("@HTML@", &html(text));
            let page = page.replace("@ATTRIBUTION@", &html(&of("gmail")));
            let page = page.replace("@HEADED@", &html(&of("outlook-desktop")));
            ("html", page.replace("@QUOTE@", &html(QUOTED)))
        }
    };
    format!("From: Ada Holt <ada@example.com>\nTo: Quayside Team <team@example.com>\nSubject: Re: {SUBJECT}\nMessage-ID: <a@client.example.com>\nMIME-Version: 1.0\nContent-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}").into_bytes()
}

fn taken(content: &Content) -> &'static str {
    match content {
        Content::Words(Words::Confirms(_)) => "confirmed",
        Content::Words(Words::Open(_)) => "question",
        Content::Automatic(_) => "automatic",
        Content::Report(_) => "bounce",
        _ => "undecided",
    }
}

#[test]
fn no_yes_is_a_question_and_no_question_a_yes() {
    let answers: Answers = data("answers.yaml");
    let programs: Programs = data("programs.yaml");
    assert_eq!(programs.len(), 10);
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (group, texts) in [("yes", &answers.confirming), ("open", &answers.open)] {
        for (lang, text) in texts
            .iter()
            .flat_map(|g| g.texts.iter().map(|t| (&g.lang, t)))
        {
            for (name, program) in &programs {
                let content = read(&mail(&programs, program, lang, text)).content;
                let taken = taken(&content);
                *counts.entry((group, taken)).or_default() += 1;
                let forbidden = if group == "yes" {
                    "question"
                } else {
                    "confirmed"
                };
                if taken == forbidden
                    || matches!(taken, "automatic" | "bounce")
                    || (group == "yes" && taken != "confirmed")
                {
                    wrong.push((
                        taken == forbidden,
                        format!("{name} {lang} {text:?}: {content:?}"),
                    ));
                }
            }
        }
    }
    println!("through ten programs: {counts:?}");
    for (_, line) in &wrong {
        println!("{line}");
    }
    let forbidden: Vec<_> = wrong.iter().filter(|w| w.0).collect();
    assert!(forbidden.is_empty(), "{forbidden:#?}");
    let of = |group, taken| counts.get(&(group, taken)).copied().unwrap_or(0);
    assert!(of("yes", "confirmed") >= 900, "of 1,000: {counts:?}");
    assert!(of("open", "question") >= 400, "of 600: {counts:?}");
}

#[test]
fn what_no_person_wrote_is_neither_a_yes_nor_a_question() {
    let answers: Answers = data("answers.yaml");
    let mut counts: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for group in &answers.automatic {
        for one in &group.mails {
            let report = group.of == "report";
            let from = if report {
                "MAILER-DAEMON@mx.example.net"
            } else {
                "Ada Holt <ada@example.com>"
            };
            let headers: String = one
                .headers
                .iter()
                .map(|(k, v)| format!("{k}: {}\n", v.replace("@SUBJECT@", SUBJECT)))
                .collect();
            let text = one.text.replace("@ADDRESS@", "ada@example.com");
            let body = if one.standard {
                format!(
                    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; ada@example.com\nAction: failed\nStatus: {}\n\n--b--\n",
                    one.status
                )
            } else {
                format!("Content-Type: text/plain; charset=utf-8\n\n{text}\n")
            };
            let mail =
                format!("From: {from}\nTo: team@example.com\n{headers}MIME-Version: 1.0\n{body}");
            let content = read(mail.as_bytes()).content;
            let taken = taken(&content);
            let fits = match (report, one.standard) {
                (true, true) => taken == "bounce",
                (true, false) => matches!(content, Content::Returned(..)),
                (false, _) => matches!(taken, "automatic" | "undecided"),
            };
            assert!(fits, "{headers}{text}: {content:?}");
            *counts.entry((group.of.clone(), taken)).or_default() += 1;
        }
    }
    println!("{counts:?}");
}

#[test]
fn html_is_read_in_bounded_time() {
    let lines = |piece: &str| piece.repeat(1_000_000 / piece.len());
    let deep = format!("{}{}", lines("<div>"), lines("<p class=\"x\">a "));
    for body in [
        lines("<a title=\""),
        lines("<p>Words &amp; words</p>"),
        lines("<b><i><u>x"),
        lines("<!-- x"),
        lines("&#x"),
        lines("</x>"),
        deep,
    ] {
        let started = std::time::Instant::now();
        let mail = format!("From: ann@example.com\nContent-Type: text/html\n\n{body}");
        read(mail.as_bytes());
        let took = started.elapsed();
        assert!(took.as_secs() < 5, "{took:?}: {}", &body[..20]);
    }
}
