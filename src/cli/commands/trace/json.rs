//! The way of an image for machines.

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

/// What `crdrift trace -o json` answers: the places an image gets to, and what every rule there does with it.
#[derive(Serialize, JsonSchema)]
struct TraceDocument {
    /// The version of this document. A later 1.x only adds keys.
    format_version: String,
    /// Always `trace`.
    command: String,
    /// The exit code: 0 the same places, 2 not, 3 incomplete.
    exit_code: u8,
    /// Why the exit code is what it is.
    exit_reason: String,
    image: ImageDocument,
    live: LiveDocument,
    /// Whether it is known where the image gets to, on each side.
    known: KnownDocument,
    /// Whether the image gets to more places than it was followed to.
    truncated: bool,
    /// First the places where it sets out, then those it gets to.
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
    /// Where the live rules come from: `api`, `snapshot` or `emulator`.
    source: String,
    /// When they were read (RFC 3339); `null` where raw answers do not tell.
    taken_at: Option<String>,
}

/// Where it is not known where the image gets to, `null` at a place means that it may get there all the same.
#[derive(Serialize, JsonSchema)]
struct KnownDocument {
    /// As declared: every filter on the way is understood.
    desired: bool,
    /// Live: besides, every instance on the way was read completely.
    live: bool,
}

#[derive(Serialize, JsonSchema)]
struct PlaceDocument {
    /// The instance's alias; `null` where nobody declared it.
    instance: Option<String>,
    instance_id: String,
    namespace: String,
    repo: String,
    /// Whether the image sets out here.
    start: bool,
    /// How the instance's rules were read, as in the result document; `null` where nobody declared it.
    status: Option<String>,
    /// How the image gets here as declared; `null`: it does not, as far as is `known`.
    desired: Option<ReachedDocument>,
    /// How the image gets here live; `null`: it does not, as far as is `known`.
    live: Option<ReachedDocument>,
    /// Whether the two differ: on one side not at all, or only by hand.
    differs: bool,
    /// The rules that are about this place.
    rules: Vec<RuleDocument>,
}

#[derive(Serialize, JsonSchema)]
struct ReachedDocument {
    /// Over how many rules.
    hops: usize,
    /// How many of them somebody has to start.
    manual: usize,
}

#[derive(Serialize, JsonSchema)]
struct RuleDocument {
    name: String,
    /// The API's word: `PASSIVE` is automatic, `INITIATIVE` manual.
    trigger: String,
    /// Whether it is declared.
    desired: bool,
    /// Whether it is live.
    live: bool,
    /// Where it carries the image: an index into `places`; `null` where it does not, or where `truncated` says so.
    copies_to: Option<usize>,
    /// What stops the image; `null` where nothing does.
    stopped_by: Option<StopDocument>,
}

#[derive(Serialize, JsonSchema)]
struct StopDocument {
    /// The field of the rule.
    field: String,
    /// Its filter.
    filter: String,
    /// How many characters of the name the filter goes along with; `null` where that was not worked out.
    matched_characters: Option<usize>,
    /// A name that the filter matches, as much like this one as can be.
    example: Option<String>,
    /// Whether a part of the name matches.
    matches_partially: bool,
    /// Why it is not known whether the filter matches; `null` where it is.
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
