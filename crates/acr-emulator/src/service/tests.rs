use std::sync::{Arc, Mutex, RwLock};

use proptest::prelude::*;
use serde_json::Value;

use super::{AccountRates, ApiService};
use crate::accounts::AccountDirectory;
use crate::counts::RequestCounter;
use crate::events::EventLog;
use crate::faults::FaultPlan;
use crate::keys::{AccessKeys, KeyStore};
use crate::metadata::MetadataService;
use crate::nonces::NonceCache;
use crate::request::HttpRequest;
use crate::{MissingInstance, PageLimit, Seed};

fn service() -> ApiService {
    let (accounts, owned) = AccountDirectory::new(Vec::new());
    ApiService {
        seed: RwLock::new(Seed::default()),
        keys: KeyStore::new(AccessKeys::default(), &accounts.root(), owned),
        accounts,
        rates: AccountRates::default(),
        events: EventLog::default(),
        metadata: MetadataService::new(None, None),
        clock: Arc::new(|| jiff::Timestamp::UNIX_EPOCH),
        page_limit: PageLimit::default(),
        missing_instance: MissingInstance::default(),
        faults: FaultPlan::default(),
        nonces: Mutex::new(NonceCache::default()),
        counts: RequestCounter::default(),
        shift: jiff::SignedDuration::ZERO,
    }
}

/// Returns pairs of a known name and a plausible or arbitrary value.
fn pairs(
    names: &'static [&'static str],
    usual: &'static [&'static str],
) -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop::sample::select(names).prop_map(str::to_owned);
    let value = prop_oneof![
        prop::sample::select(usual).prop_map(str::to_owned),
        any::<String>()
    ];
    prop::collection::vec((name, value), 0..12)
}

proptest! {
    #[test]
    fn unsigned_requests_get_error_responses(
        method in prop::sample::select(&["GET", "POST", "PUT", "A"][..]),
        path in prop::sample::select(&["/", "/latest/api/token", "/credentials", "/x"][..]),
        query in pairs(
            &["Action", "Version", "Format", "AccessKeyId", "Timestamp", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Signature", "InstanceId", "PageNo"],
            &["ListRepoSyncRule", "2018-12-01", "AssumeRole", "2015-04-01", "JSON", "HMAC-SHA1", "1.0", "crdrift-emulator-key", "1970-01-01T00:00:00Z"],
        ),
        headers in pairs(
            &["authorization", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256", "host"],
            &["ACS3-HMAC-SHA256 Credential=crdrift-emulator-key,SignedHeaders=host,Signature=0", "ListRepoSyncRule", "2018-12-01", "1970-01-01T00:00:00Z"],
        ),
        body in prop::collection::vec(any::<u8>(), 0..32),
    ) {
        let request = HttpRequest { method: method.to_owned(), path: path.to_owned(), headers, query, form: Vec::new(), body };
        let service = service();
        let effects = service.apply_faults(&request);
        let reply = service.respond(&request, &effects);
        prop_assert!((400..=404).contains(&reply.status), "{reply:?}");
        match reply.content_type {
            "application/json;charset=utf-8" => {
                let body: Value = serde_json::from_slice(&reply.body).unwrap();
                prop_assert!(body["Code"].is_string() && body["Message"].is_string());
            }
            "text/xml;charset=utf-8" => prop_assert!(reply.body.ends_with(b"</Error>")),
            other => prop_assert_eq!(other, "text/plain"),
        }
    }
}
