//! The trace of an image as JSON.

use std::io::{self, Write};

use filter_language::PrefixMatch;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, declared};
use crate::model::ReadStatus;
use crate::topology::{PathLength, RuleStep, SideSet, StepOutcome, TracePlace};

/// The version of the document. A later 1.x only adds keys.
const FORMAT_VERSION: &str = "1.0";

/// The output of `crdrift trace -o json`: the places that an image reaches, with the outcome of every rule there.
#[derive(Serialize, JsonSchema)]
struct TraceDocument {
    /// The version of this document. A later 1.x only adds keys.
    format_version: String,
    /// Always `trace`.
    command: String,
    /// The exit code: 0 the same places on both sides, 2 different places, 3 incomplete.
    exit_code: u8,
    /// The reason for the exit code.
    exit_reason: String,
    image: ImageDocument,
    live: LiveDocument,
    /// The sides on which every place that the image reaches is known.
    known: KnownDocument,
    /// True if the image reaches more places than were followed.
    truncated: bool,
    /// The places where the image starts, then those that it reaches.
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
    /// The time at which they were read (RFC 3339); `null` if the source has none.
    taken_at: Option<String>,
}

/// The sides that are known. On a side that is not, the image may reach a place in spite of its `null`.
#[derive(Serialize, JsonSchema)]
struct KnownDocument {
    /// True if every filter on the path is decided.
    desired: bool,
    /// True if, besides, every instance on the path was read completely.
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
    /// The read status of the instance, as in the result document; `null` if it is not declared.
    status: Option<String>,
    /// The shortest path of desired rules to this place; `null` if there is none, as far as is `known`.
    desired: Option<ReachedDocument>,
    /// The shortest path of live rules to this place; `null` if there is none, as far as is `known`.
    live: Option<ReachedDocument>,
    /// True if the sides differ: one does not reach this place, or only through manual rules.
    differs: bool,
    /// The rules whose source covers this place.
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
    /// The API's word: `PASSIVE` is automatic, `INITIATIVE` manual.
    trigger: String,
    /// True if the rule is desired.
    desired: bool,
    /// True if the rule is live.
    live: bool,
    /// The place that it copies the image to: an index into `places`; `null` if it copies to none, or if `truncated`.
    copies_to: Option<usize>,
    /// The filter that stops the image; `null` if none does.
    stopped_by: Option<StopDocument>,
}

#[derive(Serialize, JsonSchema)]
struct StopDocument {
    /// The field of the rule.
    field: String,
    /// Its filter.
    filter: String,
    /// The number of leading characters that the filter accepts; `null` if it was not determined.
    matched_characters: Option<usize>,
    /// A similar name that the filter matches.
    example: Option<String>,
    /// True if the filter matches a part of the name.
    matches_partially: bool,
    /// The reason why the filter is undecided; `null` if it is decided.
    undecided: Option<String>,
}

/// Returns the JSON Schema of the document.
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
            .map(|(at, place)| place_document(answer, at, place))
            .collect(),
    };
    crate::source::write_pretty(to, &document)?;
    writeln!(to)
}

fn place_document(answer: &Answer<'_>, at: usize, place: &TracePlace<'_>) -> PlaceDocument {
    let declared = declared(place.instance, answer.desired, answer.live);
    let reached = |path: PathLength| ReachedDocument {
        hops: path.hops,
        manual: path.manual,
    };
    PlaceDocument {
        instance: declared.map(|(instance, _)| instance.alias.to_string()),
        instance_id: place.instance.to_owned(),
        namespace: place.namespace.clone(),
        repo: place.repo.clone(),
        start: at < answer.trace.start_count,
        status: declared.map(|(_, listing)| ReadStatus::as_str(listing.status).to_owned()),
        desired: place.paths[0].map(reached),
        live: place.paths[1].map(reached),
        differs: answer.verdict.differing.contains(&at),
        rules: place.steps.iter().map(rule_document).collect(),
    }
}

fn rule_document(step: &RuleStep<'_>) -> RuleDocument {
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
            StepOutcome::Stopped(mismatch) => {
                let (matched_characters, example) = match &mismatch.matched_prefix {
                    Some(PrefixMatch::Partial { length, example }) => {
                        (Some(*length), Some(example.clone()))
                    }
                    Some(PrefixMatch::Empty) => (Some(0), None),
                    Some(PrefixMatch::Full) | None => (None, None),
                };
                let matches_partially = mismatch.matches_partially;
                Some(StopDocument {
                    matched_characters,
                    example,
                    matches_partially,
                    ..stop(mismatch.field.as_str(), mismatch.filter)
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
