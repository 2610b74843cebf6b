//! The messages of results, by the module that reports them.

mod author;
mod common;
mod drift;
mod filter;
mod inputs;
mod phrase;
mod policy;
mod reading;
mod rules;
mod topology;
mod verdict;
mod waiver;

use super::message::MessageTemplate;

/// Returns every template.
pub(super) fn all() -> impl Iterator<Item = &'static MessageTemplate> {
    let modules = [
        author::TEMPLATES,
        common::TEMPLATES,
        drift::TEMPLATES,
        filter::TEMPLATES,
        inputs::TEMPLATES,
        phrase::TEMPLATES,
        policy::TEMPLATES,
        reading::TEMPLATES,
        rules::TEMPLATES,
        topology::TEMPLATES,
        verdict::TEMPLATES,
        waiver::TEMPLATES,
    ];
    modules.into_iter().flatten().copied()
}

/// Returns the template with a name.
pub(super) fn find(name: &str) -> Option<&'static MessageTemplate> {
    all().find(|template| template.name == name)
}
