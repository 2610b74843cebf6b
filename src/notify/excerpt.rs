//! Excerpts of answers, without the secrets that a service repeats.

use percent_encoding::percent_decode_str;
use secrecy::ExposeSecret;
use url::Url;

use super::escape::cut;
use super::targets::TargetRequest;
use crate::rules::NotifyTarget;
use crate::source::sanitize_to;

/// The most bytes of an excerpt.
const EXCERPT: usize = 256;

/// The shortest part of an address that is looked for: shorter ones are words.
const SHORTEST_PART: usize = 8;

/// The text in the place of a secret.
const HIDDEN: &str = "[secret]";

/// Returns the beginning of a text about a request, with every part of the address and the key that it repeats hidden.
pub(super) fn excerpt(
    text: &str,
    target: &NotifyTarget,
    request: Option<&TargetRequest>,
) -> String {
    let mut secrets = Vec::new();
    collect_address(target.url.expose_secret(), &mut secrets);
    if let Some(request) = request {
        collect_address(request.url.expose_secret(), &mut secrets);
    }
    if let Some(secret) = &target.secret {
        let secret = secret.expose_secret();
        secrets.push(secret.to_owned());
        secrets.extend(secret.strip_prefix("whsec_").map(str::to_owned));
    }
    let encoded: Vec<_> = secrets
        .iter()
        .map(|it| url::form_urlencoded::byte_serialize(it.as_bytes()).collect())
        .collect();
    secrets.extend(encoded);
    secrets.retain(|it| !it.is_empty());
    // A secret inside of another one must not break it.
    secrets.sort_by_key(|it| std::cmp::Reverse(it.len()));
    let mut hidden = text.to_owned();
    for secret in &secrets {
        hidden = hidden.replace(secret.as_str(), HIDDEN);
    }
    cut(&sanitize_to(&hidden, EXCERPT), EXCERPT)
}

/// Adds what makes an address secret: all of it, what follows its host, and each part that is long enough.
fn collect_address(address: &str, secrets: &mut Vec<String>) {
    secrets.push(address.to_owned());
    let Ok(url) = Url::parse(address) else {
        return;
    };
    secrets.push(url.to_string());
    let behind_host = url.as_str().get(url.origin().ascii_serialization().len()..);
    secrets.extend(behind_host.filter(|it| it.len() > 1).map(str::to_owned));
    let mut parts: Vec<String> = url
        .path_segments()
        .into_iter()
        .flatten()
        .map(str::to_owned)
        .collect();
    parts.extend(url.query_pairs().map(|(_, value)| value.into_owned()));
    parts.push(url.username().to_owned());
    parts.extend(url.password().map(str::to_owned));
    parts.extend(url.fragment().map(str::to_owned));
    for part in parts {
        let decoded = percent_decode_str(&part).decode_utf8_lossy().into_owned();
        secrets.extend(
            [part, decoded]
                .into_iter()
                .filter(|it| it.len() >= SHORTEST_PART),
        );
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::excerpt;
    use crate::finding::Severity;
    use crate::rules::{NotifyTarget, TargetKind};

    #[test]
    fn no_part_of_an_address_or_a_key_is_repeated() {
        let url = "https://user:planted-password@hooks.example/services/planted-path?key=planted%2Fkey#planted-fragment";
        let target = NotifyTarget {
            name: "ops".to_owned(),
            kind: TargetKind::Webhook,
            url: SecretString::from(url.to_owned()),
            secret: Some(SecretString::from("whsec_planted+secret=".to_owned())),
            events: Vec::new(),
            owners: Vec::new(),
            estates: Vec::new(),
            codes: Vec::new(),
            min_severity: Severity::Info,
            language: None,
            is_default: true,
            prefix: String::new(),
        };
        for echo in [
            url,
            "no route to /services/planted-path?key=planted%2Fkey",
            "planted/key planted%2Fkey planted-password",
            "whsec_planted+secret= planted+secret= planted%2Bsecret%3D planted-fragment",
        ] {
            let shown = excerpt(&format!("error: {echo}\u{1b}[31m"), &target, None);
            assert!(!shown.contains("planted"), "{shown}");
            assert!(
                shown.starts_with("error: ") && shown.contains("[secret]"),
                "{shown}"
            );
            assert!(!shown.contains('\u{1b}'), "{shown}");
        }
        let long = excerpt(&"标".repeat(1_000), &target, None);
        assert!(long.len() <= 256, "{}", long.len());
    }
}
