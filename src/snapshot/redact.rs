//! The redaction of account ids in a snapshot.

use std::collections::HashMap;
use std::fmt::Write;

use acr_api::{WireField, WireRule};
use serde_json::Value;

use super::Snapshot;

/// The lengths of numbers that can be account ids: UIDs have 16 digits, the ids of users and roles 18.
const ID_LENGTHS: std::ops::RangeInclusive<usize> = 15..=18;

/// The fields that the service generates, without account ids. They identify rules, regions and links.
const KEPT: [WireField; 9] = [
    WireField::SyncRuleId,
    WireField::LocalRegionId,
    WireField::LocalInstanceId,
    WireField::TargetRegionId,
    WireField::TargetInstanceId,
    WireField::LinkId,
    WireField::CreateTime,
    WireField::ModifiedTime,
    WireField::Priority,
];

/// Replaces every number that can be an account id by `[account-N]`, equal ones by the same: in error messages, unknown
/// fields, names and filters. Ids of instances, rules and links stay.
pub fn redact_accounts(snapshot: &mut Snapshot) {
    let mut accounts = Accounts::default();
    for listing in &mut snapshot.listings {
        if let Some(failure) = &mut listing.failure {
            failure
                .message
                .update(&mut |text| *text = accounts.redact(text));
        }
        for rule in &mut listing.rules {
            accounts.redact_rule(rule);
        }
    }
}

/// The accounts so far.
#[derive(Default)]
struct Accounts(HashMap<String, usize>);

impl Accounts {
    fn redact_rule(&mut self, rule: &mut WireRule) {
        for field in WireField::ALL
            .into_iter()
            .filter(|field| !KEPT.contains(field))
        {
            if let Some(text) = rule.get(field).map(|text| self.redact(text)) {
                rule.set(field, text);
            }
        }
        for (_, value) in &mut rule.unknown {
            self.redact_value(value);
        }
    }

    /// Redacts a value of any depth, which the parser bounded.
    fn redact_value(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.redact(text),
            Value::Number(number) => {
                let text = number.to_string();
                let redacted = self.redact(&text);
                if redacted != text {
                    *value = Value::String(redacted);
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.redact_value(value)),
            Value::Object(members) => members
                .values_mut()
                .for_each(|value| self.redact_value(value)),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn redact(&mut self, text: &str) -> String {
        let mut redacted = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
            let digits = rest[start..]
                .find(|character: char| !character.is_ascii_digit())
                .unwrap_or(rest.len() - start);
            let (before, number, after) = (
                &rest[..start],
                &rest[start..start + digits],
                &rest[start + digits..],
            );
            let in_a_word =
                before.ends_with(char::is_alphabetic) || after.starts_with(char::is_alphabetic);
            redacted.push_str(before);
            if ID_LENGTHS.contains(&digits) && !in_a_word {
                let next = self.0.len() + 1;
                let account = self.0.entry(number.to_owned()).or_insert(next);
                // Writing to a String cannot fail.
                let _ = write!(redacted, "[account-{account}]");
            } else {
                redacted.push_str(number);
            }
            rest = after;
        }
        redacted + rest
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Accounts, redact_accounts};

    #[test]
    fn equal_accounts_have_equal_placeholders() {
        let cases = [
            (
                "of account 1234567890123456, not 6543210987654321",
                "of account [account-1], not [account-2]",
            ),
            (
                "acs:ram::1234567890123456:role/reader",
                "acs:ram::[account-1]:role/reader",
            ),
            ("user 215440294023499158", "user [account-3]"),
            ("at 1795500000000 ms", "at 1795500000000 ms"),
            ("cri1234567890123456", "cri1234567890123456"),
            ("12345678901234567890", "12345678901234567890"),
            ("标签-1234567890123456-", "标签-[account-1]-"),
            ("", ""),
        ];
        let mut accounts = Accounts::default();
        for (text, expected) in cases {
            assert_eq!(accounts.redact(text), expected);
        }
    }

    #[test]
    fn rules_keep_their_ids_and_lose_their_accounts() {
        let rule = json!({
            "SyncRuleId": "1234567890123456", "LocalInstanceId": "cri-1", "CreateTime": 1_795_500_000_000_i64,
            "SyncRuleName": "to-1234567890123456", "TargetUserId": 1_234_567_890_123_456_i64,
            "Owner": { "ids": ["1234567890123456", 1] },
        });
        let document = json!({ "format_version": "1.0", "listings": [{ "instance_id": "cri-1", "rules": [rule] }] });
        let mut snapshot =
            crate::snapshot::read(document.to_string().as_bytes()).expect("a snapshot");
        redact_accounts(&mut snapshot);
        let redacted = serde_json::to_value(&snapshot.listings[0].rules[0]).expect("JSON");
        let expected = json!({
            "SyncRuleId": "1234567890123456", "LocalInstanceId": "cri-1", "CreateTime": 1_795_500_000_000_i64,
            "SyncRuleName": "to-[account-1]", "TargetUserId": "[account-1]", "Owner": { "ids": ["[account-1]", 1] },
        });
        assert_eq!(redacted, expected);
    }
}
