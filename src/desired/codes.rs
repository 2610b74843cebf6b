//! The codes of findings, as waivers and severities name them.

use super::problem::{Problem, shown};
use super::suggest::{listed, nearest};
use crate::finding::Code;

/// The code of a text.
pub(super) fn find(text: &str) -> Result<Code, Problem> {
    Code::from_id(text).ok_or_else(|| unknown(text, |_| true))
}

/// The code of a text, where a waiver may accept its findings.
pub(super) fn waivable(text: &str) -> Result<Code, Problem> {
    let code = Code::from_id(text).ok_or_else(|| unknown(text, Code::is_acceptable))?;
    if code.is_acceptable() {
        return Ok(code);
    }
    let help = match text.split_once('/') {
        Some(("live", _)) => "what could not be read is never in sync: make it readable, or take the instance out",
        Some(("guard", _)) => "a guard wants somebody to look: change `guards` where its limit is wrong",
        _ => "change the waiver that it is about: its day, or what it names",
    };
    Err(Problem::NotWaivable { code: code.to_string(), help })
}

/// Says which of the codes that are `allowed` was meant.
fn unknown(text: &str, allowed: fn(Code) -> bool) -> Problem {
    let codes = || Code::ALL.into_iter().filter(|code| allowed(*code)).map(Code::as_str);
    // Whoever leaves the group out means the code that ends so.
    let whole = codes().find(|code| code.ends_with(&format!("/{text}")));
    let help = match whole.or_else(|| nearest(text, codes())) {
        _ if text.contains(['*', '?', '[', '{']) => format!("codes are written out, one by one: {}", listed(codes())),
        Some(code) => format!("did you mean `{code}`?"),
        None => format!("there are {}", listed(codes())),
    };
    Problem::UnknownCode { code: shown(text), help }
}

#[cfg(test)]
mod tests {
    use super::{find, waivable};

    #[test]
    fn what_was_meant_is_guessed() {
        let help = |text: &str| match find(text) {
            Err(super::Problem::UnknownCode { help, .. }) => help,
            other => panic!("{other:?}"),
        };
        assert_eq!(help("drift/change-rule"), "did you mean `drift/changed-rule`?");
        assert_eq!(help("missing-rule"), "did you mean `drift/missing-rule`?");
        assert!(help("drift/*").starts_with("codes are written out, one by one: `drift/missing-rule`"));
        assert!(help("nonsense").starts_with("there are `drift/missing-rule`"));
    }

    #[test]
    fn what_guards_the_result_cannot_be_waived() {
        for code in ["live/incomplete-read", "live/unknown-value", "guard/mass-change", "waiver/expired"] {
            assert!(waivable(code).is_err(), "{code}");
        }
        assert!(waivable("drift/unmanaged-rule").is_ok());
    }
}
