//! The author of an event, and the client that it used by its own word.

use acr_api::TrailEvent;

use super::facts;
use super::index::TimedEvent;
use crate::report::{Actor, Confidence, MatchReason, Via, WhoAction, WhoEvent};

/// The consoles' ends of user agents. The second one is inferred.
const CONSOLE_HOSTS: [&str; 2] = [".console.aliyun.com", ".console.alibabacloud.com"];

/// The longest text of a client.
const MAX_CLIENT: usize = 200;

/// The longest version.
const MAX_VERSION: usize = 40;

/// Returns an event as it is reported. An event that names another service is less certain.
pub(super) fn reported(
    timed: TimedEvent<'_>,
    action: WhoAction,
    confidence: Confidence,
    reasons: &[MatchReason],
) -> WhoEvent {
    let event = timed.event;
    let (via, client, client_extra) = client(event);
    let mut reasons = reasons.to_vec();
    let confidence = if facts::is_of_registry(event) {
        confidence
    } else {
        reasons.push(MatchReason::OtherService);
        confidence.lowered()
    };
    WhoEvent {
        action,
        time_ms: timed.ms,
        actor: actor(event),
        via,
        client,
        client_extra,
        event_id: event.id.as_deref().map(str::to_owned),
        region: event.region.as_deref().map(str::to_owned),
        address: event.source_ip.as_deref().map(str::to_owned),
        confidence,
        reasons,
    }
}

/// Returns the author. A role and its session are joined by a colon.
pub(super) fn actor(event: &TrailEvent) -> Actor {
    let identity = &event.identity;
    let user = identity.user_name.as_deref();
    let is_role = &*identity.kind == "assumed-role";
    let (name, session) = match user.and_then(|user| user.split_once(':')) {
        Some((role, session)) if is_role => (Some(role), Some(session)),
        _ => (user, None),
    };
    let account = identity.account.as_deref();
    let assumed_from = event
        .parameter("stsTokenPlayerUid")
        .filter(|uid| is_role && Some(*uid) != account);
    Actor {
        kind: identity.kind.to_string(),
        name: name.map(str::to_owned),
        session: session.map(str::to_owned),
        account: account.map(str::to_owned),
        assumed_from: assumed_from.map(str::to_owned),
    }
}

/// Returns the id that one run of the Terraform provider sends with all of its calls.
pub(super) fn terraform_trace(event: &TrailEvent) -> Option<&str> {
    let agent = event.user_agent.as_deref()?;
    agent
        .split_whitespace()
        .find_map(|word| word.strip_prefix("TerraformTraceId/"))
}

/// Returns the kind of client, its name, and its other words; the first test that holds decides.
fn client(event: &TrailEvent) -> (Via, Option<String>, Option<String>) {
    let identity = &event.identity;
    let agent = event.user_agent.as_deref().unwrap_or_default();
    let kind = event.event_type.as_deref().unwrap_or_default();
    let version = |name: &str| {
        let mut words = agent.split_whitespace();
        words.find_map(|word| word.strip_prefix(name)?.strip_prefix('/'))
    };
    let plain_version = |name: &str| version(name).filter(|version| is_version(version));
    if &*identity.kind == "system" || kind == "AliyunServiceEvent" {
        let host = event.source_ip.as_deref().or(identity.user_name.as_deref());
        let host = host.filter(|host| host.contains(".aliyuncs.com"));
        return (Via::Service, host.map(shortened), None);
    }
    if version("HashiCorp-Terraform").is_some() || version("Terraform-Provider").is_some() {
        let terraform = plain_version("HashiCorp-Terraform").map(|it| format!(" {it}"));
        let provider = plain_version("Terraform-Provider").map(|it| format!(" provider {it}"));
        let client = ["Terraform".to_owned()].into_iter();
        let client: String = client.chain(terraform).chain(provider).collect();
        return (Via::Terraform, Some(shortened(&client)), other_words(agent));
    }
    if agent.contains("Aliyun-CLI/") {
        return (Via::AliyunCli, None, None);
    }
    if agent == "AlibabaCloud API Workbench" {
        return (Via::OpenApiExplorer, None, None);
    }
    let is_console = CONSOLE_HOSTS.iter().any(|end| agent.ends_with(end))
        || agent == "AliyunConsole"
        || agent.contains("-console")
        || matches!(kind, "ConsoleOperation" | "ConsoleCall");
    if is_console {
        return (Via::Console, None, None);
    }
    if agent.starts_with("AlibabaCloud (") {
        let languages = ["Python", "Golang", "Java", "Node.js", "PHP"];
        let language = languages.iter().find(|name| version(name).is_some());
        let client = language.map_or_else(|| "an SDK".to_owned(), |name| format!("SDK for {name}"));
        return (Via::Sdk, Some(client), None);
    }
    let is_person = matches!(&*identity.kind, "root-account" | "ram-user");
    if is_person && !identity.has_access_key {
        return (Via::LikelyConsole, None, None);
    }
    let is_service_role = &*identity.kind == "assumed-role"
        && identity.user_name.as_deref().is_some_and(|name| {
            name.get(..6)
                .is_some_and(|start| start.eq_ignore_ascii_case("aliyun"))
        });
    if is_service_role {
        return (Via::ServiceRole, None, None);
    }
    let first = agent.split_whitespace().next();
    (Via::Other, None, first.map(shortened))
}

/// Returns whether a text is a version, and no other text that a client sends in its place.
fn is_version(text: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || ".-+".contains(letter);
    let has_number = text.starts_with(|letter: char| letter.is_ascii_digit());
    has_number && text.len() <= MAX_VERSION && text.chars().all(is_plain)
}

/// Returns the words of Terraform's user agent that it does not send itself, such as those of `TF_APPEND_USER_AGENT`.
fn other_words(agent: &str) -> Option<String> {
    const OWN: [&str; 9] = [
        "AlibabaCloud",
        "HashiCorp-Terraform/",
        "Terraform-Provider/",
        "Terraform-Module/",
        "TerraformTraceId/",
        "Golang/",
        "Core/",
        "TeaDSL/",
        "(",
    ];
    let is_own = |word: &&str| OWN.iter().any(|own| word.starts_with(own)) || word.ends_with(')');
    let words: Vec<_> = agent
        .split_whitespace()
        .filter(|word| !is_own(word))
        .collect();
    (!words.is_empty()).then(|| shortened(&words.join(" ")))
}

fn shortened(text: &str) -> String {
    text.chars().take(MAX_CLIENT).collect()
}
