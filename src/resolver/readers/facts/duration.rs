//! Durations, and what is no duration.

use super::{Facts, Timing};
use crate::resolver::{
    readers::{names::Unit, value::Value},
    show::{plain, quoted},
};

impl<'a> Facts<'a> {
    pub(super) fn duration(&mut self, name: &'a str, unit: Unit, value: &Value<'a>, offset: usize) {
        let number = match value {
            Value::Null => return,
            Value::Number(number) => *number,
            Value::Written(text) if text.trim().is_empty() => return,
            Value::Written(text) => {
                let text = text.trim();
                unit.suffixes()
                    .iter()
                    .find_map(|suffix| text.strip_suffix(suffix))
                    .unwrap_or(text)
                    .trim_end()
            }
            Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Object(_) => {
                let message = format!(
                    "`{}` is {}, but a duration must be a number",
                    plain(name),
                    value
                );
                return self.fault(offset, message);
            }
        };
        let Ok(length) = number.parse::<f64>() else {
            let message = format!(
                "`{}` is {}, but a duration must be a number",
                plain(name),
                quoted(number)
            );
            return self.fault(offset, message);
        };
        let ms = length * unit.in_ms();
        self.read.0 += 1;
        if !ms.is_finite() {
            let message = format!(
                "`{}` is {}, which is no finite duration",
                plain(name),
                plain(number)
            );
            self.fault(offset, message);
        } else if ms <= 0.0 {
            let message = format!(
                "`{}` is {}, but a duration must be above zero",
                plain(name),
                plain(number)
            );
            self.fault(offset, message);
        } else if self.timing.as_ref().is_none_or(|longest| ms > longest.ms) {
            self.timing = Some(Timing {
                ms,
                unit,
                name,
                value: number,
                offset,
            });
        }
    }

    /// A duration without a unit is not guessed, but zero is zero in every unit.
    pub(super) fn unitless(&mut self, name: &'a str, value: &Value<'a>, offset: usize) {
        let text = match value {
            Value::Number(number) | Value::Written(number) => number,
            Value::Text(text) => &**text,
            Value::Bool(_) => {
                let message = format!(
                    "`{}` is {value}, but a duration must be a number",
                    plain(name)
                );
                return self.fault(offset, message);
            }
            Value::Null | Value::List(_) | Value::Object(_) => {
                self.unitless = Some(name);
                return;
            }
        };
        // "0 ms", "-5s": whatever the unit.
        let number = text.trim_matches(|c: char| c.is_alphabetic() || c.is_whitespace());
        match number.parse::<f64>() {
            Ok(length) if length > 0.0 && length.is_finite() => self.unitless = Some(name),
            Ok(_) => self.fault(
                offset,
                format!(
                    "`{}` is {}, but a duration must be above zero",
                    plain(name),
                    plain(text)
                ),
            ),
            Err(_) => self.unitless = Some(name),
        }
    }
}
