//! The URL of a store: `sqlite:PATH` or `postgres://USER@HOST/DATABASE`.

use std::fmt;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::StoreError;

const EXAMPLES: &str = "write sqlite:PATH, or postgres://USER@HOST/DATABASE";

/// The address of a store. It prints without its password.
#[derive(Clone)]
pub enum StoreUrl {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A database of a PostgreSQL server.
    Postgres(Box<PostgresUrl>),
}

/// The address of a PostgreSQL database.
#[derive(Clone)]
pub struct PostgresUrl {
    /// The name or address of the host, or the folder of a socket.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: Option<String>,
    pub(super) password: Option<SecretString>,
    pub(super) database: Option<String>,
    pub(super) tls: TlsMode,
    /// The file of the certificates to trust in place of those of the system.
    pub(super) root_certificates: Option<PathBuf>,
}

/// The protection of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TlsMode {
    /// TLS, with a certificate of a trusted authority for the name of the host.
    VerifyFull,
    /// None.
    Disabled,
}

impl StoreUrl {
    /// Parses the URL of a store.
    ///
    /// # Errors
    ///
    /// [`StoreError::Url`], which never quotes a password.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() {
                Err(url_error(
                    "expected a path behind sqlite:, found none".to_owned(),
                    "write sqlite:history.db",
                ))
            } else {
                Ok(Self::Sqlite(PathBuf::from(path)))
            };
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return parse_postgres(text).map(|url| Self::Postgres(Box::new(url)));
        }
        let scheme = text.split(':').next().filter(|scheme| {
            text.contains(':') && scheme.chars().all(|it| it.is_ascii_alphanumeric())
        });
        let found = scheme.map_or_else(|| "no scheme".to_owned(), |it| format!("{it}:"));
        Err(url_error(
            format!("expected a store sqlite: or postgres:, found {found}"),
            EXAMPLES,
        ))
    }

    /// Returns the password of the URL, to be kept out of every output.
    #[must_use]
    pub fn password(&self) -> Option<&str> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(url) => url.password.as_ref().map(ExposeSecret::expose_secret),
        }
    }

    /// Gives a PostgreSQL URL without a user or a password what the environment and the password file have.
    pub fn complete(
        &mut self,
        user: Option<String>,
        password: impl FnOnce(&PasswordKey<'_>) -> Option<String>,
    ) {
        let Self::Postgres(url) = self else {
            return;
        };
        if url.user.is_none() {
            url.user = user;
        }
        if url.password.is_none() {
            let user = url.user.as_deref().unwrap_or_default();
            let key = PasswordKey {
                host: &url.host,
                port: url.port,
                database: url.database.as_deref().unwrap_or(user),
                user,
            };
            url.password = password(&key).map(SecretString::from);
        }
    }
}

/// The key of a line in a password file.
#[derive(Debug, Clone, Copy)]
pub struct PasswordKey<'a> {
    host: &'a str,
    port: u16,
    database: &'a str,
    user: &'a str,
}

impl PasswordKey<'_> {
    /// Returns the password of the first line of a `PGPASSFILE` that matches: `host:port:database:user:password`, each of
    /// the first four `*` for any.
    #[must_use]
    pub fn find_in(&self, text: &str) -> Option<String> {
        let host = if self.host.starts_with('/') {
            "localhost"
        } else {
            self.host
        };
        let port = self.port.to_string();
        let wanted = [host, &port, self.database, self.user];
        text.lines()
            .filter(|line| !line.starts_with('#'))
            .find_map(|line| {
                let fields = split_escaped(line);
                let (password, key) = fields.split_last()?;
                let matches = key.len() == wanted.len()
                    && key
                        .iter()
                        .zip(wanted)
                        .all(|(given, wanted)| given == "*" || given == wanted);
                matches.then(|| password.clone())
            })
    }
}

/// Splits a line at colons; a backslash makes the next character a part of the field.
fn split_escaped(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        let is_last = fields.len() == 5;
        let text = match character {
            ':' if !is_last => {
                fields.push(String::new());
                continue;
            }
            '\\' => characters.next().unwrap_or('\\'),
            other => other,
        };
        if let Some(field) = fields.last_mut() {
            field.push(text);
        }
    }
    fields
}

fn parse_postgres(text: &str) -> Result<PostgresUrl, StoreError> {
    // A URL without a host has the folder of a socket as a parameter.
    let with_host = text.replacen(":///", "://localhost/", 1);
    let url = Url::parse(&with_host).map_err(|error| {
        url_error(
            format!("the URL of the store is invalid: {error}"),
            EXAMPLES,
        )
    })?;
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let database = decode(url.path().trim_start_matches('/'));
    let mut parsed = PostgresUrl {
        host: decode(
            url.host_str()
                .unwrap_or("localhost")
                .trim_matches(['[', ']']),
        ),
        port: url.port().unwrap_or(5432),
        user: Some(decode(url.username())).filter(|it| !it.is_empty()),
        password: url.password().map(|it| SecretString::from(decode(it))),
        database: Some(database).filter(|it| !it.is_empty()),
        tls: TlsMode::VerifyFull,
        root_certificates: None,
    };
    for (key, value) in url.query_pairs() {
        match &*key {
            "sslmode" => parsed.tls = parse_tls_mode(&value)?,
            "sslrootcert" => parsed.root_certificates = Some(PathBuf::from(&*value)),
            "host" => parsed.host = value.into_owned(),
            "user" => parsed.user = Some(value.into_owned()),
            "password" => parsed.password = Some(SecretString::from(value.into_owned())),
            other => {
                return Err(url_error(
                    format!(
                        "expected sslmode, sslrootcert, host, user or password in the URL of the store, found {other}"
                    ),
                    "remove the parameter",
                ));
            }
        }
    }
    Ok(parsed)
}

fn parse_tls_mode(word: &str) -> Result<TlsMode, StoreError> {
    match word {
        "verify-full" => Ok(TlsMode::VerifyFull),
        "disable" => Ok(TlsMode::Disabled),
        other => Err(url_error(
            format!("expected sslmode=verify-full or sslmode=disable, found sslmode={other}"),
            "write sslmode=verify-full, with sslrootcert=FILE for a private certificate authority",
        )),
    }
}

fn url_error(reason: String, help: &'static str) -> StoreError {
    StoreError::Url { reason, help }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let user = url
                    .user
                    .as_deref()
                    .map(|user| format!("{user}@"))
                    .unwrap_or_default();
                let database = url.database.as_deref().unwrap_or_default();
                write!(f, "postgres://{user}{}:{}/{database}", url.host, url.port)
            }
        }
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreUrl({self})")
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresUrl")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{StoreUrl, TlsMode};

    fn postgres(text: &str) -> super::PostgresUrl {
        match StoreUrl::parse(text).expect(text) {
            StoreUrl::Postgres(url) => *url,
            StoreUrl::Sqlite(_) => panic!("{text}"),
        }
    }

    #[test]
    fn a_url_never_prints_its_password() {
        for text in [
            "postgres://ada:s3cret%2Fpass@db.example:6432/drift",
            "postgresql://db.example/drift?user=ada&password=s3cret%2Fpass",
        ] {
            let url = StoreUrl::parse(text).expect(text);
            assert_eq!(url.password(), Some("s3cret/pass"));
            for printed in [
                url.to_string(),
                format!("{url:?}"),
                format!("{:?}", postgres(text)),
            ] {
                assert!(!printed.contains("s3cret"), "{printed}");
            }
        }
        for text in [
            "mysql://ada:s3cret@db/x",
            "postgres://ada:s3cret@db:port/x",
            "ada:s3cret",
        ] {
            let error = StoreUrl::parse(text).expect_err(text);
            assert!(!format!("{error}{error:?}").contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn tls_is_verified_unless_it_is_disabled() {
        assert_eq!(postgres("postgres://db/x").tls, TlsMode::VerifyFull);
        assert_eq!(
            postgres("postgres://db/x?sslmode=disable").tls,
            TlsMode::Disabled
        );
        for word in ["require", "prefer", "verify-ca", ""] {
            let text = format!("postgres://db/x?sslmode={word}");
            let error = StoreUrl::parse(&text).expect_err(word);
            assert!(error.help().contains("verify-full"), "{error}");
        }
    }

    #[test]
    fn sockets_addresses_and_defaults() {
        let socket = postgres("postgres:///drift?host=/run/postgresql");
        assert_eq!(
            (socket.host.as_str(), socket.port),
            ("/run/postgresql", 5432)
        );
        assert_eq!(postgres("postgres://[::1]:6000/x").host, "::1");
        assert_eq!(
            StoreUrl::parse("sqlite:///var/lib/x.db")
                .expect("a URL")
                .to_string(),
            "sqlite:/var/lib/x.db"
        );
        for text in [
            "sqlite:",
            "history.db",
            "",
            "postgres://db/x?target_session_attrs=any",
        ] {
            assert!(StoreUrl::parse(text).expect_err(text).is_usage(), "{text}");
        }
    }

    #[test]
    fn the_password_file_is_read_as_libpq_reads_it() {
        let mut url = StoreUrl::parse("postgres://ada@db.example/drift").expect("a URL");
        let file = "# *:*:*:*:none\ndb.example:5432:other:ada:no\ndb.example:*:drift:ada:a\\:b\\\\c:d\n*:*:*:*:last\n";
        url.complete(None, |key| key.find_in(file));
        assert_eq!(url.password(), Some("a:b\\c:d"));
        let mut other = StoreUrl::parse("postgres://db.example/x").expect("a URL");
        other.complete(Some("eve".to_owned()), |key| key.find_in(file));
        assert_eq!(other.password(), Some("last"));
    }
}
