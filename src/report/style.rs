//! Colours and marks of terminal output. Whether colour is shown is decided where it is printed.

use anstyle::{AnsiColor, Style};

use crate::renderer::safety;

/// Good news.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// Something to wait for.
pub const WAIT: Style = AnsiColor::Yellow.on_default();
/// Something that is wrong.
pub const BAD: Style = AnsiColor::Red.on_default();
/// Less important.
pub const DIM: Style = Style::new().dimmed();
/// Headings.
pub const BOLD: Style = Style::new().bold();

/// `text` in `style`, with control characters of its own made visible.
pub fn paint(style: Style, text: impl AsRef<str>) -> String {
    format!("{style}{}{style:#}", safe(text.as_ref()))
}

/// One line without raw control characters: whatever a file says, the terminal only shows it.
pub fn safe(text: &str) -> String {
    safety::visible(&text.replace(['\n', '\r', '\t'], " "))
}

/// `text` folded at `width` columns, later lines indented by `indent`.
pub fn wrap(text: &str, indent: usize, width: usize) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in safe(text).split_whitespace() {
        let last = lines.len() - 1;
        let room = width.saturating_sub(indent).max(20);
        let line = &mut lines[last];
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

/// A count with its noun: `1 gate`, `4 gates`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// How wide lines may be: the terminal's width, at most 100.
#[expect(
    clippy::disallowed_methods,
    reason = "how wide a terminal is, only it can say"
)]
pub fn width() -> usize {
    let set = std::env::var("COLUMNS")
        .ok()
        .and_then(|c| c.parse::<usize>().ok());
    let own = || terminal().unwrap_or(100);
    set.unwrap_or_else(own).clamp(40, 100)
}

fn terminal() -> Option<usize> {
    rustix::termios::tcgetwinsize(std::io::stdout())
        .ok()
        .map(|size| usize::from(size.ws_col))
        .filter(|w| *w > 0)
}
