//! The requests of a session, as lines for `--verbose`.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use acr_client::{RequestObserver, SentRequest};

use crate::model::Instance;

/// The requests that are not printed yet, and the aliases of their instances.
#[derive(Debug, Default)]
pub(super) struct PendingLines {
    requests: Mutex<Vec<SentRequest>>,
    aliases: Mutex<HashMap<Box<str>, Box<str>>>,
}

impl RequestObserver for PendingLines {
    fn add(&self, request: SentRequest) {
        lock(&self.requests).push(request);
    }
}

impl PendingLines {
    /// Adds the aliases of instances.
    pub(super) fn name_instances(&self, instances: &[Instance]) {
        let names = instances.iter().map(|instance| {
            let (id, alias) = (instance.id.as_str(), instance.alias.as_str());
            (id.into(), alias.into())
        });
        lock(&self.aliases).extend(names);
    }

    /// Removes and returns a line for each request.
    pub(super) fn take(&self) -> Vec<String> {
        let requests = std::mem::take(&mut *lock(&self.requests));
        let aliases = lock(&self.aliases);
        let describe = |request: &SentRequest| {
            let alias = request.instance_id.as_ref().and_then(|id| aliases.get(id));
            describe(request, alias.map(|alias| &**alias))
        };
        requests.iter().map(describe).collect()
    }
}

fn describe(request: &SentRequest, alias: Option<&str>) -> String {
    let SentRequest {
        instance_id,
        action,
        host,
        credentials,
        attempt,
        wait,
        elapsed,
        outcome,
    } = request;
    let subject = match alias.or(instance_id.as_deref()) {
        Some(name) => format!("{name}: "),
        None => String::new(),
    };
    let wait = if wait.is_zero() {
        String::new()
    } else {
        format!(" after a wait of {:.2} s", wait.as_secs_f64())
    };
    let elapsed = elapsed.as_secs_f64();
    format!(
        "request: {subject}{action} at {host} ({credentials}), attempt {attempt}{wait}: {outcome} in {elapsed:.2} s"
    )
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use acr_client::SentRequest;

    use super::describe;

    #[test]
    fn a_line_has_the_facts_of_a_request() {
        let request = SentRequest {
            instance_id: Some("cri-1".into()),
            action: "ListRepoSyncRule",
            host: "cr.cn-shanghai.aliyuncs.com".to_owned(),
            credentials: Arc::new(acr_client::credentials::ConfigSource::Keys.into()),
            attempt: 2,
            wait: Duration::from_millis(1_300),
            elapsed: Duration::from_millis(120),
            outcome: "HTTP 200".to_owned(),
        };
        assert_eq!(
            describe(&request, Some("shanghai")),
            "request: shanghai: ListRepoSyncRule at cr.cn-shanghai.aliyuncs.com (environment variables), attempt \
             2 after a wait of 1.30 s: HTTP 200 in 0.12 s"
        );
        let first = SentRequest {
            instance_id: None,
            attempt: 1,
            wait: Duration::ZERO,
            ..request
        };
        let line = describe(&first, None);
        assert!(line.starts_with("request: ListRepoSyncRule at"), "{line}");
        assert!(line.contains("attempt 1: HTTP 200"), "{line}");
    }
}
