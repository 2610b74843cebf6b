//! The parser of expressions, and its errors in words for people.

use std::ops::Range;
use std::thread;

use cel::common::ast::SourceInfo;
use cel::parser::Parser;
use cel::{IdedExpr, ParseError};

use super::error::ExprError;
use crate::i18n::Message;

/// The most levels of brackets, lists and calls.
const MAX_DEPTH: u16 = 24;
/// The most errors after which the parser continues; only the first one is reported.
const MAX_RECOVERIES: u32 = 4;

/// The stack of the parser, bytes. Compiled without optimizations, it needs up to 8 MiB for `MAX_DEPTH` levels, and the
/// main thread of some systems has 1 MiB.
const STACK_BYTES: usize = 32 << 20;

/// Parses an expression, on a thread with a stack that is large enough.
///
/// # Errors
///
/// The first syntax error.
pub(super) fn parse(text: &str) -> Result<(IdedExpr, SourceInfo), ExprError> {
    thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(STACK_BYTES);
        match builder.spawn_scoped(scope, || parse_here(text)) {
            Ok(parsing) => parsing
                .join()
                .unwrap_or_else(|_| Err(invalid_expression(0..text.len()))),
            Err(_) => parse_here(text),
        }
    })
}

/// Parses an expression on this thread.
fn parse_here(text: &str) -> Result<(IdedExpr, SourceInfo), ExprError> {
    let parser = Parser::new()
        .max_recursion_depth(MAX_DEPTH)
        .error_recovery_limit(MAX_RECOVERIES);
    parser.parse_with_source_info(text).map_err(|errors| {
        let first = errors
            .errors
            .iter()
            .find(|error| error.pos.0 > 0)
            .or(errors.errors.first());
        first.map_or_else(
            || invalid_expression(0..text.len()),
            |error| describe(text, error),
        )
    })
}

fn invalid_expression(span: Range<usize>) -> ExprError {
    ExprError::new(
        span,
        Message::expression_invalid(),
        Message::help_expression("`rule.to.region.startsWith(\"cn-\")`"),
    )
}

/// Returns an error of the parser in words for people. The parser has only sentences, so these are compared.
fn describe(text: &str, error: &ParseError) -> ExprError {
    let at = offset(text, error.pos);
    let rest = text.get(at..).unwrap_or_default();
    let here = || at..at + rest.chars().next().map_or(0, char::len_utf8);
    let message = error.msg.as_str();
    if message.contains("Recursion limit") {
        return ExprError::new(
            here(),
            Message::expression_depth(MAX_DEPTH),
            Message::help_fewer_brackets(),
        );
    }
    if message.contains("token recognition error") {
        return unexpected_character(text, at);
    }
    if rest.trim().is_empty() {
        let last = text.trim_end().char_indices().next_back();
        let last = last.map_or(0..0, |(at, character)| at..at + character.len_utf8());
        return ExprError::new(last, Message::expression_end(), Message::help_operand());
    }
    if message.contains(" input '") {
        let word = rest
            .find(|character: char| !character.is_alphanumeric() && character != '_')
            .unwrap_or(rest.len());
        let span = if word > 0 { at..at + word } else { here() };
        return ExprError::new(span, Message::expression_token(), Message::help_operator());
    }
    match message {
        "invalid int literal" | "invalid uint literal" | "invalid double literal" => {
            ExprError::new(
                here(),
                Message::expression_number(),
                Message::help_number_size(),
            )
        }
        "argument must be a simple name" => ExprError::new(
            here(),
            Message::expression_item_name(),
            Message::help_item_name("`list.exists(x, x == rule.name)`"),
        ),
        "invalid argument to has() macro" => {
            ExprError::new(here(), Message::expression_has(), Message::help_has())
        }
        _ => invalid_expression(here()),
    }
}

/// Returns the error of a character that begins no token.
fn unexpected_character(text: &str, at: usize) -> ExprError {
    let rest = text.get(at..).unwrap_or_default();
    let first = rest.chars().next().unwrap_or_default();
    let span = at..at + first.len_utf8();
    match first {
        '\'' | '"' => ExprError::new(
            at..text.len(),
            Message::expression_text(),
            Message::help_quotes(),
        ),
        '=' => ExprError::new(span, Message::expression_equals(), Message::help_equals()),
        '&' | '|' => ExprError::new(
            span,
            Message::expression_not_operator(),
            Message::help_and_or(),
        ),
        _ => ExprError::new(
            span,
            Message::expression_character(),
            Message::help_text_in_quotes(),
        ),
    }
}

/// Returns the byte of a line and a column, both from 1, the column in characters.
fn offset(text: &str, (line, column): (isize, isize)) -> usize {
    let (line, column) = (
        usize::try_from(line).unwrap_or(1),
        usize::try_from(column).unwrap_or(1),
    );
    let mut start = 0;
    for one in text.split_inclusive('\n').take(line.saturating_sub(1)) {
        start += one.len();
    }
    let rest = text.get(start..).unwrap_or_default();
    start
        + rest
            .char_indices()
            .nth(column.saturating_sub(1))
            .map_or(rest.len(), |(at, _)| at)
}
