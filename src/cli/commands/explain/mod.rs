//! `crdrift explain CODE` and `crdrift explain --list`.

mod page;

use crate::cli::args::ExplainArgs;
use crate::cli::failure::Failure;
use crate::cli::{Context, Exit};
use crate::finding::{Code, PolicyCode, explain, title};
use crate::i18n::Language;
use crate::report::Style;
use crate::source::nearest;
use crate::source::sanitize;

pub(in crate::cli) fn run(args: &ExplainArgs, context: &mut Context) -> Result<Exit, Failure> {
    let language = args.lang.into();
    let name = match &args.code {
        Some(name) => name,
        None if args.list => {
            context.print(&list(language, context.style))?;
            return Ok(Exit::Success);
        }
        None => {
            return Err(Failure::usage("expected the code of a finding, found none")
                .help("`crdrift explain --list` lists every code"));
        }
    };
    let code = Code::from_name(name).ok_or_else(|| unknown(name))?;
    context.print_lines(&page::render(explain(&code, language), context.style))?;
    Ok(Exit::Success)
}

fn list(language: Language, style: Style) -> String {
    let codes: Vec<Code> = Code::ALL
        .into_iter()
        .chain([Code::Policy(PolicyCode::new("<id>"))])
        .collect();
    let width = codes
        .iter()
        .map(|code| code.as_str().len())
        .max()
        .unwrap_or_default();
    let row = |code: &Code| {
        let severity = code.default_severity();
        let paint = style.severity(severity);
        format!(
            "{code:width$}  {paint}{:7}{paint:#}  {}\n",
            severity.as_str(),
            title(code, language)
        )
    };
    codes.iter().map(row).collect()
}

fn unknown(name: &str) -> Failure {
    let guess = nearest(name, Code::ALL.iter().map(Code::as_str));
    let help = guess.map_or_else(
        || "`crdrift explain --list` lists every code".to_owned(),
        |code| format!("did you mean {code}? `crdrift explain --list` lists every code"),
    );
    Failure::usage(format!("unknown code {}", sanitize(name))).help(help)
}
