//! CSV with a header line (RFC 4180). Stricter than most libraries on purpose: a quote that is
//! never closed or a row of another length is a file that was cut off. What parts the cells is
//! read from the header line: a comma, a tab or a semicolon.

use std::io::BufRead;

use super::{
    Body, Record, Sink,
    blank::is_blank,
    dump,
    facts::Facts,
    facts_of,
    names::{Field, classify},
    scan::MOST_FIELDS,
    source::{LONGEST_LINE, Lines, Stop, text},
};
use crate::resolver::show::plain;

/// Reads `reader` as a header line and one record a row.
pub fn read(reader: impl BufRead, sink: &mut dyn Sink) -> Result<(), Stop> {
    let mut lines = Lines::new(reader);
    let mut header: Option<Vec<(Field, String)>> = None;
    let mut separator = None;
    while let Some((line, cells)) = row(&mut lines, &mut separator)? {
        let Some(header) = &header else {
            header = Some(names(line, cells)?);
            continue;
        };
        // Spreadsheets leave rows of nothing but separators behind.
        if cells.iter().all(|cell| is_blank(cell)) {
            continue;
        }
        if cells.len() != header.len() {
            let message = format!(
                "has {} fields where the header has {}; the row is cut off or a separator is unquoted",
                cells.len(),
                header.len()
            );
            return Err(Stop::at(line, message));
        }
        if let [only] = cells.as_slice()
            && dump::begins(only)
        {
            return Err(Stop::at(line, dump::MESSAGE));
        }
        let fields: Vec<(String, String)> = header
            .iter()
            .zip(cells)
            .map(|((_, name), cell)| (name.clone(), cell))
            .collect();
        let mut facts = Facts::default();
        let named = header.iter().zip(&fields);
        facts_of(
            named.map(|((field, _), (name, value))| (*field, name.as_str(), value.as_str(), 0)),
            &mut facts,
        );
        sink.record(&Record {
            line,
            facts: &facts,
            body: Body::Fields(&fields),
        })?;
    }
    Ok(())
}

fn names(line: u64, cells: Vec<String>) -> Result<Vec<(Field, String)>, Stop> {
    let mut names: Vec<(Field, String)> = Vec::with_capacity(cells.len());
    for cell in cells {
        let name = cell.trim();
        if names.iter().any(|(_, known)| known == name) {
            let message = format!(
                "the column `{}` stands twice, so it is unclear which value counts",
                plain(name)
            );
            return Err(Stop::at(line, message));
        }
        names.push((classify(name), name.to_owned()));
    }
    Ok(names)
}

/// The cells of the next row that is not blank, and the line it starts on.
fn row<R: BufRead>(
    lines: &mut Lines<R>,
    separator: &mut Option<char>,
) -> Result<Option<(u64, Vec<String>)>, Stop> {
    let mut row = Row::default();
    let mut start = 0;
    while let Some((number, bytes)) = lines.next_line()? {
        let line = text(number, bytes)?;
        if row.quoted {
            row.cell.push('\n');
        } else {
            if is_blank(line) {
                continue;
            }
            if separator.is_none() && (dump::begins(line) || dump::is_message(line)) {
                return Err(Stop::at(number, dump::MESSAGE));
            }
            start = number;
        }
        let line = line.strip_suffix('\r').unwrap_or(line);
        let separator = *separator.get_or_insert_with(|| separator_of(line));
        row.take(line, separator)
            .map_err(|message| Stop::at(number, message))?;
        if !row.quoted {
            row.cells.push(std::mem::take(&mut row.cell));
            return Ok(Some((start, row.cells)));
        }
    }
    if row.quoted {
        return Err(Stop::at(
            start,
            "a quotation mark is never closed: the file is truncated",
        ));
    }
    Ok(None)
}

/// What parts the cells of a header line.
fn separator_of(header: &str) -> char {
    let mut quoted = false;
    let mut found = None;
    for c in header.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => return ',',
            '\t' | ';' if !quoted => found = found.or(Some(c)),
            _ => {}
        }
    }
    found.unwrap_or(',')
}

#[derive(Default)]
struct Row {
    cells: Vec<String>,
    cell: String,
    quoted: bool,
}

impl Row {
    fn take(&mut self, line: &str, separator: char) -> Result<(), String> {
        let mut closed = false;
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if self.quoted && chars.peek() == Some(&'"') => {
                    chars.next();
                    self.cell.push('"');
                }
                '"' if self.quoted => {
                    self.quoted = false;
                    closed = true;
                }
                _ if self.quoted => self.cell.push(c),
                _ if c == separator => {
                    self.cells.push(std::mem::take(&mut self.cell));
                    closed = false;
                    if self.cells.len() >= MOST_FIELDS {
                        return Err("has more than 4096 fields; record less".to_owned());
                    }
                }
                '"' if self.cell.is_empty() && !closed => self.quoted = true,
                _ if closed => return Err("has text after a closing quotation mark".to_owned()),
                '"' => return Err("has a quotation mark inside an unquoted field".to_owned()),
                _ => self.cell.push(c),
            }
        }
        if self.cell.len() > LONGEST_LINE {
            return Err("a field is longer than 1 MiB; a quotation mark may be missing".to_owned());
        }
        Ok(())
    }
}
