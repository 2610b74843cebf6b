//! `crdrift list INSTANCE…`: live rules, as the API lists them.

mod csv;
mod json;
mod resolve;
mod table;

use std::io;

use acr_api::{ApiPage, PageQuery, WireRule};
use acr_client::{Options, PagedResponse, Target};
use futures_util::future::join;
use serde::de::IgnoredAny;

use self::resolve::{ResolvedInstance, resolve_instances};
use crate::acquire::{AcquireError, CallerAccounts, read_failure, with_progress};
use crate::check::incomplete_reason;
use crate::cli::args::{ListArgs, ListFormat};
use crate::cli::failure::Failure;
use crate::cli::failure_report::FailedDocuments;
use crate::cli::live::open_session;
use crate::cli::load::load_optional;
use crate::cli::runtime::block_on;
use crate::cli::selection::note_misspelt_region;
use crate::cli::{Context, Exit, failure_report, output};
use crate::i18n::Message;
use crate::model::{Aliases, DesiredState, ReadFailure, ReadStatus};
use crate::source::{CommandGuard, escape_json, pluralize};
use crate::source::{sanitize, sanitize_line};

/// An instance, and the pages of its rules.
struct ListedInstance<'a> {
    instance: &'a ResolvedInstance<'a>,
    response: PagedResponse<ReadFailure>,
}

impl ListedInstance<'_> {
    fn rules(&self) -> impl Iterator<Item = &WireRule> {
        self.response.pages.iter().flat_map(|page| &page.sync_rules)
    }

    /// Returns `TotalCount`, the number of rules on all pages, where a page was read.
    fn total(&self) -> Option<u64> {
        let first: &ApiPage = self.response.pages.first()?;
        Some(first.total_count)
    }
}

pub(in crate::cli) fn run(args: &ListArgs, context: &mut Context) -> Result<Exit, Failure> {
    let outputs = if args.raw {
        &[]
    } else {
        args.output.as_slice()
    };
    let write_failure = |failure: &Failure, context: &mut Context| {
        let documents = FailedDocuments::new("list", outputs);
        failure_report::write_documents(failure, documents, context);
    };
    let declared = load_optional(&args.rules, context)
        .inspect_err(|failure| write_failure(failure, context))?;
    let instances = resolve_instances(args, &declared)
        .inspect_err(|failure| write_failure(failure, context))?;
    if let Some(region) = &args.region {
        note_misspelt_region(region, context);
    }
    let listed = block_on(list(args, &declared, &instances, context))
        .inspect_err(|failure| write_failure(failure, context))?;
    write(args, &declared, &listed, context)?;
    Ok(finish(&listed, context))
}

async fn list<'a>(
    args: &ListArgs,
    declared: &DesiredState,
    instances: &'a [ResolvedInstance<'a>],
    context: &mut Context,
) -> Result<Vec<ListedInstance<'a>>, Failure> {
    let defaults = args.connection.client.options();
    let options = Options {
        page_size: args.page_size.unwrap_or(defaults.page_size),
        ..defaults
    };
    let session = open_session(options, &args.connection, &args.emulator, context).await?;
    session.name_instances(&declared.instances);
    let mut targets: Vec<Target> = Vec::new();
    let mut accounts = Vec::new();
    for instance in instances.iter().filter(|it| it.is_readable()) {
        targets.push(session.target(instance.target.clone()));
        accounts.push(instance.account());
    }
    let accounts: Vec<_> = accounts.into_iter().zip(&targets).collect();
    let query = query(args, declared);
    let calls = join(
        session.client.list(&targets, &query, session.budget),
        CallerAccounts::determine(&session, &accounts),
    );
    let (responses, callers) = with_progress(calls, &session, context).await;
    callers.note_errors(context);
    let responses = responses.map_err(AcquireError::from)?;
    let mut responses = responses.into_iter().zip(accounts);
    let mut listed = Vec::new();
    for instance in instances {
        let response = if instance.is_readable() {
            responses.next()
        } else {
            None
        };
        let response = match response {
            None => PagedResponse::failed((ReadStatus::Skipped, declared_unreadable())),
            Some((response, (account, target))) => {
                match callers.account_mismatch(account, target) {
                    None => response.map_failure(read_failure),
                    Some(mismatch) => PagedResponse::failed((ReadStatus::Skipped, mismatch)),
                }
            }
        };
        listed.push(ListedInstance { instance, response });
    }
    Ok(listed)
}

fn query(args: &ListArgs, declared: &DesiredState) -> PageQuery {
    let resolve_id = |name: &String| {
        let mut instances = declared.instances.iter();
        match instances.find(|it| it.alias.as_str() == name) {
            Some(instance) => instance.id.to_string(),
            None => name.clone(),
        }
    };
    PageQuery {
        instance_id: String::new(),
        namespace_name: args.namespace.clone(),
        repo_name: args.repo.clone(),
        target_instance_id: args.target_instance.as_ref().map(resolve_id),
        target_region_id: args.target_region.clone(),
        page_no: args.page,
        page_size: args.page_size,
    }
}

fn write(
    args: &ListArgs,
    declared: &DesiredState,
    listed: &[ListedInstance<'_>],
    context: &mut Context,
) -> Result<(), Failure> {
    if args.raw {
        let mut bytes = Vec::new();
        // Writing to memory cannot fail.
        let _ = write_raw(listed, &mut bytes);
        return context.print_document("the answers", &bytes);
    }
    let aliases = Aliases::from_desired(declared);
    output::write_each(&args.output, context, |format, style, to| match format {
        ListFormat::Table => CommandGuard::write_through(to, style.color, |to| {
            table::render(listed, &aliases, style, to)
        }),
        ListFormat::Json => json::render(listed, to),
        ListFormat::Csv => csv::render(listed, to),
    })
}

/// Writes the answers unchanged, except for workflow commands that the runner of a pipeline obeys. An answer that does not
/// end with a line break is followed by one.
fn write_raw(listed: &[ListedInstance<'_>], to: &mut dyn io::Write) -> io::Result<()> {
    let mut before: Option<&Vec<u8>> = None;
    for body in listed.iter().flat_map(|it| &it.response.bodies) {
        if before.is_some_and(|before| !before.ends_with(b"\n")) {
            to.write_all(b"\n")?;
        }
        let is_json = serde_json::from_slice::<IgnoredAny>(body).is_ok();
        match std::str::from_utf8(body) {
            Ok(json) if is_json => to.write_all(escape_json(json).as_bytes())?,
            _ => CommandGuard::write_through(to, false, |to| to.write_all(body))?,
        }
        before = Some(body);
    }
    Ok(())
}

/// Prints the instances that are incomplete, and the reason for the exit code.
fn finish(listed: &[ListedInstance<'_>], context: &mut Context) -> Exit {
    let mut incomplete = Vec::new();
    let mut rules = 0;
    for listed in listed {
        rules += listed.rules().count();
        if let Some((status, failure)) = &listed.response.failure {
            let name = sanitize(&listed.instance.name).into_owned();
            let status = status.as_str().replace('_', " ");
            let why = failure.to_string();
            context.eprint(&format!("{name}: {status}: {}\n", sanitize_line(&why)));
            incomplete.push(format!("\"{name}\""));
        }
    }
    let rules = pluralize(rules, "rule");
    let summary = format!("{rules} of {}", pluralize(listed.len(), "instance"));
    let (exit, reason) = if incomplete.is_empty() {
        (Exit::Success, summary)
    } else {
        let incomplete = incomplete_reason(&incomplete);
        (Exit::Incomplete, format!("{incomplete}; {summary}"))
    };
    context.finish(&reason, exit);
    exit
}

/// Returns the reason why an instance is not listed that is declared `read: false`.
fn declared_unreadable() -> ReadFailure {
    ReadFailure::new(ReadFailure::NOT_READ, Message::declared_unread())
}
