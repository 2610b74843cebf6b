//! `NO_PROXY`: the hosts that are asked without a proxy.

use std::net::IpAddr;

use reqwest::Url;

/// The entries of `NO_PROXY`. The list is read as curl reads it; where only Go's `httpproxy` gives an entry a meaning
/// (`host:80`, `*.corp.example`), as Go does.
#[derive(Debug, Default)]
pub(super) struct NoProxy(Vec<Exemption>);

/// One entry.
#[derive(Debug, PartialEq, Eq)]
struct Exemption {
    hosts: ExemptHosts,
    /// The port that a URL must have; `None`: any.
    port: Option<u16>,
}

/// The hosts that an entry names.
#[derive(Debug, PartialEq, Eq)]
enum ExemptHosts {
    /// `*`: every host, addresses included.
    All,
    /// `10.1.2.3` or `[fd00::1]`.
    Address(IpAddr),
    /// `10.0.0.0/8`: the addresses that share so many leading bits.
    Network { address: IpAddr, bits: u8 },
    /// `corp.example` or `.corp.example`: the domain and everything below it.
    Domain(String),
    /// `*.corp.example`: everything below the domain.
    Below(String),
}

impl NoProxy {
    /// Reads a list. Commas and blanks separate; an entry that names no host is ignored, as in curl.
    pub(super) fn parse(list: &str) -> Self {
        let entries = list.split(|character: char| character == ',' || character.is_whitespace());
        Self(entries.filter_map(Exemption::parse).collect())
    }

    /// Whether an entry names the host of a URL.
    pub(super) fn exempts(&self, url: &Url) -> bool {
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
                    Some(address) => entry.hosts.hold_address(address),
                    None => entry.hosts.hold_name(&host),
                }
        })
    }
}

impl Exemption {
    fn parse(entry: &str) -> Option<Self> {
        if let Some((address, bits)) = entry.split_once('/') {
            return Some(Self {
                hosts: network(address, bits)?,
                port: None,
            });
        }
        // An address has colons of its own: a port is behind a bracket, or behind the only colon.
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
            ExemptHosts::Below(name(domain)?)
        } else {
            ExemptHosts::Domain(name(host.strip_prefix('.').unwrap_or(host))?)
        };
        Some(Self { hosts, port })
    }
}

impl ExemptHosts {
    fn hold_address(&self, address: IpAddr) -> bool {
        match self {
            Self::All => true,
            Self::Address(named) => *named == address,
            Self::Network {
                address: network,
                bits,
            } => shares_bits(*network, address, *bits),
            Self::Domain(_) | Self::Below(_) => false,
        }
    }

    fn hold_name(&self, host: &str) -> bool {
        let is_below = |domain: &str| {
            host.strip_suffix(domain)
                .and_then(|rest| rest.strip_suffix('.'))
                .is_some_and(non_empty)
        };
        match self {
            Self::All => true,
            Self::Domain(domain) => host == domain || is_below(domain),
            Self::Below(domain) => is_below(domain),
            Self::Address(_) | Self::Network { .. } => false,
        }
    }
}

fn non_empty(text: &str) -> bool {
    !text.is_empty()
}

/// A host as it is compared: without brackets and the root's dot, in lower case.
fn normalized(host: &str) -> String {
    let host = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host);
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

/// The name of a domain, in the spelling of URLs: names that are not ASCII are punycode there.
fn name(text: &str) -> Option<String> {
    let name = normalized(text);
    let name = if name.is_ascii() {
        name
    } else {
        normalized(Url::parse(&format!("http://{name}")).ok()?.host_str()?)
    };
    Some(name).filter(|name| !name.is_empty())
}

fn network(address: &str, bits: &str) -> Option<ExemptHosts> {
    let address: IpAddr = normalized(address).parse().ok()?;
    let bits: u8 = bits.parse().ok()?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    (bits <= longest).then_some(ExemptHosts::Network { address, bits })
}

/// Whether two addresses of one family begin with the same bits.
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
    fn an_entry_names_hosts_as_in_curl_and_go() {
        let cases = [
            // A domain holds itself and what is below it, never what merely ends alike.
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
            // The root's dot is no difference, on either side.
            ("corp.test.", "https://cr.corp.test", true),
            ("corp.test", "https://cr.corp.test.", true),
            (".corp.test.", "https://corp.test.", true),
            ("*.corp.test.", "https://cr.corp.test", true),
            // Nor is case, nor the spelling of names that are not ASCII.
            ("CORP.Test", "https://cr.corp.test", true),
            ("\u{4f8b}\u{5b50}.test", "https://cr.xn--fsqu00a.test", true),
            // Everything.
            ("*", "https://cr.corp.test", true),
            ("*", "https://192.0.2.7", true),
            ("*", "https://[2001:db8::7]:8443", true),
            ("other.test,*", "https://192.0.2.7", true),
            ("*:8443", "https://cr.corp.test", false),
            ("*:8443", "https://cr.corp.test:8443", true),
            // Ports: that of the URL, or its scheme's own.
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
                "{list:?} names no host"
            );
        }
    }
}
