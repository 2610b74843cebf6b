//! A process of `watch` with its store and its receivers, and the faults that it meets.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crdrift::rules::TargetKind;
use crdrift::store::{DeliveryRecord, DeliveryState};
use serde_json::Value;
use tempfile::TempDir;

use super::proxy::Proxy;
use crate::receivers::Receiver;
use crate::store::TestStore;
use crate::support::crdrift;
use crate::watch::process::WatchProcess;

/// The longest wait for an event: a machine that is busy is slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// The estates, each with the rules that it declares.
pub(super) const ESTATES: [(&str, &[&str]); 3] = [
    ("shop", &["web", "api"]),
    ("base", &["mirror"]),
    ("calm", &["still"]),
];

pub(super) const NO_FAULTS: &str = "version: 1\nfaults: []\n";

/// The process with all that surrounds it.
pub(super) struct Trial {
    pub(super) folder: TempDir,
    pub(super) store: TestStore,
    pub(super) proxy: Proxy,
    /// Takes everything.
    pub(super) hook: Receiver,
    /// Takes what is about the checks.
    pub(super) operators: Receiver,
    /// Takes the findings of the rules of its team.
    pub(super) team: Receiver,
    pub(super) watch: Option<WatchProcess>,
    /// The page of the process.
    pub(super) page: Option<SocketAddr>,
    /// The lines of the processes.
    pub(super) output: String,
}

impl Trial {
    #[allow(
        clippy::disallowed_methods,
        reason = "the program asks the clock of the machine"
    )]
    pub(super) fn start() -> Self {
        let clock = || jiff::Timestamp::now().as_millisecond();
        let receiver = |kind| Receiver::start(kind, None, Arc::new(clock));
        let store = TestStore::postgres();
        let mut trial = Self {
            folder: TempDir::new().expect("a folder"),
            proxy: Proxy::start(port_of(&store.url)),
            store,
            hook: receiver(TargetKind::Webhook),
            operators: receiver(TargetKind::Dingtalk),
            team: receiver(TargetKind::Feishu),
            watch: None,
            page: None,
            output: String::new(),
        };
        for (estate, names) in ESTATES {
            trial.write(&format!("{estate}.yaml"), &rules(estate, names));
            trial.write(&format!("{estate}.faults"), NO_FAULTS);
            trial.live(estate, &[]);
        }
        trial.start_watch();
        trial
    }

    /// Writes a file of the trial at once, as a deployment does.
    pub(super) fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        let new = self.folder.path().join(format!("{name}.new"));
        fs::write(&new, text).expect("a file");
        fs::rename(&new, path).expect("a file");
    }

    /// Sets the live rules of an estate: those that it declares, some of them with another filter.
    pub(super) fn live(&self, estate: &str, changed: &[&str]) {
        let (_, names) = ESTATES
            .iter()
            .find(|(name, _)| *name == estate)
            .expect("an estate");
        self.write(&format!("{estate}.json"), &live(names, changed));
    }

    pub(super) fn start_watch(&mut self) {
        let port = port_of(&self.store.url);
        let store = self.store.url.replacen(
            &format!("localhost:{port}"),
            &format!("localhost:{}", self.proxy.port),
            1,
        );
        let spool = self.folder.path().join("spool").display().to_string();
        let run = crdrift()
            .file("watch.yaml", watch_file(self.folder.path()))
            .env("STORE_URL", store)
            .env("HOOK_URL", self.hook.url())
            .env("OPERATORS_URL", self.operators.url())
            .env("TEAM_URL", self.team.url())
            .env("KEY", crate::receivers::SECRET);
        let mut watch = WatchProcess::start_with(run, &["--spool", &spool]);
        self.page = Some(watch.page());
        self.watch = Some(watch);
    }

    /// Waits for a line of the process.
    pub(super) fn wait_for(&mut self, text: &str) {
        let watch = self.watch.as_mut().expect("a process");
        self.output += &watch.wait_for(text);
    }

    /// Waits for a number of messages at a receiver.
    pub(super) fn wait_for_messages(&self, receiver: &Receiver, count: usize) {
        wait_until(
            &format!("{count} messages of {:?}", receiver.kind),
            || receiver.messages().len() >= count,
            || format!("{:#?}", self.deliveries()),
        );
    }

    /// Waits until a target has so many deliveries, and the newest one is in a state after a number of attempts.
    pub(super) fn wait_for_delivery(
        &self,
        target: &str,
        count: usize,
        state: DeliveryState,
        tries: usize,
    ) {
        let is_there = || {
            let deliveries = self.deliveries();
            let mut of_target = deliveries.iter().filter(|it| it.target == target);
            let newest = of_target.clone().next_back();
            of_target.by_ref().count() == count
                && newest.is_some_and(|it| it.state == state && it.tries == tries)
        };
        let what = format!("delivery {count} of {target}: {state:?} after {tries}");
        wait_until(&what, is_there, || format!("{:#?}", self.deliveries()));
    }

    /// Waits until an estate has more checks of an outcome.
    pub(super) fn wait_for_checks(&self, estate: &str, outcome: &str, more: usize) {
        let count = || {
            self.outcomes(estate)
                .iter()
                .filter(|it| *it == outcome)
                .count()
        };
        let before = count();
        wait_until(
            &format!("{more} more checks of {estate}: {outcome}"),
            || count() >= before + more,
            || format!("{:?}", self.outcomes(estate)),
        );
    }

    /// Returns the outcomes of the checks of an estate in the store, as the operator reads them.
    fn outcomes(&self, estate: &str) -> Vec<String> {
        let asked = self.history(&["runs", "--estate", estate, "-o", "json"]);
        let runs: Value = serde_json::from_str(&asked).expect("JSON");
        let runs = runs["runs"].as_array().expect("a list");
        let outcomes = runs
            .iter()
            .map(|it| it["outcome"].as_str().expect("a word"));
        outcomes.map(str::to_owned).collect()
    }

    pub(super) fn history(&self, args: &[&str]) -> String {
        let run = crdrift().arg("history").args(args.iter().copied());
        let ran = run.args(["--store", &self.store.url]).run();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    }

    /// Returns the deliveries, the oldest first.
    pub(super) fn deliveries(&self) -> Vec<DeliveryRecord> {
        let newest = self.store.open().newest_deliveries(None, 1_000);
        let mut deliveries = newest.expect("a store");
        deliveries.reverse();
        deliveries
    }

    /// Lets the waits of messages end that no process sends now.
    pub(super) fn end_waits(&self) {
        let sql =
            "UPDATE crdrift_delivery SET next_ms = 0 WHERE state = 'pending' AND holder IS NULL";
        let mut store = self.store.open();
        store.database().execute(sql, &[]).expect("a store");
    }

    /// Kills the process, and lets the time pass for which the store takes it for alive.
    pub(super) fn kill(&mut self) {
        let mut watch = self.watch.take().expect("a process");
        watch.send("-KILL");
        let (code, rest) = watch.wait();
        self.output += &rest;
        assert_eq!(code, None, "{rest}");
        let mut store = self.store.open();
        for sql in [
            "UPDATE crdrift_lease SET until_ms = 0",
            "UPDATE crdrift_delivery SET next_ms = 0 WHERE state = 'pending'",
        ] {
            store.database().execute(sql, &[]).expect("a store");
        }
    }
}

/// Waits until something is true; fails with a description of what is there instead.
pub(super) fn wait_until(
    what: &str,
    mut is_true: impl FnMut() -> bool,
    describe: impl Fn() -> String,
) {
    let started = Instant::now();
    while !is_true() {
        let waited = started.elapsed();
        assert!(waited < PATIENCE, "no {what}: {}", describe());
        thread::sleep(Duration::from_millis(50));
    }
}

fn port_of(store: &str) -> u16 {
    let url = url::Url::parse(store).expect("a URL");
    url.port().expect("a port")
}

pub(super) fn rules(owner: &str, names: &[&str]) -> String {
    let mut text = format!(
        "version: 1\ninstances:\n  \
         shanghai: {{ id: cri-shanghai00000001, region: cn-shanghai }}\n  \
         shenzhen: {{ id: cri-shenzhen00000002, region: cn-shenzhen }}\n\
         defaults: {{ trigger: PASSIVE, tag_filter: \"v.*\", owner: {owner}-team }}\nrules:\n"
    );
    for name in names {
        writeln!(
            text,
            "  - {{ name: {name}, from: {{ instance: shanghai, namespace: team, repo: {name} }}, \
             to: {{ instance: shenzhen, namespace: team, repo: {name} }} }}"
        )
        .expect("text");
    }
    text
}

fn live(names: &[&str], changed: &[&str]) -> String {
    let listing = |own: &str, other: &str, direction: &str| {
        let rule = |name: &&str| {
            let filter = if changed.contains(name) { ".*" } else { "v.*" };
            serde_json::json!({
                "SyncRuleId": format!("crsr-{name:0>16}"), "SyncRuleName": name,
                "LocalRegionId": format!("cn-{own}"), "LocalInstanceId": id(own),
                "LocalNamespaceName": "team", "LocalRepoName": name,
                "TargetRegionId": format!("cn-{other}"), "TargetInstanceId": id(other),
                "TargetNamespaceName": "team", "TargetRepoName": name,
                "TagFilter": filter, "SyncScope": "REPO", "SyncDirection": direction,
                "SyncTrigger": "PASSIVE", "CreateTime": 1_767_225_600_000_i64,
                "ModifiedTime": 1_767_225_600_000_i64, "CrossUser": false,
            })
        };
        let rules: Vec<Value> = names.iter().map(rule).collect();
        serde_json::json!({
            "instance_id": id(own), "region_id": format!("cn-{own}"), "rules": rules,
        })
    };
    serde_json::json!({
        "format_version": "1.0", "taken_at": "2026-11-24T06:00:00Z",
        "listings": [listing("shanghai", "shenzhen", "FROM"), listing("shenzhen", "shanghai", "TO")],
    })
    .to_string()
}

fn id(alias: &str) -> &'static str {
    match alias {
        "shanghai" => "cri-shanghai00000001",
        _ => "cri-shenzhen00000002",
    }
}

fn watch_file(folder: &Path) -> String {
    let folder = folder.display();
    let mut text =
        "version: 1\nstore: ${env.STORE_URL}\nlisten: 127.0.0.1:0\nestates:\n".to_owned();
    for (estate, _) in ESTATES {
        writeln!(
            text,
            "  - {{ name: {estate}, rules: [\"{folder}/{estate}.yaml\"], every: 1s, deadline: 30s, \
             emulate: \"{folder}/{estate}.json\", faults: \"{folder}/{estate}.faults\" }}"
        )
        .expect("text");
    }
    text + "notify:\n  \
        - { name: hook, kind: webhook, url: \"${env.HOOK_URL}\", secret: \"${env.KEY}\" }\n  \
        - { name: operators, kind: dingtalk, url: \"${env.OPERATORS_URL}\", secret: \"${env.KEY}\", \
        on: [incomplete, recovered, failed] }\n  \
        - { name: team, kind: feishu, url: \"${env.TEAM_URL}\", secret: \"${env.KEY}\", owners: [shop-team] }\n"
}
