//! Which filters can do no harm, whatever records they meet.

use jaq_core::{
    load::{
        lex::StrPart,
        parse::{BinaryOp, Term},
    },
    path::Part,
};

use super::guard;

/// How deep a harmless filter goes; each level takes some stack.
const DEEPEST: usize = 48;

/// What a harmless filter may call: each looks at its input once, or once at each of its elements.
const CALLS: &[(&str, usize)] = &[
    (guard::LESS, 2),
    (guard::AT_MOST, 2),
    (guard::MORE, 2),
    (guard::AT_LEAST, 2),
    ("true", 0),
    ("false", 0),
    ("null", 0),
    ("not", 0),
    ("length", 0),
    ("all", 1),
    ("any", 1),
];

/// Whether the secured filter makes nothing larger than what it is given, and looks at each value
/// at most once for each of its own terms. So time and memory are bounded by the record and the
/// filter, and it needs no process of its own.
pub fn is_tame(term: &Term<&str>) -> bool {
    tame(term, DEEPEST)
}

fn tame(term: &Term<&str>, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    match term {
        Term::Id | Term::Num(_) => true,
        Term::Str(None, parts) => parts.iter().all(|part| !matches!(part, StrPart::Term(_))),
        Term::Neg(inner) => tame(inner, depth),
        Term::BinOp(left, operator, right) => {
            let harmless = matches!(
                operator,
                BinaryOp::Pipe(None)
                    | BinaryOp::Cmp(_)
                    | BinaryOp::Alt
                    | BinaryOp::And
                    | BinaryOp::Or
            );
            harmless && tame(left, depth) && tame(right, depth)
        }
        Term::Call(name, arguments) => {
            CALLS.contains(&(*name, arguments.len()))
                && arguments.iter().all(|argument| tame(argument, depth))
        }
        Term::Path(base, path) => {
            let parts = path.0.iter();
            let mut named = parts.map(|(part, _)| match part {
                Part::Index(index) => matches!(index, Term::Str(None, _) | Term::Num(_)),
                Part::Range(..) => false,
            });
            tame(base, depth) && named.all(|named| named)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::resolver::filter::program::Program;

    fn is_tame(filter: &str) -> bool {
        Program::compile(filter).unwrap().is_tame()
    }

    #[test]
    fn looks_at_fields_are_harmless() {
        for filter in [
            ".",
            "true",
            ".duration_ms < 300",
            ".branch == \"fernhill\" and (.ok | not)",
            ".a.b[0].\"c\" >= -1.5 or .d != null",
            "(.status // 0) == 200",
            "length >= 3 and all(.duration_ms < 300)",
            "any(.[0] == false)",
        ] {
            assert!(is_tame(filter), "{filter}");
        }
    }

    #[test]
    fn what_can_grow_or_go_on_is_not() {
        let deep = format!("{}.a{}", "(1 == ".repeat(60), ")".repeat(60));
        for filter in [
            "range(9) == 1",
            ".a * 9 == 1",
            ".a + .a == 1",
            "[., .] == 1",
            ".[] == 1",
            ".. == 1",
            "{a: 1} == 1",
            ".a as $x | $x == 1",
            "def f: 1; f == 1",
            "[limit(3; repeat(1))] == []",
            "reduce .[] as $x (0; $x) == 1",
            "test(\"a\")",
            "\"\\(.)\" == 1",
            "try .a catch 1",
            "if . then 1 else 2 end == 1",
            "all(.[]; . == 1)",
            ".[1:2] == []",
            ".[.a] == 1",
            "@base64 \"x\" == 1",
            "input_line_number == 1",
            "(.a, .b) == 1",
            &deep,
        ] {
            // Those that the tool does not know at all cannot be compiled.
            if let Ok(program) = Program::compile(filter) {
                assert!(!program.is_tame(), "{filter}");
            }
        }
        assert!(!is_tame("range(9) == 1"));
    }
}
