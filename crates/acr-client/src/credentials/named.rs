//! Variables that name a profile or a file: what they name must be there. Passing over it would read with other
//! credentials than the ones chosen.

use std::path::Path;

use super::source::Source;
use super::{CredentialsError, PassedOver};
use crate::file;
use crate::options::Outside;

/// Names the profile of the two files.
pub(super) const PROFILE: &str = "ALIBABA_CLOUD_PROFILE";
/// Names the file of the aliyun command line.
pub(super) const CONFIG_FILE: &str = "ALIBABA_CLOUD_CONFIG_FILE";
/// Names the INI file of the SDKs.
pub(super) const CREDENTIALS_FILE: &str = "ALIBABA_CLOUD_CREDENTIALS_FILE";
/// Switches the file of the aliyun command line off.
pub(super) const CLI_PROFILE_DISABLED: &str = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED";

/// Refuses a file that a variable names and that cannot be read, before either file is used.
pub(super) fn require_files(outside: &Outside) -> Result<(), CredentialsError> {
    for variable in [CONFIG_FILE, CREDENTIALS_FILE] {
        if let Some(path) = named_file(outside, variable)
            && let Err(error) = file::read(Path::new(&path))
        {
            return Err(broken(variable, &error.to_string()));
        }
    }
    Ok(())
}

/// Refuses to pass over a file or a profile that a variable names. `reason` is why the source is not configured, and
/// `attempts` are the sources before it.
pub(super) fn require_profile(
    outside: &Outside,
    source: Source,
    reason: &str,
    attempts: &[PassedOver],
) -> Result<(), CredentialsError> {
    let (variable, is_last) = match source {
        Source::CliProfile => (CONFIG_FILE, false),
        Source::IniFile => (CREDENTIALS_FILE, true),
        Source::Keys | Source::Oidc | Source::InstanceRole | Source::Uri => return Ok(()),
    };
    match outside.variable(PROFILE) {
        // The other file may have it.
        Some(profile) if is_last => {
            let earlier = attempts
                .iter()
                .filter(|attempt| attempt.origin == Source::CliProfile.name());
            let reasons: Vec<_> = earlier
                .map(|attempt| attempt.reason.as_str())
                .chain([reason])
                .collect();
            Err(broken(
                PROFILE,
                &format!(
                    "there is no usable profile `{profile}`: {}",
                    reasons.join("; ")
                ),
            ))
        }
        None if named_file(outside, variable).is_some() => Err(broken(variable, reason)),
        Some(_) | None => Ok(()),
    }
}

/// The file that a variable names, unless it is switched off.
fn named_file(outside: &Outside, variable: &str) -> Option<String> {
    let is_off = variable == CONFIG_FILE && outside.is_on(CLI_PROFILE_DISABLED);
    outside.variable(variable).filter(|_| !is_off)
}

fn broken(variable: &str, problem: &str) -> CredentialsError {
    CredentialsError::Broken {
        origin: variable.to_owned(),
        problem: problem.to_owned(),
    }
}
