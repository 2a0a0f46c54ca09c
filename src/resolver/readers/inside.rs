//! How the fields of a nested value count for the record around it.

use super::{
    facts::{Facts, Gaps},
    names::{Field, is_unit},
    value::Value,
};

/// Where in a record a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inside {
    /// Among the record's own fields.
    Own,
    /// Under a name that says what came of it; words of failure count under any name.
    Outcome,
    /// Under a name that says whether all is well; words of failure and `false` count under any
    /// name.
    Checks,
    /// Under a name that says nothing.
    Aside,
    /// Under a name of targets.
    Targets,
    /// Under the name of a duration; units may be names.
    Length,
    /// Under the name of what might have been; nothing counts.
    Nothing,
}

impl Inside {
    /// What stands under a field of the record itself.
    pub fn of(field: Field) -> Self {
        match field {
            Field::Container => Inside::Own,
            Field::Status | Field::Word => Inside::Outcome,
            Field::Checks | Field::Good => Inside::Checks,
            Field::Target => Inside::Targets,
            Field::Unitless => Inside::Length,
            Field::Aside => Inside::Nothing,
            _ => Inside::Aside,
        }
    }

    /// What stands under a field of an object that stands here.
    pub fn then(self, field: Field) -> Self {
        match (self, Inside::of(field)) {
            (Inside::Nothing | Inside::Targets, _) => Inside::Nothing,
            (Inside::Aside, Inside::Own | Inside::Targets) => Inside::Aside,
            (_, inside) => inside,
        }
    }

    /// What stands in a list that stands here.
    pub fn listed(self) -> Self {
        match self {
            Inside::Outcome | Inside::Checks => Inside::Own,
            _ => self,
        }
    }

    /// Takes in a field of an object that stands here.
    pub fn take<'a>(
        self,
        facts: &mut Facts<'a>,
        field: Field,
        name: &'a str,
        value: &Value<'a>,
        offset: usize,
    ) {
        match self {
            Inside::Outcome | Inside::Checks if field == Field::Other => {
                facts.take_check(name, value, offset, self == Inside::Checks);
            }
            Inside::Own | Inside::Outcome | Inside::Checks => {
                facts.take(field, name, value, offset);
            }
            Inside::Length if field == Field::Other && is_unit(name) => {
                facts.take(Field::Unitless, name, value, offset);
            }
            Inside::Aside | Inside::Length => facts.take_aside(field, name, value, offset),
            Inside::Targets if field == Field::Target => facts.take(field, name, value, offset),
            Inside::Targets | Inside::Nothing => {}
        }
    }

    /// Takes in an entry of a list that stands here.
    pub fn take_listed<'a>(self, facts: &mut Facts<'a>, value: &Value<'a>, offset: usize) {
        match self {
            Inside::Outcome | Inside::Checks => facts.take_check("", value, offset, true),
            Inside::Targets => facts.take(Field::Target, "", value, offset),
            _ => {}
        }
    }
}

/// The entries of one list: whether some have what others lack.
#[derive(Default)]
pub struct Entries {
    some: (bool, bool),
    lacking: (Option<usize>, Option<usize>),
}

impl Entries {
    /// The next entry, at `offset`: how many durations and statuses were read before and after.
    pub fn add(&mut self, offset: usize, before: (u32, u32), after: (u32, u32)) {
        note(
            offset,
            before.0 < after.0,
            &mut self.some.0,
            &mut self.lacking.0,
        );
        note(
            offset,
            before.1 < after.1,
            &mut self.some.1,
            &mut self.lacking.1,
        );
    }

    /// Writes down the first entry that lacks what others have.
    pub fn tell(self, gaps: &mut Gaps) {
        let (duration, status) = self.lacking;
        gaps.duration = gaps.duration.or(duration.filter(|_| self.some.0));
        gaps.status = gaps.status.or(status.filter(|_| self.some.1));
    }
}

fn note(offset: usize, has: bool, some: &mut bool, lacking: &mut Option<usize>) {
    if has {
        *some = true;
    } else {
        lacking.get_or_insert(offset);
    }
}
