//! Text from a stranger, made fit to be looked at and kept.

/// `text` with its line breaks made `\n`, its odd blanks plain and what cannot be seen left out.
pub(super) fn plain(text: &str) -> String {
    // Other signs of a new line are blanks: what follows them in a quoted line is quoted.
    let text = text.replace("\r\n", "\n").replace('\r', " ");
    text.chars().filter(|c| !is_unseen(*c)).map(blank).collect()
}

/// `text` on one line of at most `longest` characters, fit for a table, a terminal and the ledger.
pub fn one_line(text: &str, longest: usize) -> String {
    let seen: String = plain(text)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let line = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= longest {
        return line;
    }
    let cut: String = line.chars().take(longest.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}

fn blank(c: char) -> char {
    match c {
        '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{3000}' | '\t' | '\u{2028}' | '\u{2029}'
        | '\u{85}' | '\u{b}' | '\u{c}' => ' ',
        '’' | '‘' | 'ʼ' | '`' | '´' => '\'',
        c => c,
    }
}

/// Characters that change nothing a reader sees, or the order in which it is shown.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{1f3fb}'..='\u{1f3ff}'
            | '\u{e0000}'..='\u{e007f}'
    ) || (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{85}' | '\u{b}' | '\u{c}'))
}
