//! The parts of a SARIF log that are written, as the standard names them (OASIS SARIF 2.1.0, sections 3.13 to 3.58).

use std::borrow::Cow;

use serde::Serialize;

use crate::source::Sanitized;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifLog<'a, R> {
    #[serde(rename = "$schema")]
    pub(super) schema: &'static str,
    pub(super) version: &'static str,
    pub(super) runs: [SarifRun<'a, R>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifRun<'a, R> {
    pub(super) tool: SarifTool<'a>,
    pub(super) automation_details: SarifAutomationDetails,
    pub(super) invocations: [SarifInvocation; 1],
    pub(super) original_uri_base_ids: SarifBaseIds,
    pub(super) column_kind: &'static str,
    pub(super) results: R,
}

#[derive(Serialize)]
pub(super) struct SarifTool<'a> {
    pub(super) driver: SarifDriver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifDriver<'a> {
    pub(super) name: &'static str,
    pub(super) version: String,
    pub(super) semantic_version: String,
    pub(super) rules: Vec<SarifRule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifRule<'a> {
    pub(super) id: Sanitized<'a>,
    pub(super) name: String,
    pub(super) short_description: SarifMessage,
    pub(super) full_description: SarifMessage,
    pub(super) help: SarifHelp,
    pub(super) default_configuration: SarifConfiguration,
    pub(super) properties: SarifRuleProperties<'a>,
}

#[derive(Serialize)]
pub(super) struct SarifHelp {
    pub(super) text: String,
    pub(super) markdown: Cow<'static, str>,
}

#[derive(Serialize)]
pub(super) struct SarifConfiguration {
    pub(super) level: &'static str,
}

#[derive(Serialize)]
pub(super) struct SarifRuleProperties<'a> {
    pub(super) tags: [&'a str; 1],
    #[serde(rename = "problem.severity")]
    pub(super) severity: &'static str,
}

#[derive(Serialize)]
pub(super) struct SarifAutomationDetails {
    pub(super) id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifInvocation {
    pub(super) execution_successful: bool,
    pub(super) exit_code: u8,
    pub(super) exit_code_description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start_time_utc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end_time_utc: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tool_execution_notifications: Vec<SarifNotification>,
}

#[derive(Serialize)]
pub(super) struct SarifNotification {
    pub(super) level: &'static str,
    pub(super) message: SarifMessage,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) locations: Vec<SarifLocation>,
}

/// The base of relative paths: the root of the repository.
#[derive(Serialize)]
pub(super) struct SarifBaseIds {
    #[serde(rename = "%SRCROOT%")]
    pub(super) root: SarifBaseId,
}

#[derive(Serialize)]
pub(super) struct SarifBaseId {
    pub(super) description: SarifMessage,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifResult<'a> {
    pub(super) rule_id: Sanitized<'a>,
    pub(super) rule_index: usize,
    pub(super) kind: &'static str,
    pub(super) level: &'static str,
    pub(super) message: SarifMessage,
    pub(super) locations: [SarifLocation; 1],
    pub(super) partial_fingerprints: SarifFingerprints,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) baseline_state: Option<&'static str>,
    pub(super) suppressions: Vec<SarifSuppression>,
    pub(super) properties: SarifProperties,
}

#[derive(Serialize)]
pub(super) struct SarifMessage {
    pub(super) text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifLocation {
    pub(super) physical_location: SarifPhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) logical_locations: Vec<SarifLogicalLocation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifPhysicalLocation {
    pub(super) artifact_location: SarifArtifactLocation,
    pub(super) region: SarifRegion,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifArtifactLocation {
    pub(super) uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifRegion {
    pub(super) start_line: u32,
    pub(super) start_column: u32,
    pub(super) end_line: u32,
    pub(super) end_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifLogicalLocation {
    pub(super) fully_qualified_name: String,
    pub(super) kind: &'static str,
}

/// GitHub tracks alerts by this one alone; its own form is a hash and how many of it there have been.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifFingerprints {
    pub(super) primary_location_line_hash: String,
    #[serde(rename = "crdrift/v1")]
    pub(super) crdrift: String,
}

#[derive(Serialize)]
pub(super) struct SarifSuppression {
    pub(super) kind: &'static str,
    pub(super) status: &'static str,
    pub(super) justification: String,
}

#[derive(Serialize)]
pub(super) struct SarifProperties {
    pub(super) help: String,
    pub(super) instance: Option<String>,
    pub(super) rule: Option<String>,
    pub(super) field: Option<&'static str>,
    pub(super) status: &'static str,
}
