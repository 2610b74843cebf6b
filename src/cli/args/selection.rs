//! The selection of instances and rules.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::{ArgAction, Args};

use crate::model::{NameGlob, Selection};

/// The selection of instances and rules.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = super::COMPARISON)]
pub(in crate::cli) struct SelectionArgs {
    /// Select rules with this source instance; other rules are neither compared nor reported. May be given several times
    #[arg(long, env = "CRDRIFT_INSTANCE", value_name = "ALIAS", action = ArgAction::Append)]
    instance: Vec<String>,
    /// Select rules by desired or live name; may be given several times
    #[arg(long, env = "CRDRIFT_RULE", value_name = "GLOB", action = ArgAction::Append, value_parser = NameGlob::new)]
    rule: Vec<NameGlob>,
    /// Select rules by source or target namespace; may be given several times
    #[arg(long, env = "CRDRIFT_NAMESPACE", value_name = "GLOB", action = ArgAction::Append,
        value_parser = NameGlob::new)]
    namespace: Vec<NameGlob>,
}

impl SelectionArgs {
    /// Returns the selection.
    pub(in crate::cli) fn selection(&self) -> Selection {
        Selection {
            instances: self
                .instance
                .iter()
                .map(|alias| alias.as_str().into())
                .collect(),
            rules: self.rule.clone(),
            namespaces: self.namespace.clone(),
        }
    }
}
