//! The figure that a person gives for a metric, in a remark: `11 of 12`, `92 %`, `7 items`.

use crate::model::coordination::Target;

/// A figure that was given, against what is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Whether it reaches the target.
    pub reached: bool,
    /// It in words: `92% (11 of 12)`.
    pub words: String,
}

/// The one figure in `note` that answers `target`; `None` where there is none, or several.
pub fn read(note: &str, target: Target) -> Option<Figure> {
    let parts = parts(note);
    let mut shares = Vec::new();
    let mut percents = Vec::new();
    let mut plain = Vec::new();
    let mut at = 0;
    while at < parts.len() {
        let Part::Number(number) = &parts[at] else {
            at += 1;
            continue;
        };
        match (parts.get(at + 1), parts.get(at + 2)) {
            (Some(Part::Of), Some(Part::Number(whole))) => {
                shares.push((*number, *whole));
                at += 3;
            }
            (Some(Part::Percent), _) => {
                percents.push(*number);
                at += 2;
            }
            _ => {
                plain.push(*number);
                at += 1;
            }
        }
    }
    let wanted = f64::from(target.at_least);
    match (
        target.percent,
        shares.as_slice(),
        percents.as_slice(),
        plain.as_slice(),
    ) {
        (true, [(part, whole)], [], []) if *whole > 0.0 && part <= whole => Some(Figure {
            // Compared without rounding: 79.9 is not 80.
            reached: part * 100.0 >= wanted * whole,
            words: format!("{}% ({part} of {whole})", shown(part * 100.0 / whole)),
        }),
        (true, [], [percent], []) if *percent <= 100.0 => Some(Figure {
            reached: *percent >= wanted,
            words: format!("{}%", shown(*percent)),
        }),
        (false, [], [], [number]) | (false, [(number, _)], [], []) => Some(Figure {
            reached: *number >= wanted,
            words: shown(*number),
        }),
        _ => None,
    }
}

/// With one decimal, cut off, where it has any.
fn shown(number: f64) -> String {
    let cut = (number * 10.0).floor() / 10.0;
    format!("{cut}")
}

enum Part {
    Number(f64),
    Of,
    Percent,
    Other,
}

/// Numbers and what stands between them. What is glued to letters or to a dash, such as a date, is
/// no figure, but counts as one, so that it is not passed over.
fn parts(note: &str) -> Vec<Part> {
    let spaced = note.replace('%', " % ").replace('/', " / ");
    let lower = spaced.to_lowercase().replace("out of", "of");
    let words = lower.split_whitespace();
    words
        .map(|word| {
            let bare = word.trim_matches([',', '.', ';', ':', '(', ')', '!']);
            match bare {
                "of" | "/" => Part::Of,
                "%" | "percent" => Part::Percent,
                _ if bare.bytes().all(|b| b.is_ascii_digit() || b == b'.') => {
                    bare.parse().map_or(Part::Other, Part::Number)
                }
                _ if bare.bytes().any(|b| b.is_ascii_digit()) => Part::Number(f64::NAN),
                _ => Part::Other,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_and_compared_without_rounding() {
        let ask = |note, at_least, percent| {
            let figure = read(note, Target { at_least, percent })?;
            Some((figure.reached, figure.words))
        };
        let is = |reached, words: &str| Some((reached, words.to_owned()));
        for (note, expected) in [
            ("11 of 12", is(true, "91.6% (11 of 12)")),
            ("11/12 came", is(true, "91.6% (11 of 12)")),
            ("799 out of 1000.", is(false, "79.9% (799 of 1000)")),
            ("80%", is(true, "80%")),
            ("79.95 percent", is(false, "79.9%")),
            ("11", None),
            ("13 of 12", None),
            ("0 of 0", None),
            ("80%, later 90%", None),
            ("92% on 2025-10-17", None),
            ("120%", None),
            ("most of them", None),
            ("", None),
        ] {
            assert_eq!(ask(note, 80, true), expected, "{note}");
        }
        for (note, expected) in [
            ("7 items", is(true, "7")),
            ("4", is(false, "4")),
            ("5 of 9 have an owner", is(true, "5")),
            ("5 or 6", None),
            ("90%", None),
        ] {
            assert_eq!(ask(note, 5, false), expected, "{note}");
        }
    }
}
