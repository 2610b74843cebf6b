//! One request in, one reply out: the order in which the gateway and the service check things.

use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use super::claim::{self, Claim};
use super::keys::Keys;
use super::nonces::Nonces;
use super::paging::{PageLimit, Paging};
use super::refusal::Refusal;
use super::reply::{Answer, Format, Reply};
use super::request::Request;
use super::seed::{Filters, Instance, Seed};
use super::tally::Tally;
use super::{Clock, MissingInstance, instances};
use crate::acr::{API_VERSION, Action, Page};
use crate::model::ReadStatus;

/// The service behind the listener. Nothing but nonces and counts changes while it runs.
pub(super) struct Service {
    pub(super) seed: Seed,
    pub(super) keys: Keys,
    pub(super) clock: Clock,
    pub(super) page_limit: PageLimit,
    pub(super) missing_instance: MissingInstance,
    pub(super) nonces: Mutex<Nonces>,
    pub(super) tally: Tally,
}

impl Service {
    /// Answers a request.
    pub(super) fn answer(&self, request: &Request) -> Reply {
        let request_id = Uuid::new_v4().hyphenated().encode_upper(&mut Uuid::encode_buffer()).to_owned();
        self.count(request);
        let format = Format::read(request);
        let outcome = format.clone().and_then(|_| self.admit(request)).and_then(|action| match action {
            Action::ListRepoSyncRule => self.list_rules(request, request_id.clone()).map(Answer::Rules),
            Action::ListInstance => {
                let paging = Paging::read(request, self.page_limit)?;
                Ok(Answer::Instances(instances::list(&self.seed, request, paging, request_id.clone())))
            }
            Action::GetInstance => {
                let (id, instance) = self.instance(request)?;
                Ok(Answer::Instance(instances::get(&self.seed, id, instance, request_id.clone())))
            }
        });
        let format = format.unwrap_or(Format::Json);
        match outcome {
            Ok(answer) => Reply::granted(request_id, format, &answer),
            Err(refusal) => Reply::refused(request_id, format, request, &refusal),
        }
    }

    /// The reply to a request that could not be received.
    pub(super) fn refuse(&self, request: &Request, refusal: &Refusal) -> Reply {
        let request_id = Uuid::new_v4().hyphenated().encode_upper(&mut Uuid::encode_buffer()).to_owned();
        self.count(request);
        Reply::refused(request_id, Format::read(request).unwrap_or(Format::Json), request, refusal)
    }

    /// What the gateway checks before the service is asked: the action, the common parameters, the date, the key
    /// and its token, the signature, the nonce. A nonce counts as used only once the signature has proved that
    /// the key's owner used it.
    fn admit(&self, request: &Request) -> Result<Action, Refusal> {
        let action = action(request)?;
        let claim = Claim::read(request)?;
        let now = (self.clock)();
        claim.check_date(now)?;
        let key = self.keys.find(claim.access_key_id, claim.token, now)?;
        claim.check_signature(request, &key.secret)?;
        let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        if nonces.take(claim.access_key_id, claim.nonce, now) { Ok(action) } else { Err(Refusal::nonce_used()) }
    }

    fn list_rules(&self, request: &Request, request_id: String) -> Result<Page, Refusal> {
        let (_, instance) = self.instance(request)?;
        let paging = Paging::read(request, self.page_limit)?;
        let filters = Filters {
            namespace: request.parameter("NamespaceName"),
            repo: request.parameter("RepoName"),
            target_instance: request.parameter("TargetInstanceId"),
            target_region: request.parameter("TargetRegionId"),
        };
        let (total, sync_rules) = self.seed.page(instance, filters, paging);
        // What never settled when the seed was taken does not settle here either.
        let total = total + usize::from(instance.status == ReadStatus::Inconsistent);
        Ok(Page {
            request_id,
            code: "success".to_owned(),
            is_success: true,
            page_no: u32::try_from(paging.number).ok(),
            page_size: u32::try_from(paging.size).ok(),
            total_count: total as u64,
            sync_rules,
        })
    }

    /// The instance a request is about, if the seed says that it answers.
    fn instance<'a>(&'a self, request: &'a Request) -> Result<(&'a str, &'a Instance), Refusal> {
        let id = request.parameter("InstanceId").ok_or_else(|| Refusal::missing("InstanceId"))?;
        let missing = || match self.missing_instance {
            MissingInstance::NotFound => Refusal::no_instance(404),
            MissingInstance::UnderSuccess => Refusal::no_instance(200),
        };
        let instance = self.seed.instance(id).ok_or_else(missing)?;
        match instance.status {
            ReadStatus::Complete | ReadStatus::Inconsistent => Ok((id, instance)),
            ReadStatus::Denied => Err(Refusal::no_privilege()),
            ReadStatus::Throttled => Err(Refusal::throttled()),
            ReadStatus::Unreachable => Err(Refusal::system_error()),
            ReadStatus::NotFound | ReadStatus::Skipped => Err(missing()),
        }
    }

    fn count(&self, request: &Request) {
        let known = request.parameter("InstanceId").filter(|id| self.seed.instance(id).is_some());
        self.tally.count(action(request).ok(), known);
    }
}

/// The action a request asks for; it has to be one, in the version there is, at the only path there is.
fn action(request: &Request) -> Result<Action, Refusal> {
    if request.path != "/" {
        return Err(Refusal::unknown_api());
    }
    if !["GET", "POST"].contains(&request.method.as_str()) {
        return Err(Refusal::method());
    }
    let (action, version) = claim::asked_for(request);
    let action = action.ok_or_else(|| Refusal::missing("Action"))?;
    let version = version.ok_or_else(|| Refusal::missing("Version"))?;
    if version != API_VERSION {
        return Err(Refusal::invalid("Version"));
    }
    Action::ALL.into_iter().find(|known| known.as_str() == action).ok_or_else(Refusal::unknown_api)
}
