//! Problems of Terraform's files.

use miette::Diagnostic;
use thiserror::Error;

use crate::i18n::{Message, Phrase};

/// A problem of Terraform's files. `address` is the address of the resource.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[allow(
    missing_docs,
    reason = "the messages explain the variants and their fields"
)]
pub enum TerraformProblem {
    #[error("invalid JSON: {why}")]
    #[diagnostic(code("terraform/json"))]
    Json { why: String },
    #[error("expected the output of `terraform show -json`: {why}")]
    #[diagnostic(code("terraform/shape"))]
    Shape { why: Message },
    #[error("expected the output of `terraform show -json`, found a state file")]
    #[diagnostic(code("terraform/state-file"))]
    StateFile,
    #[error("expected format version 0 or 1 of `terraform show -json`, found {given}")]
    #[diagnostic(code("terraform/unsupported-version"))]
    UnsupportedVersion { given: String },
    #[error("invalid HCL: {why}")]
    #[diagnostic(code("terraform/hcl"))]
    Hcl { why: String },
    #[error("{path} is configuration in JSON, which is not supported")]
    #[diagnostic(code("terraform/json-configuration"))]
    JsonConfiguration { path: String },
    #[error("expected a file of Terraform, found the rules file {path}")]
    #[diagnostic(code("terraform/rules-file"))]
    RulesFile { path: String },
    #[error("no `alicloud_cr_ee_sync_rule` resource in {path}")]
    #[diagnostic(code("terraform/no-resource"))]
    NoResource { path: String },
    #[error("expected a literal value for `{attribute}` of {address}, found an expression")]
    #[diagnostic(code("terraform/not-literal"))]
    NotLiteral { address: String, attribute: String },
    #[error("{address} has `{argument}`: the number of its rules depends on an expression")]
    #[diagnostic(code("terraform/repeated"))]
    Repeated { address: String, argument: String },
    #[error("`{attribute}` of {address} is known only after apply")]
    #[diagnostic(code("terraform/unknown-value"))]
    UnknownValue {
        address: String,
        attribute: &'static str,
    },
    #[error("`{attribute}` of {address} is marked sensitive, and reports would show its value")]
    #[diagnostic(code("terraform/sensitive"))]
    Sensitive {
        address: String,
        attribute: &'static str,
    },
    #[error("{address} has no `{attribute}`")]
    #[diagnostic(code("terraform/missing-attribute"))]
    MissingAttribute {
        address: String,
        attribute: &'static str,
    },
    #[error("expected text for `{attribute}` of {address}, found {given}")]
    #[diagnostic(code("terraform/wrong-type"))]
    NotText {
        address: String,
        attribute: String,
        given: Phrase,
    },
    #[error("`alicloud_cr_ee_sync_rule` has no argument `{attribute}`")]
    #[diagnostic(code("terraform/unknown-argument"))]
    UnknownArgument {
        attribute: String,
        nearest: Option<String>,
    },
    #[error("the region of instance {id} is unknown")]
    #[diagnostic(code("terraform/no-region"))]
    NoRegion { id: String },
    #[error("expected one region for instance {id}, found {first} and {second}")]
    #[diagnostic(code("terraform/two-regions"))]
    TwoRegions {
        id: String,
        first: String,
        second: String,
    },
    #[error("`target_user_id` differs from the declared account of instance {id}")]
    #[diagnostic(code("terraform/other-account"))]
    OtherAccount { id: String },
    #[error("rule {name} differs from the rule of the same name in a rules file: {fields}")]
    #[diagnostic(code("terraform/contradiction"))]
    Contradiction { name: String, fields: String },
}

impl TerraformProblem {
    /// Returns the label under the related text.
    #[must_use]
    pub fn related_label(&self) -> &'static str {
        match self {
            Self::Contradiction { .. } | Self::OtherAccount { .. } => "declared here",
            _ => "first here",
        }
    }
}
