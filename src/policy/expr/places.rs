//! Where the parts of an expression are written.
//!
//! The parser gives each node the place of one token: an operator, a bracket, a dot. What a person would mark is
//! found from there.

use std::ops::Range;

use cel::IdedExpr;
use cel::common::ast::{Expr, SelectExpr, SourceInfo};

/// An expression's text with the places of its nodes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places<'t> {
    pub(super) text: &'t str,
    pub(super) info: &'t SourceInfo,
}

impl Places<'_> {
    /// The bytes of the node's own token.
    fn token(self, node: &IdedExpr) -> Range<usize> {
        let (first, last) = self.info.offset_for(node.id).unwrap_or_default();
        let range = first as usize..last as usize + 1;
        if self.text.get(range.clone()).is_some() {
            range
        } else {
            0..self.text.len()
        }
    }

    /// The bytes of a node with everything in it, but for closing brackets of calls.
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
                call.target
                    .iter()
                    .for_each(|target| add(self.whole(target)));
                call.args
                    .iter()
                    .for_each(|argument| add(self.whole(argument)));
                add(self.function(node, &call.func_name));
            }
            Expr::List(list) => {
                list.elements
                    .iter()
                    .for_each(|element| add(self.whole(element)));
                let behind = self.text.get(range.end..).unwrap_or_default();
                let blanks = behind.len() - behind.trim_start().len();
                range.end += if behind.trim_start().starts_with(']') {
                    blanks + 1
                } else {
                    0
                };
            }
            Expr::Comprehension(it) => add(self.whole(&it.iter_range)),
            _ => {}
        }
        range
    }

    /// The bytes of the name behind the dot.
    pub(super) fn field(self, node: &IdedExpr, select: &SelectExpr) -> Range<usize> {
        let dot = self.token(node);
        let behind = self.text.get(dot.end..).unwrap_or_default();
        let start = dot.end + (behind.len() - behind.trim_start().len());
        let range = start..start + select.field.len();
        if self.text.get(range.clone()) == Some(select.field.as_str()) {
            range
        } else {
            dot
        }
    }

    /// The bytes of the name before the bracket; of the token where the call is an operator.
    pub(super) fn function(self, node: &IdedExpr, name: &str) -> Range<usize> {
        let token = self.token(node);
        let before = self.text.get(..token.start).unwrap_or_default().trim_end();
        if before.ends_with(name) {
            before.len() - name.len()..before.len()
        } else {
            token
        }
    }
}
