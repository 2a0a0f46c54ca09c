//! Near misses: names that a person may have meant to match a pattern.

use super::matching::{Captures, Segment};
use crate::model::pattern::Part;

/// One segment of a pattern, loosened in the ways people miss it.
#[derive(Clone, Debug)]
pub struct Near {
    ways: Vec<(Way, Vec<Part>)>,
    head: String,
    tail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Suffix,
    Extension,
    Case,
    NoMoment,
}

impl Near {
    /// The near misses of `segment`.
    pub fn new(segment: &Segment<'_>) -> Self {
        let parts = segment.parts();
        let mut ways = vec![(Way::Suffix, [parts, &[Part::Name(String::new())]].concat())];
        let tail = match parts.last() {
            Some(Part::Literal(text)) => text.as_str(),
            _ => "",
        };
        if let Some((stem, _)) = tail.rsplit_once('.') {
            let mut loose = parts.to_vec();
            loose.pop();
            loose.extend([Part::Literal(format!("{stem}.")), Part::Name(String::new())]);
            ways.push((Way::Extension, loose));
        }
        ways.push((Way::Case, parts.iter().map(lower).collect()));
        let is_moment = |part: &Part| matches!(part, Part::Date | Part::Timestamp);
        if parts.iter().any(is_moment) {
            let loose = |part: &Part| match part {
                part if is_moment(part) => Part::Name(String::new()),
                part => part.clone(),
            };
            ways.push((Way::NoMoment, parts.iter().map(loose).collect()));
        }
        // A name without variable parts is missed by its extension, too.
        let head = match segment.literal() {
            Some(text) => text.rsplit_once('.').map_or(text, |(stem, _)| stem),
            None => segment.head(),
        };
        Near {
            ways,
            head: head.to_owned(),
            tail: tail.to_owned(),
        }
    }

    /// Why `name` misses the pattern narrowly, to be read after the name; `None` where it has
    /// little to do with it. `name` must not match.
    pub fn why(&self, name: &str) -> Option<String> {
        let start = name.as_bytes().get(..self.head.len())?;
        if !start.eq_ignore_ascii_case(self.head.as_bytes()) {
            return None;
        }
        let mut captures = Captures::new();
        let mut fits = |way: Way, parts: &[Part]| {
            let lowered = (way == Way::Case).then(|| name.to_ascii_lowercase());
            Segment::new(parts).read(lowered.as_deref().unwrap_or(name), &mut captures)
        };
        let (way, _) = self.ways.iter().find(|(way, parts)| fits(*way, parts))?;
        Some(self.words(*way, name))
    }

    fn words(&self, way: Way, name: &str) -> String {
        let tail = &self.tail;
        match way {
            Way::Suffix => match name.rfind(tail.as_str()).filter(|_| !tail.is_empty()) {
                Some(at) => format!("has `{}` after `{tail}`", &name[at + tail.len()..]),
                None => "goes on after the end of the pattern".to_owned(),
            },
            Way::Extension => {
                let ext = |text: &str| text.rsplit('.').next().unwrap_or("").to_owned();
                format!("ends in `.{}`, not `.{}`", ext(name), ext(tail))
            }
            Way::Case => "differs in upper and lower case".to_owned(),
            Way::NoMoment => "has no moment where the pattern wants one".to_owned(),
        }
    }
}

fn lower(part: &Part) -> Part {
    match part {
        Part::Literal(text) => Part::Literal(text.to_ascii_lowercase()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::pattern::Pattern;

    #[test]
    fn says_what_is_wrong() {
        let why = |pattern: &str, name: &str| {
            let pattern = Pattern::parse(pattern).unwrap();
            Near::new(&Segment::new(&pattern.segments()[0]))
                .why(name)
                .unwrap_or_default()
        };
        let probe = "probe-<timestamp>.json";
        assert!(why(probe, "probe-latest.json").contains("no moment"));
        assert!(why(probe, "probe-2025-02-30.json").contains("no moment"));
        assert_eq!(
            why(probe, "probe-20251009T0725Z.json.bak"),
            "has `.bak` after `.json`"
        );
        assert_eq!(
            why(probe, "probe-20251009T0725Z.log"),
            "ends in `.log`, not `.json`"
        );
        assert!(why(probe, "Probe-20251009T0725Z.JSON").contains("case"));
        assert!(why("Probe.JSON", "probe.json").contains("case"));
        assert!(why("<timestamp>", "20251009T0725Z.gz").contains("after the end"));
        assert_eq!(why(probe, "other-20251009T0725Z.json"), "");
        assert_eq!(why(probe, "é"), "");
    }
}
