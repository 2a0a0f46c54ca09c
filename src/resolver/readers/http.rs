//! HTTP logs: `curl -i`, `-I` and `-v` dumps with their noise, and write-outs between them.

use std::io::BufRead;

use jiff::fmt::rfc2822;

use super::{
    Body, Record, Sink, dump,
    facts::{Code, Facts},
    facts_of,
    names::Field,
    source::{Lines, Stop, text},
    status_line, writeout,
};
use crate::resolver::show::plain;

/// What a log held.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// Exchanges, redirects collapsed.
    pub exchanges: u64,
    /// Redirects that were followed.
    pub redirects: u64,
}

/// Reads `reader`; with `exchanges` off it is text, of which only the encoding is looked at.
pub fn read(reader: impl BufRead, exchanges: bool, sink: &mut dyn Sink) -> Result<Seen, Stop> {
    let mut lines = Lines::new(reader);
    let mut log = Log {
        sink,
        now: None,
        block: Block::Outside,
        request: None,
        host: None,
        seen: Seen::default(),
    };
    while let Some((number, bytes)) = lines.next_line()? {
        let line = text(number, bytes)?;
        if log.now.is_none() && log.seen.exchanges == 0 && dump::begins(line) {
            let message = "holds an error message of a database or script instead of evidence; record it again";
            return Err(Stop::at(number, message));
        }
        if exchanges {
            // Progress meters overwrite themselves with bare carriage returns.
            for piece in line.trim_end_matches('\r').split('\r') {
                log.line(number, piece.trim_end())?;
            }
        }
    }
    log.flush()?;
    Ok(log.seen)
}

/// Where in a dump the reader is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Outside,
    /// The headers of a response that counts.
    Headers,
    /// The headers of one that does not: interim, or a proxy's.
    Passing,
}

#[derive(Default)]
struct Exchange {
    line: u64,
    status: Option<(u16, usize)>,
    failure: Option<(String, usize)>,
    fields: Vec<(Field, String, String, usize)>,
    location: Option<String>,
    verbose: bool,
    echoed: bool,
    /// Something stands after the headers, so that what follows is another exchange.
    closed: bool,
}

impl Exchange {
    fn has(&self, field: Field) -> bool {
        self.fields.iter().any(|(known, ..)| *known == field)
    }

    fn counts(&self) -> bool {
        let tells = |field: &Field| !matches!(field, Field::Target | Field::At | Field::Unitless);
        self.status.is_some()
            || self.failure.is_some()
            || self.fields.iter().any(|(field, ..)| tells(field))
    }

    fn redirects(&self) -> bool {
        let moved = matches!(self.status, Some((301 | 302 | 303 | 307 | 308, _)));
        moved && self.location.is_some() && !self.closed
    }
}

struct Log<'s> {
    sink: &'s mut dyn Sink,
    now: Option<Exchange>,
    block: Block,
    /// Path of the request line that was sent and not yet answered.
    request: Option<String>,
    host: Option<String>,
    seen: Seen,
}

impl Log<'_> {
    /// A line, and what stands glued to its end: a body without a final newline is followed by
    /// the next response, and curl reports errors on the line of its progress meter.
    fn line(&mut self, number: u64, line: &str) -> Result<(), Stop> {
        match self.glued(line) {
            Some(at) => {
                self.one(number, line[..at].trim_end())?;
                self.block = Block::Outside;
                self.one(number, &line[at..])
            }
            None => self.one(number, line),
        }
    }

    fn glued(&self, line: &str) -> Option<usize> {
        if self.block != Block::Outside || line.starts_with(['<', '>', '*']) {
            return None;
        }
        let found = ["HTTP/", "curl: (", "http_code="]
            .iter()
            .filter_map(|mark| {
                let at = line.find(mark).filter(|&at| at > 0)?;
                let status = *mark == "HTTP/" && status_line::read(&line[at..]).is_some();
                let told = *mark == "http_code=" && !line[..at].ends_with(char::is_whitespace);
                (status || told || *mark == "curl: (").then_some(at)
            });
        found.min()
    }

    fn one(&mut self, number: u64, line: &str) -> Result<(), Stop> {
        if let Some(sent) = line.strip_prefix("> ") {
            self.sent(sent);
            return Ok(());
        }
        let verbose = line == "<" || line.starts_with("< ");
        let rest = if verbose {
            line[1..].trim_start()
        } else {
            line
        };
        if let Some((code, reason)) = status_line::read(rest) {
            return self.status(number, code, reason, verbose);
        }
        if status_line::is_cut(rest) {
            return Err(Stop::at(
                number,
                "the status line is cut off; record the log again",
            ));
        }
        if line.starts_with("* ") || line == "*" || line == ">" || is_noise(line) {
            return Ok(());
        }
        match self.block {
            _ if rest.trim().is_empty() => {
                if !line.is_empty() || self.block != Block::Outside {
                    self.block = Block::Outside;
                }
                Ok(())
            }
            Block::Headers => {
                self.header(number, rest);
                Ok(())
            }
            Block::Passing => Ok(()),
            Block::Outside => self.other(number, rest),
        }
    }

    /// A line of the request (`> GET /path HTTP/2`, `> Host: name`).
    fn sent(&mut self, sent: &str) {
        self.block = Block::Outside;
        let mut words = sent.split_whitespace();
        let (first, second, third) = (words.next(), words.next(), words.next());
        match (first, second, third) {
            (Some("CONNECT"), ..) => {}
            (Some(_), Some(path), Some(version)) if version.starts_with("HTTP/") => {
                self.request = Some(path.to_owned());
                self.host = None;
            }
            (Some(name), Some(host), _) if name.eq_ignore_ascii_case("host:") => {
                self.host = Some(host.to_owned());
            }
            _ => {}
        }
    }

    fn status(&mut self, number: u64, code: u16, reason: &str, verbose: bool) -> Result<(), Stop> {
        let proxy = code == 200 && reason.eq_ignore_ascii_case("connection established");
        if proxy || ((100..200).contains(&code) && code != 101) {
            self.block = Block::Passing;
            return Ok(());
        }
        self.block = Block::Headers;
        let asked = self.request.take();
        let host = self.host.take();
        let follows = match &self.now {
            None => false,
            Some(now) if now.status.is_none() => !now.counts(),
            Some(now) => {
                let echo = now.verbose != verbose
                    && !now.echoed
                    && !now.closed
                    && asked.is_none()
                    && now.status.is_some_and(|(known, _)| known == code);
                if echo {
                    if let Some(now) = &mut self.now {
                        now.echoed = true;
                    }
                    return Ok(());
                }
                let leads = now.redirects()
                    && asked.as_deref().is_none_or(|path| {
                        now.location.as_deref().is_some_and(|to| leads_to(to, path))
                    });
                self.seen.redirects += u64::from(leads);
                leads
            }
        };
        if !follows {
            self.flush()?;
        }
        let now = self.now.get_or_insert_with(|| Exchange {
            line: number,
            ..Exchange::default()
        });
        now.status = Some((
            code,
            usize::try_from(number - now.line).unwrap_or(usize::MAX),
        ));
        now.location = None;
        now.closed = false;
        now.echoed = false;
        now.verbose = verbose;
        now.fields.retain(|(field, ..)| *field != Field::At);
        if let Some(path) = asked
            && !now.has(Field::Target)
        {
            let target = host.map_or(path.clone(), |host| format!("//{host}{path}"));
            let at = usize::try_from(number - now.line).unwrap_or(usize::MAX);
            now.fields
                .push((Field::Target, "request".to_owned(), target, at));
        }
        Ok(())
    }

    fn header(&mut self, number: u64, line: &str) {
        let (Some((name, value)), Some(now)) = (line.split_once(':'), &mut self.now) else {
            return;
        };
        let value = value.trim();
        let offset = usize::try_from(number - now.line).unwrap_or(usize::MAX);
        if name.eq_ignore_ascii_case("location") {
            now.location = Some(value.to_owned());
        } else if name.eq_ignore_ascii_case("date")
            && !now.has(Field::At)
            && let Ok(date) = rfc2822::parse(value)
        {
            let at = date.timestamp().to_string();
            now.fields.push((Field::At, "date".to_owned(), at, offset));
        }
    }

    /// A line outside headers: a write-out, a curl error, a command, or a body.
    fn other(&mut self, number: u64, line: &str) -> Result<(), Stop> {
        if line.starts_with("curl: (") {
            let now = self.exchange(number);
            let offset = usize::try_from(number - now.line).unwrap_or(usize::MAX);
            now.failure.get_or_insert((plain(line), offset));
            now.closed = true;
            return Ok(());
        }
        if let Some(url) = command(line) {
            self.flush()?;
            let now = self.exchange(number);
            now.fields
                .push((Field::Target, "curl".to_owned(), url.to_owned(), 0));
            return Ok(());
        }
        let mut pairs = writeout::pairs(line);
        // In a body, only a line of nothing but pairs is a write-out.
        let body = self.now.as_ref().is_some_and(|now| now.status.is_some());
        if body && !writeout::is_pure(line) {
            pairs.clear();
        }
        if pairs.is_empty() {
            if let Some(now) = &mut self.now {
                now.closed = true;
            }
            return Ok(());
        }
        for (field, name, value) in pairs {
            let again = self
                .now
                .as_ref()
                .is_some_and(|now| now.fields.iter().any(|(_, known, ..)| known == name));
            if again {
                self.flush()?;
            }
            let now = self.exchange(number);
            now.closed = true;
            let offset = usize::try_from(number - now.line).unwrap_or(usize::MAX);
            // What the write-out says of the target outranks the request line.
            if field == Field::Target {
                now.fields
                    .retain(|(known, name, ..)| *known != field || name != "request");
            }
            now.fields
                .push((field, name.to_owned(), value.to_owned(), offset));
        }
        Ok(())
    }

    fn exchange(&mut self, number: u64) -> &mut Exchange {
        self.now.get_or_insert_with(|| Exchange {
            line: number,
            ..Exchange::default()
        })
    }

    fn flush(&mut self) -> Result<(), Stop> {
        let Some(now) = self.now.take().filter(Exchange::counts) else {
            return Ok(());
        };
        let mut facts = Facts::default();
        if let Some((code, offset)) = now.status {
            facts.record(Code {
                code,
                name: "",
                offset,
            });
        }
        if let Some((line, offset)) = &now.failure {
            facts.fail("", line.clone(), *offset);
        }
        let fields = now.fields.iter();
        facts_of(
            fields.map(|(field, name, value, at)| (*field, name.as_str(), value.as_str(), *at)),
            &mut facts,
        );
        self.seen.exchanges += 1;
        self.sink.record(&Record {
            line: now.line,
            facts: &facts,
            body: Body::Fields(&[]),
        })
    }
}

/// Whether a `Location` of `to` sends to the path that was asked next.
fn leads_to(to: &str, path: &str) -> bool {
    let to = to.split('#').next().unwrap_or(to);
    let local = match to.split_once("://") {
        Some((_, rest)) => rest.find(['/', '?']).map_or("/", |at| &rest[at..]),
        None => to,
    };
    // A relative location is joined to a path that is not known here.
    local == path || (!local.starts_with('/') && path.ends_with(local.trim_start_matches("./")))
}

/// The URL of a shell's echo of a curl command.
fn command(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['$', '+', '#', '>', ' ']);
    let words = line.strip_prefix("curl ")?;
    words
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'']))
        .find(|word| word.starts_with("http://") || word.starts_with("https://"))
}

/// curl's progress meter, and its notes on bytes sent and received.
fn is_noise(line: &str) -> bool {
    let trimmed = line.trim_start();
    let data = (trimmed.starts_with("{ [") || trimmed.starts_with("} [")) && trimmed.ends_with(']');
    data || trimmed.starts_with("% Total")
        || trimmed.starts_with("Dload")
        || (trimmed.contains("--:--:--")
            && trimmed
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b" .:-kMGT%".contains(&byte)))
}
