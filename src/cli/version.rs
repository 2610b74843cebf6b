//! `crdrift --version`, and with `--verbose` the facts of the build, which `build.rs` collects.

/// The line of `--version`.
pub(super) const LINE: &str = concat!("crdrift ", env!("CARGO_PKG_VERSION"), "\n");

/// The date of the commit of the build, such as `2026-11-24`, or `unknown`.
pub(super) const DATE: &str = env!("CRDRIFT_BUILD_DATE");

/// Returns the line of `--version` and the facts of the build.
pub(super) fn verbose() -> String {
    let linked = if cfg!(target_feature = "crt-static") {
        "statically"
    } else {
        "dynamically"
    };
    let changed = if env!("CRDRIFT_BUILD_CHANGED") == "true" {
        ", with changes that are not committed"
    } else {
        ""
    };
    let facts = [
        (
            "commit",
            format!("{}, {DATE}{changed}", env!("CRDRIFT_BUILD_COMMIT")),
        ),
        (
            "target",
            format!("{}, linked {linked}", env!("CRDRIFT_BUILD_TARGET")),
        ),
        ("compiler", env!("CRDRIFT_BUILD_RUSTC").to_owned()),
        ("profile", env!("CRDRIFT_BUILD_PROFILE").to_owned()),
        ("features", "none to choose".to_owned()),
        (
            "tls",
            "rustls with ring; the system's root certificates, and Mozilla's where it has none"
                .to_owned(),
        ),
    ];
    facts.iter().fold(LINE.to_owned(), |text, (name, fact)| {
        format!("{text}{name}: {fact}\n")
    })
}
