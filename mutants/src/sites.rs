//! Where in a file the changes are: the expressions that are to be written another way.

use std::ops::Range;

use proc_macro2::{LineColumn, Span};
use syn::{
    Arm, BinOp, Block, Expr, ExprBinary, ExprStruct, ExprUnary, ImplItemConst, ImplItemFn,
    ItemConst, ItemFn, ItemStatic, UnOp, spanned::Spanned, visit::Visit,
};

use crate::list::Mutant;

/// Bytes of a file.
pub type Bytes = Range<usize>;

/// A place that is written another way.
pub struct Site {
    /// What it replaces; empty where something is put in.
    pub at: Bytes,
    /// How.
    pub way: Way,
}

/// How a place is written another way. Numbers are those of mutants.
pub enum Way {
    /// A function that returns at once.
    Return(usize, String),
    /// `left op right` with another operator.
    Binary {
        /// The left side.
        left: Bytes,
        /// The operator.
        op: String,
        /// The right side.
        right: Bytes,
        /// Each with the operator that takes its place.
        others: Vec<(usize, String)>,
    },
    /// `!operand` or `-operand` without its operator.
    Unary(usize, char, Bytes),
    /// An arm without a guard that is not there.
    Arm(usize),
    /// A guard: not there, always true, always false.
    Guard([Option<usize>; 3]),
    /// A field taken from the struct's base.
    Field {
        /// The mutant.
        id: usize,
        /// The field's name.
        name: String,
        /// Whether it is written without a value.
        short: bool,
        /// Its value.
        value: Bytes,
        /// The type.
        path: Bytes,
        /// The base.
        base: Bytes,
    },
}

/// The sites of `mutants` in `text`, in order, the outer before the inner; and the mutants that
/// have none.
///
/// # Errors
/// The text is not Rust.
pub fn find(text: &str, mutants: &[&Mutant]) -> syn::Result<(Vec<Site>, Vec<usize>)> {
    let mut starts = vec![0];
    starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
    let mut finder = Finder {
        text,
        starts,
        mutants,
        sites: Vec::new(),
        constant: Vec::new(),
    };
    finder.visit_file(&syn::parse_file(text)?);
    // A function that returns some iterator returns one type; another in its place is no mutant
    // that this form can hold.
    let whole = |m: &&&Mutant| m.genre == "FnValue" && !m.replacement.contains("::iter::");
    for mutant in mutants.iter().filter(whole) {
        let (line, column) = mutant.start;
        let at = finder.byte(LineColumn {
            line,
            column: column - 1,
        });
        let way = Way::Return(mutant.id, mutant.replacement.clone());
        finder.sites.push(Site { at: at..at, way });
    }
    let Finder {
        mut sites,
        constant,
        ..
    } = finder;
    sites.retain(|s| {
        !constant
            .iter()
            .any(|c| c.contains(&s.at.start) && (c.start < s.at.start || !s.at.is_empty()))
    });
    // What is put in stands before what begins there; of two that begin together, the longer is
    // the outer one.
    sites.sort_by_key(|s| (s.at.start, !s.at.is_empty(), usize::MAX - s.at.end));
    let found: Vec<usize> = sites.iter().flat_map(|s| s.way.mutants()).collect();
    let lost = mutants
        .iter()
        .map(|m| m.id)
        .filter(|id| !found.contains(id));
    Ok((sites, lost.collect()))
}

impl Way {
    /// Which mutants are made there.
    pub fn mutants(&self) -> Vec<usize> {
        match self {
            Way::Return(id, _) | Way::Unary(id, ..) | Way::Arm(id) | Way::Field { id, .. } => {
                vec![*id]
            }
            Way::Binary { others, .. } => others.iter().map(|(id, _)| *id).collect(),
            Way::Guard(ids) => ids.iter().flatten().copied().collect(),
        }
    }

    /// Takes out what is `dropped`; whether anything is left.
    pub fn without(&mut self, dropped: &dyn Fn(usize) -> bool) -> bool {
        match self {
            Way::Binary { others, .. } => others.retain(|(id, _)| !dropped(*id)),
            Way::Guard(ids) => ids.iter_mut().for_each(|i| *i = i.filter(|i| !dropped(*i))),
            _ => return !self.mutants().into_iter().any(dropped),
        }
        !self.mutants().is_empty()
    }
}

struct Finder<'a> {
    text: &'a str,
    starts: Vec<usize>,
    mutants: &'a [&'a Mutant],
    sites: Vec<Site>,
    constant: Vec<Bytes>,
}

impl Finder<'_> {
    fn byte(&self, place: LineColumn) -> usize {
        let start = self.starts[place.line - 1];
        let line = &self.text[start..];
        start
            + line
                .char_indices()
                .nth(place.column)
                .map_or(line.len(), |(at, _)| at)
    }

    fn bytes(&self, span: Span) -> Bytes {
        self.byte(span.start())..self.byte(span.end())
    }

    fn at<'b>(&'b self, span: Span, genre: &'b str) -> impl Iterator<Item = &'b Mutant> {
        let start = (span.start().line, span.start().column + 1);
        let here = move |m: &&&Mutant| m.start == start && m.genre == genre;
        self.mutants.iter().filter(here).copied()
    }

    fn one(&self, span: Span, genre: &str) -> Option<usize> {
        self.at(span, genre).map(|m| m.id).next()
    }

    fn push(&mut self, at: Bytes, way: Way) {
        self.sites.push(Site { at, way });
    }

    fn constant(&mut self, span: Span) {
        self.constant.push(self.bytes(span));
    }

    fn unless_const(&mut self, constness: Option<&syn::Token![const]>, block: &Block) {
        if constness.is_some() {
            // With the brace, so that what is put in behind it is inside.
            self.constant(block.span());
        }
    }
}

/// Whether it is a link of a chain with `let`, which only `&&` can join.
fn lets(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Binary(b) if matches!(b.op, BinOp::And(_)) => lets(&b.left) || lets(&b.right),
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_const(&mut self, item: &'ast ItemConst) {
        self.constant(item.span());
    }

    fn visit_item_static(&mut self, item: &'ast ItemStatic) {
        self.constant(item.span());
    }

    fn visit_impl_item_const(&mut self, item: &'ast ImplItemConst) {
        self.constant(item.span());
    }

    // The length is a constant.
    fn visit_type_array(&mut self, _: &'ast syn::TypeArray) {}

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.unless_const(item.sig.constness.as_ref(), &item.block);
        syn::visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.unless_const(item.sig.constness.as_ref(), &item.block);
        syn::visit::visit_impl_item_fn(self, item);
    }

    fn visit_expr_binary(&mut self, expr: &'ast ExprBinary) {
        let others: Vec<(usize, String)> = self
            .at(expr.op.span(), "BinaryOperator")
            .map(|m| (m.id, m.replacement.clone()))
            .collect();
        let chained = matches!(expr.op, BinOp::And(_)) && (lets(&expr.left) || lets(&expr.right));
        if !others.is_empty() && !chained {
            let op = self.bytes(expr.op.span());
            let way = Way::Binary {
                left: self.bytes(expr.left.span()),
                op: self.text[op].to_owned(),
                right: self.bytes(expr.right.span()),
                others,
            };
            self.push(self.bytes(expr.span()), way);
        }
        syn::visit::visit_expr_binary(self, expr);
    }

    fn visit_expr_unary(&mut self, expr: &'ast ExprUnary) {
        if let Some(id) = self.one(expr.op.span(), "UnaryOperator") {
            let op = if matches!(expr.op, UnOp::Neg(_)) {
                '-'
            } else {
                '!'
            };
            let operand = self.bytes(expr.expr.span());
            self.push(self.bytes(expr.span()), Way::Unary(id, op, operand));
        }
        syn::visit::visit_expr_unary(self, expr);
    }

    fn visit_arm(&mut self, arm: &'ast Arm) {
        let gone = self.one(arm.span(), "MatchArm");
        match &arm.guard {
            None => {
                if let Some(id) = gone {
                    let end = self.bytes(arm.pat.span()).end;
                    self.push(end..end, Way::Arm(id));
                }
            }
            Some((_, guard)) if !lets(guard) => {
                let always = |value: &str| {
                    self.at(guard.span(), "MatchArmGuard")
                        .find(|m| m.replacement == value)
                        .map(|m| m.id)
                };
                let ids = [gone, always("true"), always("false")];
                if ids.iter().any(Option::is_some) {
                    self.push(self.bytes(guard.span()), Way::Guard(ids));
                }
            }
            Some(_) => {}
        }
        syn::visit::visit_arm(self, arm);
    }

    fn visit_expr_struct(&mut self, expr: &'ast ExprStruct) {
        for field in &expr.fields {
            let Some(id) = self.one(field.span(), "StructField") else {
                continue;
            };
            let (Some(base), syn::Member::Named(name)) = (&expr.rest, &field.member) else {
                continue;
            };
            let way = Way::Field {
                id,
                name: name.to_string(),
                short: field.colon_token.is_none(),
                value: self.bytes(field.expr.span()),
                path: self.bytes(expr.path.span()),
                base: self.bytes(base.span()),
            };
            self.push(self.bytes(field.expr.span()), way);
        }
        syn::visit::visit_expr_struct(self, expr);
    }
}
