//! NDJSON: one JSON object a line. Blank lines are passed over.

use std::io::BufRead;

use super::{
    Sink, hand_over,
    scan::Scanner,
    source::{Lines, Stop, utf8},
};

/// Reads each line of `reader` as a record.
pub fn read(reader: impl BufRead, sink: &mut dyn Sink) -> Result<(), Stop> {
    let mut lines = Lines::new(reader);
    let mut scanner = Scanner::default();
    while let Some((number, bytes)) = lines.next_line()? {
        let line = utf8(number, bytes)?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        hand_over(sink, number, line, scanner.record(line))?;
    }
    Ok(())
}
