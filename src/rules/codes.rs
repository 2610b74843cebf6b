//! Codes of findings in waivers and severities.

use super::problem::{Problem, WaiverProblem};
use crate::finding::{Code, PolicyCode};
use crate::i18n::{Argument, Message};
use crate::source::{nearest, quote};

/// Parses a code with a severity that `severities:` can set. Each policy sets its own.
pub(super) fn parse_configurable(text: &str) -> Result<Code, Problem> {
    if text.starts_with(PolicyCode::PREFIX) {
        let problem = WaiverProblem::UnknownCode {
            code: quote(text),
            help: Message::help_severity_of_policy(),
        };
        return Err(problem.into());
    }
    find(text, &[]).ok_or_else(|| unknown(text, &[], |_| true))
}

/// Parses a code whose findings a waiver may accept.
pub(super) fn parse_waivable(text: &str, policies: &[PolicyCode]) -> Result<Code, Problem> {
    let code = find(text, policies).ok_or_else(|| unknown(text, policies, Code::is_acceptable))?;
    if code.is_acceptable() {
        return Ok(code);
    }
    let help = match text.split_once('/') {
        Some(("live", _)) => Message::help_not_waivable_live(),
        Some(("guard", _)) => Message::help_not_waivable_guard(),
        _ => Message::help_not_waivable_waiver(),
    };
    let code = code.to_string();
    Err(WaiverProblem::NotWaivable { code, help }.into())
}

fn find(text: &str, policies: &[PolicyCode]) -> Option<Code> {
    Code::from_name(text).filter(|code| match code {
        Code::Policy(policy) => policies.contains(policy),
        _ => true,
    })
}

/// Returns the problem of an unknown code, with the nearest of the `allowed` ones.
fn unknown(text: &str, policies: &[PolicyCode], allowed: fn(&Code) -> bool) -> Problem {
    let codes: Vec<Code> = Code::ALL
        .into_iter()
        .chain(policies.iter().cloned().map(Code::Policy))
        .filter(allowed)
        .collect();
    let names = || codes.iter().map(Code::as_str);
    // A code without its group, such as `missing-rule`.
    let without_group = names().find(|name| name.ends_with(&format!("/{text}")));
    let help = match without_group.or_else(|| nearest(text, names())) {
        _ if text.contains(['*', '?', '[', '{']) => {
            Message::help_codes_not_glob(Argument::from_words(names()))
        }
        Some(code) => Message::help_did_you_mean(format!("`{code}`")),
        None => Message::help_codes(Argument::from_words(names())),
    };
    let code = quote(text);
    WaiverProblem::UnknownCode { code, help }.into()
}

#[cfg(test)]
mod tests {
    use super::{PolicyCode, Problem, WaiverProblem, parse_configurable, parse_waivable};

    #[test]
    fn unknown_codes_suggest_the_nearest() {
        let help = |text: &str| match parse_waivable(text, &[PolicyCode::new("no-abroad")]) {
            Err(Problem::Waiver(WaiverProblem::UnknownCode { help, .. })) => help,
            other => panic!("{other:?}"),
        };
        for (text, nearest) in [
            ("drift/change-rule", "drift/changed-rule"),
            ("missing-rule", "drift/missing-rule"),
            ("policy/no-abraod", "policy/no-abroad"),
            ("no-abroad", "policy/no-abroad"),
        ] {
            assert_eq!(*help(text), format!("did you mean `{nearest}`?"));
        }
        assert!(
            help("drift/*").starts_with("list the codes instead of a glob: `drift/missing-rule`")
        );
        assert!(help("nonsense").starts_with("the codes are `drift/missing-rule`"));
    }

    #[test]
    fn severities_exclude_policies() {
        assert!(parse_configurable("policy/no-abroad").is_err());
        assert!(parse_configurable("live/unknown-value").is_ok());
    }

    #[test]
    fn waivers_exclude_findings_about_the_result() {
        for code in [
            "live/incomplete-read",
            "live/unknown-value",
            "guard/mass-change",
            "waiver/expired",
        ] {
            assert!(parse_waivable(code, &[]).is_err(), "{code}");
        }
        assert!(parse_waivable("drift/unmanaged-rule", &[]).is_ok());
        assert!(parse_waivable("policy/a", &[PolicyCode::new("a")]).is_ok());
        assert!(parse_waivable("policy/b", &[PolicyCode::new("a")]).is_err());
    }
}
