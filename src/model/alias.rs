//! Names of instances in rules files.

use std::sync::Arc;

acr_api::define_name! {
    /// The name of an instance in rules files and in output.
    Alias(Arc<str>)
}
