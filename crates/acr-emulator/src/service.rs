//! The order of checks of the gateway and the service, from a request to its response.

mod injection;

use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};

use acr_api::ReadStatus;
use acr_api::{ApiAction, ApiPage, WireField, WireRule};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::accounts::{AccountDirectory, Principal};
use super::auth::{self, SignedRequest};
use super::counts::RequestCounter;
use super::error::ErrorResponse;
use super::events::EventLog;
use super::faults::{FaultEffect, FaultPlan, RequestSubject, tamper};
use super::keys::KeyStore;
use super::metadata::MetadataService;
use super::nonces::NonceCache;
use super::operation::ApiOperation;
use super::paging::{PageLimit, Paging};
use super::rates::AccountRates;
use super::reply::{Format, HttpReply, ResponseBody};
use super::request::HttpRequest;
use super::seed::{RuleFilters, Seed, SeedInstance, shift_times};
use super::sts::{self, StsAction, StsService};
use super::{ClockFn, MissingInstance, instances};
use injection::{error_reply, injected_error, proxy_response};

/// The state of the emulated services.
pub(super) struct ApiService {
    pub(super) seed: RwLock<Seed>,
    pub(super) accounts: AccountDirectory,
    pub(super) rates: AccountRates,
    pub(super) keys: KeyStore,
    pub(super) events: EventLog,
    pub(super) metadata: MetadataService,
    pub(super) clock: ClockFn,
    pub(super) page_limit: PageLimit,
    pub(super) missing_instance: MissingInstance,
    pub(super) faults: FaultPlan,
    pub(super) nonces: Mutex<NonceCache>,
    pub(super) counts: RequestCounter,
    /// The distance of the times of the snapshot from those of the script.
    pub(super) shift: SignedDuration,
}

/// A request, with the values that its response depends on.
struct RequestContext<'a> {
    request: &'a HttpRequest,
    /// The effects of faults.
    effects: &'a [&'a FaultEffect],
    /// The time, with the skew of the effects.
    now: Timestamp,
    /// The id of the response.
    request_id: String,
}

impl ApiService {
    /// Counts a request and returns the effects of the faults that apply to it. Call it once per request, before
    /// anything else.
    pub(super) fn apply_faults(&self, request: &HttpRequest) -> Vec<&FaultEffect> {
        let operation = ApiOperation::from_request(request)
            .ok()
            .map(ApiOperation::name);
        let instance = request.parameter("InstanceId");
        let known = instance.filter(|id| self.seed().instance(id).is_some());
        self.counts.increment(operation, known);
        let page = match request.parameter("PageNo") {
            Some(number) => number.parse().unwrap_or_default(),
            None => 1,
        };
        self.faults.apply_faults(RequestSubject {
            action: operation.unwrap_or_default(),
            instance,
            page,
        })
    }

    /// Returns the time, with the skew of the effects.
    pub(super) fn now(&self, effects: &[&FaultEffect]) -> Timestamp {
        let skew = effects.iter().find_map(|effect| match effect {
            FaultEffect::Skew { seconds } => Some(SignedDuration::from_secs(*seconds)),
            _ => None,
        });
        let now = (self.clock)();
        now.checked_add(skew.unwrap_or_default()).unwrap_or(now)
    }

    /// Responds to a request.
    pub(super) fn respond(&self, request: &HttpRequest, effects: &[&FaultEffect]) -> HttpReply {
        for effect in effects {
            self.change_rules(effect, self.now(effects));
        }
        if let Some(reply) = effects.iter().find_map(|effect| proxy_response(effect)) {
            return reply;
        }
        let now = self.now(effects);
        let operation = match ApiOperation::from_request(request) {
            Ok(ApiOperation::Metadata(endpoint)) => {
                return self.metadata.respond(endpoint, request, &self.sts(now));
            }
            operation => operation,
        };
        let context = RequestContext {
            request,
            effects,
            now,
            request_id: new_request_id(),
        };
        // An invalid format is the first error, and reported in JSON.
        let (format, operation) = match Format::read(request) {
            Ok(format) => (format, operation),
            Err(error) => (Format::Json, Err(error)),
        };
        let outcome = operation.and_then(|operation| {
            let body = self.execute(operation, &context)?;
            Ok((operation.name(), body))
        });
        let (action, body) = match outcome {
            Ok(success) => success,
            Err(error) => return error_reply(&context, format, &error),
        };
        let request_id = &context.request_id;
        match tamper(&body, effects) {
            Some(tampered) => HttpReply::from_success(request_id, format, action, &tampered),
            None => HttpReply::from_success(request_id, format, action, &body),
        }
    }

    /// Returns the response to a request that could not be received.
    pub(super) fn reject(request: &HttpRequest, error: &ErrorResponse) -> HttpReply {
        HttpReply::from_error(
            &new_request_id(),
            Format::read(request).unwrap_or(Format::Json),
            request,
            error,
        )
    }

    /// Authenticates and authorizes a request, and returns the body of its response.
    fn execute(
        &self,
        operation: ApiOperation<'_>,
        context: &RequestContext<'_>,
    ) -> Result<ResponseBody, ErrorResponse> {
        let RequestContext { request, now, .. } = *context;
        let request_id = context.request_id.clone();
        if let ApiOperation::Sts(StsAction::AssumeRoleWithOidc) = operation {
            auth::check_unsigned(request, now)?;
            if let Some(error) = injected_error(context.effects) {
                return Err(error);
            }
            return self
                .sts(now)
                .assume_with_oidc(request, request_id)
                .map(ResponseBody::AssumedRole);
        }
        let caller = self.authenticate(request, now)?;
        if !self.rates.take(&caller.account, now) {
            self.counts.increment_throttled();
            return Err(ErrorResponse::throttled());
        }
        if let Some(error) = injected_error(context.effects) {
            return Err(error);
        }
        match operation {
            ApiOperation::Sts(StsAction::AssumeRole) => self
                .sts(now)
                .assume(request, &caller, request_id)
                .map(ResponseBody::AssumedRole),
            ApiOperation::Sts(_) => Ok(ResponseBody::CallerIdentity(sts::identity(
                &caller, request_id,
            ))),
            ApiOperation::Cr(action) => self.execute_action(action, &caller, context),
            ApiOperation::Metadata(_) => Err(ErrorResponse::unknown_api()),
        }
    }

    /// Authenticates a request as the gateway does: common parameters, date, key and token, signature, nonce. A nonce
    /// is used only once the signature has proved that it came from the owner of the key.
    fn authenticate(
        &self,
        request: &HttpRequest,
        now: Timestamp,
    ) -> Result<Principal, ErrorResponse> {
        let signed = SignedRequest::read(request)?;
        signed.check_date(now)?;
        let (secret, caller) = self.keys.find(signed.access_key_id, signed.token, now)?;
        signed.check_signature(request, &secret)?;
        let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        if nonces.take(signed.access_key_id, signed.nonce, now) {
            Ok(caller)
        } else {
            Err(ErrorResponse::nonce_used())
        }
    }

    fn execute_action(
        &self,
        action: ApiAction,
        caller: &Principal,
        context: &RequestContext<'_>,
    ) -> Result<ResponseBody, ErrorResponse> {
        let RequestContext { request, .. } = *context;
        let request_id = context.request_id.clone();
        let seed = self.seed();
        let id = request.parameter("InstanceId");
        if action == ApiAction::LookupEvents {
            return self.look_up_events(caller, context);
        }
        let resource = required_resource(action, id, &seed, caller);
        if !caller.can(action.ram_action(), &resource) {
            return Err(ErrorResponse::no_privilege());
        }
        match action {
            ApiAction::ListRepoSyncRule => {
                let (_, instance) = self.instance(&seed, id, caller)?;
                self.list_rules(&seed, instance, context)
                    .map(ResponseBody::Rules)
            }
            ApiAction::ListInstance => {
                let paging = Paging::read(request, self.page_limit)?;
                let is_owned = |id: &str| self.accounts.owner(id) == &*caller.account;
                let found = instances::find(&seed, is_owned, request);
                Ok(ResponseBody::Instances(instances::list(
                    &seed, &found, paging, request_id,
                )))
            }
            ApiAction::GetInstance => {
                let (id, instance) = self.instance(&seed, id, caller)?;
                Ok(ResponseBody::Instance(instances::describe(
                    &seed, id, instance, request_id,
                )))
            }
            ApiAction::LookupEvents => Err(ErrorResponse::unknown_api()),
        }
    }

    fn look_up_events(
        &self,
        caller: &Principal,
        context: &RequestContext<'_>,
    ) -> Result<ResponseBody, ErrorResponse> {
        let RequestContext { request, now, .. } = *context;
        let resource = format!("acs:actiontrail:*:{}:*", caller.account);
        if !caller.can(ApiAction::LookupEvents.ram_action(), &resource) {
            return Err(ErrorResponse::no_permission());
        }
        let request_id = context.request_id.clone();
        let events = self
            .events
            .look_up(request, &caller.account, now, request_id)?;
        Ok(ResponseBody::Events(events))
    }

    fn list_rules(
        &self,
        seed: &Seed,
        instance: &SeedInstance,
        context: &RequestContext<'_>,
    ) -> Result<ApiPage, ErrorResponse> {
        let RequestContext { request, .. } = *context;
        let mut paging = Paging::read(request, self.page_limit)?;
        for effect in context.effects {
            if let FaultEffect::ShiftRows { by } = effect {
                paging.shift += isize::try_from(*by).unwrap_or_default();
            }
        }
        let filters = RuleFilters {
            namespace: request.parameter("NamespaceName"),
            repo: request.parameter("RepoName"),
            target_instance: request.parameter("TargetInstanceId"),
            target_region: request.parameter("TargetRegionId"),
        };
        let (total, sync_rules) = seed.page(instance, filters, paging);
        // A listing that was inconsistent in the seed stays so.
        let total = if instance.status == ReadStatus::Inconsistent {
            total + 1
        } else {
            total
        };
        Ok(ApiPage {
            request_id: context.request_id.clone(),
            code: "success".to_owned(),
            is_success: true,
            page_no: u32::try_from(paging.number).ok(),
            page_size: u32::try_from(paging.size).ok(),
            total_count: total as u64,
            sync_rules,
        })
    }

    /// Returns the instance of a request, if the caller owns it and its status in the seed permits.
    fn instance<'a>(
        &self,
        seed: &'a Seed,
        id: Option<&'a str>,
        caller: &Principal,
    ) -> Result<(&'a str, &'a SeedInstance), ErrorResponse> {
        let id = id.ok_or_else(|| ErrorResponse::missing("InstanceId"))?;
        let missing = || match self.missing_instance {
            MissingInstance::NotFound => ErrorResponse::no_instance(404),
            MissingInstance::UnderSuccess => ErrorResponse::no_instance(200),
        };
        let instance = seed
            .instance(id)
            .filter(|_| self.accounts.owner(id) == &*caller.account);
        let instance = instance.ok_or_else(missing)?;
        match instance.status {
            ReadStatus::Complete | ReadStatus::Inconsistent => Ok((id, instance)),
            ReadStatus::Denied => Err(ErrorResponse::no_privilege()),
            ReadStatus::Throttled => Err(ErrorResponse::throttled()),
            ReadStatus::Unreachable => Err(ErrorResponse::system_error()),
            ReadStatus::NotFound | ReadStatus::Skipped => Err(missing()),
        }
    }

    fn change_rules(&self, effect: &FaultEffect, now: Timestamp) {
        let FaultEffect::ChangeRules { delete, add } = effect else {
            return;
        };
        let mut seed = self.seed.write().unwrap_or_else(PoisonError::into_inner);
        let instance_of = |id: &str| {
            let rule = seed
                .rules()
                .iter()
                .find(|rule| rule.get(WireField::SyncRuleId) == Some(id))?;
            rule.get(WireField::LocalInstanceId)
        };
        let deleted = delete.iter().map(|id| (id.as_str(), instance_of(id)));
        let mut added: Vec<WireRule> = add.iter().filter_map(wire_rule).collect();
        for rule in &mut added {
            shift_times(rule, self.shift);
        }
        let account = self.accounts.root().account;
        self.events.log_changes(deleted, &added, &account, now);
        for id in delete {
            seed.delete(id);
        }
        for rule in added {
            seed.insert(rule);
        }
    }

    fn seed(&self) -> RwLockReadGuard<'_, Seed> {
        self.seed.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn sts(&self, now: Timestamp) -> StsService<'_> {
        StsService {
            accounts: &self.accounts,
            keys: &self.keys,
            now,
        }
    }
}

fn new_request_id() -> String {
    Uuid::new_v4()
        .hyphenated()
        .encode_upper(&mut Uuid::encode_buffer())
        .to_owned()
}

/// Returns a JSON object as a rule.
fn wire_rule(fields: &Map<String, Value>) -> Option<WireRule> {
    serde_json::from_value(Value::Object(fields.clone())).ok()
}

/// Returns the resource that a request needs a permission on (API page, "Authorization information"; the page of custom
/// policies for instances). A request without an instance concerns all of them, which only a wildcard matches.
fn required_resource(
    action: ApiAction,
    id: Option<&str>,
    seed: &Seed,
    caller: &Principal,
) -> String {
    let kind = if action == ApiAction::ListRepoSyncRule {
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

#[cfg(test)]
mod tests;
