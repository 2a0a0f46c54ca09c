//! What is changed and refused in a filter before it runs.

use jaq_core::{
    load::{
        lex::StrPart,
        parse::{BinaryOp, Pattern, Term},
    },
    ops::Cmp,
    path::Part,
};

/// Native filter in place of `<`.
pub const LESS: &str = "!less";
/// Native filter in place of `<=`.
pub const AT_MOST: &str = "!at_most";
/// Native filter in place of `>`.
pub const MORE: &str = "!more";
/// Native filter in place of `>=`.
pub const AT_LEAST: &str = "!at_least";

/// Replaces comparisons by ones that refuse missing values, and refuses functions that call
/// themselves: they end in a stack overflow, which nothing can catch.
pub fn secure(term: &mut Term<&str>) -> Result<(), String> {
    secured(term, &mut vec![super::program::GATE])
}

fn secured<'s>(term: &mut Term<&'s str>, open: &mut Vec<&'s str>) -> Result<(), String> {
    match term {
        Term::Id | Term::Recurse | Term::Num(_) | Term::Var(_) | Term::Break(_) => Ok(()),
        Term::Arr(None) => Ok(()),
        Term::Str(_, parts) => parts.iter_mut().try_for_each(|part| match part {
            StrPart::Term(inner) => secured(inner, open),
            StrPart::Str(_) | StrPart::Char(_) => Ok(()),
        }),
        Term::Arr(Some(inner)) | Term::Neg(inner) | Term::Label(_, inner) => secured(inner, open),
        Term::Obj(fields) => fields.iter_mut().try_for_each(|(key, value)| {
            secured(key, open)?;
            value.iter_mut().try_for_each(|value| secured(value, open))
        }),
        Term::BinOp(left, operator, right) => {
            secured(left, open)?;
            secured(right, open)?;
            if let BinaryOp::Pipe(Some(pattern)) = operator {
                return in_pattern(pattern, open);
            }
            let name = match operator {
                BinaryOp::Cmp(Cmp::Lt) => LESS,
                BinaryOp::Cmp(Cmp::Le) => AT_MOST,
                BinaryOp::Cmp(Cmp::Gt) => MORE,
                BinaryOp::Cmp(Cmp::Ge) => AT_LEAST,
                _ => return Ok(()),
            };
            let sides = vec![std::mem::take(&mut **left), std::mem::take(&mut **right)];
            *term = Term::Call(name, sides);
            Ok(())
        }
        Term::Fold(_, over, pattern, steps) => {
            secured(over, open)?;
            in_pattern(pattern, open)?;
            steps.iter_mut().try_for_each(|step| secured(step, open))
        }
        Term::TryCatch(attempt, rescue) => {
            secured(attempt, open)?;
            rescue
                .iter_mut()
                .try_for_each(|rescue| secured(rescue, open))
        }
        Term::IfThenElse(cases, otherwise) => {
            cases.iter_mut().try_for_each(|(test, then)| {
                secured(test, open)?;
                secured(then, open)
            })?;
            otherwise
                .iter_mut()
                .try_for_each(|term| secured(term, open))
        }
        Term::Def(defs, body) => {
            for def in defs {
                open.push(def.name);
                secured(&mut def.body, open)?;
                open.pop();
            }
            secured(body, open)
        }
        Term::Call(name, arguments) => {
            if open.contains(name) {
                return Err("has a function that calls itself".to_owned());
            }
            arguments
                .iter_mut()
                .try_for_each(|argument| secured(argument, open))
        }
        Term::Path(base, path) => {
            secured(base, open)?;
            path.0.iter_mut().try_for_each(|(part, _)| match part {
                Part::Index(index) => secured(index, open),
                Part::Range(from, to) => from
                    .iter_mut()
                    .chain(to)
                    .try_for_each(|bound| secured(bound, open)),
            })
        }
    }
}

fn in_pattern<'s>(pattern: &mut Pattern<&'s str>, open: &mut Vec<&'s str>) -> Result<(), String> {
    match pattern {
        Pattern::Var(_) => Ok(()),
        Pattern::Arr(patterns) => patterns
            .iter_mut()
            .try_for_each(|inner| in_pattern(inner, open)),
        Pattern::Obj(fields) => fields.iter_mut().try_for_each(|(key, inner)| {
            secured(key, open)?;
            in_pattern(inner, open)
        }),
    }
}
