//! The JSON of a list: every field under the API's own name, unknown ones included.
//!
//! The document is no snapshot, and a reader of snapshots refuses it: a filtered list would prove rules missing that
//! exist.

use std::io::{self, Write};

use acr_api::WireRule;
use serde::Serialize;

use super::ListedInstance;

/// The version of the document. A later 1.x only adds keys.
const FORMAT_VERSION: &str = "1.0";

/// The document of `list -o json`.
#[derive(Serialize)]
struct ListDocument<'a> {
    format_version: &'a str,
    command: &'a str,
    instances: Vec<ListedInstanceJson<'a>>,
}

/// An instance and its rules.
#[derive(Serialize)]
struct ListedInstanceJson<'a> {
    /// Its alias, or its id where it has none.
    name: &'a str,
    id: &'a str,
    region: Option<&'a str>,
    /// The status of the requested pages, in the words of the result document.
    status: &'a str,
    error: Option<ListErrorJson<'a>>,
    /// The number of rules on all pages, after filters.
    total: Option<u64>,
    pages: usize,
    requests: u32,
    request_ids: Vec<&'a str>,
    rules: Vec<&'a WireRule>,
}

#[derive(Serialize)]
struct ListErrorJson<'a> {
    code: &'a str,
    message: &'a str,
    request_id: Option<&'a str>,
}

pub(super) fn render(listed: &[ListedInstance<'_>], to: &mut dyn Write) -> io::Result<()> {
    let instances = listed.iter().map(ListedInstanceJson::from).collect();
    let document = ListDocument {
        format_version: FORMAT_VERSION,
        command: "list",
        instances,
    };
    crate::source::write_pretty(to, &document)?;
    writeln!(to)
}

impl<'a> From<&'a ListedInstance<'_>> for ListedInstanceJson<'a> {
    fn from(listed: &'a ListedInstance<'_>) -> Self {
        let failure = listed.response.failure.as_ref();
        Self {
            name: &listed.instance.name,
            id: &listed.instance.target.instance_id,
            region: Some(&*listed.instance.target.region).filter(|region| !region.is_empty()),
            status: failure.map_or("complete", |(status, _)| status.as_str()),
            error: failure.map(|(_, failure)| ListErrorJson {
                code: &failure.code,
                message: &failure.message,
                request_id: failure.request_id.as_deref(),
            }),
            total: listed.total(),
            pages: listed.response.pages.len(),
            requests: listed.response.requests,
            request_ids: listed
                .response
                .pages
                .iter()
                .map(|page| page.request_id.as_str())
                .collect(),
            rules: listed.rules().collect(),
        }
    }
}
