//! A program that prints credentials.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::timeout;

use super::error::ProviderError;
use super::origin::CredentialsOrigin;
use super::problem::{CredentialsProblem, ProcessProblem};
use super::{Credentials, response};
use crate::budget::Budget;

/// The longest duration of a program, as in the SDKs.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The largest output of a program, in bytes.
const MAX_OUTPUT: u64 = 64 << 10;

/// A program that prints credentials.
#[derive(Clone)]
pub(super) struct ProcessProvider {
    /// The program and its arguments.
    pub(super) command: Vec<String>,
}

impl ProcessProvider {
    /// Runs the program, without a shell, and parses its output. Dropping the future kills the program.
    pub(super) async fn fetch(
        &self,
        origin: &Arc<CredentialsOrigin>,
        budget: Budget,
    ) -> Result<Credentials, ProviderError> {
        let Some((program, arguments)) = self.command.split_first() else {
            return Err(ProviderError::Broken(CredentialsProblem::NoCommand));
        };
        let limit = TIMEOUT.min(budget.left());
        let result = match timeout(limit, run(program, arguments)).await {
            Ok(Ok(output)) => parse(&output, origin),
            Ok(Err(problem)) => Err(problem),
            Err(_) => Err(ProcessProblem::TimedOut {
                seconds: limit.as_secs(),
            }),
        };
        result.map_err(|problem| {
            let program = program.as_str().into();
            ProviderError::Broken(CredentialsProblem::Process { program, problem })
        })
    }
}

async fn run(program: &str, arguments: &[String]) -> Result<Vec<u8>, ProcessProblem> {
    // Standard error may contain secrets too, so it is not shown.
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| ProcessProblem::Start((&error).into()))?;
    let mut output = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout
            .take(MAX_OUTPUT + 1)
            .read_to_end(&mut output)
            .await
            .map_err(|error| ProcessProblem::Output((&error).into()))?;
    }
    if output.len() as u64 > MAX_OUTPUT {
        return Err(ProcessProblem::TooLarge {
            limit: MAX_OUTPUT >> 10,
        });
    }
    let status = child
        .wait()
        .await
        .map_err(|error| ProcessProblem::NoStatus((&error).into()))?;
    if status.success() {
        Ok(output)
    } else {
        Err(ProcessProblem::Failed {
            status: status.to_string().into(),
        })
    }
}

fn parse(output: &[u8], origin: &Arc<CredentialsOrigin>) -> Result<Credentials, ProcessProblem> {
    let document: Value = serde_json::from_slice(output).map_err(|_| ProcessProblem::NotJson)?;
    let mode = document.get("mode").and_then(Value::as_str).unwrap_or("AK");
    let has_token = document
        .get("sts_token")
        .and_then(Value::as_str)
        .is_some_and(|token| !token.is_empty());
    match mode.to_ascii_lowercase().as_str() {
        "ak" => {}
        "ststoken" if has_token => {}
        "ststoken" => return Err(ProcessProblem::NoToken),
        _ => return Err(ProcessProblem::Mode),
    }
    let credentials = response::parse_credentials(&document, response::PROCESS_KEYS, origin)?;
    Ok(credentials)
}
