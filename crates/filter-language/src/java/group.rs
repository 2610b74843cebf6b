//! Groups: capturing, named, with flags, look-around, atomic.

use super::{Flags, Parser};
use crate::error::{Construct, SyntaxProblem, Undecided};
use crate::syntax::{LookAround, SyntaxNode, Unsupported};

impl Parser<'_> {
    /// Parses a group from its `(` to its `)`; `None` for one that only sets flags.
    pub(super) fn parse_group(&mut self) -> Result<Option<SyntaxNode>, Undecided> {
        let open = self.at();
        let outer = self.flags;
        self.enter()?;
        self.pos += 1;
        let node = if self.peek() == Some('?') {
            self.pos += 1;
            self.parse_special_group(open)?
        } else {
            self.groups += 1;
            Some(self.parse_group_body(open)?)
        };
        if node.is_some() {
            self.flags = outer;
        }
        self.depth -= 1;
        Ok(node)
    }

    /// Parses the body of a group and its `)`.
    fn parse_group_body(&mut self, open: usize) -> Result<SyntaxNode, Undecided> {
        let body = self.parse_alternation()?;
        if self.eat(')') {
            Ok(body)
        } else {
            Err(self.invalid(open, SyntaxProblem::UnclosedGroup))
        }
    }

    /// Parses a group that opens with `(?`, after these characters.
    fn parse_special_group(&mut self, open: usize) -> Result<Option<SyntaxNode>, Undecided> {
        let kind = self.next_raw();
        match kind {
            Some(':' | '=' | '!' | '>' | '<') => self.pos += 1,
            _ => return self.parse_flag_group(open),
        }
        let node = match kind {
            Some(':') => self.parse_group_body(open)?,
            Some('>') => {
                let body = self.parse_group_body(open)?;
                SyntaxNode::Unsupported(Box::new(Unsupported {
                    construct: Construct::AtomicGroup,
                    body,
                    at: open,
                }))
            }
            Some('<') => match self.next_raw() {
                Some(sign @ ('=' | '!')) => {
                    self.pos += 1;
                    self.parse_look_around(open, true, sign == '!')?
                }
                _ => self.parse_named_group(open)?,
            },
            sign => self.parse_look_around(open, false, sign == Some('!'))?,
        };
        Ok(Some(node))
    }

    fn parse_look_around(
        &mut self,
        open: usize,
        behind: bool,
        negative: bool,
    ) -> Result<SyntaxNode, Undecided> {
        let body = self.parse_group_body(open)?;
        if behind && repeats_a_choice(&body) {
            return Err(self.invalid(open, SyntaxProblem::LookBehindLength));
        }
        if behind && may_be_unbounded(&body) {
            self.record_uncertainty(Construct::LookBehind, open);
        }
        Ok(SyntaxNode::LookAround(Box::new(LookAround {
            behind,
            negative,
            body,
            at: open,
        })))
    }

    fn parse_named_group(&mut self, open: usize) -> Result<SyntaxNode, Undecided> {
        let name = self.parse_group_name(open)?;
        if self.names.contains(&name) {
            return Err(self.invalid(open, SyntaxProblem::DuplicateGroupName));
        }
        self.groups += 1;
        self.names.push(name);
        self.parse_group_body(open)
    }

    /// Parses the name in `<name>`, after the `<`.
    pub(super) fn parse_group_name(&mut self, open: usize) -> Result<String, Undecided> {
        let mut name = String::new();
        while let Some(ch) = self.peek_inside().filter(char::is_ascii_alphanumeric) {
            name.push(ch);
            self.pos += 1;
        }
        if !name.starts_with(|ch: char| ch.is_ascii_alphabetic()) {
            return Err(self.invalid(open, SyntaxProblem::GroupNameStart));
        }
        if !self.eat_inside('>') {
            return Err(self.invalid(open, SyntaxProblem::GroupName));
        }
        Ok(name)
    }

    /// Parses `(?i)` or `(?i:…)`, after the `(?`.
    fn parse_flag_group(&mut self, open: usize) -> Result<Option<SyntaxNode>, Undecided> {
        let mut on = true;
        loop {
            let at = self.at();
            match self.take_inside() {
                Some('-') if on => on = false,
                Some(')') => return Ok(None),
                Some(':') => return self.parse_group_body(open).map(Some),
                Some('c') => self.record_inexact(Construct::CanonicalEquivalence, at),
                Some(flag) if self.flags.set(flag, on) => {}
                _ => return Err(self.invalid(open, SyntaxProblem::UnknownGroup)),
            }
        }
    }
}

impl Flags {
    /// Sets a flag by its letter. Returns false for an unknown flag.
    fn set(&mut self, flag: char, on: bool) -> bool {
        match flag {
            'i' => self.ignore_case = on,
            'u' => self.unicode_case = on,
            'U' => {
                self.unicode_classes = on;
                self.unicode_case = on;
            }
            'x' => self.comments = on,
            'd' => self.unix_lines = on,
            'm' | 's' => {}
            _ => return false,
        }
        true
    }
}

/// The maximum count for which the sums of [`may_be_unbounded`] are exact, in a pattern of the maximum length.
const MANY_ROUNDS: u32 = 1_000;

/// Returns whether Java may reject a look-behind for its maximum length. Java adds up lengths in 32 bits and rejects
/// sums that overflow, which depends on the compilation of each part.
fn may_be_unbounded(node: &SyntaxNode) -> bool {
    match node {
        SyntaxNode::Concat(items) | SyntaxNode::Either(items) => items.iter().any(may_be_unbounded),
        SyntaxNode::Repetition(repeat) => {
            let is_large = repeat.max.is_none_or(|max| max > MANY_ROUNDS);
            is_large
                || matches!(repeat.body, SyntaxNode::Unsupported(_))
                || may_be_unbounded(&repeat.body)
        }
        SyntaxNode::Unsupported(unsupported) => {
            unsupported.construct == Construct::Grapheme || may_be_unbounded(&unsupported.body)
        }
        SyntaxNode::LookAround(_)
        | SyntaxNode::Empty
        | SyntaxNode::Chars(_)
        | SyntaxNode::Start
        | SyntaxNode::End
        | SyntaxNode::Boundary { .. } => false,
    }
}

/// Returns whether the pattern has a back-reference, or a repeated group with alternatives. Java rejects both in a
/// look-behind.
fn repeats_a_choice(node: &SyntaxNode) -> bool {
    match node {
        SyntaxNode::Concat(items) | SyntaxNode::Either(items) => items.iter().any(repeats_a_choice),
        SyntaxNode::Repetition(repeat) => {
            let is_loop = !repeat.possessive && (repeat.min, repeat.max) != (0, Some(1));
            let is_atomic = matches!(repeat.body, SyntaxNode::Unsupported(_));
            (is_loop && !is_atomic && is_choice(&repeat.body)) || repeats_a_choice(&repeat.body)
        }
        SyntaxNode::Unsupported(unsupported) => {
            unsupported.construct == Construct::Backreference || repeats_a_choice(&unsupported.body)
        }
        SyntaxNode::Empty
        | SyntaxNode::Chars(_)
        | SyntaxNode::Start
        | SyntaxNode::End
        | SyntaxNode::Boundary { .. }
        | SyntaxNode::LookAround(_) => false,
    }
}

fn is_choice(node: &SyntaxNode) -> bool {
    match node {
        SyntaxNode::Either(_) => true,
        SyntaxNode::Concat(items) => items.iter().any(is_choice),
        SyntaxNode::Repetition(repeat) => repeat.max != Some(repeat.min) || is_choice(&repeat.body),
        SyntaxNode::Unsupported(unsupported) => is_choice(&unsupported.body),
        SyntaxNode::Empty
        | SyntaxNode::Chars(_)
        | SyntaxNode::Start
        | SyntaxNode::End
        | SyntaxNode::Boundary { .. }
        | SyntaxNode::LookAround(_) => false,
    }
}
