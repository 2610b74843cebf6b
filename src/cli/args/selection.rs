//! Which part of the rules files a run is about.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::{ArgAction, Args};

use crate::model::{NameGlob, Selection};

/// Which part of the rules files a run is about.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Selection: what is not selected is neither compared nor reported")]
pub(in crate::cli) struct SelectionArgs {
    /// Only rules that start at this instance; may be given several times
    #[arg(long, env = "CRDRIFT_INSTANCE", value_name = "ALIAS", action = ArgAction::Append)]
    instance: Vec<String>,
    /// Only rules of such a name, declared or live; may be given several times
    #[arg(long, env = "CRDRIFT_RULE", value_name = "GLOB", action = ArgAction::Append, value_parser = NameGlob::new)]
    rule: Vec<NameGlob>,
    /// Only rules from or to such a namespace; may be given several times
    #[arg(long, env = "CRDRIFT_NAMESPACE", value_name = "GLOB", action = ArgAction::Append,
        value_parser = NameGlob::new)]
    namespace: Vec<NameGlob>,
}

impl SelectionArgs {
    /// The selection that is meant.
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
