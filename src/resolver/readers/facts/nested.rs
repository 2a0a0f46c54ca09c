//! What stands deeper in a record.

use super::Facts;
use crate::parser::sense::{Sense, Why, sense};
use crate::resolver::readers::{names::Field, value::Value};

impl<'a> Facts<'a> {
    /// Takes in one field of an object whose name says nothing of what it holds. Its failures,
    /// durations and moments count; its status only where the record has none of its own.
    pub fn take_aside(&mut self, field: Field, name: &'a str, value: &Value<'a>, offset: usize) {
        match field {
            Field::Status | Field::Code => {
                if *value == Value::Null || value.is_hollow() {
                    return;
                }
                let own = (self.low.take(), self.high.take());
                let (unknown, fault) = (self.unknown.clone(), self.fault.clone());
                self.take(field, name, value, offset);
                let found = (self.low, self.high);
                (self.low, self.high) = self.aside;
                for code in [found.0, found.1].into_iter().flatten() {
                    self.widen(code);
                }
                self.aside = (self.low, self.high);
                (self.low, self.high) = own;
                (self.unknown, self.fault) = (unknown, fault);
            }
            Field::Good if value.is_hollow() => {}
            Field::Target | Field::Unitless => {}
            _ => self.take(field, name, value, offset),
        }
    }

    /// Takes in one check under a name of its own, such as `"db": "failed"`; with `bare` also
    /// `"db": false`.
    pub fn take_check(&mut self, name: &'a str, value: &Value<'a>, offset: usize, bare: bool) {
        let failed = match value {
            Value::Bool(truth) => bare && !truth,
            Value::Text(text) => {
                text.split_whitespace().count() <= 3 && sense(text) == Sense::NotDone(Why::Failed)
            }
            _ => false,
        };
        let well = match value {
            Value::Bool(truth) => bare && *truth,
            Value::Text(text) => sense(text) == Sense::Done,
            _ => false,
        };
        if well {
            self.well(name, value.to_string(), offset);
        }
        if failed && name.is_empty() {
            self.fail("", format!("an entry is {value}"), offset);
        } else if failed {
            self.fail(name, value.to_string(), offset);
        }
    }
}
