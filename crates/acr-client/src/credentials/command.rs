//! A program that prints credentials.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::timeout;

use super::source::Unusable;
use super::{Credentials, issued};
use crate::options::Budget;

/// How long a program may take; the SDKs' limit.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// The most a program may print, in bytes.
const LARGEST_OUTPUT: u64 = 64 << 10;

/// Runs it, without a shell, and reads what it prints. It ends with us: a dropped future kills it.
pub(super) async fn run(
    words: &[String],
    origin: &Arc<str>,
    budget: Budget,
) -> Result<Credentials, Unusable> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(Unusable::Broken("`process_command` is empty".to_owned()));
    };
    let limit = TIME_LIMIT.min(budget.left());
    match timeout(limit, output(program, arguments)).await {
        Ok(Ok(output)) => parse(&output, origin).map_err(|problem| broken(program, &problem)),
        Ok(Err(problem)) => Err(broken(program, &problem)),
        Err(_) => Err(broken(
            program,
            &format!("did not end within {} s", limit.as_secs()),
        )),
    }
}

async fn output(program: &str, arguments: &[String]) -> Result<Vec<u8>, String> {
    // What it says on standard error may be as secret as what it prints, and is not ours to show.
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("cannot be started: {error}"))?;
    let mut printed = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        let read = stdout
            .take(LARGEST_OUTPUT + 1)
            .read_to_end(&mut printed)
            .await;
        read.map_err(|error| format!("cannot be read from: {error}"))?;
    }
    if printed.len() as u64 > LARGEST_OUTPUT {
        return Err(format!("printed more than {} KiB", LARGEST_OUTPUT >> 10));
    }
    let status = child
        .wait()
        .await
        .map_err(|error| format!("cannot be waited for: {error}"))?;
    if status.success() {
        Ok(printed)
    } else {
        Err(format!("failed ({status}); run it by hand to see why"))
    }
}

fn parse(printed: &[u8], origin: &Arc<str>) -> Result<Credentials, String> {
    let printed: Value =
        serde_json::from_slice(printed).map_err(|_| "printed no JSON".to_owned())?;
    let mode = printed.get("mode").and_then(Value::as_str).unwrap_or("AK");
    let has_token = printed
        .get("sts_token")
        .and_then(Value::as_str)
        .is_some_and(|token| !token.is_empty());
    match mode.to_ascii_lowercase().as_str() {
        "ak" => {}
        "ststoken" if has_token => {}
        "ststoken" => return Err("printed mode StsToken without `sts_token`".to_owned()),
        _ => return Err("printed a mode that is neither AK nor StsToken".to_owned()),
    }
    issued::credentials(&printed, issued::PROGRAM, origin)
}

fn broken(program: &str, problem: &str) -> Unusable {
    Unusable::Broken(format!("`{program}` {problem}"))
}
