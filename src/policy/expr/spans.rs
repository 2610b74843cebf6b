//! The spans of the parts of an expression.
//!
//! The parser gives each node the position of one token: an operator, a bracket, a dot. The span of the whole part is
//! found from there.

use std::ops::Range;

use cel::IdedExpr;
use cel::common::ast::{Expr, SelectExpr, SourceInfo};

/// The text of an expression, with the positions of its nodes.
#[derive(Debug, Clone, Copy)]
pub(super) struct ExprSpans<'t> {
    pub(super) text: &'t str,
    pub(super) info: &'t SourceInfo,
}

impl ExprSpans<'_> {
    /// Returns the bytes of the token of a node.
    fn token(self, node: &IdedExpr) -> Range<usize> {
        let (first, last) = self.info.offset_for(node.id).unwrap_or_default();
        let range = first as usize..last as usize + 1;
        if self.text.get(range.clone()).is_some() {
            range
        } else {
            0..self.text.len()
        }
    }

    /// Returns the bytes of a node and everything in it, without the closing brackets of calls.
    pub(super) fn whole(self, node: &IdedExpr) -> Range<usize> {
        let mut range = self.token(node);
        let mut add =
            |other: Range<usize>| range = range.start.min(other.start)..range.end.max(other.end);
        match &node.expr {
            Expr::Select(select) => {
                add(self.whole(&select.operand));
                add(self.field(node, select));
            }
            Expr::Call(call) => {
                for part in call.target.iter().map(|target| &**target).chain(&call.args) {
                    add(self.whole(part));
                }
                add(self.function(node, &call.func_name));
            }
            Expr::List(list) => {
                for element in &list.elements {
                    add(self.whole(element));
                }
                let rest = self.text.get(range.end..).unwrap_or_default();
                let trimmed = rest.trim_start();
                if trimmed.starts_with(']') {
                    range.end += rest.len() - trimmed.len() + 1;
                }
            }
            Expr::Comprehension(comprehension) => add(self.whole(&comprehension.iter_range)),
            _ => {}
        }
        range
    }

    /// Returns the bytes of the name after the dot.
    pub(super) fn field(self, node: &IdedExpr, select: &SelectExpr) -> Range<usize> {
        let dot = self.token(node);
        let rest = self.text.get(dot.end..).unwrap_or_default();
        let start = dot.end + (rest.len() - rest.trim_start().len());
        let range = start..start + select.field.len();
        if self.text.get(range.clone()) == Some(select.field.as_str()) {
            range
        } else {
            dot
        }
    }

    /// Returns the bytes of the name before the bracket; those of the token for an operator.
    pub(super) fn function(self, node: &IdedExpr, name: &str) -> Range<usize> {
        let token = self.token(node);
        let before = self.text.get(..token.start).unwrap_or_default().trim_end();
        if before.ends_with(name) {
            before.len() - name.len()..before.len()
        } else {
            token
        }
    }

    /// Returns the span of a part of a literal. The literal with its quotes is at `literal`; where it has escapes, that is
    /// the span of the part.
    pub(super) fn inside_quotes(
        self,
        literal: Range<usize>,
        value: &str,
        part: Range<usize>,
    ) -> Range<usize> {
        let start = literal.start + 1;
        let inner = start..literal.end.saturating_sub(1);
        if self.text.get(inner) == Some(value) {
            start + part.start..start + part.end
        } else {
            literal
        }
    }
}
