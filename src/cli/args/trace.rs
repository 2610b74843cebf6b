//! `trace`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::str::FromStr;

use clap::{ArgAction, Args};
use filter_language::NameKind;

use super::desired::DesiredArgs;
use super::filters::AnswerFormat;
use super::live::LiveArgs;
use super::output_value::Output;
use crate::source::sanitize;
use crate::topology::ImageRef;

/// Trace one image along the rules, desired and live, to every place that it is copied to
///
/// Prints a tree of the places that an image is copied to, with the rules that copy it and those that do not: the filter
/// that stops it, and the part of the name that the filter matches. Manual rules are followed too, and marked. Without
/// --from, the trace starts at every instance with a rule for the image, unless another rule copies it there.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES_AND_CODES)]
pub(in crate::cli) struct TraceArgs {
    /// Image, as NAMESPACE/REPOSITORY:TAG, without the host name of a registry
    #[arg(value_name = "IMAGE")]
    pub(in crate::cli) image: ImageName,
    #[command(flatten)]
    pub(in crate::cli) desired: DesiredArgs,
    /// Alias of the instance that the image is pushed to
    #[arg(long, env = "CRDRIFT_FROM", value_name = "ALIAS")]
    pub(in crate::cli) from: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) live: LiveArgs,
    /// Write the trace in a format, to a file or to standard output; may be given several times. Formats: text, json
    #[arg(short, long, env = "CRDRIFT_TRACE_OUTPUT", value_name = "FORMAT[=PATH]", default_value = "text",
        action = ArgAction::Append, help_heading = super::OUTPUT)]
    pub(in crate::cli) output: Vec<Output<AnswerFormat>>,
}

const EXAMPLES: &str = "\
Examples:
  crdrift trace shop/api:v1.4.2 rules.yaml --emulate live.json
  crdrift trace shop/api:hotfix-7 rules/ --from shanghai -o json";

const EXAMPLES_AND_CODES: &str = "\
Examples:
  crdrift trace shop/api:v1.4.2 rules.yaml --emulate live.json
  crdrift trace shop/api:hotfix-7 rules/ --from shanghai -o json

Exit codes:
  0   desired and live rules copy the image to the same places, or to none
  1   failed: invalid rules file, no credentials, unwritable output
  2   desired and live rules copy the image to different places
  3   incomplete: an instance on the path is incomplete, or a filter on it is undecided
  64  usage: invalid command line";

/// An image, as `NAMESPACE/REPOSITORY:TAG`.
#[derive(Debug, Clone)]
pub(in crate::cli) struct ImageName {
    namespace: String,
    repo: String,
    tag: String,
}

impl ImageName {
    /// Returns the image to follow.
    pub(in crate::cli) fn traced(&self) -> ImageRef<'_> {
        ImageRef {
            namespace: &self.namespace,
            repo: &self.repo,
            tag: &self.tag,
        }
    }
}

impl std::fmt::Display for ImageName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}:{}", self.namespace, self.repo, self.tag)
    }
}

impl FromStr for ImageName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.contains('@') {
            return Err(
                "expected a tag, found a digest, which no filter matches; give shop/api:v1"
                    .to_owned(),
            );
        }
        let (namespace, rest) = text
            .split_once('/')
            .ok_or("expected NAMESPACE/REPOSITORY:TAG, found no namespace; give shop/api:v1")?;
        if namespace.ends_with(".aliyuncs.com") || namespace.contains(':') {
            return Err(format!(
                "expected an image without a host name; give {}",
                sanitize(rest)
            ));
        }
        let (repo, tag) = rest
            .rsplit_once(':')
            .ok_or("expected NAMESPACE/REPOSITORY:TAG, found no tag; give shop/api:v1")?;
        let named = [
            (NameKind::Namespace, namespace),
            (NameKind::Repository, repo),
            (NameKind::Tag, tag),
        ];
        for (kind, name) in named {
            if !kind.is_name(name) {
                return Err(format!(
                    "invalid {} \"{}\": {}",
                    kind.as_str(),
                    sanitize(name),
                    grammar(kind)
                ));
            }
        }
        Ok(Self {
            namespace: namespace.to_owned(),
            repo: repo.to_owned(),
            tag: tag.to_owned(),
        })
    }
}

const fn grammar(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Tag => {
            "it has up to 128 of A-Z, a-z, 0-9, `_`, `.` and `-`, and does not start with the last two"
        }
        NameKind::Repository => {
            "it has up to 255 of a-z, 0-9, `_`, `.`, `-` and `/`, and starts and ends with a letter or a digit"
        }
        NameKind::Namespace => {
            "it has 2 to 120 of a-z, 0-9, `_`, `.` and `-`, and starts and ends with a letter or a digit"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ImageName;

    #[test]
    fn an_image_is_a_namespace_a_repository_and_a_tag() {
        let long = "a".repeat(129);
        let cases = [
            ("shop/api:v1", Ok("shop/api:v1")),
            ("shop/a/b:V1_0.x-y", Ok("shop/a/b:V1_0.x-y")),
            ("shop/api", Err("no tag")),
            ("api:v1", Err("no namespace")),
            ("shop/api@sha256:00", Err("found a digest")),
            (
                "reg-vpc.cn-shanghai.cr.aliyuncs.com/shop/api:v1",
                Err("give shop/api:v1"),
            ),
            ("localhost:5000/shop/api:v1", Err("give shop/api:v1")),
            ("Shop/api:v1", Err("invalid namespace \"Shop\"")),
            ("shop/Api:v1", Err("invalid repository \"Api\"")),
            ("shop/api:", Err("invalid tag \"\"")),
            ("shop/api:-v", Err("invalid tag \"-v\"")),
            ("shop/api:\u{1b}[31m", Err("invalid tag \"\\u{1b}[31m\"")),
            (&format!("shop/api:{long}"), Err("invalid tag")),
            ("", Err("no namespace")),
        ];
        for (text, expected) in cases {
            match (text.parse::<ImageName>(), expected) {
                (Ok(image), Ok(expected)) => assert_eq!(image.to_string(), expected),
                (Err(error), Err(expected)) => assert!(error.contains(expected), "{text}: {error}"),
                (parsed, _) => panic!("{text}: {parsed:?}"),
            }
        }
    }
}
