//! The pieces of a message that depend on nothing but their input: encoded subjects,
//! boundaries, attachments.

use std::sync::Arc;

use lettre::message::{
    Body, SinglePart,
    header::{ContentDisposition, ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
};

use super::{
    doc_hash::sha256_hex,
    letter::CalendarMethod,
    safety::{self, Unsafe},
};

/// A file that travels with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// File name, without folders.
    pub name: String,
    /// MIME type, as [`content_type`] gives it.
    pub content_type: String,
    /// The bytes, which arrive as they are; shared, for thousands of letters carry the same.
    pub bytes: Arc<[u8]>,
}

impl Attachment {
    /// An attachment whose type follows from its name.
    pub fn new(name: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Self {
        let name = name.into();
        Attachment {
            content_type: content_type(&name).to_owned(),
            name,
            bytes: bytes.into(),
        }
    }
}

/// The MIME type of a file, from its extension.
pub fn content_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "md" => "text/markdown",
        "json" => "application/json",
        "ndjson" => "application/x-ndjson",
        "log" | "txt" => "text/plain",
        "csv" => "text/csv",
        "ics" => "text/calendar",
        _ => "application/octet-stream",
    }
}

/// A boundary that depends on the message alone and that no encoded body contains:
/// `=_` occurs neither in base64 nor in quoted-printable (RFC 2045 section 6.7).
pub(super) fn boundary(part: &str, message_id: &str) -> String {
    let digest = sha256_hex(format!("{part}\n{message_id}").as_bytes());
    format!("=_{}", &digest[..32])
}

/// A `Subject` header for a line that [`safety::check_line`] accepts.
///
/// Printable ASCII is written as it is, folded; anything else as encoded words (RFC 2047),
/// also what would not survive folding or would be taken for an encoded word.
pub(super) fn subject(text: &str) -> HeaderValue {
    const NAME: HeaderName = HeaderName::new_from_ascii_str("Subject");
    let plain = text.bytes().all(|b| (b' '..=b'~').contains(&b))
        && text.trim() == text
        && !text.contains("  ")
        && !text.contains("=?")
        && text.split(' ').all(|word| word.len() <= 60);
    if plain {
        return HeaderValue::new(NAME, text.to_owned());
    }
    let words: Vec<String> = chunks(text, 36)
        .into_iter()
        .map(|chunk| format!("=?utf-8?b?{}?=", base64(chunk.as_bytes())))
        .collect();
    HeaderValue::dangerous_new_pre_encoded(NAME, text.to_owned(), words.join("\r\n "))
}

/// Splits `text` between characters into chunks of at most `limit` bytes: an encoded word
/// has at most 75 characters and holds whole characters.
fn chunks(text: &str, limit: usize) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if at + c.len_utf8() - start > limit {
            found.push(&text[start..at]);
            start = at;
        }
    }
    found.push(&text[start..]);
    found
}

fn base64(bytes: &[u8]) -> String {
    // Below one line's length lettre's encoder adds no break.
    encoded(bytes.to_vec(), ContentTransferEncoding::Base64)
        .map(Body::into_vec)
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default()
}

/// A text part in quoted-printable, with CRLF line ends; UTF-8.
pub(super) fn text_part(content_type: ContentType, text: &str) -> Option<SinglePart> {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let body = encoded(lines, ContentTransferEncoding::QuotedPrintable)?;
    Some(SinglePart::builder().header(content_type).body(body))
}

/// The type of a calendar part: its method stands there, too (RFC 6047 section 2.4).
pub(super) fn calendar_type(method: CalendarMethod) -> &'static str {
    match method {
        CalendarMethod::Request => "text/calendar; charset=utf-8; method=REQUEST",
        CalendarMethod::Cancel => "text/calendar; charset=utf-8; method=CANCEL",
    }
}

/// An attachment in base64: text, too, so that its line ends survive and its hash still fits.
pub(super) fn attachment_part(file: &Attachment) -> Result<Option<SinglePart>, Unsafe> {
    safety::check_line("attachment's name", &file.name)?;
    let utf8 = file.content_type.starts_with("text/") && std::str::from_utf8(&file.bytes).is_ok();
    let declared = if utf8 {
        format!("{}; charset=utf-8", file.content_type)
    } else {
        file.content_type.clone()
    };
    let Ok(content_type) = ContentType::parse(&declared) else {
        return Ok(None);
    };
    let body = encoded(file.bytes.to_vec(), ContentTransferEncoding::Base64);
    Ok(body.map(|body| {
        SinglePart::builder()
            .header(content_type)
            .header(ContentDisposition::attachment(&file.name))
            .body(body)
    }))
}

fn encoded(
    content: impl Into<lettre::message::MaybeString>,
    encoding: ContentTransferEncoding,
) -> Option<Body> {
    Body::new_with_encoding(content, encoding).ok()
}
