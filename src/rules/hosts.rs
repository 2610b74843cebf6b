//! The hosts that rules files may name: requests to them are signed, and carry a security token.

use url::{Host, Url};

use super::problem::InstanceProblem;
use super::problems::Problems;
use crate::i18n::Phrase;
use crate::model::NameGlob;
use crate::source::{Place, quote};

/// The domain of Alibaba Cloud's services.
const DOMAIN: &str = ".aliyuncs.com";

/// The services below [`DOMAIN`] whose hosts have names that customers choose and answers that customers control:
/// object storage, functions, load balancers, models and search clusters. A label of such a host is one of these, or
/// begins with it and a dash (`oss-cn-hangzhou`).
const CUSTOMER_SERVICES: [&str; 8] = [
    "oss",
    "fc",
    "alb",
    "nlb",
    "slb",
    "gwlb",
    "pai-eas",
    "elasticsearch",
];

/// The hosts that an operator allows besides those of Alibaba Cloud and this machine.
#[derive(Debug, Clone, Default)]
pub struct AllowedHosts(Vec<NameGlob>);

/// An `endpoint:` of a rules file.
#[derive(Debug)]
pub(super) struct DeclaredEndpoint {
    /// The URL as written, without whitespace around it.
    pub(super) text: Box<str>,
    /// The place of the URL.
    pub(super) place: Place,
}

impl DeclaredEndpoint {
    /// Reports a host that is not allowed, at the place of the endpoint.
    pub(super) fn check(&self, allowed: &AllowedHosts, problems: &mut Problems) {
        if let Some((host, why)) = allowed.refusal_reason(&self.text) {
            problems.push(
                InstanceProblem::EndpointNotAllowed {
                    given: quote(&host),
                    why,
                },
                self.place,
            );
        }
    }
}

impl AllowedHosts {
    /// Compiles globs over host names.
    ///
    /// # Errors
    ///
    /// The message of the first invalid glob, a fragment of a sentence.
    pub fn new<'a>(globs: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        globs
            .into_iter()
            .map(NameGlob::new)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Returns the host of an endpoint and the reason to refuse it, the rest of a sentence about the host; `None` for an
    /// allowed endpoint.
    fn refusal_reason(&self, endpoint: &str) -> Option<(String, Phrase)> {
        let Ok(url) = Url::parse(endpoint) else {
            return Some((String::new(), Phrase::host_not_a_url()));
        };
        let Some(host) = url.host() else {
            return Some((String::new(), Phrase::host_empty()));
        };
        let name = host.to_string();
        if !endpoint.is_ascii() {
            return Some((name, Phrase::host_ascii()));
        }
        if self.0.iter().any(|glob| glob.matches(&name)) {
            return None;
        }
        let why = match host {
            Host::Domain("localhost") => return None,
            Host::Domain(name) if name.ends_with('.') => Phrase::host_dot(),
            Host::Domain(name) if !name.ends_with(DOMAIN) => Phrase::host_domain(),
            Host::Domain(name) if name.split('.').any(|label| !is_label(label)) => {
                Phrase::host_label()
            }
            Host::Domain(name) if is_customer_host(name) => Phrase::host_customer(),
            Host::Domain(_) if url.port().is_some() => Phrase::host_port(),
            Host::Ipv4(address) if !address.is_loopback() => Phrase::host_address(),
            Host::Ipv6(address) if !address.is_loopback() => Phrase::host_address(),
            Host::Ipv4(_) | Host::Ipv6(_) if written_host(endpoint) != name => Phrase::host_form(),
            Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_) => return None,
        };
        Some((name, why))
    }
}

/// Returns `true` if a part of a host name has only valid characters.
fn is_label(label: &str) -> bool {
    let is_invalid = |byte: u8| !matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    !label.is_empty() && !label.bytes().any(is_invalid)
}

/// Returns `true` if customers can own a host below [`DOMAIN`]: it has a label before the one of such a service.
fn is_customer_host(name: &str) -> bool {
    let is_service = |label: &str| {
        CUSTOMER_SERVICES.iter().any(|service| {
            let rest = label.strip_prefix(service);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
    };
    name.split('.').skip(1).any(is_service)
}

/// Returns the host of an endpoint as written, without its port.
fn written_host(endpoint: &str) -> &str {
    let authority = endpoint
        .split_once("://")
        .map_or(endpoint, |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.rfind(']') {
        Some(end) => authority.get(..=end).unwrap_or(authority),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::AllowedHosts;

    fn is_refused(allowed: &[&str], endpoint: &str) -> bool {
        AllowedHosts::new(allowed.iter().copied())
            .expect("globs")
            .refusal_reason(endpoint)
            .is_some()
    }

    #[test]
    fn hosts_of_alibaba_cloud_and_this_machine_pass() {
        for endpoint in [
            "https://cr.cn-shanghai.aliyuncs.com",
            "https://cr-vpc.cn-shanghai.aliyuncs.com/",
            "https://cr-internal.cn-shanghai.aliyuncs.com",
            "https://cr.aliyuncs.com",
            "https://CR.CN-Shanghai.AliyunCS.com:443",
            "http://127.0.0.1:7878",
            "http://127.9.8.7",
            "http://[::1]:80",
            "http://localhost:8080/",
        ] {
            assert!(!is_refused(&[], endpoint), "{endpoint}");
        }
    }

    #[test]
    fn every_other_host_is_refused() {
        for endpoint in [
            "https://evil.example",
            "https://EVIL.EXAMPLE",
            "https://evil.example:443",
            "https://aliyuncs.com",
            "https://aliyuncs.com.evil.example",
            "https://evilaliyuncs.com",
            "https://cr.evilaliyuncs.com",
            "https://cr.aliyuncs.com.",
            "https://cr.aliyuncs.com..",
            "https://cr..aliyuncs.com",
            "https://.aliyuncs.com",
            "https://cr_x.aliyuncs.com",
            "https://cr.aliyuncs.com:8443",
            "https://cr.aliyuncs.com%2eevil.example",
            "https://evil.example\\.aliyuncs.com",
            "https://evil.example#.aliyuncs.com",
            "https://evil.example?.aliyuncs.com",
            "https://\u{0430}liyuncs.com",
            "https://cr.\u{0430}liyuncs.com",
            "https://cr.\u{ff41}liyuncs.com",
            "https://cr\u{3002}aliyuncs.com",
            "https://xn--liyuncs-2fg.com",
            "https://x.oss-cn-hangzhou.aliyuncs.com",
            "https://x.oss-cn-hangzhou-internal.aliyuncs.com",
            "https://cr.oss-accelerate.aliyuncs.com",
            "https://1234.cn-hangzhou.fc.aliyuncs.com",
            "https://1234.cn-hangzhou-internal.fc.aliyuncs.com",
            "https://alb-x.cn-hangzhou.alb.aliyuncs.com",
            "https://1234.cn-shanghai.pai-eas.aliyuncs.com",
            "http://8.8.8.8",
            "http://134744072",
            "http://0x08080808",
            "http://100.100.100.200",
            "http://2130706433",
            "http://0x7f000001",
            "http://0177.0.0.1",
            "http://127.1",
            "http://0.0.0.0",
            "http://[::]",
            "http://[::ffff:127.0.0.1]",
            "http://[::ffff:7f00:1]",
            "http://[0:0:0:0:0:0:0:1]",
            "http://[2001:db8::1]",
            "http://evil.localhost",
            "http://localhost.evil.example",
            "http://localhost.",
            "not a URL",
            "https://",
        ] {
            assert!(is_refused(&[], endpoint), "{endpoint}");
        }
    }

    #[test]
    fn a_glob_allows_whole_names() {
        assert!(!is_refused(
            &["x.oss-*.aliyuncs.com"],
            "https://x.oss-cn-hangzhou.aliyuncs.com"
        ));
        let allowed = ["cr.corp.example", "*.acr.corp.example", "10.0.0.8"];
        for endpoint in [
            "https://CR.corp.example:8443",
            "https://a.b.acr.corp.example",
            "https://10.0.0.8",
        ] {
            assert!(!is_refused(&allowed, endpoint), "{endpoint}");
        }
        for endpoint in [
            "https://xcr.corp.example",
            "https://cr.corp.example.evil.example",
            "https://cr.corp.example.",
            "https://acr.corp.example",
            "https://cr.c\u{043e}rp.example",
            "https://10.0.0.80",
        ] {
            assert!(is_refused(&allowed, endpoint), "{endpoint}");
        }
    }
}
