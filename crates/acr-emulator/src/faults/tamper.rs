//! Successful responses with wrong contents.

use acr_api::WireField;
use serde_json::{Map, Value};

use super::effect::{FaultEffect, MissingFieldValue};

/// Returns the response body with the effects applied; `None` if none of them changes the body.
pub(crate) fn tamper(body: &impl serde::Serialize, effects: &[&FaultEffect]) -> Option<Value> {
    if !effects.iter().any(|effect| changes_body(effect)) {
        return None;
    }
    let mut body = serde_json::to_value(body).ok()?;
    if let Value::Object(members) = &mut body {
        for effect in effects {
            apply(effect, members);
        }
    }
    Some(body)
}

fn changes_body(effect: &FaultEffect) -> bool {
    matches!(
        effect,
        FaultEffect::TotalCount { .. }
            | FaultEffect::SetMembers(_)
            | FaultEffect::SetFields(_)
            | FaultEffect::DropFields(_)
            | FaultEffect::MissingFields(_)
    )
}

fn apply(effect: &FaultEffect, members: &mut Map<String, Value>) {
    match effect {
        FaultEffect::TotalCount { add, text } => {
            if let Some(count) = members.get_mut("TotalCount") {
                let changed = count.as_i64().unwrap_or_default().saturating_add(*add);
                *count = if *text {
                    changed.to_string().into()
                } else {
                    changed.into()
                };
            }
        }
        FaultEffect::SetMembers(set) => members.extend(set.clone()),
        FaultEffect::SetFields(set) => {
            for rule in rules(members) {
                rule.extend(set.clone());
            }
        }
        FaultEffect::DropFields(names) => {
            for rule in rules(members) {
                rule.retain(|name, _| !names.contains(name));
            }
        }
        FaultEffect::MissingFields(missing) => {
            let value = match missing {
                MissingFieldValue::AsNull => Value::Null,
                MissingFieldValue::AsEmpty => Value::from(""),
            };
            for rule in rules(members) {
                for field in WireField::ALL {
                    rule.entry(field.as_str()).or_insert_with(|| value.clone());
                }
            }
        }
        _ => {}
    }
}

fn rules(members: &mut Map<String, Value>) -> impl Iterator<Item = &mut Map<String, Value>> {
    let rules = members.get_mut("SyncRules").and_then(Value::as_array_mut);
    rules.into_iter().flatten().filter_map(Value::as_object_mut)
}

#[cfg(test)]
mod tests {
    use super::tamper;
    use crate::faults::{FaultEffect, MissingFieldValue};
    use serde_json::{Value, json};

    #[test]
    fn bodies_are_tampered() {
        let body = json!({"TotalCount": 2, "SyncRules": [{"SyncRuleId": "a", "SyncTrigger": "PASSIVE"}, {}]});
        let object = |value: Value| value.as_object().unwrap().clone();
        let cases = [
            (
                vec![FaultEffect::TotalCount {
                    add: 1,
                    text: false,
                }],
                "/TotalCount",
                json!(3),
            ),
            (
                vec![FaultEffect::TotalCount {
                    add: -3,
                    text: true,
                }],
                "/TotalCount",
                json!("-1"),
            ),
            (
                vec![FaultEffect::SetMembers(object(json!({"IsSuccess": null})))],
                "/IsSuccess",
                json!(null),
            ),
            (
                vec![FaultEffect::SetFields(object(
                    json!({"SyncTrigger": "LATER"}),
                ))],
                "/SyncRules/0/SyncTrigger",
                json!("LATER"),
            ),
            (
                vec![FaultEffect::DropFields(vec!["SyncTrigger".to_owned()])],
                "/SyncRules/0",
                json!({"SyncRuleId": "a"}),
            ),
            (
                vec![FaultEffect::MissingFields(MissingFieldValue::AsNull)],
                "/SyncRules/1/LinkId",
                json!(null),
            ),
            (
                vec![FaultEffect::MissingFields(MissingFieldValue::AsEmpty)],
                "/SyncRules/0/SyncRuleId",
                json!("a"),
            ),
            (
                vec![FaultEffect::MissingFields(MissingFieldValue::AsEmpty)],
                "/SyncRules/1/SyncRuleId",
                json!(""),
            ),
            (
                vec![
                    FaultEffect::DropFields(vec!["SyncRuleId".to_owned()]),
                    FaultEffect::MissingFields(MissingFieldValue::AsNull),
                ],
                "/SyncRules/0/SyncRuleId",
                json!(null),
            ),
        ];
        for (effects, pointer, expected) in cases {
            let tampered = tamper(&body, &effects.iter().collect::<Vec<_>>()).unwrap();
            assert_eq!(tampered.pointer(pointer), Some(&expected), "{effects:?}");
        }
        assert_eq!(tamper(&body, &[&FaultEffect::Gzip]), None);
    }
}
