//! Which patterns are compared: the ones whose language is worked out exactly.

use super::error::Construct;
use super::syntax::{Look, Node, Repeat};

/// Where a part stands in its pattern.
#[derive(Clone, Copy)]
struct Position {
    /// Nothing in front of it consumes a character.
    leading: bool,
    /// Nothing behind it does.
    trailing: bool,
    /// The part is in a look-behind.
    behind: bool,
}

/// Passes a pattern that can be compared, and points at the first part of one that cannot.
///
/// # Errors
///
/// The construct and its byte offset.
pub(super) fn check(node: &Node) -> Result<(), (Construct, usize)> {
    walk(
        node,
        Position {
            leading: true,
            trailing: true,
            behind: false,
        },
    )
}

fn walk(node: &Node, position: Position) -> Result<(), (Construct, usize)> {
    match node {
        Node::Empty | Node::Chars(_) | Node::Start | Node::End | Node::Boundary { .. } => Ok(()),
        Node::Opaque(opaque) => Err((opaque.what, opaque.at)),
        Node::Either(branches) => branches
            .iter()
            .try_for_each(|branch| walk(branch, position)),
        Node::Concat(items) => {
            let consumes = |item: &Node| !item.is_zero_width();
            let (first, last) = (
                items.iter().position(consumes),
                items.iter().rposition(consumes),
            );
            items.iter().enumerate().try_for_each(|(i, item)| {
                let leading = position.leading && first.is_none_or(|first| i <= first);
                let trailing = position.trailing && last.is_none_or(|last| i >= last);
                walk(
                    item,
                    Position {
                        leading,
                        trailing,
                        ..position
                    },
                )
            })
        }
        Node::Repeat(repeat) if may_end_early(repeat) => Err((Construct::EmptyRound, repeat.at)),
        Node::Repeat(repeat) => match tempered(&repeat.body) {
            Some(looks) => looks.iter().try_for_each(|item| {
                walk(
                    item,
                    Position {
                        leading: true,
                        ..position
                    },
                )
            }),
            None if repeat.max == Some(1) || repeat.body.is_zero_width() => {
                walk(&repeat.body, position)
            }
            None => walk(
                &repeat.body,
                Position {
                    leading: false,
                    trailing: false,
                    ..position
                },
            ),
        },
        Node::Look(look) => check_look(look, position),
    }
}

fn check_look(look: &Look, position: Position) -> Result<(), (Construct, usize)> {
    walk(
        &look.body,
        Position {
            leading: true,
            trailing: true,
            behind: look.behind,
        },
    )?;
    if !position.leading && !position.trailing {
        return Err((Construct::LookAround, look.at));
    }
    let fits_behind = look.behind && look.body.max_len().is_some() && !looks_forward(&look.body);
    if (look.behind || position.behind) && !fits_behind {
        return Err((Construct::LookBehind, look.at));
    }
    Ok(())
}

/// The look-aheads in front of the one character that is repeated in `((?!X).)*`.
fn tempered(body: &Node) -> Option<&[Node]> {
    let Node::Concat(items) = body else {
        return None;
    };
    let (Node::Chars(_), looks) = items.split_last()? else {
        return None;
    };
    looks
        .iter()
        .all(|item| matches!(item, Node::Look(look) if !look.behind))
        .then_some(looks)
}

/// Whether Java can end a repetition before the rounds it has to make, without that being all the same: rounds
/// that match nothing could come last, if what they match did not depend on the place.
fn may_end_early(repeat: &Repeat) -> bool {
    let body = &repeat.body;
    repeat.min > 1 && body.min_len() == 0 && !body.is_zero_width() && depends_on_place(body)
}

fn depends_on_place(node: &Node) -> bool {
    match node {
        Node::Start | Node::End | Node::Boundary { .. } | Node::Look(_) => true,
        Node::Concat(items) | Node::Either(items) => items.iter().any(depends_on_place),
        Node::Repeat(repeat) => depends_on_place(&repeat.body),
        Node::Empty | Node::Chars(_) | Node::Opaque(_) => false,
    }
}

/// Whether anything in a look-behind depends on what comes after it.
fn looks_forward(node: &Node) -> bool {
    match node {
        Node::End | Node::Boundary { .. } => true,
        Node::Concat(items) | Node::Either(items) => items.iter().any(looks_forward),
        Node::Repeat(repeat) => looks_forward(&repeat.body),
        Node::Look(look) => !look.behind || looks_forward(&look.body),
        Node::Empty | Node::Chars(_) | Node::Start | Node::Opaque(_) => false,
    }
}
