//! The help of each problem: the key, the value or the command to write.

use super::{
    FileProblem, InstanceProblem, MatrixProblem, PolicyProblem, Problem, ReferenceProblem,
    RuleProblem, StructureProblem, WaiverProblem, WatchProblem,
};
use crate::i18n::Message;
use crate::source::{SyntaxHelp, TreeProblem};
use crate::terraform::TerraformProblem;

impl Problem {
    /// Returns the help, if there is one.
    pub(in crate::rules) fn remedy(&self) -> Option<Message> {
        match self {
            Self::File(problem) => Some(problem.remedy()),
            Self::Invisible(problem) => Some(problem.remedy()),
            Self::Yaml(problem) => yaml_remedy(problem),
            Self::Reference(problem) => Some(problem.remedy()),
            Self::Structure(problem) => problem.remedy(),
            Self::Instance(problem) => Some(problem.remedy()),
            Self::Rule(problem) => Some(problem.remedy()),
            Self::Matrix(problem) => Some(problem.remedy()),
            Self::Policy(problem) => Some(problem.remedy()),
            Self::Waiver(problem) => Some(problem.remedy()),
            Self::Terraform(problem) => terraform_remedy(problem),
            Self::Watch(problem) => Some(problem.remedy()),
        }
    }
}

impl FileProblem {
    fn remedy(&self) -> Message {
        match self {
            Self::NoFile => Message::help_no_rules_file(),
            Self::FileNotFound { help, .. } => help.clone(),
            Self::DanglingLink { .. } => Message::help_dangling_link(),
            Self::LinkOut { .. } => Message::help_link_out(),
            Self::StandardInput { hint } => Message::help_standard_input(hint.clone()),
            Self::NoMatch { .. } => Message::help_no_match(),
            Self::EmptyFolder {
                path, nested_glob, ..
            } => Message::help_empty_folder(format!("{path}/{nested_glob}")),
            Self::Unreadable { .. } => Message::help_unreadable(),
            Self::NotAFile { .. } => Message::help_not_a_file(),
            Self::TooLarge { .. } => Message::help_too_large(),
            Self::TooManyFiles { .. } => Message::help_too_many_files(),
            Self::Encoding { .. } => Message::help_save_as_utf8(),
        }
    }
}

impl StructureProblem {
    fn remedy(&self) -> Option<Message> {
        Some(match self {
            Self::EmptyFile => Message::help_version(),
            Self::UnsupportedVersion { .. } => Message::help_newer_version(),
            Self::TooManyAliases => Message::help_write_out(),
            Self::MergeDepth { .. } => Message::help_merge_first(),
            Self::MergeKey { .. } => Message::help_merge_alias("`<<: [*a, *b]`"),
            Self::WrongType { help, .. } => return help.clone(),
            Self::UnknownKey { help, .. }
            | Self::MissingKey { help, .. }
            | Self::EmptyValue { help, .. }
            | Self::UnknownWord { help, .. }
            | Self::OutOfRange { help, .. }
            | Self::BothGiven { help, .. } => help.clone(),
            Self::SettingConflict { key } => Message::help_setting(format!("`{key}`")),
            Self::InvalidGlob { .. } => Message::help_glob("`{a,b}`"),
        })
    }
}

impl InstanceProblem {
    fn remedy(&self) -> Message {
        match self {
            Self::UnknownRegion { correction, .. } => {
                Message::help_did_you_mean(format!("`{correction}`"))
            }
            Self::PasswordInEndpoint => Message::help_remove_password(),
            Self::EndpointNotAllowed { .. } => Message::help_endpoint_not_allowed(),
            Self::Conflict { .. } => Message::help_instance_conflict(),
            Self::TwoAliases { .. } => Message::help_two_aliases(),
            Self::Invalid { help, .. }
            | Self::Undeclared { help, .. }
            | Self::UnmatchedGlob { help, .. } => help.clone(),
        }
    }
}

impl RuleProblem {
    fn remedy(&self) -> Message {
        match self {
            Self::InvalidName { help, .. }
            | Self::MixedScope { help, .. }
            | Self::ScopeContradiction { help, .. }
            | Self::FilterWithoutEffect { help, .. }
            | Self::InvalidFilter { help, .. }
            | Self::FilterMatchesNothing { help, .. } => help.clone(),
            Self::DoubtfulFilter { .. } => Message::help_simplify_filter(),
            Self::MissingTagFilter => Message::help_tag_filter("`tag_filter: \".*\"`"),
            Self::Duplicate { .. } => Message::help_rename_rule(),
            Self::DeclaredAndIgnored { pattern, .. } => Message::help_narrow_glob(pattern),
            Self::TooManyIgnores { .. } => Message::help_names_or_patterns("`tmp-*`"),
        }
    }
}

impl PolicyProblem {
    fn remedy(&self) -> Message {
        match self {
            Self::Duplicate { .. } => Message::help_rename_policy(),
            Self::ForeignKey { help, .. } | Self::InvalidExpression { help, .. } => help.clone(),
            Self::InvalidPattern { .. } => Message::help_re2(),
            Self::TooMany { .. } => Message::help_combine_policies(),
        }
    }
}

impl ReferenceProblem {
    fn remedy(&self) -> Message {
        match self {
            Self::UnsetVariable { name } => {
                Message::help_set_variable(format!("${{env.{name}:-…}}"))
            }
            Self::VariableNotUtf8 { .. } => Message::help_variable_utf8(),
            Self::SecretVariable { name } => Message::help_secret_variable(name),
            Self::UnknownReference { help, .. } => help.clone(),
            Self::InvalidReference { .. } => Message::help_reference_forms(
                "${key}",
                "${env.NAME}",
                "${env.NAME:-default}",
                "$${",
                "${",
            ),
            Self::ValueTooLong { .. } => Message::help_check_variables(),
        }
    }
}

impl MatrixProblem {
    fn remedy(&self) -> Message {
        match self {
            Self::Invalid { .. } => {
                Message::help_matrix_form("`matrix: { region: [shenzhen, beijing] }`")
            }
            Self::DuplicateRule { example, .. } => Message::help_matrix_name(example),
            Self::UnusedKey { key } => Message::help_unused_matrix_key(format!("${{{key}}}")),
            Self::TooManyRules { .. } => Message::help_split_rule(),
            Self::TooMuchText { .. } => Message::help_shorten_texts(),
        }
    }
}

impl WaiverProblem {
    fn remedy(&self) -> Message {
        match self {
            Self::UnknownCode { help, .. }
            | Self::NotWaivable { help, .. }
            | Self::UnknownField { help, .. } => help.clone(),
            Self::InvalidDate { .. } => Message::help_last_day(),
            Self::InvalidFingerprint { .. } => Message::help_fingerprint(),
            Self::TooLong { .. } => Message::help_earlier_date(),
            Self::TooMany { .. } => Message::help_names_or_patterns("`shop-*`"),
        }
    }
}

impl WatchProblem {
    fn remedy(&self) -> Message {
        match self {
            Self::InvalidDuration { .. } => Message::help_duration("`every: 15m`"),
            Self::InvalidCron { .. } => Message::help_cron("`cron: \"7 * * * *\"`"),
            Self::UnknownTimeZone { .. } => Message::help_time_zone("`timezone: Asia/Shanghai`"),
            Self::TimeZoneWithoutCron => Message::help_time_zone_or_cron(),
            Self::DuplicateName { .. } => Message::help_rename_one(),
            Self::VariableNotAllowed { .. } => Message::help_write_value(),
            Self::InvalidUrl { .. } => Message::help_whole_url(),
            Self::UnreadableFile { .. } => Message::help_text_file(),
            Self::InvalidAddress { key, .. } => {
                Message::help_listen(format!("`{key}: 127.0.0.1:9464`"))
            }
            Self::InvalidRate { key, .. } => Message::help_rate(format!("`{key}: 20`")),
            Self::NoDefaultTarget => Message::help_default_target(),
            Self::SecretWithoutEffect { .. } => Message::help_no_secret(),
            Self::InvalidSecret { .. } => Message::help_copy_secret(),
        }
    }
}

fn terraform_remedy(problem: &TerraformProblem) -> Option<Message> {
    Some(match problem {
        TerraformProblem::Json { .. } => Message::help_terraform_show(),
        TerraformProblem::Shape { .. } => Message::help_terraform_output(),
        TerraformProblem::StateFile => Message::help_terraform_state(),
        TerraformProblem::UnsupportedVersion { .. } => Message::help_upgrade(),
        TerraformProblem::Hcl { .. } => Message::help_terraform_validate(),
        TerraformProblem::JsonConfiguration { .. } => Message::help_terraform_instead(),
        TerraformProblem::RulesFile { .. } => Message::help_terraform_rules(),
        TerraformProblem::NoResource { .. } => Message::help_terraform_modules(),
        TerraformProblem::NotLiteral { .. } | TerraformProblem::Repeated { .. } => {
            Message::help_terraform_values()
        }
        TerraformProblem::UnknownValue { .. } => Message::help_terraform_apply(),
        TerraformProblem::Sensitive { .. } => Message::help_nonsensitive(),
        TerraformProblem::MissingAttribute { .. } => Message::help_add_attribute(),
        TerraformProblem::NotText { .. } => return None,
        TerraformProblem::UnknownArgument { nearest, .. } => match nearest {
            Some(nearest) => Message::help_did_you_mean(format!("`{nearest}`")),
            None => Message::help_terraform_argument(),
        },
        TerraformProblem::NoRegion { .. } => Message::help_terraform_region(),
        TerraformProblem::TwoRegions { .. } => Message::help_one_of_regions(),
        TerraformProblem::OtherAccount { .. } => Message::help_one_account(),
        TerraformProblem::Contradiction { .. } => Message::help_same_values(),
    })
}

fn yaml_remedy(problem: &TreeProblem) -> Option<Message> {
    Some(match problem {
        TreeProblem::Syntax { help, .. } => return help.map(syntax_remedy),
        TreeProblem::TooDeep { .. } => Message::help_yaml_depth(),
        TreeProblem::TooManyNodes { .. } => Message::help_split_file(),
        TreeProblem::TooManyComments { .. } => Message::help_empty_comments(),
        TreeProblem::DuplicateKey { .. } => Message::help_duplicate_key("`<<: [*a, *b]`"),
        TreeProblem::KeyNotText => Message::help_key_value("`key: value`", "* [ {"),
        TreeProblem::UnknownTag { .. } => Message::help_tag(),
        TreeProblem::UnknownAnchor { name } => {
            Message::help_anchor(format!("\"*{name}\""), format!("`&{name}`"))
        }
        TreeProblem::RecursiveAlias { .. } => Message::help_move_anchor(),
        TreeProblem::SeveralDocuments => Message::help_one_document_a_file(),
        TreeProblem::EmptyFirstDocument => Message::help_document_marks(),
    })
}

fn syntax_remedy(help: SyntaxHelp) -> Message {
    match help {
        SyntaxHelp::Tabs => Message::help_tabs(),
        SyntaxHelp::Escape => Message::help_yaml_escape(),
        SyntaxHelp::Quote => Message::help_close_quote(),
        SyntaxHelp::Brackets => Message::help_brackets("`{`", "`[`"),
        SyntaxHelp::Colon => Message::help_colon(),
        SyntaxHelp::SpecialCharacter => Message::help_quote_special("* & ! % @ ` | > [ {"),
        SyntaxHelp::Indentation => Message::help_indentation(),
        SyntaxHelp::Reference => Message::help_quote_reference("`{ }`", "`[ ]`", "\"${key}\""),
    }
}
