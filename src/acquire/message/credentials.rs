//! The errors of credentials.

use acr_client::credentials::{
    ConfigSource, CredentialsError, CredentialsOrigin, CredentialsProblem, InvalidKey,
    ProcessProblem, Renewal, ResponseProblem, SkippedProvider,
};
use acr_client::{FileError, SystemFailure, TextFileProblem};

use super::transport::{endpoint_error, transport_error};
use super::{call_failure, refused_request};
use crate::i18n::{Argument, Message};

/// Returns the message of an error.
pub(crate) fn credentials_error(error: &CredentialsError) -> Message {
    match error {
        CredentialsError::NotConfigured { skipped } => Message::with_reason(
            Message::failure_no_credentials(),
            skipped_providers(skipped),
        ),
        CredentialsError::Broken { origin, problem } => {
            Message::with_reason(self::origin(origin), credentials_problem(problem))
        }
        CredentialsError::Failed { origin, error, .. } => {
            Message::with_reason(self::origin(origin), call_failure(error))
        }
    }
}

/// Returns the message of a source that was tried, with what it lacks.
pub(crate) fn skipped_provider(skipped: &SkippedProvider) -> Message {
    let SkippedProvider { source, problem } = skipped;
    Message::with_reason(config_source(*source), credentials_problem(problem))
}

fn skipped_providers(skipped: &[SkippedProvider]) -> Message {
    in_a_row(skipped.iter().map(skipped_provider))
}

/// Returns the name of the place of credentials.
pub(crate) fn origin(origin: &CredentialsOrigin) -> Message {
    match origin {
        CredentialsOrigin::Source(source) => config_source(*source),
        CredentialsOrigin::Variable(name) => Message::from(*name),
        CredentialsOrigin::Profile(name) => Message::origin_profile(&**name),
        CredentialsOrigin::CliProfile { name, path } => {
            Message::origin_profile_of(&**name, &**path)
        }
        CredentialsOrigin::Section { name, path } => Message::origin_section(&**name, &**path),
        CredentialsOrigin::Role { arn, base } => Message::origin_role(&**arn, self::origin(base)),
    }
}

fn config_source(source: ConfigSource) -> Message {
    match source {
        ConfigSource::Keys => Message::origin_environment(),
        ConfigSource::Oidc => Message::origin_oidc(),
        ConfigSource::CliProfile => Message::origin_cli(),
        ConfigSource::IniFile => Message::origin_file(),
        ConfigSource::InstanceRole => Message::origin_instance_role(),
        ConfigSource::Uri => Message::origin_uri(),
    }
}

fn credentials_problem(problem: &CredentialsProblem) -> Message {
    use CredentialsProblem as Problem;
    match problem {
        Problem::Unset(variable) => Message::credentials_set(*variable),
        Problem::BothUnset([one, other]) => Message::credentials_set_both(*one, *other),
        Problem::AllUnset([one, two, three]) => Message::credentials_set_three(*one, *two, *three),
        Problem::SwitchedOn(variable) => Message::credentials_is_true(*variable),
        Problem::HalfSet { set, unset } => Message::credentials_half(*set, *unset),
        Problem::SomeUnset {
            expected: [one, two, three],
            found,
        } => Message::credentials_only(*one, *two, *three, and_list(found)),
        Problem::InvalidKey(InvalidKey(name)) => Message::credentials_characters(&**name),
        Problem::File(error) => file_error(error),
        Problem::MissingFiles { missing } => {
            let missing: Vec<Message> = missing.iter().map(file_error).collect();
            Message::items(missing)
        }
        Problem::NoHome => Message::credentials_no_home(),
        Problem::Json { line, column } => Message::credentials_json(*line, *column),
        Problem::ProfilesNotList => Message::credentials_profiles_list(),
        Problem::NotText { key } => Message::credentials_text(&**key),
        Problem::Missing { key } => Message::credentials_missing(&**key),
        Problem::OpenQuote { key } => Message::credentials_open_quote(&**key),
        Problem::Current { name, problem } => {
            Message::credentials_current(&**name, credentials_problem(problem))
        }
        Problem::NoProfile {
            path,
            name,
            guess,
            names,
        } => no_profile(path, name, guess.as_deref(), names),
        Problem::NoCurrent { path } => Message::credentials_no_current(&**path),
        Problem::NoSection { path, name, guess } => match guess {
            Some(guess) => Message::credentials_no_section_guess(&**path, &**name, &**guess),
            None => Message::credentials_no_section(&**path, &**name),
        },
        Problem::UnusableProfile { name, problems } => {
            let problems = in_a_row(problems.iter().map(credentials_problem));
            Message::credentials_unusable_profile(&**name, problems)
        }
        Problem::NoAccessKey { origin } => Message::credentials_no_key(self::origin(origin)),
        Problem::Mode { mode } => Message::credentials_mode(&**mode),
        Problem::RsaKeyPair => Message::credentials_rsa(),
        Problem::SectionType { found } => Message::credentials_type(&**found),
        Problem::Cycle { names } => Message::credentials_cycle(names.join(" → ")),
        Problem::Expired { time, renewal } => {
            let expired = Message::credentials_expired(time.to_string());
            Message::with_detail(expired, self::renewal(*renewal))
        }
        Problem::NotEncrypted { key } => Message::credentials_https(*key),
        Problem::NotUrl { setting } => Message::credentials_url(&**setting),
        Problem::AccessToken => Message::credentials_access_token(),
        Problem::NoCommand => Message::credentials_process_empty(),
        Problem::Process { program, problem } => process_problem(program, problem),
        Problem::SessionName { found } => Message::credentials_session(&**found),
        Problem::TokenSize {
            low,
            high,
            path,
            found,
        } => Message::credentials_token_size(*low, *high, path.display().to_string(), *found),
        Problem::NoRole => Message::credentials_no_role(),
        Problem::NoNamedRole { name } => Message::credentials_no_named_role(&**name),
        Problem::Skippable { problem, variable } => {
            Message::credentials_skip_metadata(credentials_problem(problem), *variable)
        }
        Problem::Transport(error) => transport_error(error),
        Problem::Call(failure) => call_failure(failure),
        Problem::Refused(request) => refused_request(request),
        Problem::Endpoint(error) => endpoint_error(error),
        Problem::Skipped(skipped) => skipped_providers(skipped),
        Problem::OfOrigin { origin, problem } => {
            Message::with_reason(self::origin(origin), credentials_problem(problem))
        }
        Problem::OfPlace { place, problem } => {
            Message::with_reason(&**place, credentials_problem(problem))
        }
    }
}

fn no_profile(path: &str, name: &str, guess: Option<&str>, names: &[Box<str>]) -> Message {
    let names: Argument = if names.is_empty() {
        Message::no_names().into()
    } else {
        names
            .iter()
            .map(|name| &**name)
            .collect::<Vec<&str>>()
            .into()
    };
    match guess {
        Some(guess) => Message::credentials_no_profile_guess(path, name, guess, names),
        None => Message::credentials_no_profile(path, name, names),
    }
}

fn renewal(renewal: Renewal) -> Message {
    match renewal {
        Renewal::Command => Message::credentials_renew(),
        Renewal::SignIn => Message::credentials_sign_in(),
    }
}

fn process_problem(program: &str, problem: &ProcessProblem) -> Message {
    match problem {
        ProcessProblem::Start(error) => {
            Message::credentials_process_start(program, system_failure(error))
        }
        ProcessProblem::Output(error) => {
            Message::credentials_process_output(program, system_failure(error))
        }
        ProcessProblem::NoStatus(error) => {
            Message::credentials_process_status(program, system_failure(error))
        }
        ProcessProblem::TooLarge { limit } => Message::credentials_process_large(program, *limit),
        ProcessProblem::Failed { status } => {
            Message::credentials_process_failed(program, &**status)
        }
        ProcessProblem::TimedOut { seconds } => {
            Message::credentials_process_time(program, *seconds)
        }
        ProcessProblem::NotJson => Message::credentials_process_json(program),
        ProcessProblem::NoToken => Message::credentials_process_token(program),
        ProcessProblem::Mode => Message::credentials_process_mode(program),
        ProcessProblem::Response(problem) => {
            Message::credentials_process_response(program, response_problem(problem))
        }
    }
}

/// Returns the message of a response that has no words of the service.
pub(super) fn response_problem(problem: &ResponseProblem) -> Message {
    match problem {
        ResponseProblem::NotJson => Message::credentials_response_json(),
        ResponseProblem::MetadataNotJson => Message::credentials_metadata_json(),
        ResponseProblem::Missing(key) => Message::credentials_response(*key),
        ResponseProblem::Time(key) => Message::credentials_response_time(*key),
        ResponseProblem::InvalidKey(InvalidKey(name)) => Message::credentials_characters(&**name),
        ResponseProblem::Code(code) => Message::credentials_code(&**code),
        ResponseProblem::NoRoleCredentials { role, code } => {
            Message::credentials_metadata_none(&**role, &**code)
        }
        ResponseProblem::MetadataRefused => Message::credentials_metadata_refused(),
        ResponseProblem::MetadataToken => Message::credentials_metadata_bad_token(),
        ResponseProblem::NoMetadataToken => Message::credentials_metadata_token(),
        ResponseProblem::Body(problem) => (*problem).into(),
    }
}

/// Returns the message of a file that has no readable text.
pub(super) fn file_error(error: &FileError) -> Message {
    match error {
        FileError::Missing(path) => Message::credentials_path_missing(path.display().to_string()),
        FileError::Unreadable { path, problem } => {
            let path = path.display().to_string();
            match problem {
                TextFileProblem::System(error) => {
                    Message::credentials_unreadable(path, system_failure(error))
                }
                TextFileProblem::NotAFile => Message::credentials_not_a_file(path),
                TextFileProblem::TooLarge { limit } => Message::credentials_too_large(path, *limit),
                TextFileProblem::Encoding => Message::credentials_encoding(path),
            }
        }
    }
}

/// Returns the message of an error of the operating system.
pub(super) fn system_failure(failure: &SystemFailure) -> Message {
    Message::from_system(&failure.text, failure.number)
}

/// Joins one or two names.
fn and_list(names: &[&str]) -> Argument {
    match names {
        [one, other] => Message::both(*one, *other).into(),
        names => names.to_vec().into(),
    }
}

/// Returns sentences one after the other.
fn in_a_row(messages: impl IntoIterator<Item = Message>) -> Message {
    let joined = messages.into_iter().reduce(Message::with_detail);
    joined.unwrap_or_default()
}
