//! `crdrift waive [FILES]`: waivers for open findings, written into a rules file.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::ToSpan;
use jiff::civil::Date;

use super::print_over_budget;
use crate::check::triage_findings;
use crate::cli::args::{DesiredSource, WaiveArgs};
use crate::cli::console::Verbosity;
use crate::cli::editable_file::{EditableFile, is_same};
use crate::cli::failure::Failure;
use crate::cli::input::read_result;
use crate::cli::load::{with_errors, with_options};
use crate::cli::plan_session::PlanSession;
use crate::cli::{Context, Exit};
use crate::finding::{Code, Fingerprint};
use crate::report::{FindingStatus, Report, ReportedFinding};
use crate::rules::{self, RuleSet};
use crate::source::{pluralize, pronoun};
use crate::waiver::{Accepted, NewWaiver, insert_waivers, print_waivers};

/// The days of a waiver without `--expires`.
const DEFAULT_DAYS: i32 = 30;

pub(in crate::cli) fn run(args: &WaiveArgs, context: &mut Context) -> Result<Exit, Failure> {
    let selection = args.selection.selection();
    let has_filter =
        !args.code.is_empty() || !args.fingerprint.is_empty() || !selection.is_everything();
    if args.result.is_none() && !has_filter {
        return Err(Failure::usage("no findings selected").help(
            "add --code, --fingerprint, --instance, --rule, --namespace, or a reviewed --result",
        ));
    }
    if args.compare.desired.source.desired_from == DesiredSource::Terraform {
        return Err(Failure::usage("expected rules files to write waivers into, found Terraform files").help(
            "run `crdrift plan --desired-from terraform … --rules FILE -o json=result.json`, then `crdrift waive FILE \
             --result result.json`",
        ));
    }
    let mut session = PlanSession::load(&args.compare, &args.selection, None, context)?;
    let into = target(args, &session.loaded)?;
    let open = open_findings(args, &mut session, context)?;
    let selected = select(open, args)?;
    let expires = last_day(args, session.today)?;
    let waivers: Vec<_> = selected
        .into_iter()
        .map(|finding| waiver(finding, args, expires))
        .collect();
    let file = read_unchanged(&into, &session.loaded)?;
    let after = if file.exists() {
        insert_waivers(file.text(), &waivers).map_err(|error| {
            Failure::new(format!(
                "cannot write waivers into {}: {error}",
                into.display()
            ))
            .help("use another file with --into: it becomes a rules file of waivers")
        })?
    } else {
        print_waivers(&waivers)
    };
    let edit = WaiverEdit {
        into: &into,
        after: &after,
        waivers: &waivers,
    };
    verify(&session, &edit, context)?;
    file.refuse_new_secrets(&after, context)?;
    context.print_difference(&file.difference(&after))?;
    if args.write {
        file.write(&after)?;
    }
    if !session
        .loaded
        .sources
        .files()
        .iter()
        .any(|it| is_same(Path::new(&*it.path), &into))
    {
        context.log(
            Verbosity::Normal,
            &format!(
                "note: name {} to plan, unless a folder or glob does\n",
                into.display()
            ),
        );
    }
    let them = pronoun(waivers.len());
    let (count, into) = (pluralize(waivers.len(), "waiver"), into.display());
    let reason = if args.write {
        format!("{count} until {expires} written into {into}")
    } else {
        format!("{count} until {expires} would be written into {into}; add --write to write {them}")
    };
    context.finish(&reason, Exit::Success);
    Ok(Exit::Success)
}

/// Returns the file to write into: `--into`, or the only rules file.
fn target(args: &WaiveArgs, loaded: &RuleSet) -> Result<PathBuf, Failure> {
    match (&args.into, loaded.sources.files()) {
        (Some(into), _) => Ok(into.clone()),
        (None, [only]) => Ok(PathBuf::from(&*only.path)),
        (None, several) => Err(
            Failure::usage(format!("the rules are in {} files", several.len()))
                .help("select one of them, or a new file, with --into"),
        ),
    }
}

/// Returns the open findings that are selected: of a saved result, or of a comparison.
fn open_findings(
    args: &WaiveArgs,
    session: &mut PlanSession<'_>,
    context: &mut Context,
) -> Result<Vec<Accepted>, Failure> {
    if let Some(path) = &args.result {
        return Ok(open_findings_of_result(
            &read_result(path, context)?,
            session,
        ));
    }
    let live = session.read_live(context)?;
    let inputs = session.inputs(&live, session.run("waive", context));
    let mut filters = inputs.session();
    let findings = triage_findings(&inputs, &mut filters).findings;
    print_over_budget(&filters, context);
    Ok(findings
        .iter()
        .filter(|it| it.is_open())
        .map(Accepted::from)
        .collect())
}

/// Returns the open findings of a saved result that are selected.
fn open_findings_of_result(result: &Report, session: &PlanSession<'_>) -> Vec<Accepted> {
    let selection = &session.loaded.desired.selection;
    let is_selected = |finding: &ReportedFinding| {
        let instance = finding.instance.as_deref();
        let rule = finding.rule.as_deref();
        let matches = |rule: &str| selection.rules.iter().any(|glob| glob.matches(rule));
        let has_instance = selection.instances.is_empty()
            || instance.is_some_and(|alias| selection.has_instance(alias));
        let has_rule = selection.rules.is_empty() || rule.is_some_and(matches);
        finding.status == FindingStatus::Open && has_instance && has_rule
    };
    let findings = result.findings.iter();
    findings
        .filter(|finding| is_selected(finding))
        .map(Accepted::from)
        .collect()
}

/// Selects the open findings with a code or fingerprint of the options that can be waived.
fn select(open: Vec<Accepted>, args: &WaiveArgs) -> Result<Vec<Accepted>, Failure> {
    let codes: BTreeSet<String> = open.iter().map(|it| it.code.clone()).collect();
    let is_selected = |finding: &Accepted| {
        let fingerprint = finding.fingerprint.to_string();
        let mut codes = args.code.iter();
        let mut fingerprints = args.fingerprint.iter();
        let has_code = args.code.is_empty() || codes.any(|code| code.as_str() == finding.code);
        let has_fingerprint =
            args.fingerprint.is_empty() || fingerprints.any(|start| fingerprint.starts_with(start));
        let code = Code::from_name(&finding.code);
        has_code && has_fingerprint && code.is_some_and(|code| code.is_acceptable())
    };
    let mut selected: Vec<_> = open.into_iter().filter(is_selected).collect();
    selected.sort();
    selected.dedup_by_key(|it| it.fingerprint);
    if selected.is_empty() {
        let help = match codes.into_iter().collect::<Vec<_>>().join(", ") {
            none if none.is_empty() => "no finding of the selection is open".to_owned(),
            codes => format!(
                "open are findings of {codes}; `crdrift plan -o json` shows their fingerprints"
            ),
        };
        return Err(Failure::new("no open, waivable finding matches the selection").help(help));
    }
    Ok(selected)
}

fn last_day(args: &WaiveArgs, today: Date) -> Result<Date, Failure> {
    match args.expires {
        Some(day) if day < today => Err(Failure::usage(format!(
            "--expires {day} is in the past: today is {today}"
        ))
        .help("use a later date")),
        Some(day) => Ok(day),
        None => Ok(today.saturating_add(DEFAULT_DAYS.days())),
    }
}

fn waiver(finding: Accepted, args: &WaiveArgs, expires: Date) -> NewWaiver {
    let Accepted {
        instance,
        rule,
        code,
        field,
        fingerprint,
        rule_id: _,
    } = finding;
    NewWaiver {
        code,
        rule,
        instance,
        field,
        fingerprint,
        reason: args.reason.clone(),
        owner: args.owner.clone(),
        expires,
        ticket: args.ticket.clone(),
    }
}

/// Reads the file to write into, which must be unchanged since the comparison.
fn read_unchanged(into: &Path, loaded: &RuleSet) -> Result<EditableFile, Failure> {
    let file = EditableFile::read_or_new(into)?;
    let compared = loaded
        .sources
        .files()
        .iter()
        .find(|it| is_same(Path::new(&*it.path), into));
    if compared.is_some_and(|it| it.text != file.text()) {
        return Err(
            Failure::new(format!("{} has changed since it was read", into.display()))
                .help("rerun crdrift"),
        );
    }
    Ok(file)
}

/// The waivers, and the text of the file that would hold them.
struct WaiverEdit<'a> {
    into: &'a Path,
    after: &'a str,
    waivers: &'a [NewWaiver],
}

/// Loads the rules files as they would be: they must be valid and hold every waiver.
fn verify(
    session: &PlanSession<'_>,
    edit: &WaiverEdit<'_>,
    context: &Context,
) -> Result<(), Failure> {
    let WaiverEdit {
        into,
        after,
        waivers,
    } = *edit;
    let files = session.loaded.sources.files();
    let others = files
        .iter()
        .filter(|it| !is_same(Path::new(&*it.path), into));
    let name = into.display().to_string();
    let mut texts: Vec<(&str, Vec<u8>)> = others
        .map(|it| (&*it.path, it.text.clone().into_bytes()))
        .collect();
    texts.push((&name, after.as_bytes().to_vec()));
    let loaded = with_options(session.waiver_limit(), context, |options| {
        rules::load_texts(texts, options)
    });
    let loaded = loaded.map_err(|errors| {
        let failure = Failure::new(format!("with the waivers, {errors}"));
        with_errors(failure, &errors, context)
    })?;
    let before = session.loaded.waivers.len();
    let is_waived = |fingerprint: Fingerprint| {
        loaded
            .waivers
            .iter()
            .any(|it| it.fingerprint == Some(fingerprint))
    };
    if !waivers.iter().all(|it| is_waived(it.fingerprint))
        || loaded.waivers.len() < before + waivers.len()
    {
        return Err(Failure::new(format!(
            "cannot add waivers to {name} without a change of other entries"
        ))
        .help("use another file with --into: it becomes a rules file of waivers"));
    }
    Ok(())
}
