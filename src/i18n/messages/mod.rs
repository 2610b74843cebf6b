//! The messages of results, by the module that reports them.

mod author;
mod client_failure;
mod common;
mod drift;
mod expression;
mod filter;
mod help;
mod inputs;
mod phrase;
mod policy;
mod reading;
mod rules;
mod run_failure;
mod store;
mod syntax_help;
mod topology;
mod verdict;
mod waiver;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use self::phrase::Phrase;
use super::message::MessageTemplate;

/// Returns every template.
pub(super) fn all() -> impl Iterator<Item = &'static MessageTemplate> {
    let modules = [
        author::TEMPLATES,
        client_failure::TEMPLATES,
        common::TEMPLATES,
        drift::TEMPLATES,
        expression::TEMPLATES,
        filter::TEMPLATES,
        help::TEMPLATES,
        inputs::TEMPLATES,
        phrase::TEMPLATES,
        policy::TEMPLATES,
        reading::TEMPLATES,
        rules::TEMPLATES,
        run_failure::TEMPLATES,
        store::TEMPLATES,
        syntax_help::TEMPLATES,
        topology::TEMPLATES,
        verdict::TEMPLATES,
        waiver::TEMPLATES,
    ];
    modules.into_iter().flatten().copied()
}

/// Returns the template with a name.
pub(super) fn find(name: &str) -> Option<&'static MessageTemplate> {
    // A large document names a million of them.
    static BY_NAME: LazyLock<HashMap<&str, &MessageTemplate>> =
        LazyLock::new(|| all().map(|template| (template.name, template)).collect());
    BY_NAME.get(name).copied()
}
