//! `crdrift explain CODE` and `crdrift explain --list`.

mod page;

use crate::cli::args::ExplainArgs;
use crate::cli::failure::Failure;
use crate::cli::{Context, Exit};
use crate::finding::{Code, PolicyCode, explain, title};
use crate::i18n::Language;
use crate::report::Style;
use crate::source::{nearest, sanitize, wrap_paragraph};

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

/// The least width of the column of titles.
const MIN_TITLE: usize = 20;

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
    // The columns of code and severity, each with two spaces behind.
    let indent = width + 2 + 7 + 2;
    let row = |code: &Code| {
        let severity = code.default_severity();
        let paint = style.severity(severity);
        let title = title(code, language);
        let title = match style.columns {
            Some(columns) => wrap_paragraph(title, columns.saturating_sub(indent).max(MIN_TITLE)),
            None => title.to_owned(),
        };
        let title = title.replace('\n', &format!("\n{:indent$}", ""));
        format!(
            "{code:width$}  {paint}{:7}{paint:#}  {title}\n",
            severity.as_str(),
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

#[cfg(test)]
mod tests {
    use super::list;
    use crate::i18n::Language;
    use crate::report::Style;

    #[test]
    fn a_long_title_continues_in_its_column() {
        let style = Style {
            color: false,
            columns: Some(80),
        };
        let listed = list(Language::English, style);
        assert!(listed.lines().all(|line| line.len() <= 80), "{listed}");
        let row =
            "live/unknown-value      info     the API returned a value that this version does";
        let rest = format!("{:33}not know", "");
        assert!(listed.contains(&format!("{row}\n{rest}\n")), "{listed}");
    }
}
