//! Rules for machines: every field under the API's own name, those this version does not know too.
//!
//! It is no snapshot, and reading one refuses it: a list may be filtered, and would prove rules missing that are
//! there.

use std::io::{self, Write};

use acr_api::WireRule;
use serde::Serialize;

use super::Listed;

/// The version of the document. A later 1.x only adds keys.
const FORMAT_VERSION: &str = "1.0";

/// What some instances list.
#[derive(Serialize)]
struct Document<'a> {
    format_version: &'a str,
    command: &'a str,
    instances: Vec<Instance<'a>>,
}

/// What one instance lists.
#[derive(Serialize)]
struct Instance<'a> {
    /// Its alias, or its id where it has none.
    name: &'a str,
    id: &'a str,
    region: Option<&'a str>,
    /// How the reading went, in the words of the result document; of what was asked for, not of the instance.
    status: &'a str,
    error: Option<Error<'a>>,
    /// How many rules there are on all pages, after filters.
    total: Option<u64>,
    pages: usize,
    requests: u32,
    request_ids: Vec<&'a str>,
    rules: Vec<&'a WireRule>,
}

#[derive(Serialize)]
struct Error<'a> {
    code: &'a str,
    message: &'a str,
    request_id: Option<&'a str>,
}

pub(super) fn render(listed: &[Listed<'_>], to: &mut dyn Write) -> io::Result<()> {
    let instances = listed.iter().map(Instance::from).collect();
    let document = Document {
        format_version: FORMAT_VERSION,
        command: "list",
        instances,
    };
    crate::source::write_pretty(to, &document)?;
    writeln!(to)
}

impl<'a> From<&'a Listed<'_>> for Instance<'a> {
    fn from(it: &'a Listed<'_>) -> Self {
        let failure = it.answers.failure.as_ref();
        Self {
            name: &it.instance.name,
            id: &it.instance.target.instance_id,
            region: Some(&*it.instance.target.region).filter(|region| !region.is_empty()),
            status: failure.map_or("complete", |(status, _)| status.as_str()),
            error: failure.map(|(_, failure)| Error {
                code: &failure.code,
                message: &failure.message,
                request_id: failure.request_id.as_deref(),
            }),
            total: it.total(),
            pages: it.answers.pages.len(),
            requests: it.answers.requests,
            request_ids: it
                .answers
                .pages
                .iter()
                .map(|page| page.request_id.as_str())
                .collect(),
            rules: it.rules().collect(),
        }
    }
}
