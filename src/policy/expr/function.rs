//! The functions that an expression may call.

use crate::i18n::Message;

/// The functions, each with its call.
pub(super) const FUNCTIONS: [(&str, &str); 11] = [
    ("size", "`size(text or list)`"),
    ("contains", "`text.contains(text)`"),
    ("startsWith", "`text.startsWith(text)`"),
    ("endsWith", "`text.endsWith(text)`"),
    ("matches", "`text.matches(\"pattern\")`"),
    ("string", "`string(number)`"),
    ("all", "`list.all(x, condition)`"),
    ("exists", "`list.exists(x, condition)`"),
    ("exists_one", "`list.exists_one(x, condition)`"),
    ("map", "`list.map(x, value)`"),
    ("filter", "`list.filter(x, condition)`"),
];

/// Returns the call of a function, as a help.
pub(super) fn usage(name: &str) -> Option<Message> {
    let (_, usage) = FUNCTIONS.iter().find(|(function, _)| *function == name)?;
    Some(match name {
        "matches" => Message::help_matches(*usage),
        _ => Message::from(*usage),
    })
}
