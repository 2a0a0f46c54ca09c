//! A file with every change in it, each behind its number.

use crate::sites::{Bytes, Site, Way};

/// `text` with `sites` written so that each mutant can be switched on. Each is enclosed in
/// comments with its numbers, for [`enclosing`].
pub fn weave(text: &str, sites: &[Site]) -> String {
    Weaver { text, sites }.range(0..text.len(), 0)
}

struct Weaver<'a> {
    text: &'a str,
    sites: &'a [Site],
}

fn on(id: usize) -> String {
    format!("crate::mutant::on({id})")
}

/// `code`, which is there for `ids` alone.
fn marked(ids: &[usize], code: &str) -> String {
    let ids: Vec<String> = ids.iter().map(usize::to_string).collect();
    format!("/*<{}*/{code}/*>*/", ids.join(","))
}

impl Weaver<'_> {
    /// The bytes `range` with the sites in it, of which the first is at or after `from`.
    fn range(&self, range: Bytes, from: usize) -> String {
        let mut out = String::new();
        let mut done = range.start;
        for (index, site) in self.sites.iter().enumerate().skip(from) {
            if site.at.start >= range.end {
                break;
            }
            if site.at.start < done || site.at.end > range.end {
                continue;
            }
            out.push_str(&self.text[done..site.at.start]);
            out.push_str(&self.site(site, index + 1));
            done = site.at.end;
        }
        out.push_str(&self.text[done..range.end]);
        out
    }

    fn site(&self, site: &Site, next: usize) -> String {
        let ids = site.way.mutants();
        let part = |bytes: &Bytes| self.range(bytes.clone(), next);
        let code = match &site.way {
            Way::Return(id, value) => {
                let value = marked(&[*id], &format!("return {value};"));
                format!("if {} {{ {value} }} ", on(*id))
            }
            Way::Arm(id) => format!(" if !{}", on(*id)),
            Way::Guard([gone, yes, no]) => {
                let mut code = format!("({})", part(&site.at));
                if let Some(id) = no {
                    code = format!("(!{} && {code})", on(*id));
                }
                if let Some(id) = yes {
                    code = format!("({} || {code})", on(*id));
                }
                if let Some(id) = gone {
                    code = format!("(!{} && {code})", on(*id));
                }
                code
            }
            Way::Unary(id, op, operand) => {
                let operand = part(operand);
                format!(
                    "(if {} {{ {operand} }} else {{ {op}({operand}) }})",
                    on(*id)
                )
            }
            Way::Field {
                id,
                name,
                short,
                value,
                path,
                base,
            } => {
                let label = if *short {
                    format!("{name}: ")
                } else {
                    String::new()
                };
                let (value, path, base) = (part(value), &self.text[path.clone()], part(base));
                format!(
                    "{label}if {} {{ let base: {path} = {base}; base.{name} }} else {{ {value} }}",
                    on(*id)
                )
            }
            Way::Binary {
                left,
                op,
                right,
                others,
            } => binary(&part(left), op, &part(right), others),
        };
        marked(&ids, &code)
    }
}

fn binary(left: &str, op: &str, right: &str, others: &[(usize, String)]) -> String {
    match (op, others) {
        // Without writing either side twice, for these nest.
        ("&&", [(id, other)]) if other == "||" => {
            format!(
                "({{ let __left = {left}; if __left != {} {{ {right} }} else {{ __left }} }})",
                on(*id)
            )
        }
        ("||", [(id, other)]) if other == "&&" => {
            format!(
                "({{ let __left = {left}; if __left == {} {{ {right} }} else {{ __left }} }})",
                on(*id)
            )
        }
        ("==", [(id, other)]) if other == "!=" => {
            format!("({} != (({left}) == ({right})))", on(*id))
        }
        ("!=", [(id, other)]) if other == "==" => {
            format!("({} != (({left}) != ({right})))", on(*id))
        }
        _ => {
            let mut code = String::from("(");
            for (id, other) in others {
                let changed = marked(&[*id], &format!("({left}) {other} ({right})"));
                code.push_str(&format!("if {} {{ {changed} }} else ", on(*id)));
            }
            code.push_str(&format!("{{ ({left}) {op} ({right}) }})"));
            code
        }
    }
}

/// The mutants that the innermost marks around `bytes` of a woven file name.
pub fn enclosing(woven: &str, bytes: &Bytes) -> Vec<usize> {
    let mut open: Vec<(usize, &str)> = Vec::new();
    let mut best: Option<(usize, &str)> = None;
    for (at, _) in woven.match_indices("/*") {
        let rest = &woven[at..];
        if let Some(ids) = rest.strip_prefix("/*<") {
            open.push((at, ids.split("*/").next().unwrap_or_default()));
        } else if rest.starts_with("/*>*/")
            && let Some((from, ids)) = open.pop()
            && from <= bytes.start
            && bytes.end <= at
            && best.is_none_or(|(b, _)| b < from)
        {
            best = Some((from, ids));
        }
    }
    let ids = best.map_or("", |(_, ids)| ids);
    ids.split(',').filter_map(|id| id.parse().ok()).collect()
}

/// The mutant of the first arm after `at` that may be gone.
pub fn arm_after(woven: &str, at: usize) -> Option<usize> {
    let rest = woven.get(at..)?;
    let (found, _) = rest.match_indices("*/ if !crate::mutant::on(").next()?;
    let id = rest[..found].rsplit("/*<").next()?;
    id.parse().ok()
}
