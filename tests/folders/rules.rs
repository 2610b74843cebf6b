//! A folder of `tests/rules/` or `tests/terraform/` holds rules files, and in `expected.txt` the result of loading them.
//!
//! A case is loaded as a folder, or by the inputs that its `inputs.txt` lists. `CRDRIFT_BLESS=1` writes `expected.txt`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crdrift::finding::Severities;
use crdrift::i18n::{Language, Message};
use crdrift::model::{
    AccountId, DesiredRule, Endpoint, Field, Guards, Instance, InstanceId, Limit, NamespaceName,
    RepoName,
};
use crdrift::policy::Policy;
use crdrift::rules::{
    self, AllowedHosts, EnvironmentValue, LoadError, LoadErrors, Options, RuleSet, TerraformLoad,
};
use crdrift::waiver::Waiver;
use miette::{GraphicalReportHandler, GraphicalTheme};
use regex::Regex;

use crate::support::is_blessing;

/// Codes of errors that quote the text of a parser or of the system, which is English.
const QUOTED_CODES: [&str; 10] = [
    "yaml/syntax",
    "rules/invalid-expression",
    "rules/invalid-glob",
    "rules/invalid-pattern",
    "rules/unreadable",
    "terraform/hcl",
    "terraform/json",
    "terraform/shape",
    "watch/invalid-cron",
    "watch/unreadable-file",
];

/// The environment of every case.
fn variable(name: &str) -> EnvironmentValue {
    let value = match name {
        "REGION" => "shenzhen",
        "NUMBER" => "1.10",
        "EMPTY" => "",
        "ESCAPE" => "\u{1b}[31mred",
        "YAML" => "x\", injected: [true]} #",
        "DEPLOY_TOKEN" | "DEPLOY_SECRET" => return EnvironmentValue::Refused,
        "LATIN_1" => return EnvironmentValue::NotUtf8,
        _ => return EnvironmentValue::Unset,
    };
    EnvironmentValue::Text(value.to_owned())
}

/// Loads a case of rules files.
pub(crate) fn check(case: &Path) {
    compare(case, load);
}

/// Loads a case of Terraform's files, with the `rules.yaml` of the case beside them.
pub(crate) fn check_terraform(case: &Path) {
    compare(case, load_terraform);
}

fn load(_case: &Path, inputs: &[String]) -> String {
    let no_others = AllowedHosts::default();
    let options = Options {
        allowed_hosts: Some(&no_others),
        ..Options::new(&variable)
    };
    match rules::load(inputs, &options) {
        Ok(loaded) => describe(&loaded) + &warnings(&loaded),
        Err(errors) => render(&errors),
    }
}

fn load_terraform(case: &Path, inputs: &[String]) -> String {
    let rules = case.join("rules.yaml");
    let rules = rules
        .exists()
        .then(|| rules.to_str().expect("UTF-8").to_owned());
    match rules::load_terraform(
        inputs,
        &rules.into_iter().collect::<Vec<_>>(),
        &Options::new(&variable),
    ) {
        Ok(TerraformLoad {
            rules: loaded,
            notes,
        }) => {
            let notes: Vec<_> = notes.iter().map(|note| format!("note: {note}\n")).collect();
            describe(&loaded) + &notes.concat() + &warnings(&loaded)
        }
        Err(errors) => render(&errors),
    }
}

fn compare(case: &Path, load: fn(&Path, &[String]) -> String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let case = case.strip_prefix(root).expect("below the root");
    let folder = case.to_str().expect("UTF-8");
    let inputs: Vec<String> = match fs::read_to_string(case.join("inputs.txt")) {
        Ok(listed) => listed
            .lines()
            .map(|input| input.replace("CASE", folder))
            .collect(),
        Err(_) => vec![folder.to_owned()],
    };
    expect(case, &load(case, &inputs));
}

/// Compares a text with `expected.txt` of a case.
pub(crate) fn expect(case: &Path, actual: &str) {
    let path = case.join("expected.txt");
    if is_blessing() {
        fs::write(&path, actual).expect("written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(actual == expected, "expected\n{expected}\nfound\n{actual}");
}

fn render(errors: &LoadErrors) -> String {
    reports(errors) + &format!("{errors}\n")
}

fn warnings(loaded: &RuleSet) -> String {
    reports(&loaded.warnings)
}

/// Checks that the template of a message gives its English text, and a Chinese text without English sentences.
fn check_translation(error: &LoadError) {
    let message = error.message();
    let source = message.source().expect("a template");
    let rebuilt = Message::from_template(source.name(), source.arguments().to_vec());
    assert_eq!(rebuilt.as_deref(), Some(&*message));
    let chinese = message.to_language(Language::Chinese);
    let help = error.help();
    let help = help.map_or_else(String::new, |help| help.to_language(Language::Chinese));
    let has_text_of_parser = QUOTED_CODES.contains(&error.code().as_str());
    let values = Regex::new("`[^`]*`|\"[^\"]*\"").expect("a pattern");
    let both = format!("{chinese}\n{help}");
    let words = values.replace_all(&both, "");
    let sentence = Regex::new("[a-z]+ [a-z]+").expect("a pattern");
    assert!(
        has_text_of_parser || !sentence.is_match(&words),
        "{}: {both}",
        error.code()
    );
}

pub(crate) fn reports<'a>(errors: impl IntoIterator<Item = &'a LoadError>) -> String {
    let handler =
        GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    let mut text = String::new();
    for error in errors {
        check_translation(error);
        handler.render_report(&mut text, error).expect("rendered");
        text.push('\n');
    }
    text.lines()
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect()
}

fn describe(loaded: &RuleSet) -> String {
    let mut text = String::new();
    let desired = &loaded.desired;
    for Instance {
        alias,
        id,
        region,
        account,
        profile,
        role_arn,
        endpoint,
        read,
        unmanaged,
        place,
    } in &desired.instances
    {
        let line = loaded.sources.locate(*place).line;
        let optional: Vec<&str> = [
            account.as_ref().map(AccountId::as_str),
            profile.as_deref(),
            role_arn.as_deref(),
        ]
        .into_iter()
        .chain([endpoint.as_deref()])
        .flatten()
        .collect();
        writeln!(
            text,
            "instance {alias} {id} {region} {optional:?} read={read} {unmanaged:?} line {line}"
        )
        .expect("a string");
    }
    for rule in &desired.rules {
        text.push_str(&describe_rule(loaded, rule));
    }
    for ignore in desired.ignores.entries() {
        let instance = ignore.instance.as_ref().map_or("*", InstanceId::as_str);
        writeln!(
            text,
            "ignore {} on {instance}: {}",
            ignore.rules.as_str(),
            ignore.reason
        )
        .expect("a string");
    }
    for policy in &loaded.policies {
        text.push_str(&describe_policy(loaded, policy));
    }
    let Guards {
        max_drift_percent,
        max_shrink_percent,
        min_rules,
        expected_instances,
    } = &desired.guards;
    for (key, limit) in [
        ("max_drift", max_drift_percent),
        ("max_shrink", max_shrink_percent),
        ("min_rules", min_rules),
    ] {
        if let Some(Limit { number, .. }) = limit {
            writeln!(text, "{key} {number}").expect("a string");
        }
    }
    for (alias, place) in expected_instances {
        writeln!(
            text,
            "expected {alias} line {}",
            loaded.sources.locate(*place).line
        )
        .expect("a string");
    }
    for waiver in &loaded.waivers {
        let at = loaded.sources.locate(waiver.place);
        writeln!(
            text,
            "waiver {waiver} {:?} until {} at {}:{}",
            waiver.fields, waiver.expires, at.line, at.column
        )
        .expect("a string");
        let Waiver {
            reason,
            owner,
            ticket,
            fingerprint,
            ..
        } = waiver;
        let fingerprint = fingerprint.map(|it| it.to_string());
        writeln!(text, "  {reason:?} {owner:?} {ticket:?} {fingerprint:?}").expect("a string");
    }
    if loaded.severities != Severities::default() {
        writeln!(text, "{:?}", loaded.severities).expect("a string");
    }
    text
}

fn describe_policy(loaded: &RuleSet, policy: &Policy) -> String {
    let Policy {
        code,
        severity,
        applies_to,
        globs,
        message,
        requirement,
        examples,
        place,
    } = policy;
    let line = loaded.sources.locate(*place).line;
    let requirement = format!("{requirement:?}");
    let requirement = requirement.split(['(', '{']).next().unwrap_or_default();
    let mut text = format!(
        "policy {} line {line}: {requirement} {severity:?} {applies_to:?} {message:?}\n",
        code.id()
    );
    for glob in &globs.0 {
        let place = loaded.sources.locate(glob.place);
        writeln!(
            text,
            "  {} {:?} at {}:{}",
            glob.field,
            glob.pattern.as_str(),
            place.line,
            place.column
        )
        .expect("a string");
    }
    for example in examples {
        let rules: Vec<&str> = example
            .rules
            .iter()
            .map(|it| it.rule.name.as_str())
            .collect();
        writeln!(
            text,
            "  {:?} {rules:?} line {}",
            example.expect,
            loaded.sources.locate(example.place).line
        )
        .expect("a string");
    }
    text
}

fn describe_rule(loaded: &RuleSet, rule: &DesiredRule) -> String {
    let end = |it: &Endpoint| {
        let parts = [
            Some(it.instance.as_str()),
            it.namespace.as_ref().map(NamespaceName::as_str),
        ];
        parts
            .into_iter()
            .chain([it.repo.as_ref().map(RepoName::as_str)])
            .flatten()
            .collect::<Vec<_>>()
            .join("/")
    };
    let line = loaded.sources.locate(rule.place).line;
    let (from, to) = (end(&rule.rule.source), end(&rule.rule.target));
    let mut text = format!(
        "rule {} line {line}: {} {from} -> {to}\n",
        rule.rule.name, rule.rule.scope
    );
    let fields = rule.rule.fields();
    for (field, value) in Field::ALL.into_iter().zip(fields) {
        let derived = matches!(field, Field::Name | Field::Scope | Field::Direction);
        let end = field.as_str().starts_with("from.") || field.as_str().starts_with("to.");
        if let Some(value) = value.filter(|_| !derived && !end) {
            let place = loaded.sources.locate(rule.place_of(field));
            writeln!(
                text,
                "  {field} {value:?} at {}:{}",
                place.line, place.column
            )
            .expect("a string");
        }
    }
    text
}
