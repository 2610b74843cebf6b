//! The format of the watch file, to the letter: these structs read it and make its JSON Schema.

use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use crate::rules::schema::{RawSeverity, root_schema};

/// The estates that `crdrift watch` checks, and the targets that it notifies. In `url`, `secret` and `store`,
/// `${env.NAME}` and `${env.NAME:-default}` are replaced by environment variables. Paths are relative to the folder of
/// this file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a mapping")]
#[schemars(title = "crdrift watch file, version 1")]
#[allow(
    dead_code,
    reason = "the lists are in the format and its schema; each of their items is decoded on its own"
)]
pub(super) struct RawWatchFile {
    /// The version of this format: 1.
    #[schemars(required, range(min = 1, max = 1))]
    pub(super) version: Option<i64>,
    /// The store of the results: `sqlite:PATH` or `postgres://USER@HOST/DATABASE`. Default: `sqlite:crdrift.db`.
    #[schemars(length(min = 1), example = &"sqlite:history.db")]
    pub(super) store: Option<String>,
    /// A file with the URL of the store.
    #[schemars(length(min = 1))]
    pub(super) store_file: Option<String>,
    /// The address of the page, the API and the metrics. Default: `127.0.0.1:9464`.
    #[schemars(length(min = 1), example = &"127.0.0.1:9464")]
    pub(super) listen: Option<String>,
    /// Another address for the metrics, without a password.
    #[schemars(length(min = 1), example = &"127.0.0.1:9465")]
    pub(super) metrics_listen: Option<String>,
    /// The host names that requests may name, besides this machine and the address of `listen`.
    pub(super) hosts: Option<Vec<String>>,
    /// A file with the password of the page and the API, for any user name.
    #[schemars(length(min = 1), example = &"/run/secrets/crdrift-page")]
    pub(super) password_file: Option<String>,
    /// The URL of the page, for links in messages.
    #[schemars(length(min = 1), example = &"https://drift.example.com")]
    pub(super) base_url: Option<String>,
    /// The language of the page and of messages.
    #[schemars(extend("default" = "en"))]
    pub(super) lang: Option<RawLanguage>,
    /// `true` hides ids on the page and in the API.
    #[schemars(extend("default" = false))]
    pub(super) mask_ids: Option<bool>,
    /// The number of incomplete checks in a row that are notified.
    #[schemars(range(min = 1, max = 100), extend("default" = 2))]
    pub(super) incomplete_after: Option<i64>,
    /// The most requests per second for each account, over all processes of this file: `watch` processes of one store, and
    /// the shards of a job, share it. Default: no limit.
    #[schemars(range(min = 0.001, max = 1000.0), example = &20)]
    pub(super) rate: Option<f64>,
    /// The estates.
    #[schemars(required, length(min = 1))]
    pub(super) estates: Option<Vec<RawEstate>>,
    /// The targets of notifications.
    pub(super) notify: Option<Vec<RawTarget>>,
}

/// A language.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[schemars(rename = "Language")]
pub(super) enum RawLanguage {
    /// English.
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    Chinese,
}

/// An estate: rules files, and the times at which they are compared with the live rules.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a mapping with `name` and `rules`")]
#[schemars(rename = "Estate")]
#[allow(dead_code, reason = "lists are read item by item")]
pub(super) struct RawEstate {
    /// The name, unique in this file: the identity of the estate in the store, on the page and in metrics.
    #[schemars(required, length(min = 1, max = 128), example = &"shop")]
    pub(super) name: Option<String>,
    /// Rules files, folders of them, and globs.
    #[schemars(required, length(min = 1))]
    pub(super) rules: Option<Vec<String>>,
    /// The owner: a person or a team.
    #[schemars(length(min = 1, max = 128), example = &"shop-team")]
    pub(super) owner: Option<String>,
    /// The time between two checks, such as `15m`, `1h` or `1d`. Each estate has a phase of its own. Default: `1h`.
    #[schemars(length(min = 1), example = &"15m")]
    pub(super) every: Option<String>,
    /// The times of the checks instead: minute, hour, day of the month, month, day of the week.
    #[schemars(length(min = 1), example = &"7 * * * *")]
    pub(super) cron: Option<String>,
    /// The time zone of `cron`, by its name in the IANA database. Default: `UTC`.
    #[schemars(length(min = 1), example = &"Asia/Shanghai")]
    pub(super) timezone: Option<String>,
    /// The longest time of a check. Default: the time between two checks, and at most `30m`.
    #[schemars(length(min = 1), example = &"10m")]
    pub(super) deadline: Option<String>,
    /// The credentials profile of instances that declare none.
    #[schemars(length(min = 1))]
    pub(super) profile: Option<String>,
    /// The lowest severity of open findings that fail a check.
    #[schemars(extend("default" = "error"))]
    pub(super) fail_on: Option<RawSeverity>,
    /// A snapshot or responses of the API, to be read in the place of the API.
    #[schemars(length(min = 1))]
    pub(super) live: Option<String>,
    /// A snapshot that the embedded emulator serves in the place of the API.
    #[schemars(length(min = 1))]
    pub(super) emulate: Option<String>,
    /// A script with faults of the emulator.
    #[schemars(length(min = 1))]
    pub(super) faults: Option<String>,
}

/// A target of notifications. At least one target is the default, or has neither `owners`, `estates` nor `codes`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping with `name`, `kind` and `url`"
)]
#[schemars(rename = "Target")]
#[allow(dead_code, reason = "lists are read item by item")]
pub(super) struct RawTarget {
    /// The name, unique in this file.
    #[schemars(required, length(min = 1, max = 128), example = &"ops")]
    pub(super) name: Option<String>,
    /// The service.
    #[schemars(required)]
    pub(super) kind: Option<RawTargetKind>,
    /// The URL of the service: https, or http to this machine. It is a secret.
    #[schemars(length(min = 1), example = &"${env.DINGTALK_URL}")]
    pub(super) url: Option<String>,
    /// A file with the URL.
    #[schemars(length(min = 1), example = &"/run/secrets/dingtalk-url")]
    pub(super) url_file: Option<String>,
    /// The key of signatures, for `dingtalk`, `feishu` and `webhook`.
    #[schemars(length(min = 1), example = &"${env.DINGTALK_SECRET}")]
    pub(super) secret: Option<String>,
    /// A file with the key.
    #[schemars(length(min = 1))]
    pub(super) secret_file: Option<String>,
    /// The events. Default: all of them.
    #[schemars(length(min = 1))]
    pub(super) on: Option<Vec<RawEvent>>,
    /// Globs over the owners of findings.
    #[schemars(length(min = 1))]
    pub(super) owners: Option<Vec<String>>,
    /// Globs over the names of estates.
    #[schemars(length(min = 1))]
    pub(super) estates: Option<Vec<String>>,
    /// Globs over the codes of findings, such as `drift/*`.
    #[schemars(length(min = 1))]
    pub(super) codes: Option<Vec<String>>,
    /// The lowest severity of findings.
    #[schemars(extend("default" = "info"))]
    pub(super) min_severity: Option<RawSeverity>,
    /// The language of messages. Default: `lang` of the file.
    pub(super) lang: Option<RawLanguage>,
    /// `true` if the target takes what no other target takes.
    #[schemars(extend("default" = false))]
    pub(super) default: Option<bool>,
    /// The first word of every message: the keyword of a robot.
    #[schemars(length(min = 1, max = 64), extend("default" = "crdrift"))]
    pub(super) prefix: Option<String>,
}

/// A service that takes notifications.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "TargetKind")]
pub(super) enum RawTargetKind {
    /// A custom robot of `DingTalk`.
    Dingtalk,
    /// A custom bot of Feishu or Lark.
    Feishu,
    /// A group robot of `WeCom`.
    Wecom,
    /// An incoming webhook of Slack.
    Slack,
    /// The notification document, signed as Standard Webhooks.
    Webhook,
    /// The API of Alertmanager.
    Alertmanager,
}

/// An event of a run.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Event")]
#[allow(
    dead_code,
    reason = "in the schema; read as text, where each item has a place"
)]
pub(super) enum RawEvent {
    /// Findings opened.
    Opened,
    /// Findings are resolved.
    Resolved,
    /// An estate could not be read completely, `incomplete_after` times in a row.
    Incomplete,
    /// An estate was read completely again.
    Recovered,
    /// A check failed: invalid rules files, or no credentials.
    Failed,
}

/// Returns the JSON Schema of the watch file.
#[must_use]
pub fn watch_schema() -> Schema {
    root_schema::<RawWatchFile>()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_schema_is_current() {
        let current = serde_json::to_string_pretty(&super::watch_schema()).expect("JSON") + "\n";
        let committed = include_str!("../../../schemas/watch.v1.schema.json");
        assert!(
            committed == current,
            "stale: run `crdrift schema watch > schemas/watch.v1.schema.json`\n{current}"
        );
    }
}
