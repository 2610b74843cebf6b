//! What an expression may call.

use std::sync::Arc;

use cel::Context;
use cel::extractors::This;
use regex::Regex;
use rustc_hash::FxHashMap;

/// The functions there are, each with how it is called.
pub(super) const FUNCTIONS: [(&str, &str); 11] = [
    ("size", "`size(text or list)`"),
    ("contains", "`text.contains(text)`"),
    ("startsWith", "`text.startsWith(text)`"),
    ("endsWith", "`text.endsWith(text)`"),
    (
        "matches",
        "`text.matches(\"pattern\")`, with the pattern itself in quotes",
    ),
    ("string", "`string(number)`"),
    ("all", "`list.all(x, condition)`"),
    ("exists", "`list.exists(x, condition)`"),
    ("exists_one", "`list.exists_one(x, condition)`"),
    ("map", "`list.map(x, value)`"),
    ("filter", "`list.filter(x, condition)`"),
];

/// How a function is called.
pub(super) fn usage(name: &str) -> Option<&'static str> {
    FUNCTIONS
        .iter()
        .find(|(function, _)| *function == name)
        .map(|(_, usage)| *usage)
}

/// Gives an evaluation its `matches`, whose patterns were compiled when the expression was loaded.
pub(super) fn add_matches(context: &mut Context<'_, '_>, patterns: &Arc<FxHashMap<String, Regex>>) {
    let patterns = Arc::clone(patterns);
    let matches = move |This(text): This<Arc<String>>, pattern: Arc<String>| {
        patterns
            .get(pattern.as_str())
            .is_some_and(|it| it.is_match(&text))
    };
    // It can only fail over a function of the library of that name, and ours is built without.
    let _ = context.add_function("matches", matches);
}
