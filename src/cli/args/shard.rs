//! The shard of a command.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::Args;

use crate::shard::{Shard, ShardError};

/// The shard of a command.
#[derive(Debug, Args)]
pub(in crate::cli) struct ShardArgs {
    /// Take one of N equal parts, from 1/N to N/N; auto takes the one of this pod or job: JOB_COMPLETION_INDEX with
    /// CRDRIFT_SHARDS, or CI_NODE_INDEX with CI_NODE_TOTAL
    #[arg(long, env = "CRDRIFT_SHARD", value_name = "I/N", value_parser = shard)]
    shard: Option<ShardChoice>,
}

/// The values of `--shard`.
#[derive(Debug, Clone, Copy)]
enum ShardChoice {
    /// The shard that the environment names.
    Auto,
    /// This one.
    Exact(Shard),
}

impl ShardArgs {
    /// Returns the shard; `None` where everything is taken.
    pub(in crate::cli) fn shard(
        &self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Shard>, ShardError> {
        match self.shard {
            None => Ok(None),
            Some(ShardChoice::Exact(shard)) => Ok(Some(shard)),
            Some(ShardChoice::Auto) => Shard::from_environment(variable).map(Some),
        }
    }
}

fn shard(text: &str) -> Result<ShardChoice, ShardError> {
    if text == "auto" {
        return Ok(ShardChoice::Auto);
    }
    Shard::parse(text).map(ShardChoice::Exact)
}
