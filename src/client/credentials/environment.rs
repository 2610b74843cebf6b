//! Environment variables that hold the keys themselves.

use std::sync::Arc;

use super::Credentials;
use super::source::{Recipe, Unusable};
use crate::client::options::Outside;

const ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
const SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
const TOKEN: &str = "ALIBABA_CLOUD_SECURITY_TOKEN";

/// Keys in the environment.
pub(super) fn recipe(outside: &Outside) -> Result<Recipe, Unusable> {
    let values = [ID, SECRET, TOKEN].map(|name| outside.variable(name));
    match values {
        [Some(id), Some(secret), token] => {
            let parts = [&*id, &*secret, token.as_deref().unwrap_or_default()];
            let credentials = Credentials::new(&"environment variables".into(), parts, [ID, SECRET, TOKEN]);
            Ok(Recipe::Static(Arc::new(credentials.map_err(|error| Unusable::Broken(error.to_string()))?)))
        }
        [Some(_), None, _] => Err(Unusable::Broken(format!("{ID} is set and {SECRET} is not"))),
        [None, Some(_), _] => Err(Unusable::Broken(format!("{SECRET} is set and {ID} is not"))),
        [None, None, _] => Err(Unusable::NotConfigured(format!("set {ID} and {SECRET}"))),
    }
}
