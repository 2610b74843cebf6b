//! Groups: plain, named, with flags, look-around, atomic.

use super::{Flags, Parser};
use crate::error::{Construct, Undecided};
use crate::syntax::{Look, Node, Opaque};

const UNKNOWN_GROUP: &str = "no such kind of group";
const UNCLOSED_GROUP: &str = "the group is not closed";

impl Parser<'_> {
    /// A group, from its `(` to its `)`; `None` for one that only sets flags.
    pub(super) fn group(&mut self) -> Result<Option<Node>, Undecided> {
        let open = self.at();
        let outer = self.flags;
        self.enter()?;
        self.pos += 1;
        let node = if self.peek() == Some('?') {
            self.pos += 1;
            self.special_group(open)?
        } else {
            self.groups += 1;
            Some(self.group_body(open)?)
        };
        if node.is_some() {
            self.flags = outer;
        }
        self.depth -= 1;
        Ok(node)
    }

    /// What stands in a group, and its `)`.
    fn group_body(&mut self, open: usize) -> Result<Node, Undecided> {
        let body = self.alternation()?;
        if self.eat(')') {
            Ok(body)
        } else {
            Err(self.invalid(open, UNCLOSED_GROUP))
        }
    }

    /// A group that opens with `(?`.
    fn special_group(&mut self, open: usize) -> Result<Option<Node>, Undecided> {
        let kind = self.next_raw();
        match kind {
            Some(':' | '=' | '!' | '>' | '<') => self.pos += 1,
            _ => return self.flag_group(open),
        }
        let node = match kind {
            Some(':') => self.group_body(open)?,
            Some('>') => {
                let body = self.group_body(open)?;
                Node::Opaque(Box::new(Opaque {
                    what: Construct::AtomicGroup,
                    body,
                    at: open,
                }))
            }
            Some('<') => match self.next_raw() {
                Some(sign @ ('=' | '!')) => {
                    self.pos += 1;
                    self.look(open, true, sign == '!')?
                }
                _ => self.named_group(open)?,
            },
            sign => self.look(open, false, sign == Some('!'))?,
        };
        Ok(Some(node))
    }

    fn look(&mut self, open: usize, behind: bool, negative: bool) -> Result<Node, Undecided> {
        let body = self.group_body(open)?;
        if behind && repeats_a_choice(&body) {
            return Err(self.invalid(open, "the look-behind has no obvious greatest length"));
        }
        if behind && may_be_unbounded(&body) {
            self.doubt(Construct::LookBehind, open);
        }
        Ok(Node::Look(Box::new(Look {
            behind,
            negative,
            body,
            at: open,
        })))
    }

    fn named_group(&mut self, open: usize) -> Result<Node, Undecided> {
        let name = self.group_name(open)?;
        if self.names.contains(&name) {
            return Err(self.invalid(open, "a group of this name is already there"));
        }
        self.groups += 1;
        self.names.push(name);
        self.group_body(open)
    }

    /// The name in `<name>`, behind the `<`.
    pub(super) fn group_name(&mut self, open: usize) -> Result<String, Undecided> {
        let mut name = String::new();
        while let Some(ch) = self.peek_inside().filter(char::is_ascii_alphanumeric) {
            name.push(ch);
            self.pos += 1;
        }
        if !name.starts_with(|ch: char| ch.is_ascii_alphabetic()) {
            return Err(self.invalid(open, "a group's name starts with a letter"));
        }
        if !self.eat_inside('>') {
            return Err(self.invalid(
                open,
                "a group's name is letters and digits between `<` and `>`",
            ));
        }
        Ok(name)
    }

    /// `(?i)` or `(?i:…)`, behind the `(?`.
    fn flag_group(&mut self, open: usize) -> Result<Option<Node>, Undecided> {
        let mut on = true;
        loop {
            let at = self.at();
            match self.take_inside() {
                Some('-') if on => on = false,
                Some(')') => return Ok(None),
                Some(':') => return self.group_body(open).map(Some),
                Some('c') => self.note(Construct::CanonicalEquivalence, at),
                Some(flag) if self.flags.set(flag, on) => {}
                _ => return Err(self.invalid(open, UNKNOWN_GROUP)),
            }
        }
    }
}

impl Flags {
    /// Sets a flag by its letter; false where there is no such flag.
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

/// The greatest number of rounds for which the sums of [`may_be_unbounded`] stay exact, in a pattern of the greatest
/// length.
const MANY_ROUNDS: u32 = 1_000;

/// Whether Java may find no greatest length in a look-behind: it adds up lengths in 32 bits, and refuses sums that
/// overflow, which depends on how it has compiled each part.
fn may_be_unbounded(node: &Node) -> bool {
    match node {
        Node::Concat(items) | Node::Either(items) => items.iter().any(may_be_unbounded),
        Node::Repeat(repeat) => {
            let is_large = repeat.max.is_none_or(|max| max > MANY_ROUNDS);
            is_large || matches!(repeat.body, Node::Opaque(_)) || may_be_unbounded(&repeat.body)
        }
        Node::Opaque(opaque) => {
            opaque.what == Construct::Grapheme || may_be_unbounded(&opaque.body)
        }
        Node::Look(_)
        | Node::Empty
        | Node::Chars(_)
        | Node::Start
        | Node::End
        | Node::Boundary { .. } => false,
    }
}

/// Whether a repeated group can match in several ways: Java refuses that in a look-behind, and back-references.
fn repeats_a_choice(node: &Node) -> bool {
    match node {
        Node::Concat(items) | Node::Either(items) => items.iter().any(repeats_a_choice),
        Node::Repeat(repeat) => {
            let is_loop = !repeat.possessive && (repeat.min, repeat.max) != (0, Some(1));
            let is_atomic = matches!(repeat.body, Node::Opaque(_));
            (is_loop && !is_atomic && is_choice(&repeat.body)) || repeats_a_choice(&repeat.body)
        }
        Node::Opaque(opaque) => {
            opaque.what == Construct::Backreference || repeats_a_choice(&opaque.body)
        }
        Node::Empty
        | Node::Chars(_)
        | Node::Start
        | Node::End
        | Node::Boundary { .. }
        | Node::Look(_) => false,
    }
}

fn is_choice(node: &Node) -> bool {
    match node {
        Node::Either(_) => true,
        Node::Concat(items) => items.iter().any(is_choice),
        Node::Repeat(repeat) => repeat.max != Some(repeat.min) || is_choice(&repeat.body),
        Node::Opaque(opaque) => is_choice(&opaque.body),
        Node::Empty
        | Node::Chars(_)
        | Node::Start
        | Node::End
        | Node::Boundary { .. }
        | Node::Look(_) => false,
    }
}
