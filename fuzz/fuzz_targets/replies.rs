//! Any bytes as a mail: reading never fails, and what is quoted confirms nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packet::{
    model::mail::{Content, Words},
    parser::replies::read,
};

fuzz_target!(|bytes: &[u8]| {
    let mail = read(bytes);
    if let Content::Words(
        Words::Open(text) | Words::Confirms(Some(text)) | Words::Undecided { text, .. },
    ) = &mail.content {
        assert!(text.chars().count() <= 500, "{text:?}");
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }
    // The same text, all of it quoted, says nothing.
    if let Ok(text) = std::str::from_utf8(bytes) {
        let quoted: String = text.lines().map(|l| format!("> {}\n", l.replace('\r', ""))).collect();
        let mail = format!("From: a@example.com\nContent-Type: text/plain; charset=utf-8\n\n{quoted}");
        let content = read(mail.as_bytes()).content;
        assert!(!matches!(content, Content::Words(Words::Confirms(_))), "{content:?}");
    }
});
