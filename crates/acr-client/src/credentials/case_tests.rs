//! The cases of `tests/credentials/`. The folder of a case has:
//! - `case.json`: `about`, the purpose of the case, and the requested identity;
//! - `env.json`: the environment;
//! - `home/`: the home folder, if there is one;
//! - `http.json`: the expected requests and their responses, in order; no request without it;
//! - `expected.json`: the credentials, or the error.
//!
//! `$CASE` is replaced by the path of the folder and `$SERVER` by the URL of the services. The time is that of all
//! tests.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{CredentialsCache, Identity};
use crate::environment::Environment;
use crate::options::Options;
use crate::testing::{self, ReceivedRequest, Reply, Server, budget, options};
use crate::transport::Transport;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CredentialsCase {
    #[serde(rename = "about")]
    _about: String,
    profile: Option<Box<str>>,
    role_arn: Option<Box<str>>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged, deny_unknown_fields)]
enum ExpectedCredentials {
    Credentials {
        access_key_id: String,
        access_key_secret: String,
        security_token: Option<String>,
        expires: Option<String>,
        source: String,
    },
    Error {
        error: String,
    },
}

/// An expected request and its response.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exchange {
    method: String,
    path: String,
    #[serde(default)]
    query: BTreeMap<String, String>,
    /// Expected headers, among others; an empty value for a header that must be absent.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// The access key id of the signature.
    signed_by: Option<String>,
    #[serde(default)]
    form: BTreeMap<String, String>,
    json: Option<Value>,
    /// The status of the response; 0 to close the connection without one.
    status: u16,
    answer: Value,
}

fn pairs(text: &str) -> BTreeMap<String, String> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

impl Exchange {
    fn check(&self, got: &ReceivedRequest, case: &str) {
        let path = got.target.split('?').next().unwrap_or_default();
        assert_eq!(
            (got.method.as_str(), path),
            (self.method.as_str(), self.path.as_str()),
            "{case}"
        );
        assert_eq!(pairs(got.query()), self.query, "{case}");
        for (name, value) in &self.headers {
            assert_eq!(
                got.headers.get(name).map_or("", String::as_str),
                value,
                "{case}: {name}"
            );
        }
        let authorization = got.headers.get("authorization").map_or("", String::as_str);
        let credential = authorization
            .split_once("Credential=")
            .and_then(|(_, rest)| rest.split_once(','));
        assert_eq!(
            credential.map(|(id, _)| id),
            self.signed_by.as_deref(),
            "{case}"
        );
        match &self.json {
            Some(json) => assert_eq!(
                serde_json::from_str::<Value>(&got.body).ok().as_ref(),
                Some(json),
                "{case}"
            ),
            None => assert_eq!(pairs(&got.body), self.form, "{case}"),
        }
    }

    fn reply(&self) -> Reply {
        match &self.answer {
            _ if self.status == 0 => Reply::Close,
            Value::String(text) => Reply::json(self.status, text.clone()),
            answer => Reply::json(self.status, answer.to_string()),
        }
    }
}

/// Copies a folder, and replaces the placeholders.
fn copy(from: &Path, to: &Path, fill: &dyn Fn(&str) -> String) {
    for entry in fs::read_dir(from).expect("folder") {
        let (entry, path) = entry
            .map(|entry| (entry.file_name(), entry.path()))
            .expect("entry");
        let to = to.join(entry);
        if path.is_dir() {
            fs::create_dir(&to).expect("folder");
            copy(&path, &to, fill);
        } else {
            fs::write(&to, fill(&fs::read_to_string(&path).expect("text"))).expect("written");
        }
    }
}

fn load<T: DeserializeOwned>(folder: &Path, file: &str) -> Option<T> {
    let text = fs::read_to_string(folder.join(file)).ok()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}")))
}

async fn run(case: &Path) {
    let folder = tempfile::tempdir().expect("folder");
    let folder = folder.path();
    let recorded: Vec<Exchange> = load(case, "http.json").unwrap_or_default();
    let answers = recorded.clone();
    let server =
        Server::start(move |_, before| answers.get(before).map_or(Reply::Close, Exchange::reply))
            .await;
    let fill = |text: &str| {
        text.replace("$CASE", &folder.display().to_string())
            .replace("$SERVER", &server.url)
    };
    copy(case, folder, &fill);

    let CredentialsCase {
        profile, role_arn, ..
    } = load(folder, "case.json").expect("case.json");
    let variables: BTreeMap<String, String> = load(folder, "env.json").expect("env.json");
    let home = folder.join("home");
    let environment = Environment {
        variable: Arc::new(move |name| variables.get(name).cloned()),
        home: home.exists().then_some(home),
        ..testing::environment(&[])
    };
    let options = Options {
        metadata_endpoint: server.url.as_str().into(),
        ..options()
    };
    let transport = Arc::new(Transport::new(options.clone(), &environment).expect("transport"));
    let cache = CredentialsCache::new(options, environment, transport);
    let got = match cache
        .get(&Identity { profile, role_arn }, "", budget())
        .await
    {
        Ok(credentials) => ExpectedCredentials::Credentials {
            access_key_id: credentials.access_key_id().to_owned(),
            access_key_secret: credentials.secret().to_owned(),
            security_token: credentials.token().map(str::to_owned),
            expires: credentials.expires.map(|expires| expires.to_string()),
            source: credentials.source.to_string(),
        },
        Err(error) => ExpectedCredentials::Error {
            error: error.to_string(),
        },
    };
    let case = case
        .file_name()
        .map(|name| name.to_string_lossy())
        .expect("a name");
    assert_eq!(Some(got), load(folder, "expected.json"), "{case}");
    let received = server.received();
    for (exchange, got) in recorded.iter().zip(&received) {
        exchange.check(got, &case);
    }
    assert_eq!(received.len(), recorded.len(), "{case}: requests");
}

#[tokio::test]
async fn every_case_has_the_expected_result() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/credentials");
    let mut cases: Vec<_> = fs::read_dir(root)
        .expect("cases")
        .map(|entry| entry.expect("entry").path())
        .collect();
    cases.sort();
    for case in cases {
        run(&case).await;
    }
}
