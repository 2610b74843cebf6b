//! The page of the emulator in the documentation.

use acr_emulator::Script;

const PAGE: &str = include_str!("../../../../docs/emulator.md");

#[test]
fn scripts_of_the_page_are_valid() {
    let blocks: Vec<_> = PAGE
        .split("```yaml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert_eq!(blocks.len(), 4);
    for block in blocks {
        Script::parse(block).unwrap_or_else(|error| panic!("{error} in\n{block}"));
    }
}

#[test]
fn effects_are_on_the_page() {
    let schema = Script::schema().to_value();
    let variants = schema
        .pointer("/$defs/FaultEffect/oneOf")
        .unwrap()
        .as_array()
        .unwrap();
    let names: Vec<_> = variants
        .iter()
        .flat_map(
            |variant| match (&variant["const"], variant["properties"].as_object()) {
                (serde_json::Value::String(name), _) => vec![name.clone()],
                (_, Some(properties)) => properties.keys().cloned().collect(),
                _ => panic!("{variant}"),
            },
        )
        .collect();
    assert_eq!(names.len(), 19, "{names:?}");
    for name in names {
        assert!(PAGE.contains(&format!("\n| `{name}")), "{name}");
    }
}
