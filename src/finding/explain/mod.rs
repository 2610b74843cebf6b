//! The page of each code: its meaning, its consequences, the remedies and the waiver.
//!
//! The pages in Chinese are in `zh-CN`, with the same headings and commands. A line that the next one continues ends with
//! full-width punctuation, so that no space joins the two.

use super::Code;
use crate::i18n::Language;

/// The punctuation that ends a line in Chinese.
const FULL_WIDTH: [char; 8] = [
    '\u{ff0c}', '。', '\u{ff1b}', '\u{ff1a}', '、', '\u{ff01}', '\u{ff1f}', '\u{ff09}',
];

/// Returns the page of a file in a language.
macro_rules! page {
    ($language:expr, $file:literal) => {
        match $language {
            Language::English => include_str!($file),
            Language::Chinese => include_str!(concat!("zh-CN/", $file)),
        }
    };
}

/// Returns the page of a code, in Markdown. All policies share one page.
#[must_use]
pub const fn explain(code: &Code, language: Language) -> &'static str {
    match code {
        Code::MissingRule => page!(language, "drift-missing-rule.md"),
        Code::ChangedRule => page!(language, "drift-changed-rule.md"),
        Code::RenamedRule => page!(language, "drift-renamed-rule.md"),
        Code::UnmanagedRule => page!(language, "drift-unmanaged-rule.md"),
        Code::DuplicateRule => page!(language, "drift-duplicate-rule.md"),
        Code::OneSidedRule => page!(language, "drift-one-sided-rule.md"),
        Code::FilterSpelling => page!(language, "drift-filter-spelling.md"),
        Code::IncompleteRead => page!(language, "live-incomplete-read.md"),
        Code::WrongAccount => page!(language, "live-wrong-account.md"),
        Code::UnknownValue => page!(language, "live-unknown-value.md"),
        Code::SyncLoop => page!(language, "topology-sync-loop.md"),
        Code::Overlap => page!(language, "topology-overlap.md"),
        Code::ShadowedRule => page!(language, "topology-shadowed-rule.md"),
        Code::FanIn => page!(language, "topology-fan-in.md"),
        Code::LongChain => page!(language, "topology-long-chain.md"),
        Code::SelfSync => page!(language, "topology-self-sync.md"),
        Code::MassChange => page!(language, "guard-mass-change.md"),
        Code::WaiverExpired => page!(language, "waiver-expired.md"),
        Code::WaiverExpiring => page!(language, "waiver-expiring.md"),
        Code::WaiverUnused => page!(language, "waiver-unused.md"),
        Code::Policy(_) => page!(language, "policy-any.md"),
    }
}

/// Returns the title of a code in a language.
#[must_use]
pub fn title(code: &Code, language: Language) -> &'static str {
    let heading = explain(code, language).lines().next().unwrap_or_default();
    let title = heading.split_once(language.colon());
    title.map_or_else(|| code.title(), |(_, title)| title)
}

/// Returns whether a line ends with full-width punctuation, after which no space joins the next line.
#[must_use]
pub fn has_full_width_end(line: &str) -> bool {
    line.ends_with(FULL_WIDTH)
}

#[cfg(test)]
mod tests {
    use super::{explain, has_full_width_end, title};
    use crate::finding::{Code, PolicyCode};
    use crate::i18n::Language;

    const SECTIONS: [(Language, [&str; 7]); 2] = [
        (
            Language::English,
            [
                "## What it means",
                "## Why it matters",
                "## How to fix it",
                "### In the console",
                "### With the aliyun command line",
                "### With Terraform",
                "## How to waive it",
            ],
        ),
        (
            Language::Chinese,
            [
                "## 含义",
                "## 影响",
                "## 处理方法",
                "### 在控制台",
                "### 使用 aliyun 命令行",
                "### 使用 Terraform",
                "## 如何豁免",
            ],
        ),
    ];

    fn all_codes() -> impl Iterator<Item = Code> {
        let any = Code::Policy(PolicyCode::new("<id>"));
        Code::ALL.into_iter().chain([any])
    }

    #[test]
    fn every_page_has_the_required_sections() {
        for code in all_codes() {
            for (language, sections) in SECTIONS {
                let page = explain(&code, language);
                let severity = code.default_severity().as_str();
                let head = match (language, severity) {
                    (Language::English, _) => {
                        format!("# {code}: {}\n\nSeverity: {severity}", code.title())
                    }
                    (_, "error") => "\n\n级别\u{ff1a}错误\u{ff08}error\u{ff09}".to_owned(),
                    (_, "warning") => "\n\n级别\u{ff1a}警告\u{ff08}warning\u{ff09}".to_owned(),
                    _ => "\n\n级别\u{ff1a}提示\u{ff08}info\u{ff09}".to_owned(),
                };
                let title = format!("# {code}{}{}", language.colon(), title(&code, language));
                assert!(
                    page.starts_with(&title) && page.contains(&head),
                    "{code}: {page}"
                );
                let headings: Vec<&str> =
                    page.lines().filter(|line| line.starts_with("##")).collect();
                assert_eq!(headings, sections, "{code}");
                assert!(
                    page.lines().all(|line| line.chars().count() <= 120),
                    "{code}: a long line"
                );
                // A terminal would break a longer command within a word.
                let mut commands = code_blocks(page).into_iter().flat_map(str::lines);
                assert!(
                    commands.all(|line| line.chars().count() <= 80),
                    "{code}: a long line of code"
                );
            }
        }
    }

    #[test]
    fn a_page_has_the_same_commands_in_each_language() {
        for code in all_codes() {
            let [english, chinese] =
                [Language::English, Language::Chinese].map(|language| explain(&code, language));
            assert_eq!(commands(english), commands(chinese), "{code}");
            assert_eq!(names(english), names(chinese), "{code}");
        }
    }

    #[test]
    fn a_page_in_chinese_has_full_width_punctuation() {
        for code in all_codes() {
            let prose = prose(explain(&code, Language::Chinese));
            let words: String = prose.split('`').step_by(2).collect();
            assert!(
                !words.contains([',', ';', ':', '(', ')', '?', '!', '"']),
                "{code}: {words}"
            );
            let mut lines = prose
                .lines()
                .filter(|line| !line.starts_with('#') && !line.is_empty());
            assert!(lines.all(has_full_width_end), "{code}: {prose}");
        }
    }

    /// Returns the lines of the code blocks of a page, without comments.
    fn commands(page: &str) -> Vec<&str> {
        let lines = code_blocks(page).into_iter().flat_map(str::lines);
        lines
            .map(|line| line.split(" # ").next().unwrap_or_default().trim_end())
            .collect()
    }

    /// Returns the blocks of code of a page.
    fn code_blocks(page: &str) -> Vec<&str> {
        page.split("\n```").skip(1).step_by(2).collect()
    }

    /// Returns a page without its blocks of code.
    fn prose(page: &str) -> String {
        page.split("\n```").step_by(2).collect()
    }

    /// Returns everything in backticks in the prose of a page, sorted: languages differ in their order.
    fn names(page: &str) -> Vec<String> {
        let prose = prose(page);
        let parts = prose.split('`').skip(1).step_by(2);
        let mut names: Vec<String> = parts.map(|part| part.replace('\n', " ")).collect();
        names.sort();
        names
    }
}
