//! The path of an image as a JSON document.

use std::io::{self, Write};

use filter_language::PrefixMatch;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, known};
use crate::model::ReadStatus;
use crate::topology::{PathLength, RuleStep, SideSet, StepOutcome, TracePlace};

/// The version of the document. A later 1.x only adds keys.
const FORMAT_VERSION: &str = "1.0";

/// The document of `crdrift trace -o json`: the repositories that an image reaches, and the outcome of each rule there.
#[derive(Serialize, JsonSchema)]
struct TraceDocument {
    /// The version of this document. A later 1.x only adds keys.
    format_version: String,
    /// Always `trace`.
    command: String,
    /// The exit code: 0 the same repositories on both sides, 2 different ones, 3 incomplete.
    exit_code: u8,
    /// The reason for the exit code.
    exit_reason: String,
    image: ImageDocument,
    live: LiveDocument,
    /// True for each side on which every reached repository is known.
    known: KnownDocument,
    /// True if the image reaches more repositories than the document lists.
    truncated: bool,
    /// The repositories: first those at which the image starts, then those that it reaches.
    places: Vec<PlaceDocument>,
}

#[derive(Serialize, JsonSchema)]
struct ImageDocument {
    namespace: String,
    repo: String,
    tag: String,
}

#[derive(Serialize, JsonSchema)]
struct LiveDocument {
    /// The source of the live rules: `api`, `snapshot` or `emulator`.
    source: String,
    /// The time of reading (RFC 3339); `null` for raw responses, which have none.
    taken_at: Option<String>,
}

/// The sides on which every reached repository is known. On another side, an image can reach a repository although its
/// path is `null`.
#[derive(Serialize, JsonSchema)]
struct KnownDocument {
    /// Desired rules: every filter on the path is decided.
    desired: bool,
    /// Live rules: every filter on the path is decided, and every instance on the path was read completely.
    live: bool,
}

#[derive(Serialize, JsonSchema)]
struct PlaceDocument {
    /// The alias of the instance; `null` if it is not declared.
    instance: Option<String>,
    instance_id: String,
    namespace: String,
    repo: String,
    /// True if the image starts here.
    start: bool,
    /// The status of reading the instance, as in the result document; `null` if it is not declared.
    status: Option<String>,
    /// The path over desired rules; `null` if there is none, or none is `known`.
    desired: Option<ReachedDocument>,
    /// The path over live rules; `null` if there is none, or none is `known`.
    live: Option<ReachedDocument>,
    /// True if the paths differ: one side has none, or only one with manual rules.
    differs: bool,
    /// The rules with this source.
    rules: Vec<RuleDocument>,
}

#[derive(Serialize, JsonSchema)]
struct ReachedDocument {
    /// The number of rules on the path.
    hops: usize,
    /// The number of manual rules on the path.
    manual: usize,
}

#[derive(Serialize, JsonSchema)]
struct RuleDocument {
    name: String,
    /// The trigger in the words of the API: `PASSIVE` is automatic, `INITIATIVE` is manual.
    trigger: String,
    /// True if the rule is declared.
    desired: bool,
    /// True if the rule is live.
    live: bool,
    /// The target, as an index into `places`; `null` if the rule does not copy the image, or the document is
    /// `truncated`.
    copies_to: Option<usize>,
    /// The filter that does not match, or is undecided; `null` if the rule copies the image.
    stopped_by: Option<StopDocument>,
}

#[derive(Serialize, JsonSchema)]
struct StopDocument {
    /// The field of the rule.
    field: String,
    /// The filter.
    filter: String,
    /// The number of leading characters that the filter matches; `null` if unknown.
    matched_characters: Option<usize>,
    /// A similar name that the filter matches.
    example: Option<String>,
    /// True if the filter matches a part of the name.
    matches_partially: bool,
    /// The reason for an undecided filter; `null` if it is decided.
    undecided: Option<String>,
}

/// The JSON Schema of the document.
#[must_use]
pub(in crate::cli) fn schema() -> schemars::Schema {
    schemars::schema_for!(TraceDocument)
}

pub(super) fn render(answer: &Answer<'_>, to: &mut dyn Write) -> io::Result<()> {
    let Answer {
        args,
        trace,
        verdict,
        source,
        taken_ms,
        ..
    } = answer;
    let image = args.image.traced();
    let taken_at = taken_ms
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
        .map(|it| it.to_string());
    let document = TraceDocument {
        format_version: FORMAT_VERSION.to_owned(),
        command: "trace".to_owned(),
        exit_code: verdict.exit.code(),
        exit_reason: verdict.reason.clone(),
        image: ImageDocument {
            namespace: image.namespace.to_owned(),
            repo: image.repo.to_owned(),
            tag: image.tag.to_owned(),
        },
        live: LiveDocument {
            source: source.as_str().to_owned(),
            taken_at,
        },
        known: KnownDocument {
            desired: verdict.known[0],
            live: verdict.known[1],
        },
        truncated: trace.is_truncated,
        places: trace
            .places
            .iter()
            .enumerate()
            .map(|(at, it)| place(answer, at, it))
            .collect(),
    };
    crate::source::write_pretty(to, &document)?;
    writeln!(to)
}

fn place(answer: &Answer<'_>, at: usize, it: &TracePlace<'_>) -> PlaceDocument {
    let known = known(it.instance, answer.desired, answer.live);
    let reached = |it: PathLength| ReachedDocument {
        hops: it.hops,
        manual: it.manual,
    };
    PlaceDocument {
        instance: known.map(|(instance, _)| instance.alias.to_string()),
        instance_id: it.instance.to_owned(),
        namespace: it.namespace.clone(),
        repo: it.repo.clone(),
        start: at < answer.trace.start_count,
        status: known.map(|(_, listing)| ReadStatus::as_str(listing.status).to_owned()),
        desired: it.paths[0].map(reached),
        live: it.paths[1].map(reached),
        differs: answer.verdict.differing.contains(&at),
        rules: it.steps.iter().map(rule).collect(),
    }
}

fn rule(step: &RuleStep<'_>) -> RuleDocument {
    let stop = |field: &str, filter: &str| StopDocument {
        field: field.to_owned(),
        filter: filter.to_owned(),
        matched_characters: None,
        example: None,
        matches_partially: false,
        undecided: None,
    };
    RuleDocument {
        name: step.rule.name.to_string(),
        trigger: step.rule.trigger.to_string(),
        desired: step.sides.includes(SideSet::DESIRED),
        live: step.sides.includes(SideSet::LIVE),
        copies_to: step.outcome.place(),
        stopped_by: match &step.outcome {
            StepOutcome::Copied(_) => None,
            StepOutcome::Stopped(it) => {
                let (matched_characters, example) = match &it.matched_prefix {
                    Some(PrefixMatch::Partial { length, example }) => {
                        (Some(*length), Some(example.clone()))
                    }
                    Some(PrefixMatch::Empty) => (Some(0), None),
                    Some(PrefixMatch::Full) | None => (None, None),
                };
                let matches_partially = it.matches_partially;
                Some(StopDocument {
                    matched_characters,
                    example,
                    matches_partially,
                    ..stop(it.field.as_str(), it.filter)
                })
            }
            StepOutcome::Undecided {
                field,
                filter,
                reason,
            } => Some(StopDocument {
                undecided: Some(reason.to_string()),
                ..stop(field.as_str(), filter)
            }),
        },
    }
}
