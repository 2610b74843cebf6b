use super::{InsertError, NewEntry, insert};

fn item() -> NewEntry {
    NewEntry {
        lines: ["- name: b", "  to: x"].map(str::to_owned).to_vec(),
        inline: Some("{ name: b, to: x }".to_owned()),
    }
}

#[test]
fn entries_go_where_they_belong() {
    let cases = [
        (
            "behind the last one",
            "rules:\n  - name: a\n  # end\nx: 1\n",
            None,
            "rules:\n  - name: a\n  - name: b\n    to: x\n  # end\nx: 1\n",
        ),
        (
            "behind a selected one",
            "rules:\n- name: a\n- name: c\n",
            Some(9),
            "rules:\n- name: a\n- name: b\n  to: x\n- name: c\n",
        ),
        (
            "no such key",
            "version: 1\n# why\nguards: {}\n",
            None,
            "version: 1\nrules:\n  - name: b\n    to: x\n\n# why\nguards: {}\n",
        ),
        (
            "the last key",
            "version: 1\n",
            None,
            "version: 1\n\nrules:\n  - name: b\n    to: x\n",
        ),
        (
            "none yet",
            "rules: [] # c\n",
            None,
            "rules: # c\n  - name: b\n    to: x\n",
        ),
        (
            "in brackets",
            "rules: [{ name: a }]\n",
            None,
            "rules: [{ name: a }, { name: b, to: x }]\n",
        ),
        (
            "comments within empty brackets",
            "rules: [ # none\n  # so far\n  ] # but soon\nx: 1\n",
            None,
            "rules: # none\n  # so far\n  # but soon\n  - name: b\n    to: x\nx: 1\n",
        ),
        (
            "a comment within empty brackets is_first_on_line",
            "rules: [\n  # so far\n]\n",
            None,
            "rules:\n  # so far\n  - name: b\n    to: x\n",
        ),
        (
            "empty brackets on a line of their own",
            "rules: # ours\n  # none\n  []  # yet\n",
            None,
            "rules: # ours\n  # none\n  # yet\n  - name: b\n    to: x\n",
        ),
        (
            "a comment behind the last one in brackets",
            "rules: [\n  { name: a } # first\n  # end\n]\n",
            None,
            "rules: [\n  { name: a }, # first\n  { name: b, to: x }\n  # end\n]\n",
        ),
        (
            "a comment behind the comma of the last one",
            "rules: [\n  { name: a }, # first\n]\n",
            None,
            "rules: [\n  { name: a }, # first\n  { name: b, to: x },\n]\n",
        ),
        (
            "a comment behind one in the middle",
            "rules: [{ name: a }, # first\n  { name: c }]\n",
            Some(9),
            "rules: [{ name: a }, # first\n  { name: b, to: x },\n  { name: c }]\n",
        ),
        (
            "a comment below the last one that is its own",
            "rules:\n  - name: a\n\n    # of a\n  # end\nx: 1\n",
            None,
            "rules:\n  - name: a\n\n    # of a\n  - name: b\n    to: x\n  # end\nx: 1\n",
        ),
        (
            "a licence at the top",
            "# licence\nguards: {}\n",
            None,
            "# licence\nrules:\n  - name: b\n    to: x\n\nguards: {}\n",
        ),
        (
            "no line break at the end",
            "rules: [ # none\n]",
            None,
            "rules: # none\n  - name: b\n    to: x\n",
        ),
        (
            "CRLF",
            "rules: [] # c\r\n",
            None,
            "rules: # c\r\n  - name: b\r\n    to: x\r\n",
        ),
    ];
    for (name, before, behind, after) in cases {
        assert_eq!(
            insert(before, "rules", behind, &[item()]).as_deref(),
            Ok(after),
            "{name}"
        );
    }
    let alias = NewEntry {
        lines: vec!["b: { id: 2 }".to_owned()],
        inline: None,
    };
    let after = insert(
        "instances:\n  a: { id: 1 }\n",
        "instances",
        None,
        std::slice::from_ref(&alias),
    );
    assert_eq!(
        after.as_deref(),
        Ok("instances:\n  a: { id: 1 }\n  b: { id: 2 }\n")
    );
    assert_eq!(
        insert("instances: { a: { id: 1 } }\n", "instances", None, &[alias]),
        Err(InsertError::FlowSection)
    );
}
