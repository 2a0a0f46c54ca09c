//! Replies as mail programs write them: programs, places of the answer, encodings and languages,
//! put together one with another; each with what it has to be taken for.

use std::collections::BTreeMap;

use packet::{
    model::mail::{Content, Words},
    parser::replies::read,
};

/// What a reply has to be taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Confirms,
    /// A question or a refusal.
    Open,
    /// For a person to decide: nothing new, or words that may mean two things.
    Undecided,
}

/// What people write, in their languages.
const ANSWERS: &[(&str, Class)] = &[
    ("✅", Class::Confirms),
    ("Confirmed.", Class::Confirms),
    ("Hi Imani,\n\nI confirm.\n\nThanks,\nEdda", Class::Confirms),
    ("Bestätigt ✅\n\nViele Grüße\nEdda Lund", Class::Confirms),
    ("Je confirme, merci !", Class::Confirms),
    ("Confirmado, gracias", Class::Confirms),
    ("確認しました。", Class::Confirms),
    (
        "Potwierdzam\n\nPozdrawiam\nEdda Lund\nPurser",
        Class::Confirms,
    ),
    ("Not confirmed.", Class::Open),
    ("I can't confirm that yet", Class::Open),
    ("Confirmed? When does the first boat leave?", Class::Open),
    ("✅ for the scanner, but the lamp is out", Class::Open),
    ("Nicht bestätigt, die Lampe fehlt", Class::Open),
    ("Où est la porte ?", Class::Open),
    ("Ok", Class::Confirms),
    ("Thanks for sending this over", Class::Undecided),
    ("", Class::Undecided),
];

/// What went out, and what a quote of it holds: the very words that confirm.
const QUOTED: &[&str] = &[
    "Hello,",
    "",
    "please answer with a single",
    "✅",
    "or with the word",
    "Confirmed",
    "as soon as you can.",
    "",
    "Ref: 0123456789abcdef0123456789abcdef",
];

/// How a mail program quotes.
struct Program {
    name: &'static str,
    /// The line or block over the quote.
    over: &'static str,
    /// What each quoted line begins with.
    mark: &'static str,
    /// What the program adds under what was written.
    footer: &'static str,
    /// The quote is all that follows; nothing can be written below.
    top_only: bool,
}

const PROGRAMS: &[Program] = &[
    Program {
        name: "Gmail",
        over: "On Mon, Mar 2, 2026 at 12:00 PM Quayside Training <\ntraining@example.com> wrote:\n",
        mark: "> ",
        footer: "",
        top_only: false,
    },
    Program {
        name: "Gmail (de)",
        over: "Am Mo., 2. März 2026 um 12:00 Uhr schrieb Quayside Training <\ntraining@example.com>:\n",
        mark: "> ",
        footer: "",
        top_only: false,
    },
    Program {
        name: "Gmail (ja)",
        over: "2026年3月2日(月) 12:00 Quayside Training <training@example.com>:\n",
        mark: "> ",
        footer: "",
        top_only: false,
    },
    Program {
        name: "Apple Mail",
        over: "On 2. Mar 2026, at 12:00, Quayside Training <training@example.com> wrote:\n",
        mark: "> ",
        footer: "",
        top_only: false,
    },
    Program {
        name: "iPhone (fr)",
        over: "Le 2 mars 2026 à 12:00, Quayside Training <training@example.com> a écrit\u{a0}:\n",
        mark: "\u{ad}> ",
        footer: "\nEnvoyé de mon iPhone\n",
        top_only: false,
    },
    Program {
        name: "Thunderbird (es)",
        over: "El 2/3/26 a las 12:00, Quayside Training escribió:",
        mark: "> ",
        footer: "\n-- \nEdda Lund\nConfirmed nothing here\n",
        top_only: false,
    },
    Program {
        name: "Thunderbird (pl)",
        over: "W dniu 2.03.2026 o 12:00, Quayside Training pisze:",
        mark: "> ",
        footer: "",
        top_only: false,
    },
    Program {
        name: "Outlook",
        over: "\nFrom: Quayside Training <training@example.com>\nSent: Monday, March 2, 2026 12:00 PM\nTo: Edda Lund <edda@example.com>\nSubject: Ticket scanners\n",
        mark: "",
        footer: "",
        top_only: true,
    },
    Program {
        name: "Outlook (de)",
        over: "________________________________\nVon: Quayside Training <training@example.com>\nGesendet: Montag, 2. März 2026 12:00\nAn: Edda Lund\nBetreff: Ticket scanners\n",
        mark: "",
        footer: "\nHolen Sie sich Outlook für Android<https://aka.ms/x>\n",
        top_only: true,
    },
    Program {
        name: "Outlook (old)",
        over: "-----Ursprüngliche Nachricht-----\nVon: Quayside Training\n",
        mark: "",
        footer: "",
        top_only: true,
    },
    Program {
        name: "Yahoo",
        over: "    On Monday, March 2, 2026 at 12:00:00 PM GMT+1, Quayside Training <training@example.com> wrote:  \n",
        mark: "",
        footer: "",
        top_only: true,
    },
    Program {
        name: "no quote",
        over: "",
        mark: "-",
        footer: "\nSent from my iPhone\n",
        top_only: true,
    },
];

/// Where the answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Top,
    Bottom,
    Within,
}

/// How the text travels.
#[derive(Clone, Copy, Debug)]
enum Encoding {
    Plain,
    QuotedPrintable,
    Base64,
    Latin1,
    Html,
    Both,
}

const ENCODINGS: [Encoding; 6] = [
    Encoding::Plain,
    Encoding::QuotedPrintable,
    Encoding::Base64,
    Encoding::Latin1,
    Encoding::Html,
    Encoding::Both,
];

fn quote(program: &Program) -> String {
    if program.mark == "-" {
        return String::new();
    }
    let lines: Vec<String> = QUOTED
        .iter()
        .map(|l| format!("{}{l}", program.mark))
        .collect();
    format!("{}\n{}\n", program.over, lines.join("\n"))
}

fn body(program: &Program, place: Place, answer: &str) -> String {
    let footer = program.footer;
    match place {
        Place::Top => format!("{answer}\n{footer}\n{}", quote(program)),
        Place::Bottom => format!("{}\n{answer}\n{footer}", quote(program)),
        Place::Within => {
            let quote = quote(program);
            let middle = format!("{}as soon", program.mark);
            let (above, below) = quote.split_once(&middle).unwrap();
            format!("{above}\n{answer}\n\n{middle}{below}{footer}")
        }
    }
}

fn html(program: &Program, place: Place, answer: &str) -> String {
    let escaped = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('\n', "<br>")
    };
    let said = format!("<div dir=\"auto\">{}</div>", escaped(answer));
    let footer = escaped(program.footer.trim());
    if program.mark == "-" {
        return format!(
            "<html><head><style>p {{ margin: 0 }}</style></head><body>{said}{footer}</body></html>"
        );
    }
    let (open, close) = if program.top_only {
        (
            "<div style=\"border:none;border-top:solid #E1E1E1 1.0pt\">",
            "</div>",
        )
    } else {
        ("<blockquote type=\"cite\">", "</blockquote>")
    };
    let over = format!(
        "<div class=\"gmail_attr\">{}</div>",
        escaped(program.over.trim())
    );
    let all = escaped(&QUOTED.join("\n"));
    let body = match place {
        Place::Top => {
            format!("{said}<br>{footer}<div class=\"gmail_quote\">{over}{open}{all}{close}</div>")
        }
        Place::Bottom => format!("<div>{over}{open}{all}{close}</div>{said}{footer}"),
        Place::Within => {
            let (above, below) = all.split_once("as soon").unwrap();
            format!(
                "<div>{over}{open}{above}{close}{said}{open}as soon{below}{close}{footer}</div>"
            )
        }
    };
    format!("<html><body>{body}</body></html>")
}

fn quoted_printable(text: &str) -> String {
    let mut out = String::new();
    for line in text.split('\n') {
        let mut width = 0;
        for byte in line.bytes() {
            if width > 70 {
                out.push_str("=\r\n");
                width = 0;
            }
            if byte.is_ascii_graphic() && byte != b'=' || byte == b' ' {
                out.push(char::from(byte));
                width += 1;
            } else {
                out.push_str(&format!("={byte:02X}"));
                width += 3;
            }
        }
        out.push_str("\r\n");
    }
    out
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(76)
        .map(|l| std::str::from_utf8(l).unwrap())
        .collect();
    lines.join("\r\n")
}

/// The whole mail; `None` where its words cannot travel so.
fn mail(program: &Program, place: Place, encoding: Encoding, answer: &str) -> Option<Vec<u8>> {
    let head = "From: Edda Lund <edda@example.com>\r\nSubject: Re: Ticket scanners\r\nMIME-Version: 1.0\r\n";
    let text = body(program, place, answer);
    let part = |kind: &str, text: &str| {
        format!(
            "Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            base64(text.as_bytes())
        )
    };
    let rich = html(program, place, answer);
    Some(match encoding {
        Encoding::Plain => format!("{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{}", text.replace('\n', "\r\n")).into_bytes(),
        Encoding::QuotedPrintable => format!("{head}Content-Type: text/plain; charset=UTF-8; format=flowed\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}", quoted_printable(&text)).into_bytes(),
        Encoding::Base64 => format!("{head}{}", part("text/plain", &text)).into_bytes(),
        Encoding::Latin1 => {
            // The sign is lost in such a quote, the word is not.
            let text = text.replace("> ✅", "> =)");
            let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
            let mut mail = format!("{head}Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n").into_bytes();
            mail.extend(bytes?);
            mail
        }
        Encoding::Html => format!("{head}{}", part("text/html", &rich)).into_bytes(),
        Encoding::Both => format!("{head}Content-Type: multipart/alternative; boundary=\"=b\"\r\n\r\n--=b\r\n{}--=b\r\n{}--=b--\r\n", part("text/plain", &text), part("text/html", &rich)).into_bytes(),
    })
}

fn class(content: &Content) -> Class {
    match content {
        Content::Words(Words::Confirms(_)) => Class::Confirms,
        Content::Words(Words::Open(_)) => Class::Open,
        _ => Class::Undecided,
    }
}

#[test]
fn every_program_place_encoding_and_language() {
    let mut seen: BTreeMap<(Class, Class), usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for program in PROGRAMS {
        for place in [Place::Top, Place::Bottom, Place::Within] {
            if program.top_only && place != Place::Top {
                continue;
            }
            for (answer, wanted) in ANSWERS {
                for encoding in ENCODINGS {
                    let Some(mail) = mail(program, place, encoding, answer) else {
                        continue;
                    };
                    let content = read(&mail).content;
                    let found = class(&content);
                    *seen.entry((*wanted, found)).or_default() += 1;
                    if found != *wanted {
                        wrong.push(format!(
                            "{} {place:?} {encoding:?} {answer:?}: {content:?}, not {wanted:?}",
                            program.name
                        ));
                    }
                }
            }
        }
    }
    let all: usize = seen.values().sum();
    let right: usize = seen
        .iter()
        .filter(|((a, b), _)| a == b)
        .map(|(_, n)| n)
        .sum();
    println!("replies: {right} of {all} taken for what they are; {seen:?}");
    let confirmed =
        |c: &&((Class, Class), usize)| c.0.1 == Class::Confirms && c.0.0 != Class::Confirms;
    let pairs: Vec<((Class, Class), usize)> = seen.into_iter().collect();
    let falsely: Vec<_> = pairs.iter().filter(confirmed).collect();
    assert!(all >= 200, "only {all}");
    assert!(
        falsely.is_empty(),
        "false confirmations: {falsely:?}\n{}",
        wrong.join("\n")
    );
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
