//! `~/.aliyun/config.json`: the profiles of the aliyun CLI.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use reqwest::Url;
use secrecy::SecretString;
use serde_json::{Map, Value};

use super::Credentials;
use super::assume_role::Role;
use super::cloud_sso::CloudSsoProvider;
use super::credentials_uri::{UriProvider, http_url};
use super::error::ProviderError;
use super::file_variables::{CLI_PROFILE_DISABLED, CONFIG_FILE, PROFILE};
use super::instance_role::InstanceRoleProvider;
use super::nearest_name::nearest_name;
use super::oidc::OidcProvider;
use super::origin::CredentialsOrigin;
use super::problem::{CredentialsProblem, Renewal};
use super::process::ProcessProvider;
use super::provider::{ProviderConfig, ProviderKind};
use super::sts::StsEndpoint;
use crate::bounded_read::read_text;
use crate::endpoint::is_loopback;
use crate::environment::Environment;
use crate::options::Options;

/// The switch that forbids programs which print credentials.
const NO_PROCESS: &str = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS";

/// Returns the provider of a profile: the given one, that of `ALIBABA_CLOUD_PROFILE`, or the file's `current`.
pub(super) fn provider(
    environment: &Environment,
    options: &Options,
    profile: Option<&str>,
) -> Result<ProviderConfig, ProviderError> {
    if environment.is_on(CLI_PROFILE_DISABLED) && profile.is_none() {
        return Err(ProviderError::NotConfigured(
            CredentialsProblem::SwitchedOn(CLI_PROFILE_DISABLED),
        ));
    }
    let path = match (environment.variable(CONFIG_FILE), &environment.home) {
        (Some(path), _) => PathBuf::from(path),
        (None, Some(home)) => home.join(".aliyun/config.json"),
        (None, None) => {
            return Err(ProviderError::NotConfigured(CredentialsProblem::NoHome));
        }
    };
    let text = read_text(&path)?;
    let path = path.display().to_string();
    let profiles = Profiles::parse(&text, &path, environment, options)
        .map_err(|problem| ProviderError::Broken(problem.of_place(path.as_str())))?;
    let selected = profile
        .map(str::to_owned)
        .or_else(|| environment.variable(PROFILE));
    let (name, profile) = match (selected.as_deref(), profiles.current.as_deref()) {
        // The INI file may have the profile.
        (Some(name), _) => (
            name,
            profiles.find(name).map_err(ProviderError::NotConfigured)?,
        ),
        (None, Some(name)) => (name, profiles.find_current(name)?),
        (None, None) => {
            return Err(ProviderError::NotConfigured(
                CredentialsProblem::NoCurrent { path: path.into() },
            ));
        }
    };
    profile.provider(&mut vec![name])
}

/// The parsed file. Values are read one by one, so that no error of a parser can quote one.
struct Profiles<'a> {
    current: Option<String>,
    list: Vec<Map<String, Value>>,
    path: &'a str,
    environment: &'a Environment,
    options: &'a Options,
}

impl<'a> Profiles<'a> {
    fn parse(
        text: &str,
        path: &'a str,
        environment: &'a Environment,
        options: &'a Options,
    ) -> Result<Self, CredentialsProblem> {
        let file: Value = serde_json::from_str(text).map_err(|error| CredentialsProblem::Json {
            line: error.line(),
            column: error.column(),
        })?;
        register_secrets(&file, environment);
        let list = match file.get("profiles") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => list
                .iter()
                .filter_map(|profile| profile.as_object().cloned())
                .collect(),
            Some(_) => return Err(CredentialsProblem::ProfilesNotList),
        };
        Ok(Self {
            current: current(&file)?,
            list,
            path,
            environment,
            options,
        })
    }

    /// Returns the `current` profile.
    fn find_current(&self, name: &str) -> Result<Profile<'_>, ProviderError> {
        self.find(name).map_err(|problem| {
            ProviderError::Broken(CredentialsProblem::Current {
                name: name.into(),
                problem: Box::new(problem),
            })
        })
    }

    /// Returns the profile of a name.
    ///
    /// # Errors
    ///
    /// A message with the existing profiles.
    fn find(&self, name: &str) -> Result<Profile<'_>, CredentialsProblem> {
        let path = self.path;
        let named =
            |fields: &&Map<String, Value>| fields.get("name").and_then(Value::as_str) == Some(name);
        if let Some(fields) = self.list.iter().find(named) {
            return Ok(Profile {
                origin: Arc::new(CredentialsOrigin::CliProfile {
                    name: name.into(),
                    path: path.into(),
                }),
                fields,
                all: self,
            });
        }
        let names: Vec<_> = self
            .list
            .iter()
            .filter_map(|profile| profile.get("name")?.as_str())
            .collect();
        Err(CredentialsProblem::NoProfile {
            path: path.into(),
            name: name.into(),
            guess: nearest_name(name, names.iter().copied()).map(Into::into),
            names: names.into_iter().map(Into::into).collect(),
        })
    }
}

/// Returns the name of the `current` profile; `None` if it is absent, null or empty.
fn current(file: &Value) -> Result<Option<String>, CredentialsProblem> {
    match file.get("current") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(name)) => Ok(Some(name.clone()).filter(|name| !name.is_empty())),
        Some(_) => Err(CredentialsProblem::NotText {
            key: "current".into(),
        }),
    }
}

/// Registers the values of all profiles whose keys suggest a secret.
fn register_secrets(file: &Value, environment: &Environment) {
    let profiles = file.get("profiles").and_then(Value::as_array);
    for (key, value) in profiles
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .flatten()
    {
        if let Some(text) = value.as_str() {
            environment.secrets.add_named(key, text);
        }
    }
}

/// One profile.
struct Profile<'a> {
    /// The description for messages.
    origin: Arc<CredentialsOrigin>,
    fields: &'a Map<String, Value>,
    all: &'a Profiles<'a>,
}

impl<'a> Profile<'a> {
    /// Returns the provider of the profile. `seen` are the profiles that refer to it, and itself last.
    fn provider(&self, seen: &mut Vec<&'a str>) -> Result<ProviderConfig, ProviderError> {
        // A profile without a mode dates from when AK was the only one.
        let mode = self.text("mode")?.unwrap_or("AK");
        // The CLI ignores the case of modes.
        let kind = match mode.to_ascii_lowercase().as_str() {
            "ak" => ProviderKind::Static(self.keys(false)?),
            "ststoken" => ProviderKind::Static(self.keys(true)?),
            "oauth" => ProviderKind::Static(self.oauth_keys()?),
            "ramrolearn" => {
                let keys = self.keys(self.text("sts_token")?.is_some())?;
                let base = ProviderConfig {
                    origin: Arc::clone(&self.origin),
                    kind: ProviderKind::Static(keys),
                };
                ProviderKind::AssumeRole {
                    base: Box::new(base),
                    role: self.role()?,
                }
            }
            "chainableramrolearn" => ProviderKind::AssumeRole {
                base: Box::new(self.base(seen)?),
                role: self.role()?,
            },
            "ecsramrole" => ProviderKind::InstanceRole(InstanceRoleProvider {
                name: self.text("ram_role_name")?.map(str::to_owned),
                is_optional: false,
            }),
            "oidc" => ProviderKind::Oidc(OidcProvider {
                provider_arn: self.required("oidc_provider_arn")?.to_owned(),
                token_file: PathBuf::from(self.required("oidc_token_file")?),
                token_file_key: "`oidc_token_file`",
                role: self.role()?,
            }),
            "external" => ProviderKind::Process(ProcessProvider {
                command: self.command()?,
            }),
            "credentialsuri" => ProviderKind::Uri(UriProvider {
                url: self.url("credentials_uri")?,
            }),
            "cloudsso" => ProviderKind::CloudSso(self.cloud_sso()?),
            _ => {
                return Err(self.broken(CredentialsProblem::Mode { mode: mode.into() }));
            }
        };
        Ok(ProviderConfig {
            origin: Arc::clone(&self.origin),
            kind,
        })
    }

    fn keys(&self, with_token: bool) -> Result<Credentials, ProviderError> {
        let names = ["access_key_id", "access_key_secret", "sts_token"];
        let values = [
            self.text(names[0])?,
            self.text(names[1])?,
            if with_token {
                self.text(names[2])?
            } else {
                Some("")
            },
        ];
        if values[0].is_none() && values[1].is_none() {
            // The CLI writes such a profile before it is configured.
            return Err(ProviderError::NotConfigured(
                CredentialsProblem::NoAccessKey {
                    origin: Arc::clone(&self.origin),
                },
            ));
        }
        if let Some((name, _)) = names.iter().zip(values).find(|(_, value)| value.is_none()) {
            return Err(self.missing(name));
        }
        let credentials =
            Credentials::new(&self.origin, values.map(Option::unwrap_or_default), names);
        credentials.map_err(|error| self.broken(error.into()))
    }

    /// Returns the temporary credentials that the CLI stored. It must renew them itself, in its file.
    fn oauth_keys(&self) -> Result<Credentials, ProviderError> {
        let expires = self.not_expired("sts_expiration", Renewal::Command)?;
        Ok(Credentials {
            expires: Some(expires),
            ..self.keys(true)?
        })
    }

    fn role(&self) -> Result<Role, ProviderError> {
        let vpc = self
            .fields
            .get("enable_vpc")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        let sts = StsEndpoint::configured(self.all.environment, self.all.options);
        // The key of the CLI and most SDKs is `ram_session_name`, that of the Python SDK `role_session_name`.
        let session_name = self
            .text("ram_session_name")?
            .or(self.text("role_session_name")?);
        let duration_s = self
            .seconds("expired_seconds")
            .and_then(|seconds| u32::try_from(seconds).ok());
        Ok(Role {
            arn: self.required("ram_role_arn")?.to_owned(),
            session_name: session_name.map(str::to_owned),
            duration_s: duration_s.filter(|seconds| *seconds > 0),
            external_id: self.text("external_id")?.map(str::to_owned),
            policy: self.text("policy")?.map(str::to_owned),
            sts: sts.or(self.text("sts_endpoint")?, self.text("sts_region")?, vpc),
        })
    }

    /// Returns the provider of the profile whose credentials assume the role.
    fn base(&self, seen: &mut Vec<&'a str>) -> Result<ProviderConfig, ProviderError> {
        let name = self.required("source_profile")?;
        if seen.contains(&name) {
            let names = seen.iter().chain([&name]);
            let names = names.map(|name| Box::from(*name)).collect();
            return Err(self.broken(CredentialsProblem::Cycle { names }));
        }
        let base = self
            .all
            .find(name)
            .map_err(|problem| self.broken(problem.of_place("`source_profile`")))?;
        seen.push(name);
        match base.provider(seen) {
            // The base of a profile is not optional.
            Err(ProviderError::NotConfigured(problem)) => Err(self.broken(problem)),
            provider => provider,
        }
    }

    fn command(&self) -> Result<Vec<String>, ProviderError> {
        if self.all.environment.is_on(NO_PROCESS) {
            return Err(self.broken(CredentialsProblem::SwitchedOn(NO_PROCESS)));
        }
        shlex::split(self.required("process_command")?)
            .filter(|words| !words.is_empty())
            .ok_or_else(|| {
                self.broken(CredentialsProblem::OpenQuote {
                    key: "process_command".into(),
                })
            })
    }

    fn cloud_sso(&self) -> Result<CloudSsoProvider, ProviderError> {
        self.not_expired("cloud_sso_access_token_expire", Renewal::SignIn)?;
        let key = "cloud_sso_sign_in_url";
        let mut url = self.url(key)?;
        if url.scheme() != "https" && !is_loopback(&url) {
            return Err(self.broken(CredentialsProblem::NotEncrypted { key }));
        }
        url.set_path("/cloud-credentials");
        url.set_query(None);
        url.set_fragment(None);
        Ok(CloudSsoProvider {
            url,
            account_id: self.required("cloud_sso_account_id")?.to_owned(),
            access_config: self.required("cloud_sso_access_config")?.to_owned(),
            access_token: SecretString::from(self.required("access_token")?),
        })
    }

    /// Returns a time in epoch seconds that must be in the future.
    fn not_expired(&self, key: &str, renewal: Renewal) -> Result<Timestamp, ProviderError> {
        let time = self
            .seconds(key)
            .and_then(|seconds| Timestamp::from_second(seconds).ok());
        let time = time.ok_or_else(|| self.missing(key))?;
        if time <= (self.all.environment.now)() {
            return Err(self.broken(CredentialsProblem::Expired { time, renewal }));
        }
        Ok(time)
    }

    fn seconds(&self, key: &str) -> Option<i64> {
        self.fields.get(key).and_then(Value::as_i64)
    }

    fn url(&self, key: &str) -> Result<Url, ProviderError> {
        http_url(self.required(key)?).ok_or_else(|| {
            self.broken(CredentialsProblem::NotUrl {
                setting: format!("`{key}`").into(),
            })
        })
    }

    /// Returns a string; `None` if it is absent or empty, since the CLI writes both.
    fn text(&self, key: &str) -> Result<Option<&'a str>, ProviderError> {
        match self.fields.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
            Some(_) => Err(self.broken(CredentialsProblem::NotText { key: key.into() })),
        }
    }

    fn required(&self, key: &str) -> Result<&'a str, ProviderError> {
        self.text(key)?.ok_or_else(|| self.missing(key))
    }

    fn missing(&self, key: &str) -> ProviderError {
        self.broken(CredentialsProblem::Missing { key: key.into() })
    }

    fn broken(&self, problem: CredentialsProblem) -> ProviderError {
        ProviderError::Broken(problem.of_origin(&self.origin))
    }
}
