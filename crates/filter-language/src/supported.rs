//! The check that a pattern is supported: that its language can be computed exactly.

use super::error::Construct;
use super::syntax::{LookAround, Repetition, SyntaxNode};

/// The position of a node in its pattern.
#[derive(Clone, Copy)]
struct Position {
    /// True if nothing before the node consumes a character.
    leading: bool,
    /// True if nothing after the node consumes a character.
    trailing: bool,
    /// True inside of a look-behind.
    behind: bool,
}

/// Checks that a pattern is supported.
///
/// # Errors
///
/// The first construct that is not supported, and its byte offset.
pub(super) fn check(node: &SyntaxNode) -> Result<(), (Construct, usize)> {
    check_node(
        node,
        Position {
            leading: true,
            trailing: true,
            behind: false,
        },
    )
}

fn check_node(node: &SyntaxNode, position: Position) -> Result<(), (Construct, usize)> {
    match node {
        SyntaxNode::Empty
        | SyntaxNode::Chars(_)
        | SyntaxNode::Start
        | SyntaxNode::End
        | SyntaxNode::Boundary { .. } => Ok(()),
        SyntaxNode::Unsupported(unsupported) => Err((unsupported.construct, unsupported.at)),
        SyntaxNode::Either(branches) => branches
            .iter()
            .try_for_each(|branch| check_node(branch, position)),
        SyntaxNode::Concat(items) => {
            let consumes = |item: &SyntaxNode| !item.is_zero_width();
            let first = items.iter().position(consumes);
            let last = items.iter().rposition(consumes);
            for (i, item) in items.iter().enumerate() {
                let item_position = Position {
                    leading: position.leading && first.is_none_or(|first| i <= first),
                    trailing: position.trailing && last.is_none_or(|last| i >= last),
                    ..position
                };
                check_node(item, item_position)?;
            }
            Ok(())
        }
        SyntaxNode::Repetition(repeat) if may_end_early(repeat) => {
            Err((Construct::EmptyRound, repeat.at))
        }
        SyntaxNode::Repetition(repeat) => match tempered_lookaheads(&repeat.body) {
            Some(looks) => looks.iter().try_for_each(|item| {
                check_node(
                    item,
                    Position {
                        leading: true,
                        ..position
                    },
                )
            }),
            None if repeat.max == Some(1) || repeat.body.is_zero_width() => {
                check_node(&repeat.body, position)
            }
            None => check_node(
                &repeat.body,
                Position {
                    leading: false,
                    trailing: false,
                    ..position
                },
            ),
        },
        SyntaxNode::LookAround(look) => check_look(look, position),
    }
}

fn check_look(look: &LookAround, position: Position) -> Result<(), (Construct, usize)> {
    check_node(
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
    let fits_behind = look.behind && look.body.max_len().is_some() && !depends_on_rest(&look.body);
    if (look.behind || position.behind) && !fits_behind {
        return Err((Construct::LookBehind, look.at));
    }
    Ok(())
}

/// Returns the look-aheads of a tempered repetition such as `((?!X).)*`, where one character follows them.
fn tempered_lookaheads(body: &SyntaxNode) -> Option<&[SyntaxNode]> {
    let SyntaxNode::Concat(items) = body else {
        return None;
    };
    let (SyntaxNode::Chars(_), looks) = items.split_last()? else {
        return None;
    };
    looks
        .iter()
        .all(|item| matches!(item, SyntaxNode::LookAround(look) if !look.behind))
        .then_some(looks)
}

/// Returns whether Java can end a repetition before its minimum count with a different result. Empty iterations could
/// come last, if their match did not depend on the position.
fn may_end_early(repeat: &Repetition) -> bool {
    let body = &repeat.body;
    repeat.min > 1 && body.min_len() == 0 && !body.is_zero_width() && depends_on_position(body)
}

fn depends_on_position(node: &SyntaxNode) -> bool {
    match node {
        SyntaxNode::Start
        | SyntaxNode::End
        | SyntaxNode::Boundary { .. }
        | SyntaxNode::LookAround(_) => true,
        SyntaxNode::Concat(items) | SyntaxNode::Either(items) => {
            items.iter().any(depends_on_position)
        }
        SyntaxNode::Repetition(repeat) => depends_on_position(&repeat.body),
        SyntaxNode::Empty | SyntaxNode::Chars(_) | SyntaxNode::Unsupported(_) => false,
    }
}

/// Returns whether a look-behind depends on the characters after it.
fn depends_on_rest(node: &SyntaxNode) -> bool {
    match node {
        SyntaxNode::End | SyntaxNode::Boundary { .. } => true,
        SyntaxNode::Concat(items) | SyntaxNode::Either(items) => items.iter().any(depends_on_rest),
        SyntaxNode::Repetition(repeat) => depends_on_rest(&repeat.body),
        SyntaxNode::LookAround(look) => !look.behind || depends_on_rest(&look.body),
        SyntaxNode::Empty
        | SyntaxNode::Chars(_)
        | SyntaxNode::Start
        | SyntaxNode::Unsupported(_) => false,
    }
}
