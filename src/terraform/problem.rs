//! Problems of Terraform's files.

use miette::Diagnostic;
use thiserror::Error;

/// A problem of Terraform's files. `address` is the address of the resource.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[allow(
    missing_docs,
    reason = "the messages explain the variants and their fields"
)]
pub enum TerraformProblem {
    #[error("invalid JSON: {why}")]
    #[diagnostic(
        code("terraform/json"),
        help("write the complete document with `terraform show -json`")
    )]
    Json { why: String },
    #[error("expected the output of `terraform show -json`: {why}")]
    #[diagnostic(
        code("terraform/shape"),
        help("pass its output for a state or for a saved plan")
    )]
    Shape { why: String },
    #[error("expected the output of `terraform show -json`, found a state file")]
    #[diagnostic(
        code("terraform/state-file"),
        help("pass the output of `terraform show -json` for this state")
    )]
    StateFile,
    #[error("expected format version 0 or 1 of `terraform show -json`, found {given}")]
    #[diagnostic(
        code("terraform/unsupported-version"),
        help("upgrade crdrift to read a newer version")
    )]
    UnsupportedVersion { given: String },
    #[error("invalid HCL: {why}")]
    #[diagnostic(code("terraform/hcl"), help("run `terraform validate` for details"))]
    Hcl { why: String },
    #[error("{path} is configuration in JSON, which is not supported")]
    #[diagnostic(
        code("terraform/json-configuration"),
        help("pass the output of `terraform show -json` instead")
    )]
    JsonConfiguration { path: String },
    #[error("expected a file of Terraform, found the rules file {path}")]
    #[diagnostic(code("terraform/rules-file"), help("pass rules files with --rules"))]
    RulesFile { path: String },
    #[error("no `alicloud_cr_ee_sync_rule` resource in {path}")]
    #[diagnostic(
        code("terraform/no-resource"),
        help(
            "check the state or the folder; resources of modules are only in the output of `terraform show -json`"
        )
    )]
    NoResource { path: String },
    #[error("expected a literal value for `{attribute}` of {address}, found an expression")]
    #[diagnostic(
        code("terraform/not-literal"),
        help(
            "pass the output of `terraform show -json` for the state or a saved plan: it has the values of expressions"
        )
    )]
    NotLiteral { address: String, attribute: String },
    #[error("{address} has `{argument}`: the number of its rules depends on an expression")]
    #[diagnostic(
        code("terraform/repeated"),
        help(
            "pass the output of `terraform show -json` for the state or a saved plan: it has the values of expressions"
        )
    )]
    Repeated { address: String, argument: String },
    #[error("`{attribute}` of {address} is known only after apply")]
    #[diagnostic(
        code("terraform/unknown-value"),
        help("apply the plan, and pass the state")
    )]
    UnknownValue {
        address: String,
        attribute: &'static str,
    },
    #[error("`{attribute}` of {address} is marked sensitive, and reports would show its value")]
    #[diagnostic(
        code("terraform/sensitive"),
        help("remove the mark with `nonsensitive(…)`: a sync rule contains no secret")
    )]
    Sensitive {
        address: String,
        attribute: &'static str,
    },
    #[error("{address} has no `{attribute}`")]
    #[diagnostic(
        code("terraform/missing-attribute"),
        help("add the attribute: the provider requires it")
    )]
    MissingAttribute {
        address: String,
        attribute: &'static str,
    },
    #[error("expected text for `{attribute}` of {address}, found {given}")]
    #[diagnostic(code("terraform/wrong-type"))]
    NotText {
        address: String,
        attribute: String,
        given: &'static str,
    },
    #[error("`alicloud_cr_ee_sync_rule` has no argument `{attribute}`")]
    #[diagnostic(code("terraform/unknown-argument"))]
    UnknownArgument {
        attribute: String,
        #[help]
        help: String,
    },
    #[error("the region of instance {id} is unknown")]
    #[diagnostic(
        code("terraform/no-region"),
        help(
            "add a literal `region` to the provider, or declare the instance in a rules file (--rules): the region gives \
             the endpoint"
        )
    )]
    NoRegion { id: String },
    #[error("expected one region for instance {id}, found {first} and {second}")]
    #[diagnostic(code("terraform/two-regions"), help("correct one of the two regions"))]
    TwoRegions {
        id: String,
        first: String,
        second: String,
    },
    #[error("`target_user_id` differs from the declared account of instance {id}")]
    #[diagnostic(
        code("terraform/other-account"),
        help("correct one of the two: an instance belongs to one account")
    )]
    OtherAccount { id: String },
    #[error("rule {name} differs from the rule of the same name in a rules file: {fields}")]
    #[diagnostic(
        code("terraform/contradiction"),
        help(
            "write the same values: a rules file adds what Terraform cannot express, and repeats the rest"
        )
    )]
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
