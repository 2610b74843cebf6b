//! What environment variables say: keys, a token and a role, the machine's role, a URL.

use std::path::PathBuf;

use reqwest::Url;

use super::Credentials;
use super::recipe::{Recipe, Role, Sts, TokenFile, Way};
use super::source::{Source, Unusable};
use crate::options::{Options, Outside};

const ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
const SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
const TOKEN: &str = "ALIBABA_CLOUD_SECURITY_TOKEN";
const TOKEN_FILE: &str = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";
const PROVIDER: &str = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN";
const ROLE: &str = "ALIBABA_CLOUD_ROLE_ARN";
const METADATA_DISABLED: &str = "ALIBABA_CLOUD_ECS_METADATA_DISABLED";
const URI: &str = "ALIBABA_CLOUD_CREDENTIALS_URI";

/// Keys that stand in variables.
pub(super) fn keys(outside: &Outside) -> Result<Recipe, Unusable> {
    let origin = Source::Keys.name().into();
    match [ID, SECRET, TOKEN].map(|name| outside.variable(name)) {
        [Some(id), Some(secret), token] => {
            let parts = [&*id, &*secret, token.as_deref().unwrap_or_default()];
            let credentials = Credentials::new(&origin, parts, [ID, SECRET, TOKEN]);
            let credentials = credentials.map_err(|error| Unusable::Broken(error.to_string()))?;
            Ok(Recipe {
                origin,
                way: Way::Static(credentials),
            })
        }
        [Some(_), None, _] => Err(Unusable::Broken(format!("{ID} is set and {SECRET} is not"))),
        [None, Some(_), _] => Err(Unusable::Broken(format!("{SECRET} is set and {ID} is not"))),
        [None, None, _] => Err(Unusable::NotConfigured(format!("set {ID} and {SECRET}"))),
    }
}

/// A token file and a role. It takes all three variables: a role alone configures other programs too, but a token or
/// a provider has no other use.
pub(super) fn oidc(outside: &Outside, options: &Options) -> Result<Recipe, Unusable> {
    let names = [TOKEN_FILE, PROVIDER, ROLE];
    let (token_file, provider_arn, arn) = match names.map(|name| outside.variable(name)) {
        [Some(token_file), Some(provider_arn), Some(arn)] => (token_file, provider_arn, arn),
        [None, None, _] => {
            return Err(Unusable::NotConfigured(format!(
                "set {TOKEN_FILE}, {PROVIDER} and {ROLE}"
            )));
        }
        values => {
            let (set, unset): (Vec<_>, Vec<_>) = names
                .into_iter()
                .zip(values)
                .partition(|(_, value)| value.is_some());
            let list = |names: Vec<(&'static str, _)>| {
                names.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
            };
            let (set, unset) = (list(set).join(" and "), list(unset).join(" and "));
            return Err(Unusable::Broken(format!(
                "{set} set, {unset} not: set all three"
            )));
        }
    };
    let role = Role {
        arn,
        session_name: outside.variable("ALIBABA_CLOUD_ROLE_SESSION_NAME"),
        duration_s: None,
        external_id: None,
        policy: None,
        sts: Sts::configured(outside, options),
    };
    let token_file = TokenFile {
        path: PathBuf::from(token_file),
        key: TOKEN_FILE,
    };
    let way = Way::Oidc {
        provider_arn,
        token_file,
        role,
    };
    Ok(Recipe {
        origin: Source::Oidc.name().into(),
        way,
    })
}

/// The role of the machine, which may have none unless a variable names it.
pub(super) fn instance_role(outside: &Outside) -> Result<Recipe, Unusable> {
    if outside.is_on(METADATA_DISABLED) {
        return Err(Unusable::NotConfigured(format!(
            "{METADATA_DISABLED} is true"
        )));
    }
    let name = outside.variable("ALIBABA_CLOUD_ECS_METADATA");
    let looked_for = name.is_none();
    Ok(Recipe {
        origin: Source::InstanceRole.name().into(),
        way: Way::InstanceRole { name, looked_for },
    })
}

/// A URL that answers with credentials.
pub(super) fn uri(outside: &Outside) -> Result<Recipe, Unusable> {
    let text = outside
        .variable(URI)
        .ok_or_else(|| Unusable::NotConfigured(format!("set {URI}")))?;
    let url = http_url(&text)
        .ok_or_else(|| Unusable::Broken(format!("{URI} is no http or https URL")))?;
    Ok(Recipe {
        origin: Source::Uri.name().into(),
        way: Way::Uri(url),
    })
}

/// A URL somebody configured to get credentials from. Nothing secret goes out with the request, so plain HTTP to
/// a neighbour is theirs to choose.
pub(super) fn http_url(text: &str) -> Option<Url> {
    Url::parse(text.trim())
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
