//! One request in, one reply out: the order in which the gateway and the service check things.

use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};

use acr_api::ReadStatus;
use acr_api::{Action, ApiPage, WireRule};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::accounts::{Accounts, Caller};
use super::claim::{self, Claim};
use super::faults::{Effect, Faults, Subject, falsify};
use super::keys::KeyRing;
use super::metadata::Machine;
use super::nonces::Nonces;
use super::operation::Operation;
use super::paging::{PageLimit, Paging};
use super::refusal::Refusal;
use super::reply::{Answer, Format, Reply};
use super::request::Request;
use super::seed::{Filters, Instance, Seed};
use super::sts::{self, Sts, StsAction};
use super::tally::Tally;
use super::{Clock, MissingInstance, instances};

/// The service behind the listener.
pub(super) struct Service {
    pub(super) seed: RwLock<Seed>,
    pub(super) accounts: Accounts,
    pub(super) keys: KeyRing,
    pub(super) machine: Machine,
    pub(super) clock: Clock,
    pub(super) page_limit: PageLimit,
    pub(super) missing_instance: MissingInstance,
    pub(super) faults: Faults,
    pub(super) nonces: Mutex<Nonces>,
    pub(super) tally: Tally,
}

impl Service {
    /// Counts a request, and tells what it runs into. It is asked once for each request, before anything else.
    pub(super) fn meet(&self, request: &Request) -> Vec<&Effect> {
        let operation = Operation::of(request).ok().map(Operation::name);
        let instance = request.parameter("InstanceId");
        let known = instance.filter(|id| self.seed().instance(id).is_some());
        self.tally.count(operation, known);
        let page = request
            .parameter("PageNo")
            .map_or(Some(1), |page| page.parse().ok())
            .unwrap_or_default();
        self.faults.meet(Subject {
            action: operation.unwrap_or_default(),
            instance,
            page,
        })
    }

    /// The time, as the effects have it.
    pub(super) fn now(&self, effects: &[&Effect]) -> Timestamp {
        let skew = effects.iter().find_map(|effect| match effect {
            Effect::Skew { seconds } => Some(SignedDuration::from_secs(*seconds)),
            _ => None,
        });
        let now = (self.clock)();
        now.checked_add(skew.unwrap_or_default()).unwrap_or(now)
    }

    /// Answers a request.
    pub(super) fn answer(&self, request: &Request, effects: &[&Effect]) -> Reply {
        for effect in effects {
            self.change(effect);
        }
        if let Some(reply) = effects.iter().find_map(|effect| in_between(effect)) {
            return reply;
        }
        let now = self.now(effects);
        let operation = match Operation::of(request) {
            Ok(Operation::Stub(stub)) => return self.machine.answer(stub, request, &self.sts(now)),
            operation => operation,
        };
        let request_id = request_id();
        let format = Format::read(request);
        let outcome = format.clone().and(operation).and_then(|operation| {
            let answer = self.grant(operation, request, effects, now, &request_id)?;
            Ok((operation.name(), answer))
        });
        let format = format.unwrap_or(Format::Json);
        let (action, answer) = match outcome {
            Ok(granted) => granted,
            Err(refusal) => return refuse(request, effects, &request_id, format, &refusal),
        };
        match falsify(&answer, effects) {
            Some(falsified) => Reply::granted(&request_id, format, action, &falsified),
            None => Reply::granted(&request_id, format, action, &answer),
        }
    }

    /// The reply to a request that could not be received.
    pub(super) fn reject(request: &Request, refusal: &Refusal) -> Reply {
        Reply::refused(
            &request_id(),
            Format::read(request).unwrap_or(Format::Json),
            request,
            refusal,
        )
    }

    fn grant(
        &self,
        operation: Operation<'_>,
        request: &Request,
        effects: &[&Effect],
        now: Timestamp,
        request_id: &str,
    ) -> Result<Answer, Refusal> {
        if let Operation::Sts(StsAction::AssumeRoleWithOidc) = operation {
            claim::check_unsigned(request, now)?;
            scripted(effects)?;
            return self
                .sts(now)
                .assume_with_oidc(request, request_id.to_owned())
                .map(Answer::AssumedRole);
        }
        let caller = self.admit(request, now)?;
        scripted(effects)?;
        let request_id = request_id.to_owned();
        match operation {
            Operation::Sts(StsAction::AssumeRole) => self
                .sts(now)
                .assume(request, &caller, request_id)
                .map(Answer::AssumedRole),
            Operation::Sts(_) => Ok(Answer::CallerIdentity(sts::identity(&caller, request_id))),
            Operation::Cr(action) => self.registry(action, request, &caller, effects, request_id),
            Operation::Stub(_) => Err(Refusal::unknown_api()),
        }
    }

    /// What the gateway checks before the service is asked: the common parameters, the date, the key and its token,
    /// the signature, the nonce. A nonce counts as used only once the signature has proved that the key's owner
    /// used it.
    fn admit(&self, request: &Request, now: Timestamp) -> Result<Caller, Refusal> {
        let claim = Claim::read(request)?;
        claim.check_date(now)?;
        let (secret, caller) = self.keys.find(claim.access_key_id, claim.token, now)?;
        claim.check_signature(request, &secret)?;
        let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        if nonces.take(claim.access_key_id, claim.nonce, now) {
            Ok(caller)
        } else {
            Err(Refusal::nonce_used())
        }
    }

    fn registry(
        &self,
        action: Action,
        request: &Request,
        caller: &Caller,
        effects: &[&Effect],
        request_id: String,
    ) -> Result<Answer, Refusal> {
        let seed = self.seed();
        let id = request.parameter("InstanceId");
        if !caller.may(action.ram_action(), &resource(action, id, &seed, caller)) {
            return Err(Refusal::no_privilege());
        }
        match action {
            Action::ListRepoSyncRule => {
                let (_, instance) = self.instance(&seed, id, caller)?;
                self.list_rules(&seed, instance, request, effects, request_id)
                    .map(Answer::Rules)
            }
            Action::ListInstance => {
                let paging = Paging::read(request, self.page_limit)?;
                let owned = |id: &str| self.accounts.owner(id) == &*caller.account;
                Ok(Answer::Instances(instances::list(
                    &seed, owned, request, paging, request_id,
                )))
            }
            Action::GetInstance => {
                let (id, instance) = self.instance(&seed, id, caller)?;
                Ok(Answer::Instance(instances::get(
                    &seed, id, instance, request_id,
                )))
            }
        }
    }

    fn list_rules(
        &self,
        seed: &Seed,
        instance: &Instance,
        request: &Request,
        effects: &[&Effect],
        request_id: String,
    ) -> Result<ApiPage, Refusal> {
        let mut paging = Paging::read(request, self.page_limit)?;
        for effect in effects {
            if let Effect::ShiftRows { by } = effect {
                paging.shift += isize::try_from(*by).unwrap_or_default();
            }
        }
        let filters = Filters {
            namespace: request.parameter("NamespaceName"),
            repo: request.parameter("RepoName"),
            target_instance: request.parameter("TargetInstanceId"),
            target_region: request.parameter("TargetRegionId"),
        };
        let (total, sync_rules) = seed.page(instance, filters, paging);
        // What never settled when the seed was taken does not settle here either.
        let total = total + usize::from(instance.status == ReadStatus::Inconsistent);
        Ok(ApiPage {
            request_id,
            code: "success".to_owned(),
            is_success: true,
            page_no: u32::try_from(paging.number).ok(),
            page_size: u32::try_from(paging.size).ok(),
            total_count: total as u64,
            sync_rules,
        })
    }

    /// The instance a request is about, if it is the caller's and the seed says that it answers.
    fn instance<'a>(
        &self,
        seed: &'a Seed,
        id: Option<&'a str>,
        caller: &Caller,
    ) -> Result<(&'a str, &'a Instance), Refusal> {
        let id = id.ok_or_else(|| Refusal::missing("InstanceId"))?;
        let missing = || match self.missing_instance {
            MissingInstance::NotFound => Refusal::no_instance(404),
            MissingInstance::UnderSuccess => Refusal::no_instance(200),
        };
        let instance = seed
            .instance(id)
            .filter(|_| self.accounts.owner(id) == &*caller.account);
        let instance = instance.ok_or_else(missing)?;
        match instance.status {
            ReadStatus::Complete | ReadStatus::Inconsistent => Ok((id, instance)),
            ReadStatus::Denied => Err(Refusal::no_privilege()),
            ReadStatus::Throttled => Err(Refusal::throttled()),
            ReadStatus::Unreachable => Err(Refusal::system_error()),
            ReadStatus::NotFound | ReadStatus::Skipped => Err(missing()),
        }
    }

    fn change(&self, effect: &Effect) {
        let Effect::ChangeRules { delete, add } = effect else {
            return;
        };
        let mut seed = self.seed.write().unwrap_or_else(PoisonError::into_inner);
        for id in delete {
            seed.delete(id);
        }
        for rule in add.iter().filter_map(wire_rule) {
            seed.insert(rule);
        }
    }

    fn seed(&self) -> RwLockReadGuard<'_, Seed> {
        self.seed.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn sts(&self, now: Timestamp) -> Sts<'_> {
        Sts {
            accounts: &self.accounts,
            keys: &self.keys,
            now,
        }
    }
}

fn request_id() -> String {
    Uuid::new_v4()
        .hyphenated()
        .encode_upper(&mut Uuid::encode_buffer())
        .to_owned()
}

/// Any object is a rule to those who read leniently.
fn wire_rule(fields: &Map<String, Value>) -> Option<WireRule> {
    serde_json::from_value(Value::Object(fields.clone())).ok()
}

/// The resource a request needs a permission on (API page, "Authorization information"; the custom policies'
/// page for the instances). A request without an instance is about all of them, which only a wildcard covers.
fn resource(action: Action, id: Option<&str>, seed: &Seed, caller: &Caller) -> String {
    let kind = if action == Action::ListRepoSyncRule {
        "repository"
    } else {
        "instance"
    };
    let region = id
        .and_then(|id| seed.instance(id)?.region.as_deref())
        .unwrap_or("*");
    format!(
        "acs:cr:{region}:{}:{kind}/{}",
        caller.account,
        id.unwrap_or("*")
    )
}

/// What something between client and service answers in its place.
fn in_between(effect: &Effect) -> Option<Reply> {
    match effect {
        Effect::Html { status } => {
            let page = format!(
                "<html>\r\n<head><title>{status} Bad Gateway</title></head>\r\n<body>\r\n<center><h1>{status} Bad Gateway</h1></center>\
                 \r\n<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n"
            );
            Some(Reply {
                content_type: "text/html",
                ..Reply::text(*status, &page)
            })
        }
        Effect::Redirect { status, location } => Some(Reply {
            headers: vec![("location", location.clone())],
            ..Reply::text(*status, "")
        }),
        _ => None,
    }
}

/// The refusal the effects order, now that the request has proved who it is from.
fn scripted(effects: &[&Effect]) -> Result<(), Refusal> {
    let refusal = effects.iter().find_map(|effect| match effect {
        Effect::Throttle { code, status, .. } => Some(Refusal {
            status: *status,
            code: code.clone().into(),
            ..Refusal::throttled()
        }),
        Effect::Error {
            status,
            code,
            message,
            ..
        } => Some(Refusal::new(*status, code.clone(), message.clone())),
        Effect::Refuse { code, message } => Some(Refusal::new(200, code.clone(), message.clone())),
        Effect::ExpireToken => Some(Refusal::expired_token()),
        _ => None,
    });
    refusal.map_or(Ok(()), Err)
}

/// The reply to a refusal, with what the effects add to it.
fn refuse(
    request: &Request,
    effects: &[&Effect],
    request_id: &str,
    format: Format,
    refusal: &Refusal,
) -> Reply {
    let xml = effects
        .iter()
        .any(|effect| matches!(effect, Effect::Error { xml: true, .. }));
    let mut reply = Reply::refused(
        request_id,
        if xml { Format::Xml } else { format },
        request,
        refusal,
    );
    for effect in effects {
        if let Effect::Throttle {
            retry_after_ms: Some(ms),
            ..
        } = effect
        {
            reply.headers.push(("x-acs-retry-after", ms.to_string()));
        }
    }
    reply
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, RwLock};

    use proptest::prelude::*;
    use serde_json::Value;

    use super::Service;
    use crate::accounts::Accounts;
    use crate::faults::Faults;
    use crate::keys::{KeyRing, Keys};
    use crate::metadata::Machine;
    use crate::nonces::Nonces;
    use crate::request::Request;
    use crate::tally::Tally;
    use crate::{MissingInstance, PageLimit, Seed};

    fn service() -> Service {
        let (accounts, owned) = Accounts::new(Vec::new());
        Service {
            seed: RwLock::new(Seed::default()),
            keys: KeyRing::new(Keys::default(), &accounts.root(), owned),
            accounts,
            machine: Machine::new(None, None),
            clock: Arc::new(|| jiff::Timestamp::UNIX_EPOCH),
            page_limit: PageLimit::default(),
            missing_instance: MissingInstance::default(),
            faults: Faults::default(),
            nonces: Mutex::new(Nonces::default()),
            tally: Tally::default(),
        }
    }

    /// Pairs of a name that means something and a value that need not.
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
        fn whatever_nobody_signed_is_refused_in_words(
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
            let request = Request { method: method.to_owned(), path: path.to_owned(), headers, query, form: Vec::new(), body };
            let service = service();
            let effects = service.meet(&request);
            let reply = service.answer(&request, &effects);
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
}
