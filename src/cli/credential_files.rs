//! The secrets in the credential files of this user, for commands that quote files.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::files::HOME_FILES;
use crate::redaction::SecretRegistry;

/// The variables that name files of credentials.
const VARIABLES: [&str; 2] = [
    "ALIBABA_CLOUD_CONFIG_FILE",
    "ALIBABA_CLOUD_CREDENTIALS_FILE",
];

/// The largest part of a file that is searched, in bytes.
const LIMIT: u64 = 1 << 20;

/// Registers the secrets in the files, before the text of an input is quoted. Files that cannot be read are skipped: this
/// run cannot quote them either.
pub(super) fn register_secrets(
    var: &dyn Fn(&str) -> Option<String>,
    home: Option<&Path>,
    secrets: &SecretRegistry,
) {
    let home_files = home
        .iter()
        .flat_map(|home| HOME_FILES.map(|name| home.join(name)));
    let named = VARIABLES.iter().filter_map(|name| var(name));
    for path in home_files.chain(named.map(PathBuf::from)) {
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| file.take(LIMIT).read_to_end(&mut bytes));
        if read.is_ok() {
            register(&String::from_utf8_lossy(&bytes), secrets);
        }
    }
}

/// Registers the secrets in the text of a file, JSON or lines with `key = value`.
fn register(text: &str, secrets: &SecretRegistry) {
    if let Ok(value) = serde_json::from_str(text) {
        return register_values("", &value, secrets);
    }
    for line in text.lines() {
        if let Some((key, value)) = line.split_once('=') {
            let value = value.trim().trim_matches(['"', '\'']);
            secrets.add_named(key.trim(), value);
        }
    }
}

/// Registers the secrets in a JSON value, which is the value of a key.
fn register_values(key: &str, value: &Value, secrets: &SecretRegistry) {
    match value {
        Value::String(text) => secrets.add_named(key, text),
        Value::Array(values) => values
            .iter()
            .for_each(|value| register_values(key, value, secrets)),
        Value::Object(members) => members
            .iter()
            .for_each(|(key, value)| register_values(key, value, secrets)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::register;
    use crate::redaction::SecretRegistry;

    #[test]
    fn both_kinds_of_files_are_searched() {
        let secrets = SecretRegistry::default();
        register(
            r#"{"profiles": [{"name": "shop", "access_key_secret": "planted-one"}]}"#,
            &secrets,
        );
        register(
            "[default]\nname = shop\naccess_key_secret = \"planted-two\"\n",
            &secrets,
        );
        register("{\"access_key_secret\": \"cut off", &secrets);
        let shown = secrets
            .redactor()
            .text("shop planted-one planted-two")
            .into_owned();
        assert_eq!(shown, "shop [secret] [secret]");
    }
}
