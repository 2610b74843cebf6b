//! Checks of names, ids and addresses. Only what surely cannot exist is refused: the API documents few limits, and a
//! rules file must be able to declare every live name.

use url::Url;

use super::problem::{InstanceProblem, Problem, RuleProblem};
use crate::i18n::{Message, Phrase};
use crate::source::{is_look_alike, is_printable_ascii, quote};

/// The reason to refuse a text, and the help.
type NameRefusal = (Phrase, Message);

/// Checks the name of a rule.
pub(super) fn check_rule(name: &str) -> Result<(), Problem> {
    let mut refusal = refuse_blank(name);
    if refusal.is_none() && name.trim() != name {
        refusal = Some((Phrase::name_edges(), Message::help_remove_whitespace()));
    }
    check_name(Phrase::rule_name(), name, refusal)
}

/// Checks a namespace.
pub(super) fn check_namespace(name: &str) -> Result<(), Problem> {
    let mut refusal = refuse_registry_name(name);
    if refusal.is_none() && name.contains('/') {
        refusal = Some((
            Phrase::namespace_slash(),
            Message::help_namespace_and_repo(),
        ));
    }
    check_name(Phrase::namespace(), name, refusal)
}

/// Checks a repository inside a namespace. Its name may contain slashes.
pub(super) fn check_repo(name: &str) -> Result<(), Problem> {
    let mut refusal = refuse_registry_name(name);
    if refusal.is_none() && name.split('/').any(str::is_empty) {
        refusal = Some((Phrase::empty_part(), Message::help_slashes()));
    }
    check_name(Phrase::repository(), name, refusal)
}

/// Checks the alias of an instance.
pub(super) fn check_alias(name: &str) -> Result<(), Problem> {
    let is_invalid =
        |character: char| !character.is_alphanumeric() && !matches!(character, '-' | '_' | '.');
    let mut refusal = refuse_blank(name);
    if refusal.is_none() && name.contains(is_invalid) {
        refusal = Some((Phrase::alias_characters(), Message::help_alias_characters()));
    }
    check_name(Phrase::instance_alias(), name, refusal)
}

/// Checks the id of a policy: a part of the code of its findings.
pub(super) fn check_policy_id(id: &str) -> Result<(), Problem> {
    let is_invalid = |character: char| !matches!(character, 'a'..='z' | '0'..='9' | '-');
    let refusal = if !id.starts_with(|first: char| first.is_ascii_lowercase()) {
        Some((Phrase::id_start(), Message::help_policy_id("`no-abroad`")))
    } else if id.contains(is_invalid) {
        Some((
            Phrase::id_characters(),
            Message::help_policy_id("`no-abroad`"),
        ))
    } else if id.len() > 64 {
        Some((Phrase::id_length(), Message::help_shorten_id()))
    } else {
        None
    };
    check_name(Phrase::policy_id(), id, refusal)
}

/// Checks the id of a custom synchronization link.
pub(super) fn check_link(id: &str) -> Result<(), Problem> {
    check_name(Phrase::link_id(), id, refuse_whitespace(id))
}

/// Checks the owner of a rule: a person or a team, in any words.
pub(super) fn check_owner(name: &str) -> Result<(), Problem> {
    const LONGEST: usize = 128;
    let mut refusal = refuse_blank(name);
    if refusal.is_none() && name.trim() != name {
        refusal = Some((Phrase::owner_edges(), Message::help_remove_whitespace()));
    }
    if refusal.is_none() && name.chars().nth(LONGEST).is_some() {
        refusal = Some((Phrase::owner_length(), Message::help_owner()));
    }
    check_name(Phrase::owner(), name, refusal)
}

/// Checks the id of an instance.
pub(super) fn check_instance_id(id: &str) -> Result<(), Problem> {
    check_setting(
        Phrase::instance_id(),
        id,
        refuse_whitespace(id).map(reason),
        || Message::help_policy_id("`cri-shanghai00000001`"),
    )
}

/// Checks a region.
pub(super) fn check_region(id: &str) -> Result<(), Problem> {
    let is_invalid = |character: char| !matches!(character, 'a'..='z' | '0'..='9' | '-');
    let mut why = refuse_whitespace(id).map(reason);
    if why.is_none() && id.contains(is_invalid) {
        why = Some(Phrase::region_characters());
    }
    check_setting(Phrase::region(), id, why, || {
        Message::help_region("`cn-shanghai`")
    })
}

/// Checks the UID of an account.
pub(super) fn check_account(id: &str) -> Result<(), Problem> {
    let mut why = refuse_whitespace(id).map(reason);
    if why.is_none() && id.contains(|character: char| !character.is_ascii_digit()) {
        why = Some(Phrase::uid_characters());
    }
    check_setting(Phrase::account(), id, why, || {
        Message::help_uid("\"1234567890123456\"")
    })
}

/// Checks the name of a credentials profile.
pub(super) fn check_profile(name: &str) -> Result<(), Problem> {
    check_setting(
        Phrase::profile(),
        name,
        refuse_blank(name).map(reason),
        Message::help_profile,
    )
}

/// Checks the ARN of the role to assume.
pub(super) fn check_role_arn(arn: &str) -> Result<(), Problem> {
    let has_form = arn.starts_with("acs:ram::") && arn.contains(":role/") && !arn.ends_with('/');
    let mut why = refuse_whitespace(arn).map(reason);
    if why.is_none() && !has_form {
        why = Some(Phrase::not_an_arn());
    }
    check_setting(Phrase::role(), arn, why, || {
        Message::help_arn("`acs:ram::1234567890123456:role/crdrift`")
    })
}

/// Parses the URL of an endpoint; returns it without whitespace around it.
pub(super) fn parse_endpoint(url: &str) -> Result<&str, Problem> {
    let url = url.trim();
    if url.contains('@') {
        return Err(InstanceProblem::PasswordInEndpoint.into());
    }
    let why = refuse_whitespace(url)
        .map(reason)
        .or_else(|| refuse_url(url));
    let help = || {
        Message::help_url(
            "`https://cr-vpc.cn-shanghai.aliyuncs.com`",
            "`http://127.0.0.1:7878`",
        )
    };
    check_setting(Phrase::endpoint_word(), url, why, help)?;
    Ok(url)
}

fn refuse_url(url: &str) -> Option<Phrase> {
    // Readers of URLs differ in `https:host`, and in a backslash instead of a slash.
    if !url.contains("://") || url.contains('\\') {
        return Some(Phrase::not_a_url());
    }
    let Ok(parsed) = Url::parse(url) else {
        return Some(Phrase::not_a_url());
    };
    if !matches!(parsed.scheme(), "http" | "https") {
        return Some(Phrase::scheme());
    }
    let has_path = !matches!(parsed.path(), "" | "/");
    if has_path || parsed.query().is_some() || parsed.fragment().is_some() {
        return Some(Phrase::url_path());
    }
    None
}

fn refuse_registry_name(name: &str) -> Option<NameRefusal> {
    if let Some(refusal) = refuse_whitespace(name) {
        return Some(refusal);
    }
    if name.contains(char::is_uppercase) {
        return Some((Phrase::upper_case(), Message::help_lower_case()));
    }
    if name.contains([':', '@']) {
        return Some((Phrase::tag_in_name(), Message::help_select_tags()));
    }
    None
}

fn refuse_whitespace(name: &str) -> Option<NameRefusal> {
    if let Some(refusal) = refuse_blank(name) {
        return Some(refusal);
    }
    if name.contains(char::is_whitespace) {
        return Some((Phrase::whitespace(), Message::help_remove_whitespace()));
    }
    None
}

fn refuse_blank(name: &str) -> Option<NameRefusal> {
    if name.trim().is_empty() {
        return Some((Phrase::empty_text(), Message::help_value_or_remove_key()));
    }
    if !is_printable_ascii(name) && name.contains(is_look_alike) {
        return Some((Phrase::invisible(), Message::help_remove_character()));
    }
    None
}

fn reason((why, _help): NameRefusal) -> Phrase {
    why
}

fn check_name(what: Phrase, name: &str, refusal: Option<NameRefusal>) -> Result<(), Problem> {
    let Some((why, help)) = refusal else {
        return Ok(());
    };
    let given = quote(name);
    Err(RuleProblem::InvalidName {
        what,
        given,
        why,
        help,
    }
    .into())
}

fn check_setting(
    what: Phrase,
    value: &str,
    why: Option<Phrase>,
    help: impl FnOnce() -> Message,
) -> Result<(), Problem> {
    let Some(why) = why else {
        return Ok(());
    };
    Err(InstanceProblem::Invalid {
        what,
        given: quote(value),
        why,
        help: help(),
    }
    .into())
}

#[cfg(test)]
mod tests {
    use super::{InstanceProblem, Problem, RuleProblem};

    #[test]
    fn possible_names_are_accepted() {
        for name in ["base", "b", "1.2_3-x", "团队"] {
            assert_eq!(super::check_namespace(name), Ok(()), "{name}");
            assert_eq!(super::check_repo(name), Ok(()), "{name}");
        }
        assert_eq!(super::check_repo("team/app/web"), Ok(()));
        assert_eq!(super::check_rule("Rule No. 1: 同步"), Ok(()));
        assert_eq!(super::check_alias("上海_prod-1.a"), Ok(()));
        assert_eq!(super::check_region("cn-wulanchabu"), Ok(()));
        assert_eq!(super::check_account("1234567890123456"), Ok(()));
        assert_eq!(
            super::check_role_arn("acs:ram::1234567890123456:role/crdrift"),
            Ok(())
        );
        for url in [
            "http://127.0.0.1:7878",
            "https://cr.cn-shanghai.aliyuncs.com/",
            "http://[::1]:80",
        ] {
            assert_eq!(super::parse_endpoint(&format!(" {url} ")), Ok(url));
        }
    }

    #[test]
    fn impossible_names_are_refused_with_a_reason() {
        let why = |result: Result<(), Problem>| match result.expect_err("a fault") {
            Problem::Rule(RuleProblem::InvalidName { why, .. })
            | Problem::Instance(InstanceProblem::Invalid { why, .. }) => why.to_string(),
            other => panic!("{other}"),
        };
        let endpoint = |url| why(super::parse_endpoint(url).map(|_| ()));
        let cases = [
            (why(super::check_namespace("")), "the text is empty"),
            (
                why(super::check_namespace("Base")),
                "the name contains upper-case letters",
            ),
            (
                why(super::check_namespace("a b")),
                "the text contains whitespace",
            ),
            (
                why(super::check_namespace("base/app")),
                "a namespace contains no slash",
            ),
            (
                why(super::check_repo("app:v1")),
                "the name contains a tag or a digest",
            ),
            (
                why(super::check_repo("/app")),
                "a part between slashes is empty",
            ),
            (why(super::check_rule(" ")), "the text is empty"),
            (
                why(super::check_rule("a\n")),
                "the text contains a line break or another invisible character",
            ),
            (
                why(super::check_rule(" a")),
                "the name begins or ends with whitespace",
            ),
            (
                why(super::check_alias("a b")),
                "the alias contains whitespace or a special character",
            ),
            (
                why(super::check_link("stl 1")),
                "the text contains whitespace",
            ),
            (
                why(super::check_region("CN-Shanghai")),
                "a region has only lower-case letters, digits and `-`",
            ),
            (why(super::check_account("12a")), "a UID has only digits"),
            (
                why(super::check_role_arn("crdrift")),
                "the text is not the ARN of a role",
            ),
            (
                endpoint("cr.cn-shanghai.aliyuncs.com"),
                "the text is not a URL",
            ),
            (endpoint("https://"), "the text is not a URL"),
            (
                endpoint("https:cr.cn-shanghai.aliyuncs.com"),
                "the text is not a URL",
            ),
            (
                endpoint("https:\\\\cr.cn-shanghai.aliyuncs.com"),
                "the text is not a URL",
            ),
            (
                endpoint("https://cr.cn-shanghai.aliyuncs.com\\.host"),
                "the text is not a URL",
            ),
            (
                endpoint("ftp://host"),
                "the scheme is neither http nor https",
            ),
            (
                endpoint("https://host/path"),
                "the URL has a path, and requests go to `/`",
            ),
        ];
        for (at, (why, expected)) in cases.into_iter().enumerate() {
            assert_eq!(why, expected, "case {at}");
        }
        assert_eq!(
            super::parse_endpoint("https://user:s3cret@host"),
            Err(InstanceProblem::PasswordInEndpoint.into())
        );
    }
}
