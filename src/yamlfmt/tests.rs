use proptest::prelude::*;

use super::{FormatError, NewEntry, format, insert};
use crate::source::{NodeKind, Tree};

/// Formats a text, and asserts that the result is stable.
fn formatted(text: &str) -> String {
    let once = format(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(format(&once).as_deref(), Ok(once.as_str()), "from {text}");
    once
}

#[test]
fn a_file_gets_the_layout_of_the_format() {
    let before = r#"# yaml-language-server: $schema=x
# What we have agreed on.
rules:
- from: # where it starts
    repo: 'web'
    namespace: shop
    instance: a
  # the name
  name: "shop"   # odd name
  to: {instance: b,
       namespace: shop, repo: web}
  tag_filter: v1
  # no more than this


  priority: 1
# between two
-   name: no
    matrix:
      region: ['b',c]
    from: {instance: a}
    to: {instance: "${region}"}
    tag_filter: 'v\d"'
  # behind the last one
instances:
  a: {id: cri-a,region: cn-a} # builds
  prod:   {id:  'cri-b', region: cn-b}   # serves
  c:
      account: "12"
      id: cri-c
version: 1
"#;
    let after = r#"# yaml-language-server: $schema=x
version: 1

instances:
  a:    { id: cri-a, region: cn-a }  # builds
  prod: { id: cri-b, region: cn-b }  # serves
  c:
    id: cri-c
    account: "12"

# What we have agreed on.
rules:
  # the name
  - name: shop  # odd name
    from:       # where it starts
      instance: a
      namespace: shop
      repo: web
    to: { instance: b, namespace: shop, repo: web }
    tag_filter: "v1"
    # no more than this

    priority: 1
  # between two
  - name: "no"
    matrix: { region: [b, c] }
    from: { instance: a }
    to:   { instance: "${region}" }
    tag_filter: 'v\d"'
  # behind the last one
"#;
    assert_eq!(formatted(before), after);
}

#[test]
fn every_way_to_write_yaml_is_kept_or_made_plain() {
    let cases = [
        (
            "x: |\n   a\n     b\n\n\ny: 1\n",
            "x: |\n  a\n    b\n\ny: 1\n",
        ),
        (
            "x: >- # folded\n      a\n      b\n",
            "x: >-  # folded\n  a\n  b\n",
        ),
        ("x: |+\n  a\n\n\ny: 1\n", "x: |+\n  a\n\n\ny: 1\n"),
        ("x: \"a\n     b\"\n", "x: \"a\n  b\"\n"),
        ("x: a\n    b # why\n", "x: a\n  b  # why\n"),
        (
            "x: &a { k: 1 }\ny: *a\nz: {<<: *a}\n",
            "x: &a { k: 1 }\ny: *a\nz: { <<: *a }\n",
        ),
        (
            "x: &a\n    k: 1\ny:\n- &b\n  k: 1\n- *b\n",
            "x: &a\n  k: 1\n\ny:\n  - &b\n    k: 1\n  - *b\n",
        ),
        ("x: !!str 12\n", "x: !!str 12\n"),
        (
            "x:\n  - - a\n    - b\n  -\n    - c\n",
            "x:\n  - - a\n    - b\n  - - c\n",
        ),
        (
            "x:\n  - - [\"a\n        b\"] # e\n",
            "x:\n  # e\n  - - - \"a\n        b\"\n",
        ),
        ("x: {} # none\ny: [ ]\nz:\n", "x: {}  # none\ny: []\nz:\n"),
        (
            "x: [\n  a, # one\n  # two\n  b\n  # end\n]\n",
            "x:\n  - a  # one\n  # two\n  - b\n  # end\n",
        ),
        ("x: # c\n  a\n", "# c\nx: a\n"),
        ("x:\n- # c\n  k: 1\n", "x:\n  # c\n  - k: 1\n"),
        ("x:\n- a\n# c\ny: 1\n", "x:\n  - a\n\n# c\ny: 1\n"),
        ("--- # c\nx: 1\n...\n", "---\n# c\nx: 1\n"),
        ("\"x\": 1\r\n\r\n\r\ny: 2\r\n", "x: 1\r\n\r\ny: 2\r\n"),
        ("{x: 1, y: {z: 2}}", "x: 1\ny: { z: 2 }\n"),
        ("# only comments\n", "# only comments\n"),
        ("- a\n- {b: c}\n", "- a\n- { b: c }\n"),
        ("x: [a: 1]\n", "x: [{ a: 1 }]\n"),
        ("x: 1    \n# end", "x: 1\n# end\n"),
        ("x: [ # none\n]\n", "x: [\n  # none\n  ]\n"),
        (
            "x:\n  y: {\n    # a\n\n    # b\n  } # c\nz: 1\n",
            "x:\n  y: {\n    # a\n\n    # b\n    }  # c\n\nz: 1\n",
        ),
        ("x: [[ # a\n ], b]\n", "x:\n  - [\n    # a\n    ]\n  - b\n"),
        ("x: [\r\n  # none\r\n]\r\n", "x: [\r\n  # none\r\n  ]\r\n"),
        (
            "# licence\n\n---\n# about x\nx: 1\n",
            "# licence\n\n---\n# about x\nx: 1\n",
        ),
        (
            "%YAML 1.2\n# licence\n---\nb:   1\n",
            "%YAML 1.2\n# licence\n---\nb: 1\n",
        ),
        (
            "# licence\r\n---\r\nx:   1\r\n",
            "# licence\r\n---\r\nx: 1\r\n",
        ),
        ("x: \"e\u{301} é\"\n", "x: \"e\u{301} é\"\n"),
        (
            "x: 'e\u{301}'\ny: [e\u{301}]\n",
            "x: \"e\u{301}\"\ny: [\"e\u{301}\"]\n",
        ),
        ("x: \"e\\u0301\\t\"\n", "x: \"e\\u0301\\t\"\n"),
        (
            "tag_filter: \"\u{1f600}\u{a0}\"\n",
            "tag_filter: \"\u{1f600}\u{a0}\"\n",
        ),
    ];
    for (before, after) in cases {
        assert_eq!(formatted(before), after, "{before}");
    }
}

#[test]
fn an_anchor_stays_before_what_refers_to_it() {
    let text = "rules:\n  - &r { name: a }\nversion: 1\nignore:\n  - *r\n";
    assert!(formatted(text).starts_with("version: 1\n\nrules:\n"));
    let text = "rules:\n  - &r { name: a }\ndefaults: *r\nversion: 1\n";
    assert!(
        formatted(text).starts_with("rules:\n"),
        "{}",
        formatted(text)
    );
}

#[test]
fn long_values_are_wrapped() {
    let long = format!("x: [{}]\n", ["a".repeat(60), "b".repeat(60)].join(", "));
    assert_eq!(
        formatted(&long),
        format!("x:\n  - {}\n  - {}\n", "a".repeat(60), "b".repeat(60))
    );
}

#[test]
fn a_file_with_unsupported_syntax_is_unchanged() {
    for text in ["x: 1\nx: 2\n", "x: [", "a: 1\n---\nb: 1\n", "x: *y\n"] {
        assert_eq!(format(text), Err(FormatError::Invalid), "{text}");
    }
    for text in ["? x\n: 1\n", "&a x: 1\n", "x: |2\n   a\n", "just text\n"] {
        let error = format(text).expect_err(text);
        assert!(
            matches!(error, FormatError::Unknown { .. }),
            "{text}: {error}"
        );
    }
}

/// YAML of every kind, most of it no rules file, with comments and blanks where they may be.
fn yaml() -> impl Strategy<Value = String> {
    let scalar = prop::sample::select(vec![
        "a",
        "no",
        "'it''s'",
        "\"q\\n\"",
        "12",
        "~",
        "\"12\"",
        "v.*",
        "'v\\d'",
        "${x}",
        "a b",
        "|\n@@t\n@@  u\n",
        ">-\n@@t\n\n@@u\n",
        "&x v",
        "*x",
        "\"a\n@@b\"",
        "a\n@@b",
        "",
        "!!str 1",
        "true",
    ]);
    let value = scalar
        .prop_map(str::to_owned)
        .prop_recursive(4, 24, 4, |inner| {
            let key = prop::sample::select(vec![
                "rules",
                "name",
                "from",
                "to",
                "matrix",
                "tag_filter",
                "x",
                "y",
                "'q r'",
            ]);
            let comment = || prop::sample::select(vec!["", "", "# c\n@", "\n@", "\n@  # d\n@"]);
            let pair = (comment(), key, inner.clone());
            let item = (comment(), inner.clone());
            prop_oneof![
                prop::collection::vec(pair, 1..4).prop_map(|pairs| {
                    let pairs = pairs
                        .into_iter()
                        .map(|(c, k, v)| format!("\n@{c}{k}: {}", v.replace('@', "@@")));
                    pairs.collect::<Vec<_>>().concat()
                }),
                prop::collection::vec(item, 1..4).prop_map(|items| {
                    let items = items
                        .into_iter()
                        .map(|(c, v)| format!("\n@{c}- {}", v.replace('@', "@@")));
                    items.collect::<Vec<_>>().concat()
                }),
                prop::collection::vec(inner, 0..3).prop_map(|it| format!("[{}]", it.join(", "))),
            ]
        });
    prop::collection::vec(
        (
            prop::sample::select(vec!["version", "rules", "instances", "a", "b"]),
            value,
        ),
        1..4,
    )
    .prop_map(|pairs| {
        let pairs = pairs
            .into_iter()
            .map(|(key, value)| format!("{key}: {} # e\n", value.replace('@', "  ")));
        "# top\n".to_owned() + &pairs.collect::<String>()
    })
}

/// Documents with a comment at any place where YAML allows one.
fn commented() -> impl Strategy<Value = String> {
    let comment = || prop::sample::select(vec!["", "", " # c", " # d\n@# e", "\n\n@# f"]);
    let scalar = prop::sample::select(vec![
        "a",
        "'e\u{301}'",
        "\"q\\t\"",
        "12",
        "v.*",
        "\"\u{1f600}\"",
        "[]",
        "{}",
    ]);
    let flow = scalar
        .prop_map(str::to_owned)
        .prop_recursive(2, 12, 3, move |inner| {
            let items = prop::collection::vec((inner, comment(), comment()), 0..3);
            (items, comment(), any::<bool>(), any::<bool>()).prop_map(
                |(items, first, keyed, comma)| {
                    let mut text = if keyed { "{" } else { "[" }.to_owned() + first;
                    for (at, (item, before_comma, behind_comma)) in items.iter().enumerate() {
                        let key = if keyed {
                            format!("k{at}: ")
                        } else {
                            String::new()
                        };
                        text += &["\n@", &key, item, before_comma, "\n@"].concat();
                        if comma || at + 1 < items.len() {
                            text += &[",", behind_comma].concat();
                        }
                    }
                    text + "\n@" + if keyed { "}" } else { "]" }
                },
            )
        });
    let value = prop_oneof![
        (flow, comment()).prop_map(|(flow, behind)| format!(" {flow}{behind}\n")),
        comment().prop_map(|head| format!(
            " |{}\n  text\n",
            head.split('\n').next().unwrap_or_default()
        )),
        (comment(), comment()).prop_map(|(head, behind)| format!("{head}\n  name: a{behind}\n")),
        (comment(), comment())
            .prop_map(|(head, behind)| format!("{head}\n  - a{behind}\n  - # g\n    b\n")),
        comment().prop_map(|head| format!("{head}\n  a\n")),
    ];
    let key = prop::sample::select(vec!["rules", "version", "waivers", "ignore", "x"]);
    let pairs = prop::collection::hash_map(key, (value, comment()), 1..4);
    let start = prop::sample::select(vec![
        "",
        "# licence\n",
        "# licence\n\n---\n",
        "--- # h\n",
        "%YAML 1.2\n# i\n---\n",
    ]);
    let end = prop::sample::select(vec![
        "",
        "# end",
        "\n# end\n",
        "...\n",
        "  # end\n...\n# over\n",
    ]);
    (start, pairs, end, any::<bool>()).prop_map(|(start, pairs, end, crlf)| {
        let pairs = pairs.into_iter().map(|(key, (value, above))| {
            let above = above.trim_start().replace('@', "");
            let above = if above.is_empty() {
                above
            } else {
                above + "\n"
            };
            format!("{above}{key}:{}", value.replace('@', "    "))
        });
        let text = start.to_owned() + &pairs.collect::<String>() + end;
        if crlf {
            text.replace('\n', "\r\n")
        } else {
            text
        }
    })
}

/// The comments of a text, sorted.
fn comments(text: &str) -> Vec<String> {
    let parsed = Tree::parse(text);
    let spans = parsed
        .tree
        .iter()
        .flat_map(|tree| tree.comments().iter().map(|span| span.range()));
    let mut comments: Vec<_> = spans
        .map(|range| text[range].trim_end().to_owned())
        .collect();
    comments.sort_unstable();
    comments
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn a_formatted_file_is_unchanged(text in yaml()) {
        // That it means the same is checked by the formatting itself.
        match format(&text) {
            Ok(once) => prop_assert_eq!(format(&once), Ok(once.clone()), "from\n{}", text),
            Err(FormatError::Invalid) => prop_assume!(false),
            Err(FormatError::Unknown { .. }) => {}
            Err(error @ FormatError::Changed { .. }) => prop_assert!(false, "{error:?}\n{}", text),
        }
    }

    #[test]
    fn every_comment_stays(text in commented()) {
        prop_assume!(Tree::parse(&text).errors.is_empty());
        let once = match format(&text) {
            Ok(once) => once,
            Err(error) => return Err(TestCaseError::fail(format!("{error:?}\n{text}"))),
        };
        prop_assert_eq!(comments(&once), comments(&text), "from\n{}\nto\n{}", text, once);
        prop_assert_eq!(format(&once), Ok(once.clone()), "from\n{}", text);
        prop_assert_eq!(text.contains("\r\n"), once.contains("\r\n"));
    }

    #[test]
    fn an_entry_leaves_every_comment_where_it_was(text in commented()) {
        prop_assume!(Tree::parse(&text).errors.is_empty());
        let length = |text: &str| {
            let tree = Tree::parse(text).tree?;
            let (_, list) = tree.entries(tree.root()?).find(|(key, _)| tree.scalar(*key) == Some("waivers"))?;
            (tree.kind(list) == NodeKind::Sequence).then(|| tree.items(list).count())
        };
        let entry = NewEntry { lines: vec!["- new".to_owned()], inline: Some("new".to_owned()) };
        let before = length(&text);
        if let (Some(before), Ok(after)) = (before, insert(&text, "waivers", None, &[entry])) {
            prop_assert_eq!(comments(&after), comments(&text), "from\n{}\nto\n{}", text, after);
            prop_assert!(Tree::parse(&after).errors.is_empty(), "from\n{}\nto\n{}", text, after);
            prop_assert_eq!(length(&after), Some(before + 1), "from\n{}\nto\n{}", text, after);
            let beside = |text: &str, line: &str| text.lines().any(|it| it.trim_end() == line.trim_end());
            let items = text.lines().filter(|line| line.contains("- a #") || line.contains(", #"));
            prop_assert!(items.into_iter().all(|line| beside(&after, line)), "from\n{}\nto\n{}", text, after);
        }
    }

    #[test]
    fn no_text_makes_the_formatter_panic(text in "[ a-c:\\-\\[\\]{}#&*!|>'\"%@,?\\n\u{6807}]{0,60}") {
        if let Ok(once) = format(&text) {
            prop_assert_eq!(format(&once), Ok(once.clone()), "from\n{}", text);
        }
    }
}
