//! The problems as messages, which have a text in each language. The English texts are those of the problems.

use super::{
    FileProblem, InstanceProblem, MatrixProblem, PolicyProblem, Problem, ReferenceProblem,
    RuleProblem, StructureProblem, WaiverProblem, WatchProblem,
};
use crate::i18n::Message;
use crate::terraform::TerraformProblem;

impl Problem {
    /// Returns the message of the problem.
    pub(in crate::rules) fn message(&self) -> Message {
        let message: Message = match self {
            Self::File(problem) => problem.into(),
            Self::Invisible(problem) => problem.into(),
            Self::Yaml(problem) => problem.into(),
            Self::Reference(problem) => problem.into(),
            Self::Structure(problem) => problem.into(),
            Self::Instance(problem) => problem.into(),
            Self::Rule(problem) => problem.into(),
            Self::Matrix(problem) => problem.into(),
            Self::Policy(problem) => problem.into(),
            Self::Waiver(problem) => problem.into(),
            Self::Terraform(problem) => problem.into(),
            Self::Watch(problem) => problem.into(),
        };
        message.with_text(self.to_string())
    }
}

impl From<&FileProblem> for Message {
    fn from(problem: &FileProblem) -> Self {
        match problem {
            FileProblem::NoFile => Self::no_rules_file(),
            FileProblem::FileNotFound { path, .. } => Self::file_not_found(path),
            FileProblem::DanglingLink { path, target } => Self::dangling_link(path, target),
            FileProblem::LinkOut {
                path,
                crossed,
                target,
            } => Self::link_out(path, *crossed, target),
            FileProblem::StandardInput { .. } => Self::standard_input_not_read(),
            FileProblem::NoMatch { pattern } => Self::no_file_matches(pattern),
            FileProblem::EmptyFolder {
                path, description, ..
            } => Self::empty_folder(path, description.clone()),
            FileProblem::Unreadable { path, why } => Self::file_unreadable(path, why),
            FileProblem::NotAFile { path } => Self::not_a_file(path),
            FileProblem::TooLarge { path, limit } => Self::file_too_large(path.clone(), *limit),
            FileProblem::TooManyFiles { path, limit } => Self::too_many_files(*limit, path),
            FileProblem::Encoding { path, why } => Self::file_encoding(path, Self::from(why)),
        }
    }
}

impl From<&StructureProblem> for Message {
    fn from(problem: &StructureProblem) -> Self {
        match problem {
            StructureProblem::EmptyFile => Self::empty_rules_file(),
            StructureProblem::UnsupportedVersion { given } => Self::unsupported_version(*given),
            StructureProblem::TooManyAliases => Self::too_many_aliases(),
            StructureProblem::MergeDepth { limit } => Self::merge_depth(*limit),
            StructureProblem::MergeKey { given } => Self::merge_key(*given),
            StructureProblem::UnknownKey { key, .. } => Self::unknown_key(key),
            StructureProblem::MissingKey { what, key, .. } => Self::missing_key(*what, *key),
            StructureProblem::EmptyValue { what, .. } => Self::empty_value(what.clone()),
            StructureProblem::WrongType {
                what,
                given,
                expected,
                ..
            } => Self::wrong_type(expected.clone(), what.clone(), *given),
            StructureProblem::UnknownWord { key, given, .. } => Self::unknown_word(given, key),
            StructureProblem::OutOfRange {
                key,
                given,
                low,
                high,
                ..
            } => Self::out_of_range(*key, *low, *high, *given),
            StructureProblem::BothGiven { one, other, .. } => Self::both_given(*one, *other),
            StructureProblem::SettingConflict { key } => Self::setting_conflict(key),
            StructureProblem::InvalidGlob { pattern, why } => {
                Self::invalid_glob(pattern, why.clone())
            }
        }
    }
}

impl From<&InstanceProblem> for Message {
    fn from(problem: &InstanceProblem) -> Self {
        match problem {
            InstanceProblem::Invalid {
                what, given, why, ..
            } => Self::invalid_name(*what, given, *why),
            InstanceProblem::UnknownRegion { given, .. } => Self::misspelt_region(given),
            InstanceProblem::PasswordInEndpoint => Self::password_in_endpoint(),
            InstanceProblem::EndpointNotAllowed { given, why } => {
                Self::endpoint_not_allowed(given, *why)
            }
            InstanceProblem::Conflict { alias } => Self::instance_conflict(alias),
            InstanceProblem::TwoAliases { id, alias, other } => {
                Self::instance_two_aliases(id, alias, other)
            }
            InstanceProblem::Undeclared { alias, .. } => Self::undeclared_instance(alias),
            InstanceProblem::UnmatchedGlob { pattern, .. } => Self::unmatched_glob(pattern),
        }
    }
}

impl From<&RuleProblem> for Message {
    fn from(problem: &RuleProblem) -> Self {
        match problem {
            RuleProblem::InvalidName {
                what, given, why, ..
            } => Self::invalid_name(*what, given, *why),
            RuleProblem::MixedScope { why, .. } => Self::mixed_scope(*why),
            RuleProblem::ScopeContradiction { given, derived, .. } => {
                Self::scope_contradiction(derived, given)
            }
            RuleProblem::FilterWithoutEffect { key, scope, .. } => {
                Self::filter_without_effect(*key, scope)
            }
            RuleProblem::InvalidFilter { key, why, .. } => Self::invalid_filter(*key, why.clone()),
            RuleProblem::DoubtfulFilter { key, why } => Self::doubtful_filter(*key, why.clone()),
            RuleProblem::FilterMatchesNothing { key, noun, .. } => {
                Self::filter_matches_nothing(*key, *noun)
            }
            RuleProblem::MissingTagFilter => Self::missing_tag_filter(),
            RuleProblem::Duplicate { name, instance } => Self::duplicate_rule(name, instance),
            RuleProblem::DeclaredAndIgnored { name, .. } => Self::declared_and_ignored(name),
            RuleProblem::TooManyIgnores { why } => Self::too_many_ignores(why),
        }
    }
}

impl From<&MatrixProblem> for Message {
    fn from(problem: &MatrixProblem) -> Self {
        match problem {
            MatrixProblem::Invalid { why } => Self::invalid_matrix(why.clone()),
            MatrixProblem::DuplicateRule { name, instance, .. } => {
                Self::matrix_duplicate_rule(name, instance)
            }
            MatrixProblem::UnusedKey { key } => Self::unused_matrix_key(key),
            MatrixProblem::TooManyRules { limit } => Self::matrix_too_many_rules(*limit),
            MatrixProblem::TooMuchText { limit } => Self::matrix_too_much_text(*limit),
        }
    }
}

impl From<&ReferenceProblem> for Message {
    fn from(problem: &ReferenceProblem) -> Self {
        match problem {
            ReferenceProblem::UnsetVariable { name } => Self::unset_variable(name),
            ReferenceProblem::VariableNotUtf8 { name } => Self::variable_encoding(name),
            ReferenceProblem::SecretVariable { name } => Self::secret_variable(name),
            ReferenceProblem::UnknownReference { name, .. } => {
                Self::unknown_reference(format!("${{{name}}}"))
            }
            ReferenceProblem::InvalidReference { why } => why.clone(),
            ReferenceProblem::ValueTooLong { limit } => Self::value_too_long(*limit),
        }
    }
}

impl From<&PolicyProblem> for Message {
    fn from(problem: &PolicyProblem) -> Self {
        match problem {
            PolicyProblem::Duplicate { id } => Self::duplicate_policy(id),
            PolicyProblem::ForeignKey { key, kind, .. } => Self::foreign_policy_key(*kind, key),
            PolicyProblem::InvalidPattern { why } => Self::invalid_pattern(why.clone()),
            PolicyProblem::InvalidExpression { why, .. } => Self::invalid_expression(why.clone()),
            PolicyProblem::TooMany { limit } => Self::too_many_policies(*limit),
        }
    }
}

impl From<&WaiverProblem> for Message {
    fn from(problem: &WaiverProblem) -> Self {
        match problem {
            WaiverProblem::UnknownCode { code, .. } => Self::unknown_code(code),
            WaiverProblem::NotWaivable { code, .. } => Self::not_waivable(code),
            WaiverProblem::UnknownField { field, .. } => Self::unknown_rule_field(field),
            WaiverProblem::InvalidDate { given } => Self::invalid_date(given),
            WaiverProblem::InvalidFingerprint { given } => Self::invalid_fingerprint(given),
            WaiverProblem::TooLong {
                expires,
                days,
                limit,
            } => Self::waiver_too_long(expires, days.clone(), limit.clone()),
            WaiverProblem::TooMany { why } => Self::too_many_waivers(why),
        }
    }
}

impl From<&TerraformProblem> for Message {
    fn from(problem: &TerraformProblem) -> Self {
        match problem {
            TerraformProblem::Json { why } => Self::terraform_json(why),
            TerraformProblem::Shape { why } => Self::terraform_shape(why.clone()),
            TerraformProblem::StateFile => Self::terraform_state_file(),
            TerraformProblem::UnsupportedVersion { given } => Self::terraform_version(given),
            TerraformProblem::Hcl { why } => Self::terraform_hcl(why),
            TerraformProblem::JsonConfiguration { path } => {
                Self::terraform_json_configuration(path)
            }
            TerraformProblem::RulesFile { path } => Self::terraform_rules_file(path),
            TerraformProblem::NoResource { path } => Self::terraform_no_resource(path),
            TerraformProblem::NotLiteral { address, attribute } => {
                Self::terraform_not_literal(attribute, address)
            }
            TerraformProblem::Repeated { address, argument } => {
                Self::terraform_repeated(address, argument)
            }
            TerraformProblem::UnknownValue { address, attribute } => {
                Self::terraform_unknown_value(*attribute, address)
            }
            TerraformProblem::Sensitive { address, attribute } => {
                Self::terraform_sensitive(*attribute, address)
            }
            TerraformProblem::MissingAttribute { address, attribute } => {
                Self::terraform_missing_attribute(address, *attribute)
            }
            TerraformProblem::NotText {
                address,
                attribute,
                given,
            } => Self::terraform_not_text(attribute, address, *given),
            TerraformProblem::UnknownArgument { attribute, .. } => {
                Self::terraform_unknown_argument(attribute)
            }
            TerraformProblem::NoRegion { id } => Self::terraform_no_region(id),
            TerraformProblem::TwoRegions { id, first, second } => {
                Self::terraform_two_regions(id, first, second)
            }
            TerraformProblem::OtherAccount { id } => Self::terraform_other_account(id),
            TerraformProblem::Contradiction { name, fields } => {
                Self::terraform_contradiction(name, fields)
            }
        }
    }
}

impl From<&WatchProblem> for Message {
    fn from(problem: &WatchProblem) -> Self {
        match problem {
            WatchProblem::InvalidDuration { key, given } => {
                Self::watch_invalid_duration(*key, given)
            }
            WatchProblem::InvalidCron { given, why } => {
                Self::watch_invalid_cron(given, why.clone())
            }
            WatchProblem::UnknownTimeZone { given } => Self::watch_unknown_time_zone(given),
            WatchProblem::TimeZoneWithoutCron => Self::watch_time_zone_without_cron(),
            WatchProblem::DuplicateName { what, name } => Self::watch_duplicate_name(*what, name),
            WatchProblem::VariableNotAllowed { key } => {
                Self::watch_variable_not_allowed("${env.…}", key)
            }
            WatchProblem::InvalidUrl { key } => Self::watch_invalid_url(*key),
            WatchProblem::UnreadableFile { key, why } => {
                Self::watch_unreadable_file(*key, why.clone())
            }
            WatchProblem::InvalidAddress { key, given } => Self::watch_invalid_address(*key, given),
            WatchProblem::InvalidRate {
                key,
                low,
                high,
                given,
            } => Self::watch_invalid_rate(*key, low, high, given),
            WatchProblem::NoDefaultTarget => Self::watch_no_default_target(),
            WatchProblem::SecretWithoutEffect { kind } => Self::watch_secret_without_effect(*kind),
            WatchProblem::InvalidSecret { kind, why } => Self::watch_invalid_secret(*kind, *why),
        }
    }
}
