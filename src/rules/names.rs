//! What names can exist. Only what surely cannot is refused: the API documents little, and a name that is live
//! must be declarable (`reference` of the API: namespaces are lower-case letters, digits and `_ - .`).

use url::Url;

use super::problem::Problem;
use crate::source::{is_look_alike, quote};

/// What is wrong with a text, and what to do about it.
type Fault = (&'static str, &'static str);

/// A rule's name.
pub(super) fn rule(name: &str) -> Result<(), Problem> {
    let fault = blank(name).or_else(|| {
        let edges = name.trim() != name;
        edges.then_some(("it begins or ends with a blank", "remove the blank"))
    });
    invalid("rule name", name, fault)
}

/// A namespace.
pub(super) fn namespace(name: &str) -> Result<(), Problem> {
    let fault = registry_name(name).or_else(|| {
        name.contains('/').then_some((
            "it has a slash in it",
            "the first part is the `namespace`, the rest is the `repo`",
        ))
    });
    invalid("namespace", name, fault)
}

/// A repository inside a namespace. Its name may have slashes.
pub(super) fn repo(name: &str) -> Result<(), Problem> {
    let fault = registry_name(name).or_else(|| {
        let gap = name.split('/').any(str::is_empty);
        gap.then_some((
            "a part between slashes is empty",
            "write it without a slash first, last or twice",
        ))
    });
    invalid("repository", name, fault)
}

/// What a rules file calls an instance.
pub(super) fn alias(name: &str) -> Result<(), Problem> {
    let fault = blank(name).or_else(|| {
        let odd = |it: char| !it.is_alphanumeric() && !matches!(it, '-' | '_' | '.');
        name.contains(odd).then_some((
            "it has a blank or a special character in it",
            "use letters, digits, `-`, `_` and `.`",
        ))
    });
    invalid("instance alias", name, fault)
}

/// The id of a policy: a part of the code of its findings.
pub(super) fn policy_id(id: &str) -> Result<(), Problem> {
    let odd = |it: char| !matches!(it, 'a'..='z' | '0'..='9' | '-');
    let fault = if !id.starts_with(|it: char| it.is_ascii_lowercase()) {
        Some((
            "it does not begin with a lower-case letter",
            "call it `no-abroad`, or the like",
        ))
    } else if id.contains(odd) {
        Some((
            "it has other characters than lower-case letters, digits and `-`",
            "call it `no-abroad`, or the like",
        ))
    } else if id.len() > 64 {
        Some((
            "it is longer than 64 characters",
            "its findings are called by it; the `message` may be long",
        ))
    } else {
        None
    };
    invalid("policy id", id, fault)
}

/// A custom synchronization link.
pub(super) fn link(id: &str) -> Result<(), Problem> {
    invalid("link id", id, word(id))
}

/// The id of an instance.
pub(super) fn instance_id(id: &str) -> Result<(), Problem> {
    invalid_setting(
        "instance id",
        id,
        word(id),
        "it looks like `cri-shanghai00000001`",
    )
}

/// A region.
pub(super) fn region(id: &str) -> Result<(), Problem> {
    let odd = |it: char| !matches!(it, 'a'..='z' | '0'..='9' | '-');
    let fault = word(id).or_else(|| {
        id.contains(odd).then_some((
            "it has other characters than lower-case letters, digits and `-`",
            "",
        ))
    });
    invalid_setting("region", id, fault, "it looks like `cn-shanghai`")
}

/// The UID of an account.
pub(super) fn account(id: &str) -> Result<(), Problem> {
    let odd = id.contains(|it: char| !it.is_ascii_digit());
    let fault = word(id).or_else(|| odd.then_some(("it is not a number", "")));
    invalid_setting(
        "account",
        id,
        fault,
        "it is the UID of the account, such as \"1234567890123456\"",
    )
}

/// The name of a credentials profile.
pub(super) fn profile(name: &str) -> Result<(), Problem> {
    invalid_setting(
        "profile",
        name,
        blank(name),
        "it is the name of a profile of the credentials file",
    )
}

/// The role to assume.
pub(super) fn role_arn(arn: &str) -> Result<(), Problem> {
    let form = arn.starts_with("acs:ram::") && arn.contains(":role/") && !arn.ends_with('/');
    let fault = word(arn).or_else(|| (!form).then_some(("it is not the ARN of a role", "")));
    invalid_setting(
        "role",
        arn,
        fault,
        "it looks like `acs:ram::1234567890123456:role/crdrift`",
    )
}

/// The address to ask, without the blanks round it.
pub(super) fn endpoint(url: &str) -> Result<&str, Problem> {
    let trimmed = url.trim();
    if trimmed.contains('@') {
        return Err(Problem::PasswordInEndpoint);
    }
    let fault = word(trimmed).or_else(|| {
        // Readers of URLs differ in these: `https:host`, and a backslash for a slash.
        if !trimmed.contains("://") || trimmed.contains('\\') {
            return Some(("it is not a URL", ""));
        }
        let Ok(parsed) = Url::parse(trimmed) else {
            return Some(("it is not a URL", ""));
        };
        if !matches!(parsed.scheme(), "http" | "https") {
            return Some(("it is neither http nor https", ""));
        }
        let bare = matches!(parsed.path(), "" | "/")
            && parsed.query().is_none()
            && parsed.fragment().is_none();
        (!bare).then_some(("it has a path, and requests go to `/`", ""))
    });
    let help = "it looks like `https://cr-vpc.cn-shanghai.aliyuncs.com` or `http://127.0.0.1:7878`";
    invalid_setting("endpoint", trimmed, fault, help).map(|()| trimmed)
}

fn registry_name(name: &str) -> Option<Fault> {
    if let Some(fault) = word(name) {
        return Some(fault);
    }
    if name.contains(char::is_uppercase) {
        return Some((
            "it has upper-case letters",
            "the registry has lower-case names only",
        ));
    }
    name.contains([':', '@']).then_some((
        "it has a tag or a digest in it",
        "tags are chosen by `tag_filter`",
    ))
}

/// A name without blanks.
fn word(name: &str) -> Option<Fault> {
    blank(name).or_else(|| {
        name.contains(char::is_whitespace)
            .then_some(("it has a blank in it", "remove the blank"))
    })
}

fn blank(name: &str) -> Option<Fault> {
    if name.trim().is_empty() {
        return Some(("it is empty", "give it a value, or remove the key"));
    }
    name.contains(is_look_alike).then_some((
        "it has a line break or another invisible character in it",
        "remove it",
    ))
}

fn invalid(what: &'static str, name: &str, fault: Option<Fault>) -> Result<(), Problem> {
    let problem = |(why, help)| Problem::InvalidName {
        what,
        given: quote(name),
        why,
        help,
    };
    fault.map_or(Ok(()), |fault| Err(problem(fault)))
}

fn invalid_setting(
    what: &'static str,
    given: &str,
    fault: Option<Fault>,
    help: &'static str,
) -> Result<(), Problem> {
    let problem = |(why, _)| Problem::InvalidInstance {
        what,
        given: quote(given),
        why,
        help,
    };
    fault.map_or(Ok(()), |fault| Err(problem(fault)))
}

#[cfg(test)]
mod tests {
    use super::Problem;

    #[test]
    fn what_can_exist_is_accepted() {
        for name in ["base", "b", "1.2_3-x", "团队"] {
            assert_eq!(super::namespace(name), Ok(()), "{name}");
            assert_eq!(super::repo(name), Ok(()), "{name}");
        }
        assert_eq!(super::repo("team/app/web"), Ok(()));
        assert_eq!(super::rule("Rule No. 1: 同步"), Ok(()));
        assert_eq!(super::alias("上海_prod-1.a"), Ok(()));
        assert_eq!(super::region("cn-wulanchabu"), Ok(()));
        assert_eq!(super::account("1234567890123456"), Ok(()));
        assert_eq!(
            super::role_arn("acs:ram::1234567890123456:role/crdrift"),
            Ok(())
        );
        for url in [
            "http://127.0.0.1:7878",
            "https://cr.cn-shanghai.aliyuncs.com/",
            "http://[::1]:80",
        ] {
            assert_eq!(super::endpoint(&format!(" {url} ")), Ok(url));
        }
    }

    #[test]
    fn what_cannot_exist_is_refused_with_a_reason() {
        let why = |result: Result<(), Problem>| match result.expect_err("a fault") {
            Problem::InvalidName { why, .. } | Problem::InvalidInstance { why, .. } => why,
            other => panic!("{other}"),
        };
        let endpoint = |url| why(super::endpoint(url).map(|_| ()));
        let cases = [
            (why(super::namespace("")), "it is empty"),
            (why(super::namespace("Base")), "it has upper-case letters"),
            (why(super::namespace("a b")), "it has a blank in it"),
            (why(super::namespace("base/app")), "it has a slash in it"),
            (why(super::repo("app:v1")), "it has a tag or a digest in it"),
            (why(super::repo("/app")), "a part between slashes is empty"),
            (why(super::rule(" ")), "it is empty"),
            (
                why(super::rule("a\n")),
                "it has a line break or another invisible character in it",
            ),
            (why(super::rule(" a")), "it begins or ends with a blank"),
            (
                why(super::alias("a b")),
                "it has a blank or a special character in it",
            ),
            (why(super::link("stl 1")), "it has a blank in it"),
            (
                why(super::region("CN-Shanghai")),
                "it has other characters than lower-case letters, digits and `-`",
            ),
            (why(super::account("12a")), "it is not a number"),
            (
                why(super::role_arn("crdrift")),
                "it is not the ARN of a role",
            ),
            (endpoint("cr.cn-shanghai.aliyuncs.com"), "it is not a URL"),
            (endpoint("https://"), "it is not a URL"),
            (
                endpoint("https:cr.cn-shanghai.aliyuncs.com"),
                "it is not a URL",
            ),
            (
                endpoint("https:\\\\cr.cn-shanghai.aliyuncs.com"),
                "it is not a URL",
            ),
            (
                endpoint("https://cr.cn-shanghai.aliyuncs.com\\.host"),
                "it is not a URL",
            ),
            (endpoint("ftp://host"), "it is neither http nor https"),
            (
                endpoint("https://host/path"),
                "it has a path, and requests go to `/`",
            ),
        ];
        for (at, (why, expected)) in cases.into_iter().enumerate() {
            assert_eq!(why, expected, "case {at}");
        }
        assert_eq!(
            super::endpoint("https://user:s3cret@host"),
            Err(Problem::PasswordInEndpoint)
        );
    }
}
