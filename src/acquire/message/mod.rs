//! The errors of the client as messages, which have a text in each language. Their English texts are those of the
//! errors. Each match names every variant, so that a new one does not compile without a message.

mod credentials;
mod listing;
mod script;
mod transport;

use std::io;

use acr_client::credentials::CredentialsOrigin;
use acr_client::{
    CallAdvice, CallFailure, CallRemedy, FailureCause, RefusedCall, RefusedRequest, RequestQueue,
    RetrySummary, StopReason,
};

use self::credentials::response_problem;
pub(crate) use self::credentials::{credentials_error, origin, skipped_provider};
use self::listing::{event_problem, listing_problem};
pub(crate) use self::script::script_error;
pub(crate) use self::transport::setup_error;
use self::transport::{endpoint_error, transport_error};
use crate::i18n::Message;
use crate::links::InputTooLarge;
use crate::model::ReadFailure;

/// Returns the message of an input that cannot be read.
pub(crate) fn read_error(error: &io::Error) -> Message {
    let inner = error.get_ref();
    match inner.and_then(|error| error.downcast_ref::<InputTooLarge>()) {
        Some(InputTooLarge { limit }) => match limit >> 20 {
            0 => Message::file_too_long(*limit),
            mebibytes => Message::file_too_long_mib(mebibytes),
        },
        None => Message::from_io(error),
    }
}

/// Returns the message of a failure, with its code.
pub(super) fn coded_failure(failure: &CallFailure) -> Message {
    Message::with_reason(&*failure.code, call_failure(failure))
}

/// Returns a failure of the client as the result has it.
pub(crate) fn read_failure(failure: CallFailure) -> ReadFailure {
    ReadFailure {
        message: call_failure(&failure),
        code: failure.code,
        request_id: failure.request_id,
    }
}

/// Returns the message of a failure, without its code.
fn call_failure(failure: &CallFailure) -> Message {
    let message = cause(&failure.cause);
    match &failure.retries {
        Some(retries) => Message::with_detail(message, retry_summary(retries)),
        None => message,
    }
}

fn cause(cause: &FailureCause) -> Message {
    match cause {
        FailureCause::Refused(call) => refused_call(call),
        FailureCause::Transport(error) => transport_error(error),
        FailureCause::Credentials(error) => credentials_error(error),
        FailureCause::NoResponse => Message::no_response(),
        FailureCause::NoTurn(queue) => no_turn(*queue),
        FailureCause::Response(problem) => response_problem(problem),
        FailureCause::Endpoint(error) => endpoint_error(error),
        FailureCause::Listing(problem) => listing_problem(problem),
        FailureCause::ListingTooLarge { limit } => Message::listing_too_large(*limit),
        FailureCause::Events(problem) => event_problem(*problem),
    }
}

fn no_turn(queue: RequestQueue) -> Message {
    match queue {
        RequestQueue::Rate => Message::no_turn_of_rate(),
        RequestQueue::Parallelism => Message::no_turn_of_parallelism(),
        RequestQueue::Lookups => Message::no_turn_of_lookups(),
    }
}

fn refused_call(call: &RefusedCall) -> Message {
    let RefusedCall {
        message,
        problem,
        status,
        advice,
    } = call;
    let words = match problem {
        Some(problem) => response_problem(problem),
        None => message.trim_start().into(),
    };
    let refusal = if words.is_empty() {
        Message::refusal_without_words(*status)
    } else {
        Message::refusal(words, *status)
    };
    match advice {
        Some(advice) => Message::with_detail(refusal, call_advice(advice)),
        None => refusal,
    }
}

fn call_advice(advice: &CallAdvice) -> Message {
    match advice {
        CallAdvice::Allow(remedy, source) => with_credentials(*remedy, source),
        CallAdvice::CheckCredentials(source) => Message::remedy_check(origin(source)),
        CallAdvice::RenewCredentials(source) => Message::remedy_renew(origin(source)),
        CallAdvice::CheckClock => Message::remedy_clock(),
        CallAdvice::CheckEndpoint => Message::remedy_foreign(),
        CallAdvice::CheckInstance => Message::remedy_instance(),
    }
}

fn refused_request(request: &RefusedRequest) -> Message {
    let RefusedRequest {
        error,
        remedy,
        origin,
    } = request;
    let refusal = Message::refusal(Message::from(&**error), error.status);
    Message::with_detail(refusal, with_credentials(*remedy, origin))
}

fn with_credentials(remedy: CallRemedy, source: &CredentialsOrigin) -> Message {
    Message::remedy_credentials(self::remedy(remedy), origin(source))
}

fn remedy(remedy: CallRemedy) -> Message {
    match remedy {
        CallRemedy::ListRules => Message::remedy_list_rules(),
        CallRemedy::ListInstances => Message::remedy_list_instances(),
        CallRemedy::LookUpEvents => Message::remedy_events(),
        CallRemedy::AssumeRole => Message::remedy_assume_role(),
        CallRemedy::CallerIdentity => Message::remedy_identity(),
        CallRemedy::IdentityProvider => Message::remedy_oidc(),
        CallRemedy::ExpiredToken => Message::remedy_token(),
        CallRemedy::InvalidToken => Message::remedy_token_or_correct(),
        CallRemedy::ProviderArn => Message::remedy_provider_arn(),
        CallRemedy::RoleArn => Message::remedy_role_arn(),
        CallRemedy::MissingRole => Message::remedy_role_or_create(),
        CallRemedy::SessionName => Message::remedy_session(),
        CallRemedy::SessionDuration => Message::remedy_duration(),
        CallRemedy::SessionPolicy => Message::remedy_policy(),
        CallRemedy::RoleSettings => Message::remedy_role_settings(),
        CallRemedy::Metadata => Message::remedy_metadata(),
        CallRemedy::Uri => Message::remedy_uri(),
        CallRemedy::UriSettings => Message::remedy_uri_settings(),
    }
}

fn retry_summary(retries: &RetrySummary) -> Message {
    let tenths = |seconds: f64| format!("{seconds:.1}");
    let (attempts, spent) = (retries.attempts, tenths(retries.elapsed.as_secs_f64()));
    match retries.reason {
        StopReason::GaveUp => Message::retries(attempts, spent),
        StopReason::OutOfTime(total) => {
            // A budget that is the rest of another one is no whole number.
            let total = (total.as_secs_f64() * 10.0).ceil() / 10.0;
            Message::retries_out_of_time(attempts, total.to_string(), spent)
        }
        StopReason::WaitTooLong { wait, left } => Message::retries_wait(
            attempts,
            spent,
            tenths(wait.as_secs_f64()),
            tenths(left.as_secs_f64()),
        ),
    }
}

#[cfg(test)]
mod tests;
