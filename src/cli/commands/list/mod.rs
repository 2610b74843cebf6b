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
use crate::cli::args::{ListArgs, ListFormat};
use crate::cli::failure::Failure;
use crate::cli::live::{CallerAccounts, Session, no_credentials, watch};
use crate::cli::load::load_optional;
use crate::cli::runtime::block_on;
use crate::cli::{Context, Exit, failure_report, output};
use crate::model::{Aliases, DesiredState, ReadFailure, ReadStatus};
use crate::source::{CommandGuard, escape_json, pluralize};
use crate::source::{sanitize, sanitize_line};

/// What one instance answered, and what it is called.
struct Listed<'a> {
    instance: &'a ResolvedInstance<'a>,
    answers: PagedResponse,
}

impl Listed<'_> {
    fn rules(&self) -> impl Iterator<Item = &WireRule> {
        self.answers.pages.iter().flat_map(|page| &page.sync_rules)
    }

    /// `TotalCount`: how many rules there are on all pages, where it is known.
    fn total(&self) -> Option<u64> {
        self.answers
            .pages
            .first()
            .map(|page: &ApiPage| page.total_count)
    }
}

pub(in crate::cli) fn run(args: &ListArgs, context: &mut Context) -> Result<Exit, Failure> {
    let outputs = if args.raw {
        &[]
    } else {
        args.output.as_slice()
    };
    let told = |failure: &Failure, context: &mut Context| {
        failure_report::write_documents(failure, "list", outputs, context);
    };
    let declared =
        load_optional(&args.rules, context).inspect_err(|failure| told(failure, context))?;
    let instances =
        resolve_instances(args, &declared).inspect_err(|failure| told(failure, context))?;
    let listed = block_on(ask(args, &declared, &instances, context))
        .inspect_err(|failure| told(failure, context))?;
    write(args, &declared, &listed, context)?;
    Ok(conclude(&listed, context))
}

async fn ask<'a>(
    args: &ListArgs,
    declared: &DesiredState,
    instances: &'a [ResolvedInstance<'a>],
    context: &mut Context,
) -> Result<Vec<Listed<'a>>, Failure> {
    let defaults = args.connection.options();
    let options = Options {
        page_size: args.page_size.unwrap_or(defaults.page_size),
        ..defaults
    };
    let session = Session::open(options, &args.connection, &args.emulator, context).await?;
    let asked: Vec<_> = instances.iter().filter(|it| it.is_read()).collect();
    let targets: Vec<Target> = asked
        .iter()
        .map(|it| session.target(it.target.clone()))
        .collect();
    let accounts: Vec<_> = asked.iter().map(|it| it.account()).zip(&targets).collect();
    let query = query(args, declared);
    let answers = join(
        session.client.list(&targets, &query, session.budget),
        CallerAccounts::ask(&session, &accounts),
    );
    let (answers, callers) = watch(answers, &session.client, context).await;
    callers.tell_unknown(context);
    let mut answers = answers
        .map_err(|error| no_credentials(&error))?
        .into_iter()
        .zip(accounts);
    let listed = instances.iter().map(|instance| {
        let answers = if instance.is_read() {
            answers.next()
        } else {
            None
        };
        let answers = match answers {
            None => PagedResponse::failed((ReadStatus::Skipped, declared_unread())),
            Some((answers, (account, target))) => match callers.objection(account, target) {
                None => answers,
                Some(objection) => PagedResponse::failed((ReadStatus::Skipped, objection)),
            },
        };
        Listed { instance, answers }
    });
    Ok(listed.collect())
}

fn query(args: &ListArgs, declared: &DesiredState) -> PageQuery {
    let id_of = |name: &String| {
        let instance = declared
            .instances
            .iter()
            .find(|it| it.alias.as_str() == name);
        instance.map_or_else(|| name.clone(), |it| it.id.to_string())
    };
    PageQuery {
        instance_id: String::new(),
        namespace_name: args.namespace.clone(),
        repo_name: args.repo.clone(),
        target_instance_id: args.target_instance.as_ref().map(id_of),
        target_region_id: args.target_region.clone(),
        page_no: args.page,
        page_size: args.page_size,
    }
}

fn write(
    args: &ListArgs,
    declared: &DesiredState,
    listed: &[Listed<'_>],
    context: &mut Context,
) -> Result<(), Failure> {
    if args.raw {
        let mut answers = Vec::new();
        // Writing to memory cannot fail.
        let _ = raw(listed, &mut answers);
        return context.print_document("the answers", &answers);
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

/// Writes the answers as they came, but for what the runner of a pipeline would obey. A line break stands between two of them
/// where the first does not end with one.
fn raw(listed: &[Listed<'_>], to: &mut dyn io::Write) -> io::Result<()> {
    let mut before: Option<&Vec<u8>> = None;
    for body in listed.iter().flat_map(|it| &it.answers.bodies) {
        if before.is_some_and(|before| !before.ends_with(b"\n")) {
            to.write_all(b"\n")?;
        }
        match serde_json::from_slice::<IgnoredAny>(body)
            .ok()
            .and_then(|_| std::str::from_utf8(body).ok())
        {
            Some(json) => to.write_all(escape_json(json).as_bytes())?,
            None => CommandGuard::write_through(to, false, |to| to.write_all(body))?,
        }
        before = Some(body);
    }
    Ok(())
}

/// Tells what could not be listed and why, and what the exit code is for.
fn conclude(listed: &[Listed<'_>], context: &mut Context) -> Exit {
    let mut unread = Vec::new();
    for Listed { instance, answers } in listed {
        if let Some((status, failure)) = &answers.failure {
            let name = sanitize(&instance.name).into_owned();
            let status = status.as_str().replace('_', " ");
            context.eprint(&format!(
                "{name}: {status}: {}\n",
                sanitize_line(&failure.to_string())
            ));
            unread.push(format!("\"{name}\""));
        }
    }
    let rules: usize = listed.iter().map(|it| it.rules().count()).sum();
    let rules = format!(
        "{} of {}",
        pluralize(rules, "rule"),
        pluralize(listed.len(), "instance")
    );
    let (exit, reason) = match unread.as_slice() {
        [] => (Exit::Success, rules),
        unread => (
            Exit::Incomplete,
            format!("could not list {} whole; {rules}", unread.join(", ")),
        ),
    };
    context.finish(&reason, exit);
    exit
}

/// Why an instance that was named is not asked.
fn declared_unread() -> ReadFailure {
    let message = "it is declared `read: false`, so what it lists is unverified";
    ReadFailure {
        code: ReadFailure::NOT_READ.into(),
        message: message.into(),
        request_id: None,
    }
}
