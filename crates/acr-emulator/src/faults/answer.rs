//! Answers that succeed and are wrong.

use acr_api::WireField;
use serde_json::{Map, Value};

use super::effect::{Effect, Missing};

/// Changes an answer as the effects say; `None` where none of them does.
pub(crate) fn falsify(answer: &impl serde::Serialize, effects: &[&Effect]) -> Option<Value> {
    if !effects.iter().any(|effect| is_about_answers(effect)) {
        return None;
    }
    let mut answer = serde_json::to_value(answer).ok()?;
    if let Value::Object(members) = &mut answer {
        for effect in effects {
            apply(effect, members);
        }
    }
    Some(answer)
}

fn is_about_answers(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::TotalCount { .. }
            | Effect::SetMembers(_)
            | Effect::SetFields(_)
            | Effect::DropFields(_)
            | Effect::MissingFields(_)
    )
}

fn apply(effect: &Effect, members: &mut Map<String, Value>) {
    match effect {
        Effect::TotalCount { add, text } => {
            if let Some(count) = members.get_mut("TotalCount") {
                let lie = count.as_i64().unwrap_or_default().saturating_add(*add);
                *count = if *text {
                    lie.to_string().into()
                } else {
                    lie.into()
                };
            }
        }
        Effect::SetMembers(set) => members.extend(set.clone()),
        Effect::SetFields(set) => rules(members).for_each(|rule| rule.extend(set.clone())),
        Effect::DropFields(names) => {
            rules(members).for_each(|rule| rule.retain(|name, _| !names.contains(name)));
        }
        Effect::MissingFields(missing) => {
            let value = match missing {
                Missing::AsNull => Value::Null,
                Missing::AsEmpty => Value::from(""),
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
    use super::falsify;
    use crate::faults::{Effect, Missing};
    use serde_json::{Value, json};

    #[test]
    fn answers_are_falsified_member_by_member() {
        let answer = json!({"TotalCount": 2, "SyncRules": [{"SyncRuleId": "a", "SyncTrigger": "PASSIVE"}, {}]});
        let object = |value: Value| value.as_object().unwrap().clone();
        let cases = [
            (
                vec![Effect::TotalCount {
                    add: 1,
                    text: false,
                }],
                "/TotalCount",
                json!(3),
            ),
            (
                vec![Effect::TotalCount {
                    add: -3,
                    text: true,
                }],
                "/TotalCount",
                json!("-1"),
            ),
            (
                vec![Effect::SetMembers(object(json!({"IsSuccess": null})))],
                "/IsSuccess",
                json!(null),
            ),
            (
                vec![Effect::SetFields(object(json!({"SyncTrigger": "LATER"})))],
                "/SyncRules/0/SyncTrigger",
                json!("LATER"),
            ),
            (
                vec![Effect::DropFields(vec!["SyncTrigger".to_owned()])],
                "/SyncRules/0",
                json!({"SyncRuleId": "a"}),
            ),
            (
                vec![Effect::MissingFields(Missing::AsNull)],
                "/SyncRules/1/LinkId",
                json!(null),
            ),
            (
                vec![Effect::MissingFields(Missing::AsEmpty)],
                "/SyncRules/0/SyncRuleId",
                json!("a"),
            ),
            (
                vec![Effect::MissingFields(Missing::AsEmpty)],
                "/SyncRules/1/SyncRuleId",
                json!(""),
            ),
            (
                vec![
                    Effect::DropFields(vec!["SyncRuleId".to_owned()]),
                    Effect::MissingFields(Missing::AsNull),
                ],
                "/SyncRules/0/SyncRuleId",
                json!(null),
            ),
        ];
        for (effects, pointer, expected) in cases {
            let falsified = falsify(&answer, &effects.iter().collect::<Vec<_>>()).unwrap();
            assert_eq!(falsified.pointer(pointer), Some(&expected), "{effects:?}");
        }
        assert_eq!(falsify(&answer, &[&Effect::Gzip]), None);
    }
}
