//! `~/.alibabacloud/credentials`: the SDKs' INI file.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::Credentials;
use super::named::{CREDENTIALS_FILE, PROFILE};
use super::recipe::{Recipe, Role, Sts, TokenFile, Way};
use super::source::Unusable;
use crate::file::{self, FileError};
use crate::options::{Options, Outside};

/// The section: the one somebody names, else `ALIBABA_CLOUD_PROFILE`, else `default`.
pub(super) fn recipe(
    outside: &Outside,
    options: &Options,
    profile: Option<&str>,
) -> Result<Recipe, Unusable> {
    let (path, text) = find(outside)?;
    register_secrets(&text, outside);
    let chosen = profile
        .map(str::to_owned)
        .or_else(|| outside.variable(PROFILE));
    let name = chosen.as_deref().unwrap_or("default");
    let origin: Arc<str> = format!("section [{name}] of {}", path.display()).into();
    let fields = match section(&text, name) {
        Ok(Some(fields)) => fields,
        Ok(None) => {
            return Err(Unusable::NotConfigured(format!(
                "{} has no section [{name}]",
                path.display()
            )));
        }
        Err(problem) => return Err(Unusable::Broken(format!("{origin}: {problem}"))),
    };
    Section { origin, fields }.recipe(Sts::configured(outside, options))
}

/// The file. The SDKs do not agree on its default name, so both are looked for.
fn find(outside: &Outside) -> Result<(PathBuf, String), Unusable> {
    let paths = match (outside.variable(CREDENTIALS_FILE), &outside.home) {
        (Some(path), _) => vec![PathBuf::from(path)],
        (None, Some(home)) => ["credentials", "credentials.ini"]
            .map(|name| home.join(".alibabacloud").join(name))
            .into(),
        (None, None) => {
            return Err(Unusable::NotConfigured(
                "there is no home folder to look in".to_owned(),
            ));
        }
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

/// Registers the values of the file whose keys promise a secret, in every section and however the line is written.
fn register_secrets(text: &str, outside: &Outside) {
    for line in text.lines().map(str::trim) {
        let Some((key, value)) = line.split_once(['=', ':', ' ', '\t']) else {
            continue;
        };
        let value = value.trim_start_matches(['=', ':', ' ', '\t']);
        for value in [value, value.split('#').next().unwrap_or_default()] {
            outside
                .secrets
                .add_named(key, value.trim().trim_matches(['"', '\'']));
        }
    }
}

/// The keys of a section, in lower case. Sections of one name are one, and of a key that comes twice the last counts.
/// A section in another case is taken where none has the very name.
///
/// The SDKs' parsers do not agree on everything, so what any of them reads is read: `=` and `:` divide, quotes around a
/// value are no part of it, and `#` and `;` begin a comment, also behind a value.
///
/// # Errors
///
/// The key of a value whose quote does not end.
fn section<'a>(text: &'a str, name: &str) -> Result<Option<HashMap<String, &'a str>>, String> {
    let headers = || text.lines().filter_map(header);
    let same_case = headers().any(|header| header == name);
    let is_meant = |header: &str| {
        if same_case {
            header == name
        } else {
            header.eq_ignore_ascii_case(name)
        }
    };
    if !headers().any(is_meant) {
        return Ok(None);
    }
    let mut fields = HashMap::new();
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if let Some(header) = header(line) {
            inside = is_meant(header);
        } else if inside
            && !line.starts_with(['#', ';'])
            && let Some((key, value)) = line.split_once(['=', ':'])
        {
            let key = unquoted(key.trim()).to_ascii_lowercase();
            let value = value_of(value.trim())
                .ok_or_else(|| format!("`{key}` has a quote that does not end"))?;
            fields.insert(key, value);
        }
    }
    Ok(Some(fields))
}

/// The name of the section that a line begins.
fn header(line: &str) -> Option<&str> {
    let (name, _) = line.trim().strip_prefix('[')?.split_once(']')?;
    Some(name.trim())
}

/// A value without its quotes and the comment behind it; `None`: its quote does not end.
fn value_of(text: &str) -> Option<&str> {
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

/// One section.
struct Section<'a> {
    origin: Arc<str>,
    fields: HashMap<String, &'a str>,
}

impl Section<'_> {
    fn recipe(&self, sts: Sts) -> Result<Recipe, Unusable> {
        let way = match self.required("type")? {
            "access_key" => Way::Static(self.keys()?),
            "ecs_ram_role" => Way::InstanceRole {
                name: self.optional("role_name").map(str::to_owned),
                looked_for: false,
            },
            "ram_role_arn" => {
                let base = Recipe {
                    origin: Arc::clone(&self.origin),
                    way: Way::Static(self.keys()?),
                };
                Way::AssumeRole {
                    base: Box::new(base),
                    role: self.role(sts)?,
                }
            }
            "oidc_role_arn" => Way::Oidc {
                provider_arn: self.required("oidc_provider_arn")?.to_owned(),
                token_file: TokenFile {
                    path: PathBuf::from(self.required("oidc_token_file_path")?),
                    key: "`oidc_token_file_path`",
                },
                role: self.role(sts)?,
            },
            "rsa_key_pair" => {
                return Err(self.broken(
                    "type `rsa_key_pair` is no longer issued; use `access_key` or a role",
                ));
            }
            other => return Err(self.broken(&format!("type `{other}` is not known"))),
        };
        Ok(Recipe {
            origin: Arc::clone(&self.origin),
            way,
        })
    }

    fn keys(&self) -> Result<Credentials, Unusable> {
        let names = ["access_key_id", "access_key_secret", ""];
        let parts = [self.required(names[0])?, self.required(names[1])?, ""];
        Credentials::new(&self.origin, parts, names)
            .map_err(|error| self.broken(&error.to_string()))
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
        self.fields
            .get(key)
            .copied()
            .filter(|value| !value.is_empty())
    }

    fn required(&self, key: &str) -> Result<&str, Unusable> {
        self.optional(key)
            .ok_or_else(|| self.broken(&format!("`{key}` is missing")))
    }

    fn broken(&self, problem: &str) -> Unusable {
        Unusable::Broken(format!("{}: {problem}", self.origin))
    }
}

#[cfg(test)]
mod tests {
    use super::section;

    /// What a file says of `[default]`, in the order of the keys; `None`: it has no such section.
    fn read(text: &str) -> Option<String> {
        let fields = section(text, "default").expect("quotes that end")?;
        let mut pairs: Vec<_> = fields
            .into_iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        pairs.sort();
        Some(pairs.join(" "))
    }

    #[test]
    fn a_file_is_read_as_the_parsers_of_the_sdks_read_it() {
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
    fn a_quote_that_does_not_end_names_its_key() {
        for text in [
            "[default]\na = \"foo",
            "[default]\na = 'foo\"",
            "[default]\na: \"",
        ] {
            assert_eq!(
                section(text, "default"),
                Err("`a` has a quote that does not end".to_owned()),
                "{text:?}"
            );
        }
        assert!(
            section("[other]\na = \"foo\n[default]\n", "default").is_ok(),
            "another section is not looked at"
        );
    }
}
