//! The hosts that a request may name: a name that an attacker points to this machine (DNS rebinding) is none of them.

use std::collections::BTreeSet;
use std::net::IpAddr;

/// The names and addresses that the operator allows.
#[derive(Debug, Clone)]
pub(super) struct PageHosts {
    names: BTreeSet<String>,
}

impl PageHosts {
    /// Returns the names of the configuration; a port of theirs does not count.
    pub(super) fn new(names: &[String]) -> Self {
        let names = names.iter().filter_map(|it| host_name(it));
        Self {
            names: names.collect(),
        }
    }

    /// Returns whether a `Host` header is allowed on a connection to `local`: a loopback name or address, the address that
    /// the client connected to, or a name of the configuration. The port may be that of a proxy.
    pub(super) fn allows(&self, header: &str, local: Option<IpAddr>) -> bool {
        let Some(name) = host_name(header) else {
            return false;
        };
        if name == "localhost" || self.names.contains(&name) {
            return true;
        }
        let Ok(address) = name.parse::<IpAddr>() else {
            return false;
        };
        let address = address.to_canonical();
        address.is_loopback() || local == Some(address)
    }
}

/// Returns the host of `host:port` in lower case, without brackets and a dot at the end; `None` for anything else.
fn host_name(text: &str) -> Option<String> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, rest) = rest.split_once(']')?;
            address.parse::<std::net::Ipv6Addr>().ok()?;
            (address, rest)
        }
        None => text
            .find(':')
            .map_or((text, ""), |colon| text.split_at(colon)),
    };
    let is_port = port.is_empty()
        || port
            .strip_prefix(':')
            .is_some_and(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
    let host = host.strip_suffix('.').unwrap_or(host);
    let is_name =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':');
    (is_port && !host.is_empty() && host.bytes().all(is_name)).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::PageHosts;

    #[test]
    fn only_this_machine_and_the_names_of_the_operator_are_allowed() {
        let hosts = PageHosts::new(&["Drift.Example.com:8443".to_owned(), "10.0.0.9".to_owned()]);
        let local = Some("10.1.2.3".parse().expect("an address"));
        for allowed in [
            "localhost",
            "LOCALHOST:9464",
            "127.0.0.1:1",
            "127.8.8.8",
            "[::1]:9464",
            "[::ffff:127.0.0.1]",
            "10.1.2.3:9464",
            "10.0.0.9",
            "drift.example.com",
            "DRIFT.example.com.:80",
        ] {
            assert!(hosts.allows(allowed, local), "{allowed}");
        }
        for refused in [
            "",
            ":80",
            "evil.example.com",
            "localhost.evil.com",
            "evil.com:127.0.0.1",
            "127.0.0.1.evil.com",
            "10.1.2.4",
            "[::2]",
            "[::1",
            "::1",
            "[localhost]",
            "localhost:9464:1",
            "localhost:x",
            "user@localhost",
            "local host",
            "drift.example.com.evil.com",
        ] {
            assert!(!hosts.allows(refused, local), "{refused}");
        }
    }
}
