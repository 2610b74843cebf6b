//! `~/.alibabacloud/credentials`: the INI file of the SDKs.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::Credentials;
use super::assume_role::Role;
use super::error::ProviderError;
use super::file_variables::{CREDENTIALS_FILE, PROFILE};
use super::instance_role::InstanceRoleProvider;
use super::nearest_name::nearest_name;
use super::oidc::OidcProvider;
use super::origin::CredentialsOrigin;
use super::problem::CredentialsProblem;
use super::provider::{ProviderConfig, ProviderKind};
use super::sts::StsEndpoint;
use crate::bounded_read::{FileError, read_text};
use crate::environment::Environment;
use crate::options::Options;

/// Returns the provider of a section: the given one, that of `ALIBABA_CLOUD_PROFILE`, or `default`.
pub(super) fn provider(
    environment: &Environment,
    options: &Options,
    profile: Option<&str>,
) -> Result<ProviderConfig, ProviderError> {
    let (path, text) = find(environment)?;
    register_secrets(&text, environment);
    let selected = profile
        .map(str::to_owned)
        .or_else(|| environment.variable(PROFILE));
    let name = selected.as_deref().unwrap_or("default");
    let origin = Arc::new(CredentialsOrigin::Section {
        name: name.into(),
        path: path.display().to_string().into(),
    });
    let fields = match section(&text, name) {
        Ok(Some(fields)) => fields,
        Ok(None) => {
            let guess = nearest_name(name, text.lines().filter_map(header));
            return Err(ProviderError::NotConfigured(
                CredentialsProblem::NoSection {
                    path: path.display().to_string().into(),
                    name: name.into(),
                    guess: guess.map(Into::into),
                },
            ));
        }
        Err(problem) => return Err(ProviderError::Broken(problem.of_origin(&origin))),
    };
    Section { origin, fields }.provider(StsEndpoint::configured(environment, options))
}

/// Returns the path and text of the file. Its default name differs between SDKs, so both names are tried.
fn find(environment: &Environment) -> Result<(PathBuf, String), ProviderError> {
    let paths = match (environment.variable(CREDENTIALS_FILE), &environment.home) {
        (Some(path), _) => vec![PathBuf::from(path)],
        (None, Some(home)) => ["credentials", "credentials.ini"]
            .map(|name| home.join(".alibabacloud").join(name))
            .into(),
        (None, None) => {
            return Err(ProviderError::NotConfigured(CredentialsProblem::NoHome));
        }
    };
    let mut missing = Vec::new();
    for path in paths {
        match read_text(&path) {
            Ok(text) => return Ok((path, text)),
            Err(error @ FileError::Missing(_)) => missing.push(error),
            Err(error) => return Err(error.into()),
        }
    }
    Err(ProviderError::NotConfigured(
        CredentialsProblem::MissingFiles { missing },
    ))
}

/// Registers the values of all sections whose keys suggest a secret, whatever the syntax of the line.
fn register_secrets(text: &str, environment: &Environment) {
    for line in text.lines().map(str::trim) {
        let Some((key, value)) = line.split_once(['=', ':', ' ', '\t']) else {
            continue;
        };
        let value = value.trim_start_matches(['=', ':', ' ', '\t']);
        for value in [value, value.split('#').next().unwrap_or_default()] {
            environment
                .secrets
                .add_named(key, value.trim().trim_matches(['"', '\'']));
        }
    }
}

/// Returns the keys of a section, in lower case. Sections with the same name are merged, and the last value of a key
/// has precedence. The case of the name is ignored if no section has the exact name.
///
/// The syntax is a union of that of the SDKs' parsers: `=` and `:` separate a key and value, a value may be quoted, and
/// `#` and `;` start a comment, also after a value.
///
/// # Errors
///
/// The key of a value with an unclosed quote.
fn section<'a>(
    text: &'a str,
    name: &str,
) -> Result<Option<HashMap<String, &'a str>>, CredentialsProblem> {
    let headers = || text.lines().filter_map(header);
    let same_case = headers().any(|header| header == name);
    let is_selected = |header: &str| {
        if same_case {
            header == name
        } else {
            header.eq_ignore_ascii_case(name)
        }
    };
    if !headers().any(is_selected) {
        return Ok(None);
    }
    let mut fields = HashMap::new();
    let mut in_section = false;
    for line in text.lines().map(str::trim) {
        if let Some(header) = header(line) {
            in_section = is_selected(header);
        } else if in_section
            && !line.starts_with(['#', ';'])
            && let Some((key, value)) = line.split_once(['=', ':'])
        {
            let key = unquoted(key.trim()).to_ascii_lowercase();
            let Some(value) = parse_value(value.trim()) else {
                return Err(CredentialsProblem::OpenQuote { key: key.into() });
            };
            fields.insert(key, value);
        }
    }
    Ok(Some(fields))
}

/// Returns the name of the section that a line starts.
fn header(line: &str) -> Option<&str> {
    let (name, _) = line.trim().strip_prefix('[')?.split_once(']')?;
    Some(name.trim())
}

/// Returns a value without its quotes and comment; `None` if its quote is unclosed.
fn parse_value(text: &str) -> Option<&str> {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => Some(text.get(1..)?.split_once(quote)?.0.trim()),
        _ => Some(text.split(['#', ';']).next().unwrap_or_default().trim()),
    }
}

fn unquoted(key: &str) -> &str {
    let inner = |quote| {
        key.strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote))
    };
    inner('"').or_else(|| inner('\'')).unwrap_or(key)
}

/// A section.
struct Section<'a> {
    origin: Arc<CredentialsOrigin>,
    fields: HashMap<String, &'a str>,
}

impl Section<'_> {
    fn provider(&self, sts: StsEndpoint) -> Result<ProviderConfig, ProviderError> {
        let kind = match self.required("type")? {
            "access_key" => ProviderKind::Static(self.keys()?),
            "ecs_ram_role" => ProviderKind::InstanceRole(InstanceRoleProvider {
                name: self.optional("role_name").map(str::to_owned),
                is_optional: false,
            }),
            "ram_role_arn" => {
                let base = ProviderConfig {
                    origin: Arc::clone(&self.origin),
                    kind: ProviderKind::Static(self.keys()?),
                };
                ProviderKind::AssumeRole {
                    base: Box::new(base),
                    role: self.role(sts)?,
                }
            }
            "oidc_role_arn" => ProviderKind::Oidc(OidcProvider {
                provider_arn: self.required("oidc_provider_arn")?.to_owned(),
                token_file: PathBuf::from(self.required("oidc_token_file_path")?),
                token_file_key: "`oidc_token_file_path`",
                role: self.role(sts)?,
            }),
            "rsa_key_pair" => {
                return Err(self.broken(CredentialsProblem::RsaKeyPair));
            }
            other => {
                return Err(self.broken(CredentialsProblem::SectionType {
                    found: other.into(),
                }));
            }
        };
        Ok(ProviderConfig {
            origin: Arc::clone(&self.origin),
            kind,
        })
    }

    fn keys(&self) -> Result<Credentials, ProviderError> {
        let names = ["access_key_id", "access_key_secret", ""];
        let parts = [self.required(names[0])?, self.required(names[1])?, ""];
        Credentials::new(&self.origin, parts, names).map_err(|error| self.broken(error.into()))
    }

    fn role(&self, sts: StsEndpoint) -> Result<Role, ProviderError> {
        Ok(Role {
            session_name: self.optional("role_session_name").map(str::to_owned),
            policy: self.optional("policy").map(str::to_owned),
            ..Role::new(self.required("role_arn")?.to_owned(), sts)
        })
    }

    fn optional(&self, key: &str) -> Option<&str> {
        self.fields
            .get(key)
            .copied()
            .filter(|value| !value.is_empty())
    }

    fn required(&self, key: &str) -> Result<&str, ProviderError> {
        self.optional(key)
            .ok_or_else(|| self.broken(CredentialsProblem::Missing { key: key.into() }))
    }

    fn broken(&self, problem: CredentialsProblem) -> ProviderError {
        ProviderError::Broken(problem.of_origin(&self.origin))
    }
}

#[cfg(test)]
mod tests {
    use super::{CredentialsProblem, section};

    /// Returns the values of `[default]`, sorted by key; `None` if the file has no such section.
    fn read(text: &str) -> Option<String> {
        let fields = section(text, "default").expect("closed quotes")?;
        let mut pairs: Vec<_> = fields
            .into_iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        pairs.sort();
        Some(pairs.join(" "))
    }

    #[test]
    fn the_syntax_of_all_sdks_is_supported() {
        let cases = [
            ("[default]\na = foo", "a=foo"),
            ("[default]\na=foo\nb=bar", "a=foo b=bar"),
            ("[default]\na = \"foo\"", "a=foo"),
            ("[default]\na = 'foo'", "a=foo"),
            ("[default]\na: foo", "a=foo"),
            ("[default]\na : \"foo\"", "a=foo"),
            ("[default]\n\"a\" = foo", "a=foo"),
            ("[default]\nA = foo", "a=foo"),
            (
                "[default]\narn = acs:ram::1:role/x",
                "arn=acs:ram::1:role/x",
            ),
            (
                "[default]\narn: acs:ram::1:role/x=y",
                "arn=acs:ram::1:role/x=y",
            ),
            ("[default]\na = foo # words", "a=foo"),
            ("[default]\na = foo ; words", "a=foo"),
            ("[default]\na = \"foo\" # words", "a=foo"),
            ("[default]\na = \"fo#o;\" ; words", "a=fo#o;"),
            ("[default]\na = 'fo\"o'", "a=fo\"o"),
            ("[default]\n# a = foo\n; a = foo", ""),
            ("[default]\na =", "a="),
            ("[default]\na = \"\"", "a="),
            ("[default]\nwords", ""),
            ("  [ default ]  # words\n\ta\t=\tfoo  ", "a=foo"),
            ("[default]\r\na = foo\r\nb = bar\r\n", "a=foo b=bar"),
            ("[Default]\na = foo", "a=foo"),
            ("[DEFAULT]\na = foo\n[default]\na = bar", "a=bar"),
            (
                "[default]\na = foo\n[other]\nb = bar\n[default]\nc = baz",
                "a=foo c=baz",
            ),
            ("[default]\na = foo\na = bar", "a=bar"),
            ("a = foo\n[default]\n[other]\na = bar", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).as_deref(), Some(expected), "{text:?}");
        }
        for text in [
            "",
            "a = foo",
            "[other]\na = foo",
            "[defaults]\na = foo",
            "[default",
            "# [default]\na = foo",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_unclosed_quote_names_its_key() {
        for text in [
            "[default]\na = \"foo",
            "[default]\na = 'foo\"",
            "[default]\na: \"",
        ] {
            assert_eq!(
                section(text, "default"),
                Err(CredentialsProblem::OpenQuote { key: "a".into() }),
                "{text:?}"
            );
        }
        assert!(
            section("[other]\na = \"foo\n[default]\n", "default").is_ok(),
            "another section is not parsed"
        );
    }
}
