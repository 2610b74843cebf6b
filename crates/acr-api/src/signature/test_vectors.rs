//! The vectors in `tests/vectors/`, at every stage. Each `request.json` names its source, which is never this crate.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{acs3, encode, rpc};

#[derive(Deserialize)]
#[serde(tag = "algorithm")]
enum Vector {
    #[serde(rename = "ACS3-HMAC-SHA256")]
    Acs3 {
        access_key_id: String,
        access_key_secret: String,
        method: String,
        path: String,
        query: BTreeMap<String, String>,
        headers: BTreeMap<String, String>,
        body: String,
    },
    #[serde(rename = "HMAC-SHA1")]
    Rpc {
        access_key_secret: String,
        method: String,
        parameters: BTreeMap<String, String>,
    },
}

/// Returns the text of a file without the newline at its end; `None` if the file does not exist.
fn expected(folder: &Path, file: &str) -> Option<String> {
    let text = fs::read_to_string(folder.join(file)).ok()?;
    Some(text.strip_suffix('\n').unwrap_or(&text).to_owned())
}

/// Returns the pairs in descending order, so that the code under test must sort them.
fn pairs(map: BTreeMap<String, String>) -> Vec<(String, String)> {
    map.into_iter().rev().collect()
}

fn check(folder: &Path) {
    let is = |got: String, file: &str| {
        assert_eq!(
            Some(got),
            expected(folder, file),
            "{}/{file}",
            folder.display()
        );
    };
    let request = fs::read_to_string(folder.join("request.json")).expect("request.json");
    match serde_json::from_str(&request).expect("request.json") {
        Vector::Acs3 {
            access_key_id,
            access_key_secret,
            method,
            path,
            query,
            headers,
            body,
        } => {
            let (query, headers) = (pairs(query), pairs(headers));
            let payload_hash = acs3::payload_hash(body.as_bytes());
            let request = acs3::Acs3Request {
                method: &method,
                path: &path,
                query: &query,
                headers: &headers,
                payload_hash: &payload_hash,
            };
            let string_to_sign = acs3::string_to_sign(&request.canonical());
            let signature = acs3::sign(&access_key_secret, &string_to_sign);
            is(request.canonical(), "canonical.txt");
            if folder.join("authorization.txt").exists() {
                let signed_headers = request.signed_headers();
                is(
                    acs3::authorization(&access_key_id, &signed_headers, &signature),
                    "authorization.txt",
                );
            }
            is(string_to_sign, "string-to-sign.txt");
            is(signature, "signature.txt");
        }
        Vector::Rpc {
            access_key_secret,
            method,
            parameters,
        } => {
            let canonical = rpc::canonical(&pairs(parameters));
            let string_to_sign = rpc::string_to_sign(&method, &canonical);
            let signature = rpc::sign(&access_key_secret, &string_to_sign);
            is(canonical, "canonical.txt");
            is(string_to_sign, "string-to-sign.txt");
            is(encode(&signature), "signature-in-url.txt");
            is(signature, "signature.txt");
        }
    }
}

#[test]
fn signatures_equal_published_vectors() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let folders: Vec<_> = fs::read_dir(root)
        .expect("vectors")
        .map(|entry| entry.expect("entry").path())
        .collect();
    assert_eq!(folders.len(), 11, "expected 11 vectors");
    for folder in &folders {
        check(folder);
    }
}
