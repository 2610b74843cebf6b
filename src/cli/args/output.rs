//! The outputs of a report.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use clap::{ArgAction, Args, ValueEnum};

use super::output_value::Output;
use crate::i18n::Language;
use crate::report::{Options, SarifConsumer, Style};

/// The outputs of a report.
#[derive(Debug, Clone, Args)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[command(next_help_heading = super::OUTPUT)]
pub(in crate::cli) struct OutputArgs {
    /// Write the result in a format, to a file or to standard output; may be given several times. Formats: text,
    /// json, ndjson, sarif, junit, gitlab, github, markdown, html, csv, prometheus, terraform-json
    #[arg(short, long, env = "CRDRIFT_OUTPUT", value_name = "FORMAT[=PATH]", default_value = "text",
        action = ArgAction::Append)]
    pub(in crate::cli) output: Vec<Output>,
    /// text: print one line for each change and finding
    #[arg(long, env = "CRDRIFT_COMPACT")]
    compact: bool,
    /// text: show the rules in sync too, and every finding
    #[arg(long, env = "CRDRIFT_ALL")]
    pub(in crate::cli) all: bool,
    /// Mask the ids of instances and accounts everywhere, as cri-****0001: for public logs
    #[arg(long, env = "CRDRIFT_MASK_IDS")]
    pub(in crate::cli) mask_ids: bool,
    /// sarif: the consumer of the log; github omits waived and baselined findings, which it would show as open
    #[arg(
        long,
        env = "CRDRIFT_SARIF_CONSUMER",
        value_enum,
        default_value_t,
        value_name = "CONSUMER"
    )]
    sarif_consumer: SarifConsumerArg,
    /// markdown: the largest size, in bytes; what does not fit is omitted and counted
    #[arg(long, env = "CRDRIFT_MARKDOWN_LIMIT", value_name = "BYTES", default_value_t = Options::MARKDOWN_LIMIT)]
    markdown_limit: usize,
    /// markdown: names of authors (plan --who) in place of pseudonyms such as [actor-1]
    #[arg(long, env = "CRDRIFT_WHO_NAMES")]
    who_names: bool,
    /// html: language of the report
    #[arg(
        long,
        env = "CRDRIFT_LANG",
        value_enum,
        default_value_t,
        value_name = "LANGUAGE"
    )]
    lang: LanguageArg,
}

/// The outputs of `validate`.
#[derive(Debug, Args)]
#[command(next_help_heading = super::OUTPUT)]
pub(in crate::cli) struct ValidationOutputArgs {
    /// Write the result in a format, to a file or to standard output; may be given several times. Formats: text,
    /// json, ndjson, sarif, junit, gitlab, github, markdown, csv
    #[arg(short, long, env = "CRDRIFT_VALIDATE_OUTPUT", value_name = "FORMAT[=PATH]", default_value = "text",
        action = ArgAction::Append)]
    output: Vec<Output>,
}

impl From<&ValidationOutputArgs> for OutputArgs {
    fn from(args: &ValidationOutputArgs) -> Self {
        Self {
            output: args.output.clone(),
            compact: false,
            all: false,
            mask_ids: false,
            sarif_consumer: SarifConsumerArg::default(),
            markdown_limit: Options::MARKDOWN_LIMIT,
            who_names: false,
            lang: LanguageArg::default(),
        }
    }
}

/// The values of `--lang`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(in crate::cli) enum LanguageArg {
    /// English
    #[default]
    En,
    /// Simplified Chinese
    Zh,
}

impl From<LanguageArg> for Language {
    fn from(value: LanguageArg) -> Self {
        match value {
            LanguageArg::En => Self::English,
            LanguageArg::Zh => Self::Chinese,
        }
    }
}

/// The values of `--sarif-consumer`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum SarifConsumerArg {
    /// Any reader of the standard
    #[default]
    Any,
    /// GitHub's code scanning
    Github,
}

impl From<SarifConsumerArg> for SarifConsumer {
    fn from(value: SarifConsumerArg) -> Self {
        match value {
            SarifConsumerArg::Any => Self::Any,
            SarifConsumerArg::Github => Self::GitHub,
        }
    }
}

impl OutputArgs {
    /// Returns the same options for other outputs.
    pub(in crate::cli) fn with_outputs(&self, output: Vec<Output>) -> Self {
        Self {
            output,
            ..self.clone()
        }
    }

    /// Returns the options of the report formats.
    pub(in crate::cli) fn options(&self, style: Style) -> Options {
        Options {
            style,
            compact: self.compact,
            all: self.all,
            sarif_consumer: self.sarif_consumer.into(),
            markdown_limit: self.markdown_limit,
            who_names: self.who_names,
            language: self.lang.into(),
            document: None,
        }
    }
}
