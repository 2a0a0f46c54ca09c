//! One jq filter, compiled.

use std::cmp::Ordering;

use jaq_core::{
    Compiler, Ctx, Error, Filter, RunPtr, Vars, data,
    load::{Arena, File, Loader, lex::Lexer, parse::Def, parse::Parser},
    native::{Filter as Native, Fun, bome, run, v},
};
use jaq_json::{Val, read};

use super::{guard, tame::is_tame};
use crate::resolver::show::{plain, quoted};

type Data = data::JustLut<Val>;

/// The longest filter that is read, in bytes.
const LONGEST: usize = 4096;

/// What reaches out of the filter: environment, clock, time zone, output, process.
const OUTSIDE: &[&str] = &[
    "env",
    "now",
    "localtime",
    "strflocaltime",
    "halt",
    "halt_error",
    "debug",
    "debug_empty",
    "stderr",
    "stderr_empty",
    "input",
    "inputs",
];

/// The name the filter goes by inside jq.
pub const GATE: &str = "packet_gate";

/// A filter that can be asked.
pub struct Program {
    filter: Filter<Data>,
    tame: bool,
}

impl Program {
    /// Reads `text` as a jq filter; the error says what cannot be read.
    pub fn compile(text: &str) -> Result<Self, String> {
        let refused = |why: &str| format!("the filter `{}` {why}; mend it", plain(text));
        if text.len() > LONGEST {
            return Err(refused("is longer than 4096 characters"));
        }
        let tokens = Lexer::new(text)
            .lex()
            .map_err(|errors| refused(&near(errors.first().map_or("", |(_, rest)| rest))))?;
        let parsed = Parser::new(&tokens).parse(|parser| parser.term());
        let mut term = parsed.map_err(|errors| {
            let found = errors.first().and_then(|(_, found)| *found);
            refused(&near(found.map_or("", |token| token.0)))
        })?;
        guard::secure(&mut term).map_err(|why| refused(&why))?;
        let tame = is_tame(&term);
        let gate = Def {
            name: GATE,
            args: Vec::new(),
            body: term,
        };
        let inside = |name: &str| !OUTSIDE.contains(&name);
        // Most of jq's own definitions are not read for a filter that names none of them.
        let more = (!tame).then(|| jaq_std::defs().chain(jaq_json::defs()));
        let defs = jaq_core::defs()
            .chain(more.into_iter().flatten())
            .filter(|def| inside(def.name))
            .map(shorter)
            .chain([gate]);
        let null: Option<Native<RunPtr<Data>>> =
            tame.then_some(("null", v(0), |_| bome(Ok(Val::Null))));
        let funs = jaq_core::funs()
            .chain(jaq_std::funs())
            .chain(jaq_json::funs())
            .filter(|(name, ..)| inside(name))
            .chain(comparisons())
            .chain(null.map(run::<Data>));
        let arena = Arena::default();
        let program = File {
            code: GATE,
            path: (),
        };
        let modules = Loader::new(defs).load(&arena, program);
        let modules = modules.map_err(|_| refused("cannot be read as jq"))?;
        let filter = Compiler::default().with_funs(funs).compile(modules);
        let filter = filter.map_err(|errors| {
            let unknown = errors.first().and_then(|(_, unknown)| unknown.first());
            let unknown = unknown.map_or(String::new(), |(name, what)| {
                format!("{} `{}`", what.as_str(), plain(name))
            });
            refused(&format!("names the {unknown}, which is not available here"))
        })?;
        Ok(Program { filter, tame })
    }

    /// Whether it may work in this process: see [`is_tame`].
    pub fn is_tame(&self) -> bool {
        self.tame
    }

    /// Why the filter is not true for the JSON text of a record; `None` where it is.
    pub fn refuses(&self, record: &str) -> Option<String> {
        match read::parse_single(record.as_bytes()) {
            Ok(value) => self.refuses_value(value),
            Err(error) => Some(format!("cannot be asked: {error}")),
        }
    }

    /// Why the filter is not true for the list of `records`; `None` where it is.
    pub fn refuses_all<'a>(&self, records: impl Iterator<Item = &'a str>) -> Option<String> {
        let list: Result<Vec<Val>, _> = records
            .map(|record| read::parse_single(record.as_bytes()))
            .collect();
        match list {
            Ok(list) => self.refuses_value(list.into_iter().collect()),
            Err(error) => Some(format!("cannot be asked: {error}")),
        }
    }

    fn refuses_value(&self, value: Val) -> Option<String> {
        let context = Ctx::<Data>::new(&self.filter.lut, Vars::new([]));
        let mut answers = self.filter.id.run((context, value));
        match answers.next() {
            None => return Some("gives no answer, must be true".to_owned()),
            Some(Ok(Val::Bool(true))) => {}
            Some(Ok(other)) => return Some(format!("is {}, must be true", shown(&other))),
            Some(Err(stop)) => {
                let why = match stop.get_err() {
                    Ok(error) => plain(&error.to_string()),
                    Err(_) => "it stopped".to_owned(),
                };
                return Some(format!("fails: {why}"));
            }
        }
        answers
            .next()
            .map(|_| "gives more than one answer, must be true once".to_owned())
    }
}

/// The built-in definitions live for ever, the gate's text does not.
fn shorter<'a>(def: Def<&'static str>) -> Def<&'a str> {
    def
}

fn near(rest: &str) -> String {
    if rest.is_empty() {
        "ends too early to be jq".to_owned()
    } else {
        format!("cannot be read as jq near {}", quoted(rest))
    }
}

fn shown(value: &Val) -> String {
    match value {
        Val::Bool(truth) => truth.to_string(),
        Val::Null => "null".to_owned(),
        Val::Num(number) => plain(&number.to_string()),
        Val::TStr(_) | Val::BStr(_) => "a string".to_owned(),
        Val::Arr(_) => "a list".to_owned(),
        Val::Obj(_) => "an object".to_owned(),
    }
}

/// `<` and its kin, but never true by accident. jq takes null for less than any number and
/// every string for more: a field that is missing would pass `.duration_ms < 300`.
fn comparisons() -> impl Iterator<Item = Fun<Data>> {
    let table: [Native<RunPtr<Data>>; 4] = [
        (guard::LESS, v(2), |mut cv| {
            let (right, left) = (cv.0.pop_var(), cv.0.pop_var());
            bome(compare(&left, &right).map(|order| Val::Bool(order == Ordering::Less)))
        }),
        (guard::AT_MOST, v(2), |mut cv| {
            let (right, left) = (cv.0.pop_var(), cv.0.pop_var());
            bome(compare(&left, &right).map(|order| Val::Bool(order != Ordering::Greater)))
        }),
        (guard::MORE, v(2), |mut cv| {
            let (right, left) = (cv.0.pop_var(), cv.0.pop_var());
            bome(compare(&left, &right).map(|order| Val::Bool(order == Ordering::Greater)))
        }),
        (guard::AT_LEAST, v(2), |mut cv| {
            let (right, left) = (cv.0.pop_var(), cv.0.pop_var());
            bome(compare(&left, &right).map(|order| Val::Bool(order != Ordering::Less)))
        }),
    ];
    table.map(run::<Data>).into_iter()
}

fn compare(left: &Val, right: &Val) -> Result<Ordering, Error<Val>> {
    let missing = |value: &Val| matches!(value, Val::Null);
    let alike = matches!(
        (left, right),
        (Val::Num(_), Val::Num(_)) | (Val::TStr(_), Val::TStr(_)) | (Val::Arr(_), Val::Arr(_))
    );
    if missing(left) || missing(right) {
        Err(Error::str("it compares a value that is missing or null"))
    } else if !alike {
        let message = format!("it compares {} with {}", shown(left), shown(right));
        Err(Error::str(message))
    } else {
        Ok(left.cmp(right))
    }
}
