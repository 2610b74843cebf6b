//! `~/.aliyun/config.json`: the profiles of the aliyun CLI.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::Credentials;
use super::source::{Recipe, Unusable};
use crate::client::file;
use crate::client::options::Outside;

/// Finds the profile: the one somebody names, else `ALIBABA_CLOUD_PROFILE`, else the file's `current`.
pub(super) fn recipe(outside: &Outside, profile: Option<&str>) -> Result<Recipe, Unusable> {
    if outside.is_on("ALIBABA_CLOUD_CLI_PROFILE_DISABLED") && profile.is_none() {
        return Err(Unusable::NotConfigured("ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true".to_owned()));
    }
    let path = match outside.variable("ALIBABA_CLOUD_CONFIG_FILE") {
        Some(path) => PathBuf::from(path),
        None => match &outside.home {
            Some(home) => home.join(".aliyun/config.json"),
            None => return Err(Unusable::NotConfigured("there is no home folder to look in".to_owned())),
        },
    };
    let text = file::read(&path)?;
    let chosen = profile.map(str::to_owned).or_else(|| outside.variable("ALIBABA_CLOUD_PROFILE"));
    let config = Config::parse(&text).map_err(|problem| Unusable::Broken(format!("{}: {problem}", path.display())))?;
    config.recipe(chosen.as_deref(), &path.display().to_string())
}

/// The file, as far as it is understood. Values are taken out one by one, so that no error message can quote one.
struct Config {
    current: Option<String>,
    profiles: Vec<Map<String, Value>>,
}

impl Config {
    fn parse(text: &str) -> Result<Self, String> {
        let file: Value = serde_json::from_str(text)
            .map_err(|error| format!("no JSON at line {}, column {}", error.line(), error.column()))?;
        let profiles = match file.get("profiles") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(profiles)) => profiles.iter().filter_map(|it| it.as_object().cloned()).collect(),
            Some(_) => return Err("`profiles` is no list".to_owned()),
        };
        Ok(Self { current: file.get("current").and_then(Value::as_str).map(str::to_owned), profiles })
    }

    fn recipe(&self, chosen: Option<&str>, path: &str) -> Result<Recipe, Unusable> {
        let Some(name) = chosen.or(self.current.as_deref()).filter(|name| !name.is_empty()) else {
            return Err(Unusable::NotConfigured(format!("{path} has no `current` profile")));
        };
        let is_it = |profile: &&Map<String, Value>| profile.get("name").and_then(Value::as_str) == Some(name);
        let Some(fields) = self.profiles.iter().find(is_it) else {
            let names: Vec<_> = self.profiles.iter().filter_map(|it| it.get("name")?.as_str()).collect();
            let has = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(Unusable::NotConfigured(format!("{path} has no profile `{name}`; it has: {has}")));
        };
        Profile { origin: format!("profile `{name}` of {path}"), fields }.recipe()
    }
}

/// One profile.
struct Profile<'a> {
    /// What people call it.
    origin: String,
    fields: &'a Map<String, Value>,
}

impl Profile<'_> {
    fn recipe(&self) -> Result<Recipe, Unusable> {
        // A profile without a mode is of the time when there was one.
        let mode = self.text("mode")?.unwrap_or("AK");
        let keys = ["access_key_id", "access_key_secret", "sts_token"];
        // The CLI compares modes without case.
        match mode.to_ascii_lowercase().as_str() {
            "ak" => self.keys([self.text(keys[0])?, self.text(keys[1])?, Some("")], keys),
            "ststoken" => self.keys([self.text(keys[0])?, self.text(keys[1])?, self.text(keys[2])?], keys),
            _ => Err(self.broken(&format!("mode `{mode}` is not supported yet"))),
        }
    }

    /// A text; absent and empty are the same, as the CLI writes both.
    fn text(&self, key: &str) -> Result<Option<&str>, Unusable> {
        match self.fields.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
            Some(_) => Err(self.broken(&format!("`{key}` is no text"))),
        }
    }

    fn keys(&self, values: [Option<&str>; 3], names: [&str; 3]) -> Result<Recipe, Unusable> {
        let [Some(id), Some(secret), Some(token)] = values else {
            if values[..2].iter().all(Option::is_none) {
                // What the CLI writes before anybody configures it.
                return Err(Unusable::NotConfigured(format!("{} holds no keys", self.origin)));
            }
            let missing = names.iter().zip(values).find(|(_, value)| value.is_none());
            return Err(self.broken(&format!("`{}` is missing", missing.map_or("", |(name, _)| name))));
        };
        let credentials = Credentials::new(&self.origin.as_str().into(), [id, secret, token], names);
        Ok(Recipe::Static(Arc::new(credentials.map_err(|error| self.broken(&error.to_string()))?)))
    }

    fn broken(&self, problem: &str) -> Unusable {
        Unusable::Broken(format!("{}: {problem}", self.origin))
    }
}
