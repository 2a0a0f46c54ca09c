//! What passes between the two sides: first the filters, then batches of records and what each
//! came to.
//!
//! Every message is one line of JSON; the records of a batch follow theirs as they are. Both sides
//! are the same program, so the form may change at any time.

use std::io::{self, BufRead, Read, Write};

use serde::{Deserialize, Serialize};

use super::{Quantifier, program::Program};

/// A filter and over what it must be true.
pub type Asked = (Quantifier, String);

/// What a batch came to: for each filter, the first record it is not true for.
pub type Answer = Vec<Option<(u64, String)>>;

/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: u64 = 1 << 20;

/// Some records as JSON texts, and the line of each.
#[derive(Default)]
pub struct Batch {
    /// The texts, one after the other.
    pub text: String,
    /// The line of each, and where its text ends.
    pub records: Vec<(u64, usize)>,
}

impl Batch {
    fn texts(&self) -> impl Iterator<Item = (u64, &str)> {
        let mut start = 0;
        self.records.iter().map(move |&(line, end)| {
            let text = self.text.get(start..end).unwrap_or("");
            start = end;
            (line, text)
        })
    }
}

/// The line before the records of a batch.
#[derive(Serialize, Deserialize)]
struct Heading {
    ask: Quantifier,
    records: Vec<(u64, usize)>,
    bytes: usize,
}

/// Writes the filters.
pub fn tell_filters(output: &mut dyn Write, filters: &[Asked]) -> io::Result<()> {
    line(output, &filters)
}

/// Writes a batch for the filters of a kind.
pub fn tell(output: &mut dyn Write, ask: Quantifier, batch: &Batch) -> io::Result<()> {
    let heading = Heading {
        ask,
        records: batch.records.clone(),
        bytes: batch.text.len(),
    };
    line(output, &heading)?;
    output.write_all(batch.text.as_bytes())?;
    output.flush()
}

/// Reads what a batch came to.
///
/// # Errors
/// The other side ended, or says what is no answer.
pub fn hear(input: &mut dyn BufRead) -> io::Result<Answer> {
    let mut text = String::new();
    input.take(LONGEST_ANSWER).read_line(&mut text)?;
    Ok(serde_json::from_str(&text)?)
}

fn line(output: &mut dyn Write, message: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_string(message)?;
    text.push('\n');
    output.write_all(text.as_bytes())
}

/// The filters, ready to be asked.
///
/// # Errors
/// The first that cannot be read, in words for a configuration error.
pub fn compile(filters: &[Asked]) -> Result<Vec<(Quantifier, Program)>, String> {
    let compiled = |(quantifier, filter): &Asked| Ok((*quantifier, Program::compile(filter)?));
    filters.iter().map(compiled).collect()
}

/// What a batch comes to for the filters of a kind.
pub fn answer(programs: &[(Quantifier, Program)], ask: Quantifier, batch: &Batch) -> Answer {
    let one = |(quantifier, program): &(Quantifier, Program)| match ask {
        _ if *quantifier != ask => None,
        Quantifier::Each => first_untrue(program, batch),
        Quantifier::All => {
            let texts = batch.texts().map(|(_, text)| text);
            Some((0, program.refuses_all(texts)?))
        }
    };
    programs.iter().map(one).collect()
}

/// Works on batches until there are no more: the other side of [`super::Workers`].
///
/// # Errors
/// What is read is no message, or nobody reads what is written.
pub fn serve(mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut text = String::new();
    input.read_line(&mut text)?;
    let filters: Vec<Asked> = serde_json::from_str(&text)?;
    let programs = compile(&filters).map_err(io::Error::other)?;
    loop {
        text.clear();
        if input.read_line(&mut text)? == 0 {
            return Ok(());
        }
        let heading: Heading = serde_json::from_str(&text)?;
        let mut bytes = vec![0; heading.bytes];
        input.read_exact(&mut bytes)?;
        let batch = Batch {
            text: String::from_utf8(bytes).map_err(io::Error::other)?,
            records: heading.records,
        };
        let answer = answer(&programs, heading.ask, &batch);
        line(&mut output, &answer)?;
        output.flush()?;
    }
}

fn first_untrue(program: &Program, batch: &Batch) -> Option<(u64, String)> {
    batch
        .texts()
        .find_map(|(line, text)| Some((line, program.refuses(text)?)))
}
