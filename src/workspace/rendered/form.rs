//! The form of the file: a word and its value a line, then the paths, indented by a blank.

use std::fmt;

use super::{Rendered, entry::Entry};

/// The first line of the file, with the version of its form.
const FORM: &str = "packet rendered 1";

/// Reads the file; `None` where it is no such file.
pub(super) fn parse(text: &str) -> Option<Rendered> {
    let (first, text) = text.split_once('\n')?;
    if first != FORM {
        return None;
    }
    let mut parts = text.split("\n\n");
    let mut rendered = Rendered::default();
    for line in parts.next()?.lines() {
        match line.split_once(' ')? {
            ("common", sum) => rendered.common = sum.parse().ok()?,
            ("lists", document) => rendered.documents.push(document.to_owned()),
            _ => return None,
        }
    }
    for part in parts {
        rendered.entries.push(entry(part)?);
    }
    rendered
        .entries
        .is_sorted_by(|a, b| a.document < b.document)
        .then_some(rendered)
}

fn entry(part: &str) -> Option<Entry> {
    let mut lines = part.splitn(6, '\n');
    let mut value = |word: &str| lines.next()?.strip_prefix(word)?.strip_prefix(' ');
    Some(Entry {
        document: value("document")?.to_owned(),
        folder: value("folder")?.to_owned(),
        from: value("from")?.parse().ok()?,
        until: value("until")?.parse().ok()?,
        sum: value("sum")?.parse().ok()?,
        paths: lines.next()?.to_owned(),
    })
}

impl fmt::Display for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{FORM}\ncommon {}", self.common)?;
        for document in &self.documents {
            write!(f, "\nlists {document}")?;
        }
        for entry in &self.entries {
            let Entry {
                document,
                folder,
                from,
                until,
                sum,
                paths,
            } = entry;
            let paths = paths.trim_end_matches('\n');
            write!(
                f,
                "\n\ndocument {document}\nfolder {folder}\nfrom {from}\nuntil {until}\nsum {sum}\n{paths}"
            )?;
        }
        Ok(())
    }
}
