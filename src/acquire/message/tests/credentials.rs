//! The errors of credentials.

use std::path::PathBuf;

use acr_api::ReadStatus;
use acr_api::{ApiError, BodyProblem};
use acr_client::credentials::{
    ConfigSource, CredentialsError, CredentialsOrigin, CredentialsProblem as Problem, InvalidKey,
    ProcessProblem, Renewal, ResponseProblem, SkippedProvider,
};
use acr_client::{
    CallRemedy, EndpointError, EndpointProblem, FailureCause, FileError, RefusedRequest,
    TextFileProblem, TransportError,
};
use jiff::Timestamp;

use super::super::{credentials_error, origin};
use super::{check_cause, failure, keys, system, text};
use crate::i18n::assert_message;

fn responses() -> [ResponseProblem; 11] {
    [
        ResponseProblem::NotJson,
        ResponseProblem::MetadataNotJson,
        ResponseProblem::Missing("Arn"),
        ResponseProblem::Time("Expiration"),
        ResponseProblem::InvalidKey(InvalidKey(text())),
        ResponseProblem::Code(text()),
        ResponseProblem::NoRoleCredentials {
            role: text(),
            code: text(),
        },
        ResponseProblem::MetadataRefused,
        ResponseProblem::MetadataToken,
        ResponseProblem::NoMetadataToken,
        ResponseProblem::Body(BodyProblem::Empty),
    ]
}

fn problems() -> Vec<Problem> {
    let path = || PathBuf::from("/path");
    let time = Timestamp::UNIX_EPOCH;
    let no_profile = |guess: Option<Box<str>>, names: Vec<Box<str>>| Problem::NoProfile {
        path: text(),
        name: text(),
        guess,
        names,
    };
    let no_section = |guess: Option<Box<str>>| Problem::NoSection {
        path: text(),
        name: text(),
        guess,
    };
    let unreadable = |problem| {
        Problem::File(FileError::Unreadable {
            path: path(),
            problem,
        })
    };
    vec![
        Problem::Unset("ONE"),
        Problem::BothUnset(["ONE", "TWO"]),
        Problem::AllUnset(["ONE", "TWO", "THREE"]),
        Problem::SwitchedOn("ONE"),
        Problem::HalfSet {
            set: "ONE",
            unset: "TWO",
        },
        Problem::SomeUnset {
            expected: ["ONE", "TWO", "THREE"],
            found: vec!["ONE"],
        },
        Problem::SomeUnset {
            expected: ["ONE", "TWO", "THREE"],
            found: vec!["ONE", "TWO"],
        },
        Problem::InvalidKey(InvalidKey(text())),
        Problem::File(FileError::Missing(path())),
        unreadable(TextFileProblem::System(system())),
        unreadable(TextFileProblem::NotAFile),
        unreadable(TextFileProblem::TooLarge { limit: 1 }),
        unreadable(TextFileProblem::Encoding),
        Problem::MissingFiles {
            missing: vec![FileError::Missing(path()), FileError::Missing(path())],
        },
        Problem::NoHome,
        Problem::Json { line: 2, column: 3 },
        Problem::ProfilesNotList,
        Problem::NotText { key: text() },
        Problem::Missing { key: text() },
        Problem::OpenQuote { key: text() },
        Problem::Current {
            name: text(),
            problem: Box::new(Problem::NoHome),
        },
        no_profile(None, Vec::new()),
        no_profile(None, vec![text(), text()]),
        no_profile(Some(text()), vec![text()]),
        Problem::NoCurrent { path: text() },
        no_section(None),
        no_section(Some(text())),
        Problem::UnusableProfile {
            name: text(),
            problems: vec![Problem::NoHome, Problem::NoRole],
        },
        Problem::NoAccessKey { origin: keys() },
        Problem::Mode { mode: text() },
        Problem::RsaKeyPair,
        Problem::SectionType { found: text() },
        Problem::Cycle {
            names: vec![text(), text()],
        },
        Problem::Expired {
            time,
            renewal: Renewal::Command,
        },
        Problem::Expired {
            time,
            renewal: Renewal::SignIn,
        },
        Problem::NotEncrypted { key: "url" },
        Problem::NotUrl { setting: text() },
        Problem::AccessToken,
        Problem::NoCommand,
        Problem::SessionName { found: text() },
        Problem::TokenSize {
            low: 4,
            high: 20_000,
            path: path(),
            found: 1,
        },
        Problem::NoRole,
        Problem::NoNamedRole { name: text() },
        Problem::Skippable {
            problem: Box::new(Problem::NoRole),
            variable: "ONE",
        },
        Problem::Transport(TransportError::NotHttp {
            to: "https://cr.example".to_owned(),
        }),
        Problem::Call(Box::new(failure())),
        Problem::Refused(RefusedRequest {
            error: Box::new(ApiError::parse(400, b"")),
            remedy: CallRemedy::RoleArn,
            origin: keys(),
        }),
        Problem::Endpoint(EndpointError {
            text: "text".to_owned(),
            problem: EndpointProblem::NotUrl,
        }),
        Problem::Skipped(skipped()),
        Problem::OfOrigin {
            origin: keys(),
            problem: Box::new(Problem::NoHome),
        },
        Problem::OfPlace {
            place: text(),
            problem: Box::new(Problem::NoHome),
        },
    ]
}

fn process_problems() -> Vec<Problem> {
    let mut process = vec![
        ProcessProblem::Start(system()),
        ProcessProblem::Output(system()),
        ProcessProblem::NoStatus(system()),
        ProcessProblem::TooLarge { limit: 64 },
        ProcessProblem::Failed { status: text() },
        ProcessProblem::TimedOut { seconds: 60 },
        ProcessProblem::NotJson,
        ProcessProblem::NoToken,
        ProcessProblem::Mode,
    ];
    process.extend(responses().map(ProcessProblem::Response));
    let mut problems = Vec::new();
    for problem in process {
        let program = text();
        problems.push(Problem::Process { program, problem });
    }
    problems
}

fn skipped() -> Vec<SkippedProvider> {
    vec![
        SkippedProvider {
            source: ConfigSource::Keys,
            problem: Problem::BothUnset(["ONE", "TWO"]),
        },
        SkippedProvider {
            source: ConfigSource::Uri,
            problem: Problem::Unset("ONE"),
        },
    ]
}

#[test]
fn credentials_have_messages() {
    for problem in problems().into_iter().chain(process_problems()) {
        let error = CredentialsError::Broken {
            origin: keys(),
            problem: Box::new(problem),
        };
        assert_message(&credentials_error(&error), &error);
    }
    let errors = [
        CredentialsError::NotConfigured { skipped: skipped() },
        CredentialsError::Failed {
            origin: keys(),
            status: ReadStatus::Denied,
            error: Box::new(failure()),
        },
    ];
    for error in errors {
        assert_message(&credentials_error(&error), &error);
        check_cause(FailureCause::Credentials(Box::new(error)));
    }
    for problem in responses() {
        check_cause(FailureCause::Response(problem));
    }
}

#[test]
fn origins_have_messages() {
    let sources = [
        ConfigSource::Keys,
        ConfigSource::Oidc,
        ConfigSource::CliProfile,
        ConfigSource::IniFile,
        ConfigSource::InstanceRole,
        ConfigSource::Uri,
    ];
    let mut origins: Vec<CredentialsOrigin> = sources.map(Into::into).to_vec();
    origins.extend([
        CredentialsOrigin::Profile(text()),
        CredentialsOrigin::CliProfile {
            name: text(),
            path: text(),
        },
        CredentialsOrigin::Section {
            name: text(),
            path: text(),
        },
        CredentialsOrigin::Role {
            arn: text(),
            base: keys(),
        },
    ]);
    for place in origins {
        assert_message(&origin(&place), &place);
    }
}
