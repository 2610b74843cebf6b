//! `NO_PROXY`: the hosts that are reached without a proxy.

use std::net::IpAddr;

use reqwest::Url;

/// The entries of `NO_PROXY`. The syntax is that of curl, with the ports and wildcards of Go's `httpproxy` (`host:80`,
/// `*.corp.example`).
#[derive(Debug, Default)]
pub(crate) struct NoProxy(Vec<Exemption>);

/// An entry.
#[derive(Debug, PartialEq, Eq)]
struct Exemption {
    hosts: ExemptHosts,
    /// The port of the URLs that match; `None` for any.
    port: Option<u16>,
}

/// The hosts that an entry names.
#[derive(Debug, PartialEq, Eq)]
enum ExemptHosts {
    /// `*`: every host, addresses included.
    All,
    /// `10.1.2.3` or `[fd00::1]`.
    Address(IpAddr),
    /// `10.0.0.0/8`: the addresses with the same leading bits.
    Network { address: IpAddr, bits: u8 },
    /// `corp.example` or `.corp.example`: the domain and its subdomains.
    Domain(String),
    /// `*.corp.example`: the subdomains only.
    Subdomains(String),
}

impl NoProxy {
    /// Parses a list that is separated by commas and blanks. Invalid entries are ignored, as in curl.
    pub(crate) fn parse(list: &str) -> Self {
        let entries = list.split(|character: char| character == ',' || character.is_whitespace());
        Self(entries.filter_map(Exemption::parse).collect())
    }

    /// Returns whether an entry matches the host of a URL.
    pub(crate) fn exempts(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else {
            return false;
        };
        let host = normalized(host);
        let address = host
            .parse::<IpAddr>()
            .ok()
            .map(|address| address.to_canonical());
        let port = url.port_or_known_default();
        self.0.iter().any(|entry| {
            entry.port.is_none_or(|wanted| Some(wanted) == port)
                && match address {
                    Some(address) => entry.hosts.contains_address(address),
                    None => entry.hosts.contains_name(&host),
                }
        })
    }
}

impl Exemption {
    fn parse(entry: &str) -> Option<Self> {
        if let Some((address, bits)) = entry.split_once('/') {
            return Some(Self {
                hosts: parse_network(address, bits)?,
                port: None,
            });
        }
        // An IPv6 address contains colons: a port follows a bracket, or the only colon.
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) if host.ends_with(']') || !host.contains(':') => {
                (host, Some(port.parse().ok()?))
            }
            _ => (entry, None),
        };
        let hosts = if host == "*" {
            ExemptHosts::All
        } else if let Ok(address) = normalized(host).parse::<IpAddr>() {
            ExemptHosts::Address(address.to_canonical())
        } else if let Some(domain) = host.strip_prefix("*.") {
            ExemptHosts::Subdomains(parse_domain(domain)?)
        } else {
            ExemptHosts::Domain(parse_domain(host.strip_prefix('.').unwrap_or(host))?)
        };
        Some(Self { hosts, port })
    }
}

impl ExemptHosts {
    fn contains_address(&self, address: IpAddr) -> bool {
        match self {
            Self::All => true,
            Self::Address(named) => *named == address,
            Self::Network {
                address: network,
                bits,
            } => shares_bits(*network, address, *bits),
            Self::Domain(_) | Self::Subdomains(_) => false,
        }
    }

    fn contains_name(&self, host: &str) -> bool {
        let is_subdomain = |domain: &str| {
            host.strip_suffix(domain)
                .and_then(|rest| rest.strip_suffix('.'))
                .is_some_and(non_empty)
        };
        match self {
            Self::All => true,
            Self::Domain(domain) => host == domain || is_subdomain(domain),
            Self::Subdomains(domain) => is_subdomain(domain),
            Self::Address(_) | Self::Network { .. } => false,
        }
    }
}

fn non_empty(text: &str) -> bool {
    !text.is_empty()
}

/// Normalizes a host for comparisons: without brackets and the trailing dot, in lower case.
fn normalized(host: &str) -> String {
    let host = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host);
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

/// Parses a domain name, in the spelling of URLs: names that are not ASCII become punycode.
fn parse_domain(text: &str) -> Option<String> {
    let name = normalized(text);
    let name = if name.is_ascii() {
        name
    } else {
        normalized(Url::parse(&format!("http://{name}")).ok()?.host_str()?)
    };
    Some(name).filter(|name| !name.is_empty())
}

fn parse_network(address: &str, bits: &str) -> Option<ExemptHosts> {
    let address: IpAddr = normalized(address).parse().ok()?;
    let bits: u8 = bits.parse().ok()?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    (bits <= longest).then_some(ExemptHosts::Network { address, bits })
}

/// Returns whether two addresses of the same family have the same leading bits.
fn shares_bits(left: IpAddr, right: IpAddr, bits: u8) -> bool {
    let bits = u32::from(bits);
    match (left, right) {
        (IpAddr::V4(left), IpAddr::V4(right)) => {
            (left.to_bits() ^ right.to_bits())
                .checked_shr(32_u32.saturating_sub(bits))
                .unwrap_or(0)
                == 0
        }
        (IpAddr::V6(left), IpAddr::V6(right)) => {
            (left.to_bits() ^ right.to_bits())
                .checked_shr(128_u32.saturating_sub(bits))
                .unwrap_or(0)
                == 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::NoProxy;

    fn exempts(list: &str, url: &str) -> bool {
        NoProxy::parse(list).exempts(&Url::parse(url).expect("url"))
    }

    #[test]
    fn entries_match_as_in_curl_and_go() {
        let cases = [
            // A domain matches itself and its subdomains, not other names with the same ending.
            ("corp.test", "https://corp.test", true),
            ("corp.test", "https://cr.corp.test", true),
            ("corp.test", "https://a.b.corp.test", true),
            ("corp.test", "https://notcorp.test", false),
            ("corp.test", "https://corp.test.example", false),
            (".corp.test", "https://corp.test", true),
            (".corp.test", "https://cr.corp.test", true),
            (".corp.test", "https://notcorp.test", false),
            ("*.corp.test", "https://cr.corp.test", true),
            ("*.corp.test", "https://a.b.corp.test", true),
            ("*.corp.test", "https://corp.test", false),
            ("*.corp.test", "https://notcorp.test", false),
            // The trailing dot is ignored, on either side.
            ("corp.test.", "https://cr.corp.test", true),
            ("corp.test", "https://cr.corp.test.", true),
            (".corp.test.", "https://corp.test.", true),
            ("*.corp.test.", "https://cr.corp.test", true),
            // So are case, and the spelling of names that are not ASCII.
            ("CORP.Test", "https://cr.corp.test", true),
            ("\u{4f8b}\u{5b50}.test", "https://cr.xn--fsqu00a.test", true),
            // All hosts.
            ("*", "https://cr.corp.test", true),
            ("*", "https://192.0.2.7", true),
            ("*", "https://[2001:db8::7]:8443", true),
            ("other.test,*", "https://192.0.2.7", true),
            ("*:8443", "https://cr.corp.test", false),
            ("*:8443", "https://cr.corp.test:8443", true),
            // Ports: that of the URL, or the default of its scheme.
            ("corp.test:80", "http://cr.corp.test", true),
            ("corp.test:80", "https://cr.corp.test", false),
            ("corp.test:443", "https://cr.corp.test", true),
            (".corp.test:8443", "https://cr.corp.test:8443", true),
            ("*.corp.test:8443", "https://cr.corp.test", false),
            ("192.0.2.7:8443", "https://192.0.2.7:8443", true),
            ("192.0.2.7:8443", "https://192.0.2.7", false),
            ("[2001:db8::7]:8443", "https://[2001:db8::7]:8443", true),
            ("[2001:db8::7]:8443", "https://[2001:db8::7]", false),
            ("corp.test:x", "https://corp.test", false),
            ("corp.test:99999", "https://corp.test", false),
            // Addresses, with and without brackets, in every spelling.
            ("192.0.2.7", "https://192.0.2.7", true),
            ("192.0.2.7", "https://192.0.2.70", false),
            ("2.7", "https://192.0.2.7", false),
            ("2001:db8::7", "https://[2001:db8::7]", true),
            ("[2001:db8::7]", "https://[2001:db8::7]", true),
            ("2001:DB8:0::0007", "https://[2001:db8::7]", true),
            ("192.0.2.7", "https://[::ffff:192.0.2.7]", true),
            ("::ffff:192.0.2.7", "https://192.0.2.7", true),
            // Networks.
            ("192.0.2.0/24", "https://192.0.2.200", true),
            ("192.0.2.9/24", "https://192.0.2.200", true),
            ("192.0.2.0/24", "https://192.0.3.1", false),
            ("0.0.0.0/0", "https://192.0.3.1", true),
            ("192.0.2.7/32", "https://192.0.2.7", true),
            ("192.0.2.7/32", "https://192.0.2.6", false),
            ("2001:db8::/32", "https://[2001:db8:1::7]", true),
            ("[2001:db8::]/32", "https://[2001:db8:1::7]", true),
            ("2001:db8::/32", "https://[2001:db9::7]", false),
            ("::/0", "https://[2001:db9::7]", true),
            ("::/0", "https://192.0.2.7", false),
            ("192.0.2.0/33", "https://192.0.2.7", false),
            ("192.0.2.0/x", "https://192.0.2.7", false),
            ("corp.test/24", "https://corp.test", false),
        ];
        for (list, url, expected) in cases {
            assert_eq!(exempts(list, url), expected, "NO_PROXY={list} {url}");
        }
    }

    #[test]
    fn commas_and_blanks_separate_entries() {
        for list in [
            "a.test,corp.test",
            "a.test, corp.test",
            "a.test corp.test",
            "a.test\tcorp.test",
            ",, corp.test ,",
        ] {
            assert!(exempts(list, "https://cr.corp.test"), "{list:?}");
            assert!(!exempts(list, "https://other.test"), "{list:?}");
        }
        for list in ["", " ", ",", ".", "*.", ":80", "[]", "/8"] {
            assert!(
                !exempts(list, "https://corp.test"),
                "{list:?} has no valid entry"
            );
        }
    }
}
