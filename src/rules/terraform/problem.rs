//! What can be wrong with what Terraform gives.

use miette::Diagnostic;
use thiserror::Error;

/// One thing that is wrong. `address` is the resource's, as Terraform writes it.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub(in crate::rules) enum TerraformProblem {
    #[error("not valid JSON: {why}")]
    #[diagnostic(
        code("terraform/json"),
        help("write the complete document with `terraform show -json`")
    )]
    Json { why: String },
    #[error("not what `terraform show -json` prints: {why}")]
    #[diagnostic(
        code("terraform/shape"),
        help("give what it prints for a state or for a saved plan")
    )]
    Shape { why: String },
    #[error("this is Terraform's own state file, whose layout is Terraform's alone")]
    #[diagnostic(
        code("terraform/state-file"),
        help("give what `terraform show -json` prints of it")
    )]
    StateFile,
    #[error("format version {given} is made for a newer crdrift")]
    #[diagnostic(
        code("terraform/unsupported-version"),
        help("this crdrift reads versions 0 and 1 of `terraform show -json`")
    )]
    UnsupportedVersion { given: String },
    #[error("not valid HCL: {why}")]
    #[diagnostic(code("terraform/hcl"), help("`terraform validate` tells more"))]
    Hcl { why: String },
    #[error("{path} is configuration written as JSON, which is not read")]
    #[diagnostic(
        code("terraform/json-configuration"),
        help("give what `terraform show -json` prints instead")
    )]
    JsonConfiguration { path: String },
    #[error("{path} is a rules file, and Terraform's files are expected here")]
    #[diagnostic(
        code("terraform/rules-file"),
        help("rules files beside Terraform's are named with --rules")
    )]
    RulesFile { path: String },
    #[error("there is no `alicloud_cr_ee_sync_rule` in {path}")]
    #[diagnostic(
        code("terraform/no-resource"),
        help(
            "nothing would be compared: is it the right state or folder? modules are seen with `terraform show -json` only"
        )
    )]
    NoResource { path: String },
    #[error("`{attribute}` of {address} is no literal value")]
    #[diagnostic(
        code("terraform/not-literal"),
        help(
            "expressions are not evaluated here; Terraform does it: `terraform show -json` of the state, or of a saved plan"
        )
    )]
    NotLiteral { address: String, attribute: String },
    #[error("{address} has a `{argument}`, so how many rules it is depends on an expression")]
    #[diagnostic(
        code("terraform/repeated"),
        help(
            "expressions are not evaluated here; Terraform does it: `terraform show -json` of the state, or of a saved plan"
        )
    )]
    Repeated { address: String, argument: String },
    #[error("`{attribute}` of {address} is known only after an apply")]
    #[diagnostic(
        code("terraform/unknown-value"),
        help("apply the plan, and give the state")
    )]
    Unknown {
        address: String,
        attribute: &'static str,
    },
    #[error("`{attribute}` of {address} is marked sensitive, and a plan would show it")]
    #[diagnostic(
        code("terraform/sensitive"),
        help("take the mark off with `nonsensitive(…)`: a sync rule holds no secret")
    )]
    Sensitive {
        address: String,
        attribute: &'static str,
    },
    #[error("{address} has no `{attribute}`")]
    #[diagnostic(
        code("terraform/missing-attribute"),
        help("the provider needs it as well")
    )]
    Missing {
        address: String,
        attribute: &'static str,
    },
    #[error("`{attribute}` of {address} is {given}, but text is meant")]
    #[diagnostic(code("terraform/wrong-type"))]
    NotText {
        address: String,
        attribute: String,
        given: &'static str,
    },
    #[error("`{attribute}` is no argument of `alicloud_cr_ee_sync_rule`")]
    #[diagnostic(code("terraform/unknown-argument"))]
    UnknownArgument {
        attribute: String,
        #[help]
        help: String,
    },
    #[error("the region of instance {id} is nowhere to be found")]
    #[diagnostic(
        code("terraform/no-region"),
        help(
            "it tells which endpoint to ask: give the provider a literal `region`, or declare the instance in a rules file (--rules)"
        )
    )]
    NoRegion { id: String },
    #[error("instance {id} is in region {region} here and in another one elsewhere")]
    #[diagnostic(
        code("terraform/two-regions"),
        help("an instance is in one region: correct one of the two")
    )]
    TwoRegions { id: String, region: String },
    #[error("instance {id} is declared with another account than this `target_user_id`")]
    #[diagnostic(
        code("terraform/other-account"),
        help("an instance belongs to one account: correct one of the two")
    )]
    OtherAccount { id: String },
    #[error("rule {name} is in a rules file too, and not the same: {fields}")]
    #[diagnostic(
        code("terraform/contradiction"),
        help(
            "a rules file completes what Terraform cannot say, and repeats the rest: make the two equal"
        )
    )]
    Contradiction { name: String, fields: String },
}

impl TerraformProblem {
    /// What stands under the text it collides with.
    pub(in crate::rules) fn first_label(&self) -> &'static str {
        match self {
            Self::Contradiction { .. } | Self::OtherAccount { .. } => "declared here",
            _ => "first here",
        }
    }
}
