//! `~/.aliyun/config.json`: the profiles of the aliyun CLI.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use reqwest::Url;
use secrecy::SecretString;
use serde_json::{Map, Value};

use super::Credentials;
use super::environment::http_url;
use super::named::{CLI_PROFILE_DISABLED, CONFIG_FILE, PROFILE};
use super::recipe::{CloudSso, Recipe, Role, Sts, TokenFile, Way};
use super::source::Unusable;
use crate::file;
use crate::options::{Options, Outside};

/// The profile: the one somebody names, else `ALIBABA_CLOUD_PROFILE`, else the file's `current`.
pub(super) fn recipe(
    outside: &Outside,
    options: &Options,
    profile: Option<&str>,
) -> Result<Recipe, Unusable> {
    if outside.is_on(CLI_PROFILE_DISABLED) && profile.is_none() {
        return Err(Unusable::NotConfigured(format!(
            "{CLI_PROFILE_DISABLED} is true"
        )));
    }
    let path = match (outside.variable(CONFIG_FILE), &outside.home) {
        (Some(path), _) => PathBuf::from(path),
        (None, Some(home)) => home.join(".aliyun/config.json"),
        (None, None) => {
            return Err(Unusable::NotConfigured(
                "there is no home folder to look in".to_owned(),
            ));
        }
    };
    let text = file::read(&path)?;
    let path = path.display().to_string();
    let profiles = Profiles::parse(&text, &path, outside, options)
        .map_err(|problem| Unusable::Broken(format!("{path}: {problem}")))?;
    let chosen = profile
        .map(str::to_owned)
        .or_else(|| outside.variable(PROFILE));
    let (name, profile) = match (chosen.as_deref(), profiles.current.as_deref()) {
        // The other file may have it.
        (Some(name), _) => (name, profiles.find(name).map_err(Unusable::NotConfigured)?),
        (None, Some(name)) => (name, profiles.find_current(name)?),
        (None, None) => {
            return Err(Unusable::NotConfigured(format!(
                "{path} has no `current` profile"
            )));
        }
    };
    profile.recipe(&mut vec![name])
}

/// The file, as far as it is understood. Values are taken out one by one, so that no message can quote one.
struct Profiles<'a> {
    current: Option<String>,
    list: Vec<Map<String, Value>>,
    path: &'a str,
    outside: &'a Outside,
    options: &'a Options,
}

impl<'a> Profiles<'a> {
    fn parse(
        text: &str,
        path: &'a str,
        outside: &'a Outside,
        options: &'a Options,
    ) -> Result<Self, String> {
        let file: Value = serde_json::from_str(text).map_err(|error| {
            format!(
                "no JSON at line {}, column {}",
                error.line(),
                error.column()
            )
        })?;
        register_secrets(&file, outside);
        let list = match file.get("profiles") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => list
                .iter()
                .filter_map(|it| it.as_object().cloned())
                .collect(),
            Some(_) => return Err("`profiles` is no list".to_owned()),
        };
        Ok(Self {
            current: current(&file)?,
            list,
            path,
            outside,
            options,
        })
    }

    /// Returns the profile that the file chooses.
    fn find_current(&self, name: &str) -> Result<Profile<'_>, Unusable> {
        self.find(name)
            .map_err(|problem| Unusable::Broken(format!("`current` is `{name}`, but {problem}")))
    }

    /// The profile of a name; says which there are where there is none.
    fn find(&self, name: &str) -> Result<Profile<'_>, String> {
        let path = self.path;
        let named =
            |fields: &&Map<String, Value>| fields.get("name").and_then(Value::as_str) == Some(name);
        if let Some(fields) = self.list.iter().find(named) {
            return Ok(Profile {
                origin: format!("profile `{name}` of {path}").into(),
                fields,
                all: self,
            });
        }
        let names: Vec<_> = self
            .list
            .iter()
            .filter_map(|it| it.get("name")?.as_str())
            .collect();
        let has = if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(", ")
        };
        Err(format!("{path} has no profile `{name}`; it has: {has}"))
    }
}

/// Returns the name of the profile that the file chooses; absent, null and empty are the same.
fn current(file: &Value) -> Result<Option<String>, String> {
    match file.get("current") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(name)) => Ok(Some(name.clone()).filter(|name| !name.is_empty())),
        Some(_) => Err("`current` is no text".to_owned()),
    }
}

/// Registers the texts of the file whose keys promise a secret, in every profile: an error may quote any of them.
fn register_secrets(file: &Value, outside: &Outside) {
    let profiles = file.get("profiles").and_then(Value::as_array);
    for (key, value) in profiles
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .flatten()
    {
        if let Some(text) = value.as_str() {
            outside.secrets.add_named(key, text);
        }
    }
}

/// One profile.
struct Profile<'a> {
    /// What people call it.
    origin: Arc<str>,
    fields: &'a Map<String, Value>,
    all: &'a Profiles<'a>,
}

impl<'a> Profile<'a> {
    /// `seen` are the profiles that led here, this one last.
    fn recipe(&self, seen: &mut Vec<&'a str>) -> Result<Recipe, Unusable> {
        // A profile without a mode is of the time when there was one.
        let mode = self.text("mode")?.unwrap_or("AK");
        // The CLI compares modes without case.
        let way = match mode.to_ascii_lowercase().as_str() {
            "ak" => Way::Static(self.keys(false)?),
            "ststoken" => Way::Static(self.keys(true)?),
            "oauth" => Way::Static(self.oauth_keys()?),
            "ramrolearn" => {
                let keys = self.keys(self.text("sts_token")?.is_some())?;
                let base = Recipe {
                    origin: Arc::clone(&self.origin),
                    way: Way::Static(keys),
                };
                Way::AssumeRole {
                    base: Box::new(base),
                    role: self.role()?,
                }
            }
            "chainableramrolearn" => Way::AssumeRole {
                base: Box::new(self.base(seen)?),
                role: self.role()?,
            },
            "ecsramrole" => Way::InstanceRole {
                name: self.text("ram_role_name")?.map(str::to_owned),
                looked_for: false,
            },
            "oidc" => Way::Oidc {
                provider_arn: self.required("oidc_provider_arn")?.to_owned(),
                token_file: TokenFile {
                    path: PathBuf::from(self.required("oidc_token_file")?),
                    key: "`oidc_token_file`",
                },
                role: self.role()?,
            },
            "external" => Way::Command {
                words: self.command()?,
            },
            "credentialsuri" => Way::Uri(self.url("credentials_uri")?),
            "cloudsso" => Way::CloudSso(self.cloud_sso()?),
            _ => {
                return Err(self.broken(&format!(
                    "mode `{mode}` brings no credentials for this; choose another profile"
                )));
            }
        };
        Ok(Recipe {
            origin: Arc::clone(&self.origin),
            way,
        })
    }

    fn keys(&self, with_token: bool) -> Result<Credentials, Unusable> {
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
            // What the CLI writes before anybody configures it.
            return Err(Unusable::NotConfigured(format!(
                "{} holds no keys",
                self.origin
            )));
        }
        if let Some((name, _)) = names.iter().zip(values).find(|(_, value)| value.is_none()) {
            return Err(self.missing(name));
        }
        let credentials =
            Credentials::new(&self.origin, values.map(Option::unwrap_or_default), names);
        credentials.map_err(|error| self.broken(&error.to_string()))
    }

    /// What the CLI got the last time it signed in. Renewing it would write to the file, which is the CLI's.
    fn oauth_keys(&self) -> Result<Credentials, Unusable> {
        let expires = self.not_expired(
            "sts_expiration",
            "run any command of the aliyun CLI with it, which renews it",
        )?;
        Ok(Credentials {
            expires: Some(expires),
            ..self.keys(true)?
        })
    }

    fn role(&self) -> Result<Role, Unusable> {
        let vpc = self
            .fields
            .get("enable_vpc")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        let sts = Sts::configured(self.all.outside, self.all.options);
        // The CLI and most SDKs call it `ram_session_name`, the Python SDK `role_session_name`.
        let session_name = self
            .text("ram_session_name")?
            .or(self.text("role_session_name")?);
        Ok(Role {
            arn: self.required("ram_role_arn")?.to_owned(),
            session_name: session_name.map(str::to_owned),
            duration_s: self
                .seconds("expired_seconds")
                .and_then(|it| u32::try_from(it).ok())
                .filter(|it| *it > 0),
            external_id: self.text("external_id")?.map(str::to_owned),
            policy: self.text("policy")?.map(str::to_owned),
            sts: sts.or(self.text("sts_endpoint")?, self.text("sts_region")?, vpc),
        })
    }

    /// The profile whose credentials assume the role.
    fn base(&self, seen: &mut Vec<&'a str>) -> Result<Recipe, Unusable> {
        let name = self.required("source_profile")?;
        if seen.contains(&name) {
            return Err(self.broken(&format!(
                "the source profiles go in a circle: {} → {name}",
                seen.join(" → ")
            )));
        }
        let base = self
            .all
            .find(name)
            .map_err(|problem| self.broken(&format!("`source_profile`: {problem}")))?;
        seen.push(name);
        match base.recipe(seen) {
            // What this profile is built on is no longer optional.
            Err(Unusable::NotConfigured(problem)) => Err(self.broken(&problem)),
            recipe => recipe,
        }
    }

    fn command(&self) -> Result<Vec<String>, Unusable> {
        if self
            .all
            .outside
            .is_on("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS")
        {
            return Err(self.broken("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS is true"));
        }
        let words =
            shlex::split(self.required("process_command")?).filter(|words| !words.is_empty());
        words.ok_or_else(|| self.broken("`process_command` has a quote that does not end"))
    }

    fn cloud_sso(&self) -> Result<CloudSso, Unusable> {
        self.not_expired(
            "cloud_sso_access_token_expire",
            "sign in again with the aliyun CLI",
        )?;
        let mut url = self.url("cloud_sso_sign_in_url")?;
        if url.scheme() != "https" && !crate::endpoint::is_loopback(&url) {
            return Err(self
                .broken("`cloud_sso_sign_in_url` is not https, and a token would be sent to it"));
        }
        url.set_path("/cloud-credentials");
        url.set_query(None);
        url.set_fragment(None);
        Ok(CloudSso {
            url,
            account_id: self.required("cloud_sso_account_id")?.to_owned(),
            access_config: self.required("cloud_sso_access_config")?.to_owned(),
            access_token: SecretString::from(self.required("access_token")?),
        })
    }

    /// A time in epoch seconds that must be to come.
    fn not_expired(&self, key: &str, help: &str) -> Result<Timestamp, Unusable> {
        let expires = self
            .seconds(key)
            .and_then(|seconds| Timestamp::from_second(seconds).ok());
        let expires = expires.ok_or_else(|| self.missing(key))?;
        if expires <= (self.all.outside.now)() {
            return Err(self.broken(&format!("what it holds expired at {expires}; {help}")));
        }
        Ok(expires)
    }

    fn seconds(&self, key: &str) -> Option<i64> {
        self.fields.get(key).and_then(Value::as_i64)
    }

    fn url(&self, key: &str) -> Result<Url, Unusable> {
        http_url(self.required(key)?)
            .ok_or_else(|| self.broken(&format!("`{key}` is no http or https URL")))
    }

    /// A text; absent and empty are the same, as the CLI writes both.
    fn text(&self, key: &str) -> Result<Option<&'a str>, Unusable> {
        match self.fields.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
            Some(_) => Err(self.broken(&format!("`{key}` is no text"))),
        }
    }

    fn required(&self, key: &str) -> Result<&'a str, Unusable> {
        self.text(key)?.ok_or_else(|| self.missing(key))
    }

    fn missing(&self, key: &str) -> Unusable {
        self.broken(&format!("`{key}` is missing"))
    }

    fn broken(&self, problem: &str) -> Unusable {
        Unusable::Broken(format!("{}: {problem}", self.origin))
    }
}
