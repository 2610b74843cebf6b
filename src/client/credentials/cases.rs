//! The cases of `tests/credentials/`: a folder each, with
//! - `case.json`: the identity that is asked for (`profile`, `role_arn`), and `about`, which says why the case is;
//! - `env.json`: the environment;
//! - `home/`: the home folder, where there is one;
//! - `expected.json`: the credentials, or the error.
//!
//! `$CASE` stands for the folder in all of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Identity, Keyring};
use crate::client::options::Outside;
use crate::client::testing::outside;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[allow(dead_code, reason = "for readers")]
    about: String,
    profile: Option<Box<str>>,
    role_arn: Option<Box<str>>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged, deny_unknown_fields)]
enum Expected {
    Credentials { access_key_id: String, access_key_secret: String, security_token: Option<String>, source: String },
    Error { error: String },
}

fn load<T: DeserializeOwned>(folder: &Path, file: &str) -> T {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let text = text.replace("$CASE", &folder.display().to_string());
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

async fn run(folder: &Path) {
    let Case { about: _, profile, role_arn } = load(folder, "case.json");
    let variables: BTreeMap<String, String> = load(folder, "env.json");
    let home = folder.join("home");
    let outside = Outside {
        variable: Arc::new(move |name| variables.get(name).cloned()),
        home: home.exists().then_some(home),
        ..outside(&[])
    };
    let got = match Keyring::new(outside).get(&Identity { profile, role_arn }).await {
        Ok(credentials) => Expected::Credentials {
            access_key_id: credentials.access_key_id().to_owned(),
            access_key_secret: credentials.secret().to_owned(),
            security_token: credentials.token().map(str::to_owned),
            source: credentials.source.to_string(),
        },
        Err(error) => Expected::Error { error: error.to_string() },
    };
    assert_eq!(got, load(folder, "expected.json"), "{}", folder.display());
}

#[tokio::test]
async fn every_case_comes_out() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/credentials");
    let mut folders: Vec<_> = fs::read_dir(root).expect("cases").map(|entry| entry.expect("entry").path()).collect();
    folders.sort();
    for folder in folders {
        run(&folder).await;
    }
}
