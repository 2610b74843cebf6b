//! `~/.alibabacloud/credentials`: the SDKs' INI file.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::Credentials;
use super::recipe::{Recipe, Role, Sts, Way};
use super::source::Unusable;
use crate::client::file::{self, FileError};
use crate::client::options::{Options, Outside};

/// The section: the one somebody names, else `ALIBABA_CLOUD_PROFILE`, else `default`.
pub(super) fn recipe(outside: &Outside, options: &Options, profile: Option<&str>) -> Result<Recipe, Unusable> {
    let (path, text) = find(outside)?;
    let chosen = profile.map(str::to_owned).or_else(|| outside.variable("ALIBABA_CLOUD_PROFILE"));
    let name = chosen.as_deref().unwrap_or("default");
    let Some(fields) = section(&text, name) else {
        return Err(Unusable::NotConfigured(format!("{} has no section [{name}]", path.display())));
    };
    let origin = format!("section [{name}] of {}", path.display()).into();
    Section { origin, fields }.recipe(Sts::configured(outside, options))
}

/// The file. The SDKs do not agree on its default name, so both are looked for.
fn find(outside: &Outside) -> Result<(PathBuf, String), Unusable> {
    let paths = match (outside.variable("ALIBABA_CLOUD_CREDENTIALS_FILE"), &outside.home) {
        (Some(path), _) => vec![PathBuf::from(path)],
        (None, Some(home)) => {
            ["credentials", "credentials.ini"].map(|name| home.join(".alibabacloud").join(name)).into()
        }
        (None, None) => return Err(Unusable::NotConfigured("there is no home folder to look in".to_owned())),
    };
    let mut missing = Vec::new();
    for path in paths {
        match file::read(&path) {
            Ok(text) => return Ok((path, text)),
            Err(error @ FileError::Missing(_)) => missing.push(error.to_string()),
            Err(error) => return Err(error.into()),
        }
    }
    Err(Unusable::NotConfigured(missing.join(", ")))
}

/// The keys of a section. A value ends at a `#`, as the Python SDK has it; no value of ours holds one.
fn section<'a>(text: &'a str, name: &str) -> Option<HashMap<&'a str, &'a str>> {
    let mut found: Option<HashMap<_, _>> = None;
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            inside = header.0.trim() == name;
            if inside {
                found.get_or_insert_default();
            }
        } else if let Some((key, value)) = line.split_once('=')
            && let Some(fields) = found.as_mut().filter(|_| inside && !line.starts_with(['#', ';']))
        {
            let value = value.split('#').next().unwrap_or_default().trim();
            fields.insert(key.trim(), value);
        }
    }
    found
}

/// One section.
struct Section<'a> {
    origin: Arc<str>,
    fields: HashMap<&'a str, &'a str>,
}

impl Section<'_> {
    fn recipe(&self, sts: Sts) -> Result<Recipe, Unusable> {
        let way = match self.required("type")? {
            "access_key" => Way::Static(self.keys()?),
            "ecs_ram_role" => {
                Way::InstanceRole { name: self.optional("role_name").map(str::to_owned), looked_for: false }
            }
            "ram_role_arn" => {
                let base = Recipe { origin: Arc::clone(&self.origin), way: Way::Static(self.keys()?) };
                Way::AssumeRole { base: Box::new(base), role: self.role(sts)? }
            }
            "oidc_role_arn" => Way::Oidc {
                provider_arn: self.required("oidc_provider_arn")?.to_owned(),
                token_file: PathBuf::from(self.required("oidc_token_file_path")?),
                role: self.role(sts)?,
            },
            "rsa_key_pair" => {
                return Err(self.broken("type `rsa_key_pair` is no longer issued; use `access_key` or a role"));
            }
            other => return Err(self.broken(&format!("type `{other}` is not known"))),
        };
        Ok(Recipe { origin: Arc::clone(&self.origin), way })
    }

    fn keys(&self) -> Result<Credentials, Unusable> {
        let names = ["access_key_id", "access_key_secret", ""];
        let parts = [self.required(names[0])?, self.required(names[1])?, ""];
        Credentials::new(&self.origin, parts, names).map_err(|error| self.broken(&error.to_string()))
    }

    fn role(&self, sts: Sts) -> Result<Role, Unusable> {
        Ok(Role {
            arn: self.required("role_arn")?.to_owned(),
            session_name: self.optional("role_session_name").map(str::to_owned),
            duration_s: None,
            external_id: None,
            policy: self.optional("policy").map(str::to_owned),
            sts,
        })
    }

    fn optional(&self, key: &str) -> Option<&str> {
        self.fields.get(key).copied().filter(|value| !value.is_empty())
    }

    fn required(&self, key: &str) -> Result<&str, Unusable> {
        self.optional(key).ok_or_else(|| self.broken(&format!("`{key}` is missing")))
    }

    fn broken(&self, problem: &str) -> Unusable {
        Unusable::Broken(format!("{}: {problem}", self.origin))
    }
}
