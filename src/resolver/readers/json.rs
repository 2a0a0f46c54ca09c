//! JSON: one object, or an array of objects that is never held as a whole.

use std::io::BufRead;

use super::{
    Sink, hand_over,
    scan::Scanner,
    source::{LARGEST_FILE, Stop, fill, text, too_large},
};

/// The longest single record, in bytes: 16 MiB.
const LONGEST_RECORD: usize = 16 << 20;

/// Reads `reader` as one record, or as an array of them.
pub fn read(reader: impl BufRead, sink: &mut dyn Sink) -> Result<(), Stop> {
    let mut pieces = Pieces {
        reader,
        line: 1,
        total: 0,
    };
    let mut scanner = Scanner::default();
    let mut held = Vec::new();
    if pieces.blanks()? != Some(b'[') {
        let line = pieces.line;
        pieces.rest(&mut held)?;
        let record = text(line, &held)?;
        return hand_over(sink, line, record, scanner.record(record));
    }
    pieces.skip(1);
    if pieces.blanks()? == Some(b']') {
        pieces.skip(1);
        return pieces.finish();
    }
    loop {
        pieces.blanks()?;
        let line = pieces.line;
        held.clear();
        let end = pieces.element(&mut held)?;
        let record = text(line, &held)?;
        if end == End::File {
            // What was read so far may be what is wrong; being cut off is said otherwise.
            hand_over(sink, line, record, scanner.record(record))?;
            return Err(Stop::at(
                pieces.line,
                "the list is never closed: the file is truncated",
            ));
        }
        if record.trim_ascii().is_empty() {
            return Err(Stop::at(line, "has a comma without a record beside it"));
        }
        hand_over(sink, line, record, scanner.record(record))?;
        if end == End::List {
            return pieces.finish();
        }
    }
}

/// What ended an element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Comma,
    List,
    File,
}

struct Pieces<R> {
    reader: R,
    line: u64,
    total: u64,
}

impl<R: BufRead> Pieces<R> {
    fn peek(&mut self) -> Result<Option<u8>, Stop> {
        Ok(fill(&mut self.reader)?.first().copied())
    }

    fn skip(&mut self, count: usize) {
        self.total += count as u64;
        self.reader.consume(count);
    }

    /// Passes white space; the byte after it.
    fn blanks(&mut self) -> Result<Option<u8>, Stop> {
        while let Some(byte @ (b' ' | b'\n' | b'\t' | b'\r')) = self.peek()? {
            self.line += u64::from(byte == b'\n');
            self.skip(1);
        }
        self.peek()
    }

    fn rest(&mut self, held: &mut Vec<u8>) -> Result<(), Stop> {
        loop {
            let chunk = fill(&mut self.reader)?;
            if chunk.is_empty() {
                return Ok(());
            }
            grow(held, chunk, self.line)?;
            let length = chunk.len();
            self.skip(length);
        }
    }

    /// Copies one element of an array up to the comma or bracket that ends it, passing that.
    fn element(&mut self, held: &mut Vec<u8>) -> Result<End, Stop> {
        let mut depth = 0_u64;
        let (mut quoted, mut escaped) = (false, false);
        loop {
            if self.total > LARGEST_FILE {
                return Err(too_large(self.line));
            }
            let chunk = fill(&mut self.reader)?;
            if chunk.is_empty() {
                return Ok(End::File);
            }
            let mut end = None;
            let mut used = 0;
            for &byte in chunk {
                used += 1;
                self.line += u64::from(byte == b'\n');
                if quoted {
                    quoted = escaped || byte != b'"';
                    escaped = !escaped && byte == b'\\';
                    continue;
                }
                match byte {
                    b'"' => quoted = true,
                    b'{' | b'[' => depth += 1,
                    b',' if depth == 0 => end = Some(End::Comma),
                    b']' if depth == 0 => end = Some(End::List),
                    b'}' | b']' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                if end.is_some() {
                    break;
                }
            }
            let kept = used - usize::from(end.is_some());
            grow(held, &chunk[..kept], self.line)?;
            self.skip(used);
            if let Some(end) = end {
                return Ok(end);
            }
        }
    }

    fn finish(&mut self) -> Result<(), Stop> {
        match self.blanks()? {
            None => Ok(()),
            Some(_) => Err(Stop::at(
                self.line,
                "something stands after the end of the list",
            )),
        }
    }
}

fn grow(held: &mut Vec<u8>, chunk: &[u8], line: u64) -> Result<(), Stop> {
    if held.len() + chunk.len() > LONGEST_RECORD {
        return Err(Stop::at(
            line,
            "one JSON record is longer than 16 MiB; write one record a line (NDJSON)",
        ));
    }
    held.extend_from_slice(chunk);
    Ok(())
}
