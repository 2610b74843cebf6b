//! A week of weather in seconds: one process and its store go through the faults that an operator meets, and every
//! transition reaches each target once.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crdrift::rules::TargetKind;
use crdrift::store::{DeliveryRecord, DeliveryState};
use serde_json::Value;
use tempfile::TempDir;

use super::client::get;
use super::process::WatchProcess;
use crate::receivers::{Receiver, ScriptedAnswer, TOKEN};
use crate::store::TestStore;
use crate::support::crdrift;

/// The longest wait for an event: a machine that is busy is slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// The estates, each with the rules that it declares.
const ESTATES: [(&str, &[&str]); 3] = [
    ("shop", &["web", "api"]),
    ("base", &["mirror"]),
    ("calm", &["still"]),
];

const NO_FAULTS: &str = "version: 1\nfaults: []\n";

/// Every check is throttled, and complete before its deadline.
const THROTTLED_BRIEFLY: &str =
    "version: 1\nfaults: [{ when: { times: 2 }, do: { throttle: { retry_after_ms: 50 } } }]\n";

/// The service asks for a longer wait than the deadline allows.
const THROTTLED: &str = "version: 1\nfaults: [{ when: { instance: cri-shenzhen00000002 }, \
    do: { throttle: { retry_after_ms: 600000 } } }]\n";

const DENIED: &str = "version: 1\nfaults: [{ when: { instance: cri-shenzhen00000002 }, \
    do: { error: { status: 403, code: NoPrivilege } } }]\n";

/// A way to the database that can be cut.
struct Proxy {
    port: u16,
    is_cut: Arc<AtomicBool>,
    connections: Arc<Mutex<Vec<TcpStream>>>,
}

impl Proxy {
    /// Starts a way to a port of this machine.
    fn start(to: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let proxy = Self {
            port: listener.local_addr().expect("an address").port(),
            is_cut: Arc::default(),
            connections: Arc::default(),
        };
        let (is_cut, connections) = (Arc::clone(&proxy.is_cut), Arc::clone(&proxy.connections));
        thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.expect("a connection");
                let mut kept = connections.lock().expect("connections");
                if is_cut.load(Ordering::SeqCst) {
                    continue;
                }
                let server = TcpStream::connect(("127.0.0.1", to)).expect("a server");
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (from, to) = (from.try_clone(), to.try_clone());
                    let (from, to) = (from.expect("a socket"), to.expect("a socket"));
                    thread::spawn(move || copy(from, to));
                }
                kept.extend([client, server]);
            }
        });
        proxy
    }

    /// Ends every connection, and accepts no other one until it is mended.
    fn cut(&self) {
        let mut kept = self.connections.lock().expect("connections");
        self.is_cut.store(true, Ordering::SeqCst);
        for connection in kept.drain(..) {
            // The other end may have closed it.
            let _ = connection.shutdown(Shutdown::Both);
        }
    }

    fn mend(&self) {
        self.is_cut.store(false, Ordering::SeqCst);
    }
}

/// Copies bytes until one of the ends is closed.
fn copy(mut from: TcpStream, mut to: TcpStream) {
    let mut bytes = [0; 16_384];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        if to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

/// The process with all that surrounds it.
struct Trial {
    folder: TempDir,
    store: TestStore,
    proxy: Proxy,
    /// Takes everything.
    hook: Receiver,
    /// Takes what is about the checks.
    operators: Receiver,
    /// Takes the findings of the rules of its team.
    team: Receiver,
    watch: Option<WatchProcess>,
    /// The page of the process.
    page: Option<SocketAddr>,
    /// The lines of the processes.
    output: String,
}

impl Trial {
    #[allow(
        clippy::disallowed_methods,
        reason = "the program asks the clock of the machine"
    )]
    fn start() -> Self {
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
    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        let new = self.folder.path().join(format!("{name}.new"));
        fs::write(&new, text).expect("a file");
        fs::rename(&new, path).expect("a file");
    }

    /// Sets the live rules of an estate: those that it declares, some of them with another filter.
    fn live(&self, estate: &str, changed: &[&str]) {
        let (_, names) = ESTATES
            .iter()
            .find(|(name, _)| *name == estate)
            .expect("an estate");
        self.write(&format!("{estate}.json"), &live(names, changed));
    }

    fn start_watch(&mut self) {
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
    fn wait_for(&mut self, text: &str) {
        let watch = self.watch.as_mut().expect("a process");
        self.output += &watch.wait_for(text);
    }

    /// Waits for a number of messages at a receiver.
    fn wait_for_messages(&self, receiver: &Receiver, count: usize) {
        wait_until(
            &format!("{count} messages of {:?}", receiver.kind),
            || receiver.messages().len() >= count,
            || format!("{:#?}", self.deliveries()),
        );
    }

    /// Waits until a target has so many deliveries, and the newest one is in a state after a number of attempts.
    fn wait_for_delivery(&self, target: &str, count: usize, state: DeliveryState, tries: usize) {
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
    fn wait_for_checks(&self, estate: &str, outcome: &str, more: usize) {
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

    fn history(&self, args: &[&str]) -> String {
        let run = crdrift().arg("history").args(args.iter().copied());
        let ran = run.args(["--store", &self.store.url]).run();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    }

    /// Returns the deliveries, the oldest first.
    fn deliveries(&self) -> Vec<DeliveryRecord> {
        let newest = self.store.open().newest_deliveries(None, 1_000);
        let mut deliveries = newest.expect("a store");
        deliveries.reverse();
        deliveries
    }

    /// Lets the waits of messages end that no process sends now.
    fn end_waits(&self) {
        let sql =
            "UPDATE crdrift_delivery SET next_ms = 0 WHERE state = 'pending' AND holder IS NULL";
        let mut store = self.store.open();
        store.database().execute(sql, &[]).expect("a store");
    }

    /// Kills the process, and lets the time pass for which the store takes it for alive.
    fn kill(&mut self) {
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
fn wait_until(what: &str, mut is_true: impl FnMut() -> bool, describe: impl Fn() -> String) {
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

fn rules(owner: &str, names: &[&str]) -> String {
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

/// Returns the messages of a webhook about an estate: the events, and each changed finding with its rule.
fn documents(hook: &Receiver, estate: &str) -> Vec<String> {
    let mut found = Vec::new();
    for message in hook.messages() {
        let text = message.rendered.text.strip_prefix("crdrift: ");
        let document: Value = serde_json::from_str(text.expect("a document")).expect("JSON");
        if document["estate"] != estate {
            continue;
        }
        let words = document["events"].as_array().expect("a list").iter();
        let words: Vec<&str> = words.map(|it| it.as_str().expect("a word")).collect();
        let mut line = words.join(",");
        for finding in document["findings"].as_array().expect("a list") {
            let word = |key: &str| finding[key].as_str().expect("a word");
            write!(line, "; {} {}", word("transition"), word("rule")).expect("text");
        }
        found.push(line);
    }
    found
}

fn titles(receiver: &Receiver) -> Vec<String> {
    let messages = receiver.messages();
    let titles = messages.iter().map(|it| it.rendered.title.clone());
    titles.collect()
}

#[test]
fn a_week_of_weather_is_notified_exactly_once() {
    let mut trial = Trial::start();
    for (estate, _) in ESTATES {
        trial.wait_for_checks(estate, "in_sync", 1);
    }
    // Drift.
    trial.live("shop", &["web"]);
    trial.live("base", &["mirror"]);
    trial.wait_for_messages(&trial.hook, 2);
    trial.wait_for_messages(&trial.team, 1);
    // Throttled: first so that the checks take longer, then so that they are incomplete.
    trial.write("shop.faults", THROTTLED_BRIEFLY);
    trial.wait_for_checks("shop", "drift", 1);
    trial.write("shop.faults", THROTTLED);
    trial.wait_for_messages(&trial.hook, 3);
    trial.wait_for_messages(&trial.operators, 1);
    // Denied, while the drift moves to another rule: incomplete checks prove nothing.
    trial.write("shop.faults", DENIED);
    trial.live("shop", &["api"]);
    trial.wait_for_checks("shop", "incomplete", 2);
    assert_eq!(trial.hook.messages().len(), 3);
    assert_eq!(trial.team.messages().len(), 1);
    trial.write("shop.faults", NO_FAULTS);
    trial.wait_for_messages(&trial.hook, 4);
    trial.wait_for_messages(&trial.operators, 2);
    trial.wait_for_messages(&trial.team, 2);
    // A broken rules file, while the drift goes. The operators' service refuses the message in full and in short.
    let refused = ScriptedAnswer::Echo(400);
    trial.operators.script([refused.clone(), refused.clone()]);
    trial.write("base.yaml", "version: 1\nrulez: []\n");
    trial.wait_for_messages(&trial.hook, 5);
    trial.wait_for_delivery("operators", 3, DeliveryState::Refused, 1);
    trial.live("base", &[]);
    trial.write("base.yaml", "version: 1\nrules: 1\n");
    trial.wait_for_checks("base", "failed", 2);
    trial.write("base.yaml", &rules("base", ESTATES[1].1));
    trial.wait_for_messages(&trial.hook, 6);
    trial.wait_for_messages(&trial.operators, 3);
    // The store is away, while drift goes, comes, and comes and goes.
    trial.proxy.cut();
    trial.wait_for("base: not recorded: cannot reach the store");
    trial.live("base", &["mirror"]);
    trial.wait_for("base: drift");
    trial.live("base", &[]);
    trial.wait_for("base: in_sync");
    trial.live("shop", &[]);
    trial.wait_for("shop: in_sync");
    trial.live("shop", &["web"]);
    trial.wait_for("shop: drift");
    assert_eq!(trial.hook.messages().len(), 6);
    trial.proxy.mend();
    trial.wait_for_messages(&trial.hook, 10);
    trial.wait_for_messages(&trial.team, 4);
    // The chat fails; the other targets do not wait for it.
    trial
        .team
        .script([ScriptedAnswer::Body(500, "oops".to_owned())]);
    trial.live("shop", &[]);
    trial.wait_for_messages(&trial.hook, 11);
    trial.wait_for_delivery("team", 5, DeliveryState::Pending, 1);
    trial.end_waits();
    trial.wait_for_messages(&trial.team, 5);
    // It has had too many messages.
    trial.team.script([ScriptedAnswer::TooMany(Some(1))]);
    trial.live("shop", &["api"]);
    trial.wait_for_messages(&trial.hook, 12);
    trial.wait_for_messages(&trial.team, 6);
    // It hangs, and the process is killed meanwhile; the drift changes before the next one starts.
    trial.team.script([ScriptedAnswer::Hang]);
    trial.live("shop", &[]);
    trial.wait_for_messages(&trial.hook, 13);
    let hangs = || trial.team.scripted() == 0;
    wait_until("request that hangs", hangs, || {
        format!("{:#?}", trial.deliveries())
    });
    // A message that arrived and is not recorded as delivered would be sent again.
    trial.wait_for_delivery("hook", 13, DeliveryState::Delivered, 1);
    trial.kill();
    assert_eq!(trial.team.messages().len(), 6);
    trial.live("shop", &["web"]);
    trial.start_watch();
    trial.wait_for_messages(&trial.team, 8);
    trial.wait_for_messages(&trial.hook, 14);
    // It does not know its address, until the operator has corrected it.
    trial.team.script([ScriptedAnswer::Echo(404)]);
    trial.live("shop", &[]);
    trial.wait_for_delivery("team", 9, DeliveryState::Broken, 1);
    trial.watch.as_ref().expect("a process").send("-HUP");
    trial.wait_for("read the configuration again: 3 estates");
    trial.wait_for_messages(&trial.team, 9);
    trial.wait_for_messages(&trial.hook, 15);
    trial.wait_for_checks("shop", "in_sync", 1);
    check_week(&mut trial);
}

/// Checks what arrived in all, and what the program wrote.
fn check_week(trial: &mut Trial) {
    let page = trial.page.expect("a page");
    let mut shown = String::new();
    for path in [
        "/",
        "/e/shop",
        "/deliveries",
        "/metrics",
        "/api/v1/status",
        "/api/v1/deliveries",
    ] {
        shown += &get(page, path).body;
    }
    let mut watch = trial.watch.take().expect("a process");
    let (code, rest) = watch.stop();
    assert_eq!(code, Some(0), "{rest}");
    trial.output += &rest;

    for receiver in [&trial.hook, &trial.operators, &trial.team] {
        receiver.check();
    }
    assert_eq!(
        documents(&trial.hook, "shop"),
        [
            "opened; opened web",
            "incomplete",
            "opened,resolved,recovered; opened api; resolved web",
            "resolved; resolved api",
            "opened; opened web",
            "resolved; resolved web",
            "opened; opened api",
            "resolved; resolved api",
            "opened; opened web",
            "resolved; resolved web",
        ]
    );
    assert_eq!(
        documents(&trial.hook, "base"),
        [
            "opened; opened mirror",
            "failed",
            "resolved,recovered; resolved mirror",
            "opened; opened mirror",
            "resolved; resolved mirror",
        ]
    );
    assert_eq!(documents(&trial.hook, "calm"), [""; 0]);
    assert_eq!(
        titles(&trial.operators),
        [
            "crdrift: shop: could not be read completely",
            "crdrift: shop: read completely again",
            "crdrift: base: read completely again",
        ]
    );
    let team = trial.team.messages();
    let opened_or_resolved = [
        ("1 opened", "web"),
        ("1 opened, 1 resolved", "api"),
        ("1 resolved", "api"),
        ("1 opened", "web"),
        ("1 resolved", "web"),
        ("1 opened", "api"),
        ("1 resolved", "api"),
        ("1 opened", "web"),
        ("1 resolved", "web"),
    ];
    assert_eq!(
        titles(&trial.team),
        opened_or_resolved.map(|(what, _)| format!("crdrift: shop: {what}"))
    );
    for (message, (_, rule)) in team.iter().zip(opened_or_resolved) {
        assert!(message.rendered.text.contains(rule), "{message:?}");
    }

    let deliveries = trial.deliveries();
    let of = |target: &'static str| deliveries.iter().filter(move |it| it.target == target);
    for (target, count) in [("hook", 15), ("operators", 4), ("team", 9)] {
        assert_eq!(of(target).count(), count, "{deliveries:#?}");
    }
    let undelivered = deliveries
        .iter()
        .filter(|it| it.state != DeliveryState::Delivered);
    let undelivered: Vec<_> = undelivered
        .map(|it| (&*it.target, it.events.join(","), it.state))
        .collect();
    assert_eq!(
        undelivered,
        [("operators", "failed".to_owned(), DeliveryState::Refused)]
    );
    let mut ids: Vec<_> = trial
        .hook
        .messages()
        .into_iter()
        .map(|it| it.id.expect("an id"))
        .collect();
    let mut known: Vec<_> = of("hook").map(|it| it.id.clone()).collect();
    ids.sort();
    known.sort();
    assert_eq!(ids, known);

    write!(shown, "{deliveries:?}{}", trial.output).expect("text");
    for args in [&["runs", "-o", "json"][..], &["open"], &["status"]] {
        shown += &trial.history(args);
    }
    let store = url::Url::parse(&trial.store.url).expect("a URL");
    for secret in [
        TOKEN,
        "planted",
        "cGxhbnRlZC1zZWNyZXQ",
        store.password().expect("a password"),
    ] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}
