//! The effects of faults.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::script::ScriptProblem;

/// The effect of a fault. Several effects on one request combine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultEffect {
    /// Waits before the response.
    Latency {
        /// The delay, in milliseconds.
        ms: u64,
    },
    /// Uses a wrong clock for the request, and reports it in the `Date` header.
    Skew {
        /// The offset of the clock, in seconds; negative if it is behind.
        seconds: i64,
    },
    /// Rejects the request for too many requests, after it is authenticated.
    Throttle {
        /// `Code`.
        #[serde(default = "default_throttle_code")]
        code: String,
        /// The HTTP status.
        #[serde(default = "default_throttle_status")]
        status: u16,
        /// The value of the header `x-acs-retry-after`, in milliseconds. Default: no header.
        #[serde(default)]
        retry_after_ms: Option<u64>,
    },
    /// Rejects the request with any code, after it is authenticated.
    Error {
        /// The HTTP status.
        status: u16,
        /// `Code`.
        code: String,
        /// `Message`.
        #[serde(default)]
        message: String,
        /// Send XML even if the client requested JSON.
        #[serde(default)]
        xml: bool,
    },
    /// Rejects the request under HTTP 200, with `IsSuccess: false` and no list.
    Refuse {
        /// `Code`.
        code: String,
        /// `Message`.
        #[serde(default)]
        message: String,
    },
    /// Rejects the security token as expired.
    ExpireToken,
    /// Responds with an HTML page, as a proxy does that cannot reach the service.
    Html {
        /// The HTTP status.
        #[serde(default = "default_html_status")]
        status: u16,
    },
    /// Redirects the client.
    Redirect {
        /// The HTTP status.
        #[serde(default = "default_redirect_status")]
        status: u16,
        /// The `Location` header.
        location: String,
    },
    /// Changes rules, for this request and all later ones, as if they were edited during a read or between two reads.
    ChangeRules {
        /// The `SyncRuleId`s of the rules to delete, at both instances.
        #[serde(default)]
        delete: Vec<String>,
        /// The rules to add, in the API's own fields, as their `LocalInstanceId` lists them. The target instance lists
        /// them too.
        #[serde(default)]
        add: Vec<Map<String, Value>>,
    },
    /// Moves the window of the page: 1 skips its first row, -1 repeats the last row of the previous page.
    ShiftRows {
        /// The number of rows.
        by: i32,
    },
    /// Changes `TotalCount`.
    TotalCount {
        /// The number to add.
        #[serde(default)]
        add: i64,
        /// Send a string, as other actions of the product do.
        #[serde(default)]
        text: bool,
    },
    /// Sets members of the response.
    SetMembers(Map<String, Value>),
    /// Sets fields of every rule of the response, including unknown fields and values.
    SetFields(Map<String, Value>),
    /// Removes fields of every rule.
    DropFields(Vec<String>),
    /// Adds the known fields that a rule does not have.
    MissingFields(MissingFieldValue),
    /// Truncates the body and adapts its length: the transfer is complete, the JSON is not.
    Truncate {
        /// The part of the body to send, in percent.
        keep_percent: u8,
    },
    /// Resets the connection.
    Reset {
        /// The part of the body to send before the reset, in percent. Default: nothing, not even a status.
        #[serde(default)]
        after_percent: Option<u8>,
    },
    /// Sends the body in chunks, with pauses.
    Slow {
        /// The size of a chunk, in bytes.
        chunk_bytes: usize,
        /// The pause before each chunk, in milliseconds.
        pause_ms: u64,
    },
    /// Compresses the body, even if the client does not accept that.
    Gzip,
}

/// The value of an added field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MissingFieldValue {
    /// `null`. (A bare `null` would not be a string in YAML.)
    AsNull,
    /// `""`.
    AsEmpty,
}

impl FaultEffect {
    /// Returns the problem of an invalid value.
    pub(crate) fn problem(&self) -> Option<ScriptProblem> {
        match self {
            Self::Throttle { status, .. } | Self::Error { status, .. } | Self::Html { status } => {
                if (200..=599).contains(status) {
                    None
                } else {
                    Some(ScriptProblem::Status)
                }
            }
            Self::Redirect { status, location } => {
                let is_printable = location.bytes().all(|byte| byte.is_ascii_graphic());
                if (300..=399).contains(status) && is_printable {
                    None
                } else {
                    Some(ScriptProblem::Redirect)
                }
            }
            Self::Truncate {
                keep_percent: percent,
            }
            | Self::Reset {
                after_percent: Some(percent),
            } if *percent > 100 => Some(ScriptProblem::Percentage),
            Self::Slow { chunk_bytes: 0, .. } => Some(ScriptProblem::ChunkSize),
            _ => None,
        }
    }
}

fn default_throttle_code() -> String {
    "Throttling.User".to_owned()
}

fn default_throttle_status() -> u16 {
    400
}

fn default_html_status() -> u16 {
    502
}

fn default_redirect_status() -> u16 {
    302
}
