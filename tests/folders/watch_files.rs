//! A folder of `tests/watch-files/` holds a watch file, and in `expected.txt` the result of loading it.

use std::cell::RefCell;
use std::path::Path;

use crdrift::i18n::Language;
use crdrift::rules::{
    self, EnvironmentValue, NotifyTarget, Schedule, WatchFile, WatchFileOptions, WatchedEstate,
};
use secrecy::ExposeSecret;

use super::rules::{expect, reports};

/// The environment of every case.
fn variable(name: &str) -> EnvironmentValue {
    let value = match name {
        "ROBOT_URL" => "https://oapi.dingtalk.com/robot/send?access_token=planted",
        "ROBOT_SECRET" => "SECplanted",
        "STORE_PASSWORD" => "planted-password",
        _ => return EnvironmentValue::Unset,
    };
    EnvironmentValue::Text(value.to_owned())
}

pub(crate) fn check(case: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let case = case.strip_prefix(root).expect("below the root");
    let secrets = RefCell::new(Vec::new());
    let options = WatchFileOptions {
        variables: &variable,
        register_secret: &|_, secret| secrets.borrow_mut().push(secret.to_owned()),
    };
    let actual = match rules::load_watch_file(&case.join("watch.yaml"), options) {
        Ok(file) => describe(&file),
        Err(errors) => {
            let mut text = reports(&errors);
            for secret in secrets.borrow().iter() {
                text = text.replace(secret.as_str(), "[secret]");
            }
            text
        }
    };
    assert!(!actual.contains("planted"), "a secret is quoted:\n{actual}");
    expect(case, &actual);
}

fn describe(file: &WatchFile) -> String {
    let WatchFile {
        store,
        listen,
        metrics_listen,
        hosts,
        password,
        base_url,
        language,
        mask_ids,
        incomplete_after,
        rate,
        estates,
        targets,
    } = file;
    let mut lines = vec![
        format!("store {}", store.expose_secret()),
        format!("listen {listen} metrics {metrics_listen:?} hosts {hosts:?}"),
        format!(
            "password of {} characters",
            password
                .as_ref()
                .map_or(0, |it| it.expose_secret().chars().count())
        ),
        format!(
            "base {base_url:?} {} mask={mask_ids} incomplete after {incomplete_after} rate {rate:?}",
            language.tag()
        ),
    ];
    lines.extend(estates.iter().map(describe_estate));
    lines.extend(targets.iter().map(describe_target));
    lines.join("\n") + "\n"
}

fn describe_estate(estate: &WatchedEstate) -> String {
    let WatchedEstate {
        name,
        rules,
        owner,
        schedule,
        deadline,
        profile,
        fail_on,
        live,
        emulate,
        faults,
    } = estate;
    let schedule = match schedule {
        Schedule::Every(interval) => format!("every {interval:?}"),
        Schedule::Cron(cron) => format!("cron {} {}", cron.expression, cron.time_zone()),
    };
    format!(
        "estate {name} {rules:?} {owner:?} {schedule} within {deadline:?} {profile:?} {fail_on:?} {live:?} {emulate:?} \
         {faults:?}"
    )
}

fn describe_target(target: &NotifyTarget) -> String {
    let globs = |globs: &[crdrift::model::NameGlob]| {
        let texts: Vec<_> = globs.iter().map(|it| it.as_str().to_owned()).collect();
        texts.join(",")
    };
    let events: Vec<_> = target.events.iter().map(|it| it.as_str()).collect();
    format!(
        "target {} {} url of {} secret of {} on {} owners {:?} estates {:?} codes {:?} from {:?} {:?} default={} prefix {}",
        target.name,
        target.kind.as_str(),
        target.url.expose_secret().len(),
        target
            .secret
            .as_ref()
            .map_or(0, |it| it.expose_secret().len()),
        events.join(","),
        globs(&target.owners),
        globs(&target.estates),
        globs(&target.codes),
        target.min_severity,
        target.language.map(Language::tag),
        target.is_default,
        target.prefix
    )
}
