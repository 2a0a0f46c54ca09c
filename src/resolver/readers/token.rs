//! The tokens of JSON (RFC 8259), read from valid UTF-8 without copying where nothing is escaped.

use std::borrow::Cow;

/// What is wrong with a piece of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Where, in bytes from the start of the text.
    pub offset: usize,
    /// What is the matter.
    pub message: String,
    /// Whether the text ended too early.
    pub ended: bool,
}

/// A place in a text that is read as JSON.
pub struct Cursor<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// At the start of `text`.
    pub fn new(text: &'a str) -> Self {
        Cursor {
            text,
            bytes: text.as_bytes(),
            at: 0,
        }
    }

    /// Bytes passed so far.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// The next byte, if any.
    #[inline]
    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Passes one byte.
    #[inline]
    pub fn skip(&mut self) {
        self.at += 1;
    }

    /// What was passed since `start`.
    pub fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or("")
    }

    /// The string passed since `start`, without its quotes and with its escapes.
    pub fn inner(&self, start: usize) -> &'a str {
        self.text.get(start + 1..self.at - 1).unwrap_or("")
    }

    /// Passes white space.
    #[inline]
    pub fn blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Passes `byte`, or says what stands there instead.
    pub fn expect(&mut self, byte: u8) -> Result<(), Flaw> {
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(self.unexpected())
    }

    /// Passes `close` if it comes next.
    pub fn closes(&mut self, close: u8) -> bool {
        self.blanks();
        let found = self.peek() == Some(close);
        self.at += usize::from(found);
        found
    }

    /// Passes `close`, true, or a comma that something follows, false.
    #[inline]
    pub fn ends(&mut self, close: u8) -> Result<bool, Flaw> {
        self.blanks();
        match self.peek() {
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(true)
            }
            Some(b',') => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.unexpected()),
        }
    }

    /// Passes `true`, `false` or `null`.
    pub fn word(&mut self, word: &str) -> Result<(), Flaw> {
        let rest = &self.bytes[self.at..];
        if rest.starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        if word.as_bytes().starts_with(rest) {
            self.at = self.bytes.len();
        }
        Err(self.unexpected())
    }

    /// Passes a number; the text of it.
    pub fn number(&mut self) -> Result<&'a str, Flaw> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(self.unexpected()),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.some_digits()?;
        }
        match self.peek() {
            Some(b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.') => Err(self.unexpected()),
            _ => Ok(self.since(start)),
        }
    }

    /// Passes a string with its quotes; its content.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'a, str>, Flaw> {
        self.at += 1;
        let start = self.at;
        self.at += run(&self.bytes[start..]);
        if self.peek() == Some(b'"') {
            let content = self.since(start);
            self.at += 1;
            return Ok(Cow::Borrowed(content));
        }
        self.escaped(start).map(Cow::Owned)
    }

    fn escaped(&mut self, start: usize) -> Result<String, Flaw> {
        let mut content = self.since(start).to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(content);
                }
                Some(b'\\') => {
                    self.at += 1;
                    content.push(self.escape()?);
                }
                Some(_) if run(&self.bytes[self.at..]) > 0 => {
                    let from = self.at;
                    self.at += run(&self.bytes[self.at..]);
                    content.push_str(self.since(from));
                }
                Some(_) => {
                    return Err(self.flaw("has a raw control character in a string"));
                }
                None => return Err(self.unexpected()),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Flaw> {
        let kind = self.peek();
        self.at += usize::from(kind.is_some());
        Ok(match kind {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            None => return Err(self.unexpected()),
            Some(_) => {
                self.at -= 1;
                return Err(self.flaw("has an escape that JSON does not know"));
            }
        })
    }

    fn unicode(&mut self) -> Result<char, Flaw> {
        let high = self.hex()?;
        if !(0xd800..0xe000).contains(&high) {
            return char::from_u32(high).ok_or_else(|| self.flaw("has half a character"));
        }
        let half = "has half of a surrogate pair, which is no character";
        if high >= 0xdc00 {
            return Err(self.flaw(half));
        }
        if self.peek() != Some(b'\\') || self.bytes.get(self.at + 1) != Some(&b'u') {
            return Err(if self.peek().is_none() {
                self.unexpected()
            } else {
                self.flaw(half)
            });
        }
        self.at += 2;
        let low = self.hex()?;
        if !(0xdc00..0xe000).contains(&low) {
            return Err(self.flaw(half));
        }
        char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))
            .ok_or_else(|| self.flaw(half))
    }

    fn hex(&mut self) -> Result<u32, Flaw> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.unexpected());
            };
            value = value * 16 + digit;
            self.at += 1;
        }
        Ok(value)
    }

    fn digits(&mut self) {
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
    }

    fn some_digits(&mut self) -> Result<(), Flaw> {
        let start = self.at;
        self.digits();
        if self.at == start {
            return Err(self.unexpected());
        }
        Ok(())
    }

    /// `message` about this place.
    pub fn flaw(&self, message: &str) -> Flaw {
        Flaw {
            offset: self.at,
            message: message.to_owned(),
            ended: false,
        }
    }

    /// What stands here is not what JSON wants here, or nothing does.
    pub fn unexpected(&self) -> Flaw {
        let rest = self.text.get(self.at..).unwrap_or("");
        let start = rest.trim_start_matches('-');
        let word = ["NaN", "Infinity", "nan", "inf"]
            .into_iter()
            .find(|word| start.starts_with(word));
        let message = match (rest.chars().next(), word) {
            (None, _) => "ends in the middle of a JSON value: the file is truncated".to_owned(),
            (Some(_), Some(word)) => format!("has {word}, which is no JSON and no measurement"),
            (Some(c), None) => format!(
                "is not valid JSON at {}",
                crate::resolver::show::quoted(c.encode_utf8(&mut [0; 4]))
            ),
        };
        Flaw {
            offset: self.at,
            message,
            ended: rest.is_empty(),
        }
    }
}

/// How many bytes come before a quote, a backslash or a control character. Eight at a time:
/// strings are most of a file.
#[inline]
fn run(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGHS: u64 = ONES * 0x80;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let mut at = 0;
    while let Some(chunk) = bytes
        .get(at..at + 8)
        .and_then(|c| <[u8; 8]>::try_from(c).ok())
    {
        let word = u64::from_le_bytes(chunk);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        let quote = zero(word ^ (ONES * u64::from(b'"')));
        let slash = zero(word ^ (ONES * u64::from(b'\\')));
        let hit = control | quote | slash;
        if hit != 0 {
            // The lowest hit is exact; borrows only spoil those above it.
            return at + (hit.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or(&[]);
    at + rest
        .iter()
        .position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20)
        .unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_follow_the_grammar() {
        for good in ["0", "-0", "10", "1.5", "1e9", "1E+9", "0.0e-1"] {
            assert_eq!(Cursor::new(good).number(), Ok(good));
        }
        for bad in ["01", "-", "1.", "1e", "1e+", "1x", "0x1", "1.2.3", "--1"] {
            assert!(Cursor::new(bad).number().is_err(), "{bad}");
        }
        assert!(
            Cursor::new("-Infinity")
                .number()
                .unwrap_err()
                .message
                .contains("Infinity")
        );
        assert!(Cursor::new("1.").number().unwrap_err().ended);
    }

    #[test]
    fn strings_follow_the_grammar() {
        let read = |text: &str| Cursor::new(text).string().map(Cow::into_owned);
        assert_eq!(read(r#""a\"b\u00e9\ud83d\ude00\n""#).unwrap(), "a\"bé😀\n");
        for bad in [
            r#""a"#,
            "\"a\tb\"",
            r#""\x""#,
            r#""\ud83d""#,
            r#""\ude00""#,
            r#""\u12""#,
            "\"\\",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn run_stops_where_a_plain_loop_would(bytes in prop::collection::vec(prop_oneof![any::<u8>(), 0x1eu8..0x24, Just(b'\\')], 0..40)) {
            let plain = bytes.iter().position(|&b| b == b'"' || b == b'\\' || b < 0x20);
            prop_assert_eq!(run(&bytes), plain.unwrap_or(bytes.len()));
        }

        #[test]
        fn whatever_serde_json_reads_is_read(value in any::<String>()) {
            let text = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(Cursor::new(&text).string().unwrap(), value);
        }
    }
}
