//! The environment variables that the client reads.

/// The variables of the credentials chain, the security token service and the proxies.
/// [`Environment`](super::Environment) reads no others, so a provider does not work if its variable is missing here.
const VARIABLES: [&str; 24] = [
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIBABA_CLOUD_CLI_PROFILE_DISABLED",
    "ALIBABA_CLOUD_CONFIG_FILE",
    "ALIBABA_CLOUD_CREDENTIALS_FILE",
    "ALIBABA_CLOUD_CREDENTIALS_URI",
    "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS",
    "ALIBABA_CLOUD_ECS_METADATA",
    "ALIBABA_CLOUD_ECS_METADATA_DISABLED",
    "ALIBABA_CLOUD_IMDSV1_DISABLED",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
    "ALIBABA_CLOUD_PROFILE",
    "ALIBABA_CLOUD_ROLE_ARN",
    "ALIBABA_CLOUD_ROLE_SESSION_NAME",
    "ALIBABA_CLOUD_SECURITY_TOKEN",
    "ALIBABA_CLOUD_STS_ENDPOINT",
    "ALIBABA_CLOUD_STS_REGION",
    "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED",
    "ALL_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "REQUEST_METHOD",
];

/// Returns whether the client reads a variable. Case is ignored, since the variables of proxies have two spellings.
#[must_use]
pub fn reads_variable(name: &str) -> bool {
    VARIABLES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{VARIABLES, reads_variable};
    use crate::testing::environment;

    #[test]
    fn a_variable_that_is_not_listed_is_not_read() {
        let environment = environment(&[("ALIBABA_CLOUD_PROFILE", "prod"), ("ANOTHER", "value")]);
        assert_eq!(
            environment.variable("ALIBABA_CLOUD_PROFILE").as_deref(),
            Some("prod")
        );
        assert_eq!(environment.variable("ANOTHER"), None);
        assert!(reads_variable("https_proxy") && !reads_variable("HOME"));
    }

    /// Compares the list with the quoted names in the source files that look like variables of the chain or of proxies.
    #[test]
    fn every_variable_that_the_client_names_is_listed() {
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut named = BTreeSet::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path: PathBuf = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with("src/variables.rs") {
                    let text = fs::read_to_string(&path).expect("text");
                    let is_name = |word: &&str| {
                        word.bytes()
                            .all(|it| it.is_ascii_alphanumeric() || it == b'_')
                    };
                    let words = text.split('"').filter(is_name);
                    let is_variable = |word: &&str| {
                        let upper = word.to_ascii_uppercase();
                        upper.starts_with("ALIBABA_CLOUD_") || upper.ends_with("_PROXY")
                    };
                    named.extend(words.filter(is_variable).map(str::to_owned));
                }
            }
        }
        let known: BTreeSet<_> = VARIABLES.into_iter().collect();
        let unknown: Vec<_> = named.iter().filter(|name| !reads_variable(name)).collect();
        assert!(unknown.is_empty(), "not listed: {unknown:?}");
        let unread: Vec<_> = known
            .iter()
            .filter(|name| name.starts_with("ALIBABA") && !named.contains(**name))
            .collect();
        assert!(unread.is_empty(), "listed, but not read: {unread:?}");
    }
}
