//! Every secret that a run has learned of.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use acr_client::SecretSink;
use percent_encoding::percent_decode_str;

use super::names::{has_secret_value, is_webhook, webhook_path};
use super::redactor::Redactor;
use super::writer::RedactingWriter;

/// The fewest bytes of a secret: a shorter one is a part of ordinary words.
const MIN_BYTES: usize = 6;

/// The fewest digits of a secret of digits: a shorter one is a part of counts and times.
const MIN_DIGITS: usize = 14;

/// The fewest bytes of the path of a webhook that is secret without its host: a shorter one is a part of other addresses.
const MIN_PATH_BYTES: usize = 20;

/// The words of switches, which are no secrets whatever the name of the variable.
const SWITCHES: [&str; 4] = ["default", "disabled", "enabled", "required"];

/// The secrets of a run. A clone shares them.
#[derive(Clone, Default)]
pub struct SecretRegistry(Arc<Mutex<Secrets>>);

/// The sources of secrets that were found in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecretSources {
    /// The names of variables.
    pub variables: BTreeSet<String>,
    /// The number of secrets from elsewhere, such as files of credentials.
    pub others: usize,
}

impl SecretSources {
    /// Returns `true` if no secret was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.variables.is_empty() && self.others == 0
    }
}

#[derive(Default)]
struct Secrets {
    /// Each secret, with the variables that hold it; the empty name is any other source.
    known: BTreeMap<Box<str>, BTreeSet<Box<str>>>,
    public: BTreeSet<Box<str>>,
    /// The search for the known secrets; `None` after a change.
    redactor: Option<Arc<Redactor>>,
}

impl fmt::Debug for SecretRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretRegistry").finish_non_exhaustive()
    }
}

impl SecretSink for SecretRegistry {
    fn add(&self, secret: &str) {
        self.lock().add("", secret);
    }

    fn add_named(&self, key: &str, value: &str) {
        self.lock().add_named("", key, value);
    }
}

impl SecretRegistry {
    /// Registers a secret. One of several lines is secret line by line.
    pub fn add(&self, secret: &str) {
        self.lock().add("", secret);
    }

    /// Registers the value of a named setting, such as a key of a configuration file, if the name is that of a secret; and
    /// the password of any URL.
    pub fn add_named(&self, name: &str, value: &str) {
        self.lock().add_named("", name, value);
    }

    /// Registers the value of an environment variable in the same way; [`SecretRegistry::allow_variable`] revokes it.
    pub fn add_variable(&self, name: &str, value: &str) {
        self.lock().add_named(name, name, value);
    }

    /// Revokes the secrets of an environment variable, except those with another source.
    pub fn allow_variable(&self, name: &str) {
        let mut secrets = self.lock();
        secrets.known.retain(|_, sources| {
            sources.remove(name);
            !sources.is_empty()
        });
        secrets.redactor = None;
    }

    /// Declares a text public: it is never a secret, registered or not.
    pub fn publish(&self, text: &str) {
        let mut secrets = self.lock();
        secrets.known.remove(text);
        secrets.public.insert(text.into());
        secrets.redactor = None;
    }

    /// Returns the search for the secrets registered so far.
    #[must_use]
    pub fn redactor(&self) -> Arc<Redactor> {
        let mut secrets = self.lock();
        if let Some(redactor) = &secrets.redactor {
            return Arc::clone(redactor);
        }
        let redactor = Arc::new(Redactor::new(secrets.known.keys().map(|it| &**it)));
        secrets.redactor = Some(Arc::clone(&redactor));
        redactor
    }

    /// Returns the sources of the secrets in a text.
    #[must_use]
    pub fn sources_of(&self, text: &[u8]) -> SecretSources {
        let mut sources = SecretSources::default();
        if self.redactor().find(text).is_empty() {
            return sources;
        }
        for (secret, names) in &self.lock().known {
            if Redactor::new([&**secret]).find(text).is_empty() {
                continue;
            }
            for name in names {
                if name.is_empty() {
                    sources.others += 1;
                } else {
                    sources.variables.insert(name.to_string());
                }
            }
        }
        sources
    }

    /// Calls `write` with a writer that replaces every secret.
    ///
    /// # Errors
    ///
    /// Those of `write` and of the writer.
    pub fn write_redacted(
        &self,
        to: &mut dyn Write,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut redacted = RedactingWriter::new(self.redactor(), to);
        write(&mut redacted)?;
        redacted.finish()
    }

    fn lock(&self) -> MutexGuard<'_, Secrets> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Secrets {
    fn add_named(&mut self, source: &str, name: &str, value: &str) {
        if has_secret_value(name) {
            self.add(source, value);
        }
        if is_webhook(name, value) {
            self.add(source, value);
            // A message may contain the path without the host.
            if let Some(path) = webhook_path(value).filter(|path| path.len() >= MIN_PATH_BYTES) {
                self.add(source, path);
            }
        }
        // The URL of a proxy may lack its scheme.
        let proxy = format!("://{value}");
        let is_proxy = name.to_ascii_uppercase().ends_with("_PROXY") && !value.contains("://");
        for password in passwords(if is_proxy { &proxy } else { value }) {
            self.add(source, password);
            self.add(source, &percent_decode_str(password).decode_utf8_lossy());
        }
    }

    fn add(&mut self, source: &str, secret: &str) {
        for line in secret.lines().map(str::trim) {
            let is_number = line.bytes().all(|byte| byte.is_ascii_digit());
            let shortest = if is_number { MIN_DIGITS } else { MIN_BYTES };
            // A line of dashes begins and ends a key in a PEM file.
            if line.len() < shortest || line.starts_with("-----") || SWITCHES.contains(&line) {
                continue;
            }
            if !self.public.contains(line)
                && self
                    .known
                    .entry(line.into())
                    .or_default()
                    .insert(source.into())
            {
                self.redactor = None;
            }
        }
    }
}

/// Returns the passwords of the URLs in a text.
fn passwords(text: &str) -> impl Iterator<Item = &str> {
    text.split("://").skip(1).filter_map(|rest| {
        let authority = rest
            .split(['/', '?', '#', ' ', '\t', '\n', '"', '\''])
            .next()?;
        let (user, _) = authority.rsplit_once('@')?;
        Some(user.split_once(':')?.1)
    })
}

#[cfg(test)]
mod tests {
    use super::SecretRegistry;

    #[test]
    fn registered_secrets_are_found() {
        let secrets = SecretRegistry::default();
        secrets.add("  first-secret\n");
        secrets.add("-----BEGIN KEY-----\nMIIEvQIBADAN\n-----END KEY-----");
        secrets.add_named("access_token", "second-secret");
        secrets.add_named("region", "cn-shanghai");
        secrets.add_variable("SLACK_WEBHOOK", "https://hooks.example/services/T0/B0/x1y2");
        secrets.add_variable("HTTPS_PROXY", "http://user:p%40ss-word@proxy:3128");
        for short in ["", "short", "1234567890", "disabled"] {
            secrets.add(short);
        }
        let webhooks = "https://hooks.example/services/T0/B0/x1y2 POST /services/T0/B0/x1y2";
        assert_eq!(secrets.redactor().text(webhooks), "[secret] POST [secret]");
        let text = "first-secret second-secret cn-shanghai MIIEvQIBADAN p@ss-word short 1234567890 disabled -----BEGIN KEY";
        let shown = "[secret] [secret] cn-shanghai [secret] [secret] short 1234567890 disabled -----BEGIN KEY";
        assert_eq!(secrets.redactor().text(text), shown);
        assert!(!format!("{secrets:?} {:?}", secrets.redactor()).contains("secret\""));
    }

    #[test]
    fn a_text_names_the_variables_that_are_in_it() {
        let secrets = SecretRegistry::default();
        secrets.add_variable("A_TOKEN", "value-one");
        secrets.add_variable("B_TOKEN", "value-two");
        secrets.add_variable("PROXY", "http://me:value-one@proxy");
        secrets.add("value-three");
        let found = |text: &str| {
            let sources = secrets.sources_of(text.as_bytes());
            let names: Vec<_> = sources.variables.into_iter().collect();
            (names.join(" "), sources.others)
        };
        assert_eq!(found("value-one"), ("A_TOKEN PROXY".to_owned(), 0));
        assert_eq!(found("VALUE%2dtwo value-three"), ("B_TOKEN".to_owned(), 1));
        assert!(secrets.sources_of(b"value").is_empty());
    }

    #[test]
    fn an_allowed_variable_gives_its_value_back() {
        let secrets = SecretRegistry::default();
        secrets.add_variable("A_TOKEN", "value-one");
        secrets.add_variable("B_TOKEN", "value-one");
        secrets.allow_variable("A_TOKEN");
        assert_eq!(
            secrets.redactor().text("value-one"),
            "[secret]",
            "another variable holds it"
        );
        secrets.allow_variable("B_TOKEN");
        assert_eq!(secrets.redactor().text("value-one"), "value-one");
        secrets.add("public-key");
        secrets.publish("public-key");
        secrets.add("public-key");
        assert!(secrets.redactor().is_empty());
    }
}
