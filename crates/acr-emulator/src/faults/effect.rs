//! What can go wrong.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a fault does. One fault does one thing; several faults may meet on a request, and all of them happen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// Waits before answering.
    Latency {
        /// Milliseconds.
        ms: u64,
    },
    /// Judges the request by a clock that is wrong, and says so in the `Date` header.
    Skew {
        /// How far the clock is ahead, seconds; negative: behind.
        seconds: i64,
    },
    /// Refuses for too many requests, once the request has proved who it is from.
    Throttle {
        /// `Code`.
        #[serde(default = "throttling")]
        code: String,
        /// HTTP status.
        #[serde(default = "bad_request")]
        status: u16,
        /// The header `x-acs-retry-after`, milliseconds; without it the header is left out.
        #[serde(default)]
        retry_after_ms: Option<u64>,
    },
    /// Refuses with any code, once the request has proved who it is from.
    Error {
        /// HTTP status.
        status: u16,
        /// `Code`.
        code: String,
        /// `Message`.
        #[serde(default)]
        message: String,
        /// Whether the body is XML, whatever the client asked for.
        #[serde(default)]
        xml: bool,
    },
    /// Refuses under HTTP 200, with `IsSuccess: false` and no list.
    Refuse {
        /// `Code`.
        code: String,
        /// `Message`.
        #[serde(default)]
        message: String,
    },
    /// Refuses the security token as expired.
    ExpireToken,
    /// Answers with a page of HTML, as a proxy does that cannot reach the service.
    Html {
        /// HTTP status.
        #[serde(default = "bad_gateway")]
        status: u16,
    },
    /// Sends the client elsewhere.
    Redirect {
        /// HTTP status.
        #[serde(default = "found")]
        status: u16,
        /// The header `Location`.
        location: String,
    },
    /// Changes the estate, for this request and all later ones: what happens when somebody works while rules are
    /// read, or between two reads.
    ChangeRules {
        /// The `SyncRuleId`s that go, from both ends.
        #[serde(default)]
        delete: Vec<String>,
        /// The rules that come, as the API spells them, seen from their `LocalInstanceId`; their other ends come too.
        #[serde(default)]
        add: Vec<Map<String, Value>>,
    },
    /// Moves the window of the page: 1 loses the row that was first on it, -1 repeats the last row of the page before.
    ShiftRows {
        /// Rows.
        by: i32,
    },
    /// Makes `TotalCount` lie.
    TotalCount {
        /// What is added to the truth.
        #[serde(default)]
        add: i64,
        /// Whether it is a string, as other actions of the product have it.
        #[serde(default)]
        text: bool,
    },
    /// Sets members of the answer, beside or instead of its own.
    SetMembers(Map<String, Value>),
    /// Sets fields of every rule of the answer: values and fields nobody knows yet.
    SetFields(Map<String, Value>),
    /// Leaves fields of every rule out.
    DropFields(Vec<String>),
    /// Writes the known fields that a rule does not have, instead of leaving them out.
    MissingFields(Missing),
    /// Cuts the body, and says so in the length: the answer is whole, its JSON is not.
    Truncate {
        /// How much of the body is left, percent.
        keep_percent: u8,
    },
    /// Breaks the connection.
    Reset {
        /// How much of the body is sent before, percent; without it nothing is sent, not even a status.
        #[serde(default)]
        after_percent: Option<u8>,
    },
    /// Sends the body in pieces, with pauses.
    Slow {
        /// Bytes of a piece.
        chunk_bytes: usize,
        /// Milliseconds before each piece.
        pause_ms: u64,
    },
    /// Compresses the body, whether or not the client said that it understands.
    Gzip,
}

/// How a field is written that a rule does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// As `null`. (The bare word would be no text in YAML.)
    AsNull,
    /// As `""`.
    AsEmpty,
}

impl Effect {
    /// What makes no sense about the effect's numbers, as a fragment of a sentence.
    pub(crate) fn complaint(&self) -> Option<&'static str> {
        match self {
            Self::Throttle { status, .. } | Self::Error { status, .. } | Self::Html { status } => {
                (!(200..=599).contains(status))
                    .then_some("`status` is no HTTP status from 200 to 599")
            }
            Self::Redirect { status, location } => {
                let printable = location.bytes().all(|byte| byte.is_ascii_graphic());
                (!(300..=399).contains(status) || !printable).then_some(
                    "a redirect needs a `status` from 300 to 399 and a `location` that is a URL",
                )
            }
            Self::Truncate {
                keep_percent: percent,
            }
            | Self::Reset {
                after_percent: Some(percent),
            } => (*percent > 100).then_some("a share of the body is at most 100 percent"),
            Self::Slow { chunk_bytes: 0, .. } => Some("`chunk_bytes` is at least 1"),
            _ => None,
        }
    }
}

fn throttling() -> String {
    "Throttling.User".to_owned()
}

fn bad_request() -> u16 {
    400
}

fn bad_gateway() -> u16 {
    502
}

fn found() -> u16 {
    302
}
