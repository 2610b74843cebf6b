//! SIGHUP, at which a running process reads the watch file again, and the messages that wait at its end.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;

use crdrift::rules::TargetKind;

use super::client::get;
use super::process::{WatchProcess, with_watch_file};
use crate::receivers::{Receiver, SECRET};

const ESTATE: &str = "version: 1\nlisten: 127.0.0.1:0\nestates:\n  \
    - { name: shop, rules: [rules.yaml], every: 1d, emulate: live.json }\n";
const SECOND: &str = "  - { name: second, rules: [rules.yaml], every: 1d, emulate: live.json }\n";

fn estates(page: SocketAddr) -> Vec<String> {
    let status = get(page, "/api/v1/status").json();
    let estates = status["estates"].as_array().expect("estates");
    let names = estates
        .iter()
        .map(|it| it["name"].as_str().expect("a name"));
    names.map(str::to_owned).collect()
}

fn has_metric(page: SocketAddr, line: &str) -> bool {
    get(page, "/metrics").body.lines().any(|it| it == line)
}

#[test]
fn a_signal_reads_the_watch_file_again() {
    let mut watch = WatchProcess::start(with_watch_file(ESTATE));
    let page = watch.page();
    watch.wait_for("shop: drift");
    let file = watch.folder().join("watch.yaml");
    fs::write(&file, format!("{ESTATE}{SECOND}")).expect("a file");
    watch.send("-HUP");
    let lines = watch.wait_for(": drift") + &watch.wait_for(": drift");
    assert!(
        lines.contains("second: ") && lines.contains("shop: "),
        "{lines}"
    );
    assert!(
        lines.contains("read the configuration again: 2 estates\n"),
        "{lines}"
    );
    assert_eq!(estates(page).len(), 2);
    // Checks before the signal count still.
    assert!(has_metric(
        page,
        "crdrift_checks_total{estate=\"shop\",outcome=\"drift\"} 2"
    ));
    fs::write(&file, ESTATE).expect("a file");
    watch.send("-HUP");
    watch.wait_for("again: 1 estate\n");
    watch.wait_for("shop: drift");
    assert_eq!(estates(page), ["shop"]);
    assert_eq!(watch.stop().0, Some(0));
}

#[test]
fn an_invalid_watch_file_leaves_the_one_before_in_use() {
    let valid = [
        "crdrift_config_reload_successful 1",
        "crdrift_config_reload_successful 0",
    ];
    let mut watch = WatchProcess::start(with_watch_file(ESTATE));
    let page = watch.page();
    watch.wait_for("shop: drift");
    assert!(has_metric(page, valid[0]));
    let file = watch.folder().join("watch.yaml");
    fs::write(&file, ESTATE.replace("rules:", "rulez:")).expect("a file");
    watch.send("-HUP");
    let lines = watch.wait_for("the configuration before stays in use");
    assert!(lines.contains("unknown key `rulez`"), "{lines}");
    watch.wait_for("shop: drift");
    assert!(has_metric(page, valid[1]));
    assert_eq!(estates(page), ["shop"]);
    // Addresses and passwords are those of the start.
    let other = ESTATE.replace("listen: 127.0.0.1:0", "listen: 127.0.0.1:1\nlang: zh-CN");
    fs::write(&file, other).expect("a file");
    watch.send("-HUP");
    watch.wait_for("again: 1 estate; restart for another listen, lang\n");
    watch.wait_for("shop: drift");
    assert!(has_metric(page, valid[0]));
    assert_eq!(watch.stop().0, Some(0));
}

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "the program asks the clock of the machine"
)]
fn waiting_messages_are_sent_before_the_process_ends() {
    let clock = || jiff::Timestamp::now().as_millisecond();
    let receiver = Receiver::start(TargetKind::Webhook, None, Arc::new(clock));
    let target = "notify:\n  \
        - { name: hook, kind: webhook, url: \"${env.HOOK_URL}\", secret: \"${env.HOOK_KEY}\" }\n";
    let run = with_watch_file(&format!("{ESTATE}{target}"))
        .env("HOOK_URL", receiver.url())
        .env("HOOK_KEY", SECRET);
    let mut watch = WatchProcess::start(run);
    watch.wait_for("shop: drift");
    let (code, rest) = watch.stop();
    assert_eq!(code, Some(0), "{rest}");
    receiver.check();
    assert_eq!(receiver.messages().len(), 1);
}
