//! HTTP logs: `curl -i`, `-I` and `-v` dumps with their noise, and write-outs between them.

pub(super) mod bare;
mod chatter;
mod exchange;

use std::io::BufRead;

use jiff::fmt::rfc2822;

use super::{
    Body, Record, Sink,
    blank::is_blank,
    dump,
    facts::{Code, Facts},
    facts_of,
    names::Field,
    source::{Lines, Stop, text},
    status_line, writeout,
};
use crate::resolver::show::plain;
use chatter::{Wget, command, is_noise, is_own_work, protocol, uncoloured, unmetered, wget};
use exchange::{Exchange, leads_to};

pub use exchange::{Exchanges, Seen};

/// Reads `reader` for `exchanges`.
pub fn read(reader: impl BufRead, exchanges: Exchanges, sink: &mut dyn Sink) -> Result<Seen, Stop> {
    let mut lines = Lines::new(reader);
    let mut log = Log {
        sink,
        now: None,
        block: Block::Outside,
        request: None,
        host: None,
        connecting: false,
        unanswered: None,
        noise: None,
        said: false,
        bare: exchanges == Exchanges::Bare,
        seen: Seen::default(),
    };
    let mut shows = false;
    while let Some((number, bytes)) = lines.next_line()? {
        let line = text(number, bytes)?;
        let line = uncoloured(line);
        log.sink.line(number, &line);
        shows = shows || !is_blank(&line);
        if log.now.is_none() && log.seen.exchanges == 0 && dump::begins(&line) {
            return Err(Stop::at(number, dump::MESSAGE));
        }
        if exchanges != Exchanges::None {
            // Progress meters overwrite themselves with bare carriage returns.
            for piece in line.trim_end_matches('\r').split('\r') {
                log.line(number, piece.trim_end())?;
            }
        }
    }
    log.flush()?;
    if !shows {
        let message = "the file holds nothing but blanks; record the evidence again";
        return Err(Stop::at(0, message));
    }
    if let Some(line) = log.unanswered {
        let message = "the target never answered: what stands last is a request, an interim \
                       answer, or a proxy's; record it again";
        return Err(Stop::at(line, message));
    }
    if let Some(line) = log.noise.filter(|_| !log.said && log.seen.exchanges == 0) {
        let message = "curl tells of its own work here and of no answer; record it again";
        return Err(Stop::at(line, message));
    }
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

struct Log<'s> {
    sink: &'s mut dyn Sink,
    now: Option<Exchange>,
    block: Block,
    /// Path of the request line that was sent and not yet answered.
    request: Option<String>,
    host: Option<String>,
    /// Whether a proxy was asked for a tunnel and has not answered.
    connecting: bool,
    /// The line of an answer that does not count and that none has followed.
    unanswered: Option<u64>,
    /// The first line of what curl says of its own work, and whether anything else was said.
    noise: Option<u64>,
    said: bool,
    /// Whether a number alone is a status.
    bare: bool,
    seen: Seen,
}

impl Log<'_> {
    /// A line, and what stands glued to its end: a body without a final newline is followed by
    /// the next response, and curl reports errors on the line of its progress meter.
    fn line(&mut self, number: u64, line: &str) -> Result<(), Stop> {
        let line = unmetered(line);
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
        // Within headers only what a clock or a level stands before begins an answer.
        let stamped = line.starts_with(|c: char| c.is_ascii_digit() || c == '[');
        if self.block != Block::Outside && !stamped || line.starts_with(['<', '>', '*']) {
            return None;
        }
        let found = ["HTTP/", "curl: (", "http_code="]
            .iter()
            .filter_map(|mark| {
                let at = match *mark {
                    "HTTP/" => protocol(line),
                    mark => line.find(mark),
                };
                let at = at.filter(|&at| at > 0)?;
                let status = *mark == "HTTP/" && status_line::read(&line[at..]).is_some();
                let told = *mark == "http_code=" && !line[..at].ends_with(char::is_whitespace);
                (status || told || *mark == "curl: (").then_some(at)
            });
        found.min()
    }

    fn one(&mut self, number: u64, line: &str) -> Result<(), Stop> {
        if let Some(sent) = line.strip_prefix("> ") {
            self.sent(number, sent);
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
        if let Some(said) = wget(line) {
            return self.wget(number, line, said);
        }
        if line.starts_with("* ") || line == "*" || line == ">" || is_noise(line) {
            if is_own_work(line) {
                self.noise.get_or_insert(number);
            }
            return Ok(());
        }
        self.said = self.said || !rest.trim().is_empty();
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
    fn sent(&mut self, number: u64, sent: &str) {
        self.block = Block::Outside;
        let mut words = sent.split_whitespace();
        let (first, second, third) = (words.next(), words.next(), words.next());
        match (first, second, third) {
            (Some("CONNECT"), ..) => self.connecting = true,
            (Some(_), Some(path), Some(version)) if version.starts_with("HTTP/") => {
                self.request = Some(path.to_owned());
                self.unanswered = Some(number);
                self.host = None;
                self.connecting = false;
            }
            (Some(name), Some(host), _) if name.eq_ignore_ascii_case("host:") => {
                self.host = Some(host.to_owned());
            }
            _ => {}
        }
    }

    fn status(&mut self, number: u64, code: u16, reason: &str, verbose: bool) -> Result<(), Stop> {
        let tunnel = reason.to_ascii_lowercase().ends_with(" established");
        let proxy = (200..300).contains(&code) && (tunnel || self.connecting);
        self.connecting = false;
        if proxy || ((100..200).contains(&code) && code != 101) {
            self.block = Block::Passing;
            self.unanswered.get_or_insert(number);
            return Ok(());
        }
        self.unanswered = None;
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

    fn wget(&mut self, number: u64, line: &str, said: Wget<'_>) -> Result<(), Stop> {
        match said {
            Wget::Answer(code, reason) => return self.status(number, code, reason, false),
            Wget::Failure => self.fails(number, line),
            // What a redirect leads to is asked for in the same way.
            Wget::Asks(_) if self.now.as_ref().is_some_and(Exchange::redirects) => {}
            Wget::Asks(url) => self.asks(number, "wget", url)?,
        }
        Ok(())
    }

    fn fails(&mut self, number: u64, line: &str) {
        self.unanswered = None;
        self.block = Block::Outside;
        let now = self.exchange(number);
        let offset = usize::try_from(number - now.line).unwrap_or(usize::MAX);
        now.failure.get_or_insert((plain(line), offset));
        now.closed = true;
    }

    /// A command that asks for `url`.
    fn asks(&mut self, number: u64, name: &str, url: &str) -> Result<(), Stop> {
        self.flush()?;
        self.block = Block::Outside;
        let now = self.exchange(number);
        now.fields
            .push((Field::Target, name.to_owned(), url.to_owned(), 0));
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
            self.fails(number, line);
            return Ok(());
        }
        if let Some(url) = command(line) {
            return self.asks(number, "curl", url);
        }
        let mut pairs = writeout::pairs(line);
        // In a body, only a line of nothing but pairs is a write-out.
        let body = self.now.as_ref().is_some_and(|now| now.status.is_some());
        if body && !writeout::is_pure(line) {
            pairs.clear();
        }
        if let Some(status) = bare::read(line).filter(|s| !body && (self.bare || !s.alone)) {
            pairs = vec![(Field::Status, "", status.code)];
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
