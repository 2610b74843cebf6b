//! Codes of findings in waivers and severities.

use super::problem::{Problem, WaiverProblem};
use crate::finding::{Code, PolicyCode};
use crate::source::{list_words, nearest, quote};

/// Parses a code with a severity that `severities:` can set. Each policy sets its own.
pub(super) fn parse_configurable(text: &str) -> Result<Code, Problem> {
    if text.starts_with(PolicyCode::PREFIX) {
        let problem = WaiverProblem::UnknownCode {
            code: quote(text),
            help: "set `severity` of the policy, under `policies`".to_owned(),
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
        Some(("live", _)) => "make the instance readable, or remove it from the rules files",
        Some(("guard", _)) => "review the result, and change `guards` if the limit is wrong",
        _ => "change the waiver that the finding is about: its date or its selection",
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
            format!("list the codes instead of a glob: {}", list_words(names()))
        }
        Some(code) => format!("did you mean `{code}`?"),
        None => format!("the codes are {}", list_words(names())),
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
        assert_eq!(
            help("drift/change-rule"),
            "did you mean `drift/changed-rule`?"
        );
        assert_eq!(help("missing-rule"), "did you mean `drift/missing-rule`?");
        assert_eq!(help("policy/no-abraod"), "did you mean `policy/no-abroad`?");
        assert_eq!(help("no-abroad"), "did you mean `policy/no-abroad`?");
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
