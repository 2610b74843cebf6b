//! Checks of the variables that name a profile or a file. The profile and the file must exist: skipping them would use
//! other credentials than the selected ones.

use std::path::Path;
use std::sync::Arc;

use super::error::{CredentialsError, SkippedProvider};
use super::origin::{ConfigSource, CredentialsOrigin};
use super::problem::CredentialsProblem;
use crate::bounded_read::read_text;
use crate::environment::Environment;

/// The profile in either file.
pub(super) const PROFILE: &str = "ALIBABA_CLOUD_PROFILE";
/// The configuration file of the aliyun CLI.
pub(super) const CONFIG_FILE: &str = "ALIBABA_CLOUD_CONFIG_FILE";
/// The INI file of the SDKs.
pub(super) const CREDENTIALS_FILE: &str = "ALIBABA_CLOUD_CREDENTIALS_FILE";
/// The switch that disables the configuration file of the aliyun CLI.
pub(super) const CLI_PROFILE_DISABLED: &str = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED";

/// Checks that the files that variables name are readable.
pub(super) fn check_files(environment: &Environment) -> Result<(), CredentialsError> {
    for variable in [CONFIG_FILE, CREDENTIALS_FILE] {
        if let Some(path) = named_file(environment, variable)
            && let Err(error) = read_text(Path::new(&path))
        {
            return Err(broken(variable, error.into()));
        }
    }
    Ok(())
}

/// Checks that no variable names the file or profile of a source that is about to be skipped for a `problem`, after
/// others in `skipped`.
pub(super) fn check_profile(
    environment: &Environment,
    source: ConfigSource,
    problem: &CredentialsProblem,
    skipped: &[SkippedProvider],
) -> Result<(), CredentialsError> {
    let file_variable = match source {
        ConfigSource::CliProfile => CONFIG_FILE,
        ConfigSource::IniFile => CREDENTIALS_FILE,
        ConfigSource::Keys
        | ConfigSource::Oidc
        | ConfigSource::InstanceRole
        | ConfigSource::Uri => return Ok(()),
    };
    let Some(profile) = environment.variable(PROFILE) else {
        return match named_file(environment, file_variable) {
            Some(_) => Err(broken(file_variable, problem.clone())),
            None => Ok(()),
        };
    };
    if source == ConfigSource::CliProfile {
        // The INI file may have the profile.
        return Ok(());
    }
    let mut problems: Vec<_> = skipped
        .iter()
        .filter(|provider| provider.source == ConfigSource::CliProfile)
        .map(|provider| provider.problem.clone())
        .collect();
    problems.push(problem.clone());
    let problem = CredentialsProblem::UnusableProfile {
        name: profile.into(),
        problems,
    };
    Err(broken(PROFILE, problem))
}

/// Returns the file that a variable names, unless the file is disabled.
fn named_file(environment: &Environment, variable: &str) -> Option<String> {
    let is_disabled = variable == CONFIG_FILE && environment.is_on(CLI_PROFILE_DISABLED);
    environment.variable(variable).filter(|_| !is_disabled)
}

fn broken(variable: &'static str, problem: CredentialsProblem) -> CredentialsError {
    CredentialsError::Broken {
        origin: Arc::new(CredentialsOrigin::Variable(variable)),
        problem: Box::new(problem),
    }
}
