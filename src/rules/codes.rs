//! The codes of findings, as waivers and severities name them.

use super::problem::Problem;
use crate::finding::{Code, PolicyCode};
use crate::source::{list_words, nearest, quote};

/// The code of a text, where its severity can be set: a policy has its own.
pub(super) fn with_severity(text: &str) -> Result<Code, Problem> {
    if text.starts_with(PolicyCode::PREFIX) {
        let help =
            "a policy says itself how bad it is to break it: `severity` in `policies`".to_owned();
        return Err(Problem::UnknownCode {
            code: quote(text),
            help,
        });
    }
    known(text, &[]).ok_or_else(|| unknown(text, &[], |_| true))
}

/// The code of a text, where a waiver may accept its findings.
pub(super) fn waivable(text: &str, policies: &[PolicyCode]) -> Result<Code, Problem> {
    let code = known(text, policies).ok_or_else(|| unknown(text, policies, Code::is_acceptable))?;
    if code.is_acceptable() {
        return Ok(code);
    }
    let help = match text.split_once('/') {
        Some(("live", _)) => {
            "what could not be read is never in sync: make it readable, or take the instance out"
        }
        Some(("guard", _)) => {
            "a guard wants somebody to look: change `guards` where its limit is wrong"
        }
        _ => "change the waiver that it is about: its day, or what it names",
    };
    Err(Problem::NotWaivable {
        code: code.to_string(),
        help,
    })
}

fn known(text: &str, policies: &[PolicyCode]) -> Option<Code> {
    Code::from_name(text).filter(|code| match code {
        Code::Policy(policy) => policies.contains(policy),
        _ => true,
    })
}

/// Says which of the codes that are `allowed` was meant.
fn unknown(text: &str, policies: &[PolicyCode], allowed: fn(&Code) -> bool) -> Problem {
    let codes = Code::ALL
        .into_iter()
        .chain(policies.iter().cloned().map(Code::Policy));
    let codes: Vec<Code> = codes.filter(allowed).collect();
    let codes = || codes.iter().map(Code::as_str);
    // Whoever leaves the group out means the code that ends so.
    let whole = codes().find(|code| code.ends_with(&format!("/{text}")));
    let help = match whole.or_else(|| nearest(text, codes())) {
        _ if text.contains(['*', '?', '[', '{']) => {
            format!("codes are written out, one by one: {}", list_words(codes()))
        }
        Some(code) => format!("did you mean `{code}`?"),
        None => format!("there are {}", list_words(codes())),
    };
    Problem::UnknownCode {
        code: quote(text),
        help,
    }
}

#[cfg(test)]
mod tests {
    use super::{PolicyCode, waivable, with_severity};

    #[test]
    fn what_was_meant_is_guessed() {
        let help = |text: &str| match waivable(text, &[PolicyCode::new("no-abroad")]) {
            Err(super::Problem::UnknownCode { help, .. }) => help,
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
            help("drift/*").starts_with("codes are written out, one by one: `drift/missing-rule`")
        );
        assert!(help("nonsense").starts_with("there are `drift/missing-rule`"));
    }

    #[test]
    fn a_policy_says_its_severity_itself() {
        assert!(with_severity("policy/no-abroad").is_err());
        assert!(with_severity("live/unknown-value").is_ok());
    }

    #[test]
    fn what_guards_the_result_cannot_be_waived() {
        for code in [
            "live/incomplete-read",
            "live/unknown-value",
            "guard/mass-change",
            "waiver/expired",
        ] {
            assert!(waivable(code, &[]).is_err(), "{code}");
        }
        assert!(waivable("drift/unmanaged-rule", &[]).is_ok());
        assert!(waivable("policy/a", &[PolicyCode::new("a")]).is_ok());
        assert!(waivable("policy/b", &[PolicyCode::new("a")]).is_err());
    }
}
