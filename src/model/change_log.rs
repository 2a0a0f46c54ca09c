//! A document's own change log: where the next entry belongs, and in what form.

/// Where and how an entry is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeLog {
    /// The byte at which the entry's line begins; the source's length for one at its end.
    pub at: usize,
    /// What stands before every line of it: indentation, marks of a quotation.
    pub prefix: String,
    /// What an entry looks like.
    pub form: EntryForm,
}

/// What an entry looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryForm {
    /// A list item that opens with its moment, bold as in `- **2025-10-11:** …`, or plain.
    Item {
        /// `-`, `*` or `+`.
        bullet: char,
        /// Whether the moment is bold.
        bold: bool,
    },
    /// A row of a table, what each column holds.
    Row(Vec<EntryColumn>),
}

/// What a column of a change log holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryColumn {
    /// When.
    Moment,
    /// Who.
    Author,
    /// What changed.
    Words,
    /// Something else; left empty.
    Other,
}
