//! Names of instances in rules files.

acr_api::define_name! {
    /// The name of an instance in rules files and in output.
    Alias
}
