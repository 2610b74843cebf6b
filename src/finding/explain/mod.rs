//! The page of each code: its meaning, its consequences, the remedies and the waiver.

use super::Code;

/// Returns the page of a code, in Markdown. All policies share one page.
#[must_use]
pub const fn explain(code: &Code) -> &'static str {
    match code {
        Code::MissingRule => include_str!("drift-missing-rule.md"),
        Code::ChangedRule => include_str!("drift-changed-rule.md"),
        Code::RenamedRule => include_str!("drift-renamed-rule.md"),
        Code::UnmanagedRule => include_str!("drift-unmanaged-rule.md"),
        Code::DuplicateRule => include_str!("drift-duplicate-rule.md"),
        Code::OneSidedRule => include_str!("drift-one-sided-rule.md"),
        Code::FilterSpelling => include_str!("drift-filter-spelling.md"),
        Code::IncompleteRead => include_str!("live-incomplete-read.md"),
        Code::WrongAccount => include_str!("live-wrong-account.md"),
        Code::UnknownValue => include_str!("live-unknown-value.md"),
        Code::SyncLoop => include_str!("topology-sync-loop.md"),
        Code::Overlap => include_str!("topology-overlap.md"),
        Code::ShadowedRule => include_str!("topology-shadowed-rule.md"),
        Code::FanIn => include_str!("topology-fan-in.md"),
        Code::LongChain => include_str!("topology-long-chain.md"),
        Code::SelfSync => include_str!("topology-self-sync.md"),
        Code::MassChange => include_str!("guard-mass-change.md"),
        Code::WaiverExpired => include_str!("waiver-expired.md"),
        Code::WaiverExpiring => include_str!("waiver-expiring.md"),
        Code::WaiverUnused => include_str!("waiver-unused.md"),
        Code::Policy(_) => include_str!("policy-any.md"),
    }
}

#[cfg(test)]
mod tests {
    use super::explain;
    use crate::finding::{Code, PolicyCode};

    #[test]
    fn every_page_has_the_required_sections() {
        let parts = [
            "## What it means",
            "## Why it matters",
            "## How to fix it",
            "### In the console",
            "### With the aliyun command line",
            "### With Terraform",
            "## How to waive it",
        ];
        for code in Code::ALL
            .into_iter()
            .chain([Code::Policy(PolicyCode::new("<id>"))])
        {
            let page = explain(&code);
            let head = format!(
                "# {code}: {}\n\nSeverity: {}",
                code.title(),
                code.default_severity().as_str()
            );
            assert!(page.starts_with(&head), "{code}: {page}");
            let headings: Vec<&str> = page.lines().filter(|line| line.starts_with("##")).collect();
            assert_eq!(headings, parts, "{code}");
            assert!(
                page.lines().all(|line| line.chars().count() <= 120),
                "{code}: a long line"
            );
        }
    }
}
