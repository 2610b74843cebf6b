//! The estates of the simulation: rings of instances whose rules differ from the reviewed ones in known places.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use acr_api::{Listing, ReadStatus, WireRule};
use acr_emulator::{FaultEffect, InjectedFault, MirrorMode, RamUser, Script, ScriptAccount, Seed};
use serde_json::json;

/// The accounts, which share the estates.
const ACCOUNTS: usize = 5;

/// The numbers of a simulation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FleetSize {
    pub(crate) estates: usize,
    pub(crate) instances_per_estate: usize,
    pub(crate) rules_per_instance: usize,
    /// The estates with one rule that differs.
    pub(crate) drifting: usize,
    /// The estates with an instance that denies its listing; behind the drifting ones.
    pub(crate) denied: usize,
    /// The estates with an instance that does not answer; behind those.
    pub(crate) unreachable: usize,
    /// The requests a second that each account may send.
    pub(crate) requests_per_second: u32,
}

impl FleetSize {
    pub(crate) const fn instances(self) -> usize {
        self.estates * self.instances_per_estate
    }

    /// Returns the estates that have an instance which cannot be read.
    pub(crate) const fn incomplete(self) -> usize {
        self.denied + self.unreachable
    }

    /// Returns the estates whose rules files are edited while they are watched: the last ones.
    pub(crate) const fn edited(self) -> std::ops::Range<usize> {
        let count = self.estates / 10;
        self.estates - count..self.estates
    }
}

pub(crate) fn estate_name(estate: usize) -> String {
    format!("estate-{estate:03}")
}

fn instance_id(estate: usize, instance: usize) -> String {
    format!("cri-e{estate:07}i{instance:07}")
}

fn repo(rule: usize) -> String {
    format!("repo-{rule:03}")
}

/// Returns the rules file of an estate. An edited one has one rule with another filter.
pub(crate) fn rules_file(
    size: FleetSize,
    estate: usize,
    endpoint: &str,
    is_edited: bool,
) -> String {
    let mut text = "version: 1\ninstances:\n".to_owned();
    let profile = estate % ACCOUNTS;
    // Writing to a String cannot fail.
    for instance in 0..size.instances_per_estate {
        let id = instance_id(estate, instance);
        let _ = writeln!(
            text,
            "  i{instance}: {{ id: {id}, region: cn-hangzhou, endpoint: \"{endpoint}\", profile: account-{profile} }}"
        );
    }
    text += "rules:\n";
    for instance in 0..size.instances_per_estate {
        let target = (instance + 1) % size.instances_per_estate;
        for rule in 0..size.rules_per_instance {
            let filter = if is_edited && (instance, rule) == (0, 0) {
                "edited-.*"
            } else {
                "v.*"
            };
            let repo = repo(rule);
            let _ = writeln!(
                text,
                "  - {{ name: {repo}-{instance}, from: {{ instance: i{instance}, namespace: out, repo: {repo} }}, \
                 to: {{ instance: i{target}, namespace: in, repo: {repo} }}, tag_filter: \"{filter}\" }}"
            );
        }
    }
    text
}

/// Writes the rules files of all estates.
pub(crate) fn write_rules(size: FleetSize, folder: &Path, endpoint: &str) -> io::Result<()> {
    fs::create_dir_all(folder.join("rules"))?;
    for estate in 0..size.estates {
        write_rules_file(size, folder, estate, (endpoint, false))?;
    }
    Ok(())
}

/// Writes a rules file under another name and renames it, as an editor does.
pub(crate) fn write_rules_file(
    size: FleetSize,
    folder: &Path,
    estate: usize,
    (endpoint, is_edited): (&str, bool),
) -> io::Result<()> {
    let path = folder.join("rules").join(estate_name(estate));
    fs::write(&path, rules_file(size, estate, endpoint, is_edited))?;
    fs::rename(&path, path.with_extension("yaml"))
}

/// Returns the watch file: the schedule is the keys of each estate for it.
pub(crate) fn watch_file(
    size: FleetSize,
    schedule: &str,
    targets: &BTreeMap<&str, String>,
) -> String {
    let mut text =
        "version: 1\nstore: sqlite:unused.db\nlisten: 127.0.0.1:0\nestates:\n".to_owned();
    for estate in 0..size.estates {
        let name = estate_name(estate);
        let _ = writeln!(
            text,
            "  - {{ name: {name}, rules: [rules/{name}.yaml], {schedule} }}"
        );
    }
    if !targets.is_empty() {
        text += "notify:\n";
    }
    for (kind, url) in targets {
        let _ = writeln!(text, "  - {{ name: {kind}, kind: {kind}, url: \"{url}\" }}");
    }
    text
}

/// Returns the profiles of the accounts, as the `aliyun` command line keeps them.
pub(crate) fn profiles() -> String {
    let profiles: Vec<_> = (0..ACCOUNTS)
        .map(|account| {
            json!({
                "name": format!("account-{account}"),
                "mode": "AK",
                "access_key_id": format!("key-{account}"),
                "access_key_secret": format!("secret-of-account-{account}"),
            })
        })
        .collect();
    json!({ "current": "account-0", "profiles": profiles }).to_string()
}

/// Returns the accounts with their keys and limits, and the latency of every response.
pub(crate) fn script(size: FleetSize, latency_ms: u64) -> Script {
    let accounts = (0..ACCOUNTS).map(|account| {
        let estates = (0..size.estates).filter(|estate| estate % ACCOUNTS == account);
        let instances = estates.flat_map(|estate| {
            (0..size.instances_per_estate).map(move |instance| instance_id(estate, instance))
        });
        ScriptAccount {
            uid: format!("{:016}", account + 1),
            instances: instances.collect(),
            requests_per_second: Some(size.requests_per_second),
            users: vec![RamUser {
                name: "crdrift".to_owned(),
                access_key_id: format!("key-{account}"),
                access_key_secret: format!("secret-of-account-{account}"),
                policies: None,
            }],
            roles: Vec::new(),
        }
    });
    Script {
        version: 1,
        accounts: accounts.collect(),
        faults: vec![InjectedFault {
            when: acr_emulator::FaultSelector::default(),
            effect: FaultEffect::Latency { ms: latency_ms },
        }],
        ..Script::default()
    }
}

/// Returns the live rules.
pub(crate) fn seed(size: FleetSize) -> Seed {
    let mut listings = Vec::with_capacity(size.instances());
    for estate in 0..size.estates {
        for instance in 0..size.instances_per_estate {
            let rules = (0..size.rules_per_instance)
                .map(|rule| live_rule(size, (estate, instance, rule)))
                .collect();
            let unread = estate.checked_sub(size.drifting).filter(|_| instance == 0);
            let status = match unread {
                Some(number) if number < size.denied => ReadStatus::Denied,
                Some(number) if number < size.incomplete() => ReadStatus::Unreachable,
                _ => ReadStatus::Complete,
            };
            listings.push(Listing {
                status,
                rules,
                ..Listing::skipped(instance_id(estate, instance), None)
            });
        }
    }
    Seed::new(listings, MirrorMode::Both)
}

fn live_rule(size: FleetSize, (estate, instance, rule): (usize, usize, usize)) -> WireRule {
    let target = (instance + 1) % size.instances_per_estate;
    let number = (estate * size.instances_per_estate + instance) * size.rules_per_instance + rule;
    let is_changed = estate < size.drifting && instance == 1 && rule == 1;
    let repo = repo(rule);
    let fields = json!({
        "SyncRuleId": format!("crsr-{number:016}"),
        "SyncRuleName": format!("{repo}-{instance}"),
        "LocalRegionId": "cn-hangzhou",
        "LocalInstanceId": instance_id(estate, instance),
        "LocalNamespaceName": "out",
        "LocalRepoName": repo,
        "TargetRegionId": "cn-hangzhou",
        "TargetInstanceId": instance_id(estate, target),
        "TargetNamespaceName": "in",
        "TargetRepoName": repo,
        "TagFilter": if is_changed { "latest" } else { "v.*" },
        "SyncScope": "REPO",
        "SyncDirection": "FROM",
        "SyncTrigger": "PASSIVE",
        "CrossUser": false,
    });
    serde_json::from_value(fields).expect("the fields of a rule")
}
