//! Instances in the document, and how their reading went: both ways.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::convert::{text, word};
use super::read::ReadError;
use crate::i18n::{JsonMessageTemplate, read_message, write_template};
use crate::model::{ReadEvidence, ReadFailure, ReadStatus};
use crate::report::ReadInstance;

/// A declared instance and how its reading went.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Instance")]
pub(in crate::report) struct JsonInstance<'a> {
    /// The alias in the rules files.
    pub(super) alias: Cow<'a, str>,
    /// The id.
    pub(super) id: Cow<'a, str>,
    /// The region.
    pub(super) region: Cow<'a, str>,
    /// The account of the instance; null where unknown.
    pub(super) account: Option<JsonAccount<'a>>,
    /// The credentials profile that the rules files read it with; left out where they name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) profile: Option<Cow<'a, str>>,
    /// The role that the rules files have assumed to read it; left out where they name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) role_arn: Option<Cow<'a, str>>,
    /// The status of the reading.
    #[schemars(extend("enum" = ["complete", "denied", "throttled", "unreachable", "inconsistent", "not_found", "skipped"]))]
    pub(super) status: Cow<'a, str>,
    /// The number of rules it lists, as source or as target; null where it is incomplete.
    pub(super) rules: Option<usize>,
    /// Pages of the reading.
    pub(super) pages: u32,
    /// Requests sent, retries and confirmations included.
    pub(super) requests: u32,
    /// The API's request ids, as evidence.
    pub(super) request_ids: Vec<Cow<'a, str>>,
    /// The failure; null where there was none.
    pub(super) error: Option<JsonReadError<'a>>,
}

/// The account of an instance. It was compared only where the two do not contradict each other.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Account")]
pub(in crate::report) struct JsonAccount<'a> {
    /// The UID of the account that the rules files declare; null where they declare none.
    pub(super) declared: Option<Cow<'a, str>>,
    /// The UID of the account whose credentials were used, according to the security token service; null if unknown.
    pub(super) credentials: Option<Cow<'a, str>>,
}

/// A failure of a reading.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ReadError")]
pub(in crate::report) struct JsonReadError<'a> {
    /// The API's error code, or a word of crdrift's for what never reached the API.
    pub(super) code: Cow<'a, str>,
    /// The message.
    pub(super) message: Cow<'a, str>,
    /// The template of the message; absent where it is a text of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message_template: Option<JsonMessageTemplate<'a>>,
    /// The API's request id.
    pub(super) request_id: Option<Cow<'a, str>>,
}

impl<'a> From<&'a ReadInstance> for JsonInstance<'a> {
    fn from(instance: &'a ReadInstance) -> Self {
        let error = instance.failure.as_ref().map(
            |ReadFailure {
                 code,
                 message,
                 request_id,
             }| JsonReadError {
                code: text(code),
                message: text(message),
                message_template: write_template(message),
                request_id: request_id.as_deref().map(text),
            },
        );
        let (declared, credentials) = (
            instance.account.as_deref(),
            instance.evidence.caller.as_deref(),
        );
        let account = (declared.is_some() || credentials.is_some()).then(|| JsonAccount {
            declared: declared.map(text),
            credentials: credentials.map(text),
        });
        Self {
            alias: text(&instance.alias),
            id: text(&instance.id),
            region: text(&instance.region),
            account,
            profile: instance.profile.as_deref().map(text),
            role_arn: instance.role_arn.as_deref().map(text),
            status: text(instance.status.as_str()),
            rules: (instance.status == ReadStatus::Complete).then_some(instance.rules),
            pages: instance.evidence.pages,
            requests: instance.evidence.requests,
            request_ids: instance
                .evidence
                .request_ids
                .iter()
                .map(|id| text(id))
                .collect(),
            error,
        }
    }
}

impl TryFrom<JsonInstance<'_>> for ReadInstance {
    type Error = ReadError;

    fn try_from(instance: JsonInstance<'_>) -> Result<Self, ReadError> {
        let failure = |error: JsonReadError<'_>| ReadFailure {
            code: boxed(error.code),
            message: read_message(error.message, error.message_template),
            request_id: error.request_id.map(boxed),
        };
        let (declared, caller) = instance
            .account
            .map_or((None, None), |it| (it.declared, it.credentials));
        Ok(Self {
            alias: instance.alias.into_owned(),
            id: instance.id.into_owned(),
            region: instance.region.into_owned(),
            account: declared.map(Cow::into_owned),
            profile: instance.profile.map(Cow::into_owned),
            role_arn: instance.role_arn.map(Cow::into_owned),
            status: word(
                "status",
                &instance.status,
                &ReadStatus::ALL,
                ReadStatus::as_str,
            )?,
            rules: instance.rules.unwrap_or_default(),
            evidence: ReadEvidence {
                pages: instance.pages,
                requests: instance.requests,
                request_ids: instance.request_ids.into_iter().map(boxed).collect(),
                caller: caller.map(boxed),
            },
            failure: instance.error.map(failure),
        })
    }
}

fn boxed(text: Cow<'_, str>) -> Box<str> {
    text.into_owned().into()
}
