//! Chains of rules, and the policy `max-hops`.

use super::{declared, policy};
use crate::model::Field;
use crate::policy::{MaxHops, Requirement};

/// Returns the rules that end a chain longer than `most`.
fn too_long(most: u8, rules: &[&str]) -> Vec<String> {
    let found = declared(&policy(Requirement::MaxHops(MaxHops(most)), &[]), rules);
    found
        .into_iter()
        .map(|it| {
            it.rule
                .map_or_else(|| it.message.to_string(), |name| name.to_string())
        })
        .collect()
}

#[test]
fn a_chain_continues_where_the_same_images_do() {
    let cases: [(u8, &[&str], &[&str]); 18] = [
        (1, &["x: a/n/r -> b/n/r", "y: b/n/r -> c/n/r"], &["y"]),
        (2, &["x: a/n/r -> b/n/r", "y: b/n/r -> c/n/r"], &[]),
        (1, &["x: a/n/r -> b/n/r", "y: b/n/s -> c/n/s"], &[]),
        (1, &["x: a/n/r -> b/m/r", "y: b/n/r -> c/n/r"], &[]),
        (1, &["x: a/n -> b/n", "y: b/n/s -> c/n/s"], &["y"]),
        (1, &["x: a -> b", "y: b/n/s -> c/n/s"], &["y"]),
        // A name that a rule leaves open is kept: only r travels on, and z copies s.
        (
            2,
            &["x: a/n/r -> b/n/r", "y: b/n -> c/m", "z: c/m/s -> d/m/s"],
            &[],
        ),
        (
            2,
            &["x: a/n/r -> b/n/r", "y: b/n -> c/m", "z: c/m/r -> d/m/r"],
            &["z"],
        ),
        (2, &["x: a/n -> b/n", "y: b -> c", "z: c/m -> d/m"], &[]),
        (2, &["x: a/n -> b/n", "y: b -> c", "z: c/n -> d/n"], &["z"]),
        // A way back is a loop, and no chain.
        (1, &["x: a/n -> b/n", "y: b/n -> a/n"], &[]),
        (4, &["x: a/n -> b/n", "y: b/n -> a/n"], &[]),
        (2, &["x: a/n -> b/n", "y: b/n -> a/n", "z: b/n -> c/n"], &[]),
        (2, &["x: a/n/r -> b/n/r", "y: b/n -> c/n", "z: c -> a"], &[]),
        (
            3,
            &[
                "w: d/n -> a/n",
                "x: a/n -> b/n",
                "y: b/n/r -> a/n/r",
                "z: b/n -> c/n",
            ],
            &[],
        ),
        (1, &["x: a/n -> a/n", "y: a/n -> b/n"], &[]),
        // Under another name, it is another place.
        (1, &["x: a/n/r -> b/n/r", "y: b/n/r -> a/n/s"], &["y"]),
        (
            2,
            &["x: a/n -> b/n", "y: b/n/r -> a/n/s", "z: a/n/s -> c/n/s"],
            &["z", "x"],
        ),
    ];
    for (most, rules, expected) in cases {
        assert_eq!(too_long(most, rules), expected, "{rules:?}");
    }
}

#[test]
fn a_chain_is_reported_from_its_first_rule() {
    let found = declared(
        &policy(
            Requirement::MaxHops(MaxHops(1)),
            &[(Field::ToInstance, "c")],
        ),
        &["x: a/n -> b/n", "y: b/n -> c/n", "z: b/n -> d/n"],
    );
    let messages: Vec<_> = found.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        messages,
        ["rule \"y\" is hop 2 of a/n/* -> b/n/* -> c/n/* (over \"x\", \"y\"), expected at most 1"]
    );
}

#[test]
fn too_many_chains_are_a_finding() {
    // Five instances copy everything to each other, and 1,200 namespaces besides.
    let mut rules = Vec::new();
    for from in ["a", "b", "c", "d", "e"] {
        for to in ["a", "b", "c", "d", "e"].iter().filter(|to| **to != from) {
            rules.push(format!("all-{to}: {from} -> {to}"));
            rules.extend((0..300).map(|n| format!("{to}-{n}: {from}/n{n} -> {to}/n{n}")));
        }
    }
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    let found = too_long(20, &rules);
    assert_eq!(found.len(), 1, "{}", found.len());
    assert!(found[0].contains("too many chains"), "{}", found[0]);
}
