//! `trace`.

#![allow(
    clippy::doc_markdown,
    reason = "these comments are printed as help, where backticks mean nothing"
)]

use std::str::FromStr;

use clap::Args;
use filter_language::NameKind;

use super::desired::DesiredArgs;
use super::filters::AnswerFormat;
use super::live::LiveArgs;
use crate::source::sanitize;
use crate::topology::ImageRef;

/// Follow one image: which rules carry it where, as declared and live, and why it stops where it stops
///
/// Prints the places an image gets to as a tree, with the rules that carry it on, and those that do not: which filter
/// stops it, and how much of the name that filter matches. Rules that somebody has to start are followed too, and
/// marked. Without --from it starts at every instance with a rule about the image, unless another rule brings it there.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES_AND_CODES)]
pub(in crate::cli) struct TraceArgs {
    /// The image, as NAMESPACE/REPOSITORY:TAG, without the host name of a registry
    #[arg(value_name = "IMAGE")]
    pub(in crate::cli) image: ImageName,
    #[command(flatten)]
    pub(in crate::cli) desired: DesiredArgs,
    /// Where the image is pushed: a declared instance
    #[arg(long, env = "CRDRIFT_FROM", value_name = "ALIAS")]
    pub(in crate::cli) from: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) live: LiveArgs,
    /// How to print the answer
    #[arg(
        short,
        long,
        env = "CRDRIFT_TRACE_OUTPUT",
        value_enum,
        default_value = "text",
        value_name = "FORMAT"
    )]
    pub(in crate::cli) output: AnswerFormat,
}

const EXAMPLES: &str = "\
Examples:
  crdrift trace shop/api:v1.4.2 examples/quickstart/rules.yaml --emulate examples/quickstart/live.json
  crdrift trace shop/api:hotfix-7 rules/ --from shanghai -o json";

const EXAMPLES_AND_CODES: &str = "\
Examples:
  crdrift trace shop/api:v1.4.2 examples/quickstart/rules.yaml --emulate examples/quickstart/live.json
  crdrift trace shop/api:hotfix-7 rules/ --from shanghai -o json

Exit codes:
  0   declared and live rules carry the image to the same places, none included
  1   failed: rules file invalid, no credentials, output not writable
  2   they do not
  3   incomplete: an instance on its way could not be read whole, or a filter on its way is not understood
  64  the command line cannot be understood";

/// An image, as `NAMESPACE/REPOSITORY:TAG`.
#[derive(Debug, Clone)]
pub(in crate::cli) struct ImageName {
    namespace: String,
    repo: String,
    tag: String,
}

impl ImageName {
    /// The image to follow.
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
                "a digest is nothing that filters look at; give a tag: shop/api:v1".to_owned(),
            );
        }
        let (namespace, rest) = text
            .split_once('/')
            .ok_or("there is no namespace in it; give shop/api:v1")?;
        if namespace.ends_with(".aliyuncs.com") || namespace.contains(':') {
            return Err(format!(
                "leave the host name of the registry out; give {}",
                sanitize(rest)
            ));
        }
        let (repo, tag) = rest
            .rsplit_once(':')
            .ok_or("there is no tag in it, and filters decide by tags; give shop/api:v1")?;
        let named = [
            (NameKind::Namespace, namespace),
            (NameKind::Repository, repo),
            (NameKind::Tag, tag),
        ];
        for (kind, name) in named {
            if !kind.is_name(name) {
                return Err(format!(
                    "no {} can be called \"{}\": {}",
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
            ("shop/api@sha256:00", Err("digest")),
            (
                "reg-vpc.cn-shanghai.cr.aliyuncs.com/shop/api:v1",
                Err("give shop/api:v1"),
            ),
            ("localhost:5000/shop/api:v1", Err("give shop/api:v1")),
            ("Shop/api:v1", Err("no namespace can be called \"Shop\"")),
            ("shop/Api:v1", Err("no repository can be called \"Api\"")),
            ("shop/api:", Err("no tag can be called \"\"")),
            ("shop/api:-v", Err("no tag can be called \"-v\"")),
            (
                "shop/api:\u{1b}[31m",
                Err("no tag can be called \"\\u{1b}[31m\""),
            ),
            (&format!("shop/api:{long}"), Err("no tag can be called")),
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
