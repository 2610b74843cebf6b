use super::{NodeId, NodeKind, Parsed, Tree};

fn tree(text: &str) -> Tree<'_> {
    let Parsed {
        tree,
        errors,
        omitted,
    } = Tree::parse(text);
    assert_eq!((errors.as_slice(), omitted), ([].as_slice(), 0), "{text}");
    tree.expect("a tree")
}

/// Every problem as `message @ text it points at`.
fn problems(text: &str) -> Vec<String> {
    let parsed = Tree::parse(text);
    let shown =
        |error: &super::TreeError| format!("{} @ {:?}", error.problem, &text[error.span.range()]);
    parsed.errors.iter().map(shown).collect()
}

fn get(tree: &Tree<'_>, mapping: NodeId, key: &str) -> NodeId {
    tree.entries(mapping)
        .find(|(it, _)| tree.scalar(*it) == Some(key))
        .expect("key")
        .1
}

#[test]
fn every_node_has_its_place() {
    let text = "# first\nrules:\n  - name: a # why\n    to: {ns: \"x\", at: &r 'y'}\n  - name: *r\nlast: [1, ~]\n";
    let tree = tree(text);
    let root = tree.root().expect("root");
    let at = |id| &text[tree.span(id).range()];
    assert_eq!(
        tree.entries(root)
            .map(|(key, _)| at(key))
            .collect::<Vec<_>>(),
        ["rules", "last"]
    );
    let rules = get(&tree, root, "rules");
    let items: Vec<NodeId> = tree.items(rules).collect();
    assert_eq!(items.len(), 2);
    assert_eq!(at(items[1]), "name: *r");
    let to = get(&tree, items[0], "to");
    assert_eq!(at(to), "{ns: \"x\", at: &r 'y'}");
    assert_eq!(at(get(&tree, to, "ns")), "\"x\"");
    assert_eq!(
        tree.kind(get(&tree, to, "ns")),
        NodeKind::Scalar {
            text: "x",
            plain: false
        }
    );
    assert_eq!(
        tree.kind(get(&tree, items[1], "name")),
        NodeKind::Alias(get(&tree, to, "at"))
    );
    assert_eq!(tree.size(to), 5);
    let last = get(&tree, root, "last");
    assert_eq!(at(last), "[1, ~]");
    assert_eq!(tree.items(last).map(at).collect::<Vec<_>>(), ["1", "~"]);
    assert_eq!(tree.entries(last).count(), 0);
    assert_eq!(tree.items(root).count(), 0);
    assert_eq!(
        tree.comments()
            .iter()
            .map(|it| &text[it.range()])
            .collect::<Vec<_>>(),
        ["# first", "# why"]
    );
}

#[test]
fn a_part_of_a_scalar_is_found_behind_quotes_and_escapes() {
    let cases = [
        ("v(1", 1..2, "("),
        ("'v(1'", 1..2, "("),
        ("'it''s('", 4..5, "("),
        (r#""v\\d(""#, 3..4, "("),
        (r#""v\\d(""#, 1..2, "\\"),
        (r#""'x'(""#, 3..4, "("),
        (r#""标(""#, 3..4, "("),
        ("\"a\\nb\"", 2..3, "\"a\\nb\""),
        (">-\n  a\n  b(", 3..4, "("),
        (">-\n  a &&\n  b(", 2..4, "&&"),
        (">-\n  a &&\n\n  b(", 2..4, "a &&\n\n  b("),
        ("|\n  a &&\n    b(\n", 5..9, "  b("),
        ("|\r\n  a\r\n  b(\r\n", 3..4, "("),
        ("a &&  \n   b(", 6..7, "("),
        ("a &&\n   b(", 4..5, "\n"),
        ("\"a &&\n   b(\"", 6..7, "("),
        ("v(1", 2..9, "v(1"),
    ];
    for (written, part, expected) in cases {
        let text = format!("key: {written}\n");
        let tree = tree(&text);
        let value = get(&tree, tree.root().expect("root"), "key");
        let found = &text[tree.part(value, part).range()];
        assert!(
            found == expected || found.trim_end() == expected,
            "{written}: {found}"
        );
    }
}

#[test]
fn scalars_keep_their_value() {
    let long = "x".repeat(5_000);
    let text = format!("[\"{long}\", 'a''b', \"\\u0041\", !!str 12, 12]\n");
    let tree = tree(&text);
    let kinds: Vec<NodeKind<'_>> = tree
        .items(tree.root().expect("root"))
        .map(|id| tree.kind(id))
        .collect();
    let scalar = |text, plain| NodeKind::Scalar { text, plain };
    let expected = [
        scalar(&long, false),
        scalar("a'b", false),
        scalar("A", false),
        scalar("12", false),
        scalar("12", true),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn many_comments_are_parsed() {
    let text = format!("rules:\n{}  - name: a\n", "# - name: off\n".repeat(5_000));
    assert_eq!(tree(&text).comments().len(), 5_000);
    assert!(tree("# nothing\n").is_empty());
}

#[test]
fn problems_are_collected_with_their_places() {
    let text = "a: 1\nb: *no\na: !re x\n? [k]\n: v\nc: &c\n  d: *c\n";
    let expected = [
        "no anchor `&no` is set before the alias `*no` @ \"*no\"",
        "unsupported tag `!re` @ \"!re\"",
        "expected plain text as the key @ \"[\"",
        "`*c` is inside the value that it refers to @ \"*c\"",
        "duplicate key `a` @ \"a\"",
    ];
    assert_eq!(problems(text), expected);
    assert!(Tree::parse(text).tree.is_some());
    assert_eq!(
        problems("a: 1\n---\nb: 1\n"),
        ["expected one YAML document, found more @ \"---\""]
    );
    let many = (0..40)
        .map(|n| format!("k{}: 1\n", n % 20))
        .collect::<Vec<_>>()
        .concat();
    assert_eq!(problems(&many).len(), 20);
    let syntax = Tree::parse("a: \"v\\d\"\n");
    assert!(syntax.tree.is_none());
    assert_eq!(syntax.errors.len(), 1);
}

#[test]
fn hostile_texts_are_parsed_in_bounded_time() {
    let bomb = "a: {".repeat(10_000);
    let many_keys = (0..300_000)
        .map(|n| format!("k{n}: 1\n"))
        .collect::<Vec<_>>()
        .concat();
    let cases = [
        (
            "flow depth",
            "[".repeat(10_000) + &"]".repeat(10_000),
            "nested more than 64 levels deep",
        ),
        ("flow maps", bomb, "nested more than 64 levels deep"),
        (
            "unclosed",
            "[".repeat(100_000),
            "nested more than 64 levels deep",
        ),
        (
            "block depth",
            (0..10_000).map(|n| " ".repeat(n % 200) + "a:\n").collect(),
            "nested more than 64",
        ),
        (
            "dashes",
            "- ".repeat(50_000),
            "nested more than 64 levels deep",
        ),
        (
            "keys",
            "? ".repeat(50_000),
            "nested more than 64 levels deep",
        ),
        (
            "empty items",
            format!("[{}]", "?,".repeat(400_000)),
            "keys and values",
        ),
        ("many keys", many_keys, ""),
        (
            "long scalar",
            format!("a: \"{}\"\n", "x".repeat(30_000_000)),
            "",
        ),
        ("anchors", "- &a x\n- *a\n".repeat(50_000), ""),
    ];
    for (name, text, message) in cases {
        let parsed = Tree::parse(&text);
        let first = parsed
            .errors
            .last()
            .map(|error| error.problem.to_string())
            .unwrap_or_default();
        assert!(
            first.contains(message) && (message.is_empty() == first.is_empty()),
            "{name}: {first}"
        );
    }
}
