//! A JSON value as the API's XML: a member is an element, a list is its element over and over.

use serde_json::Value;

/// The document, with `root` as its outermost element.
pub(super) fn render(root: &str, value: &Value) -> String {
    let mut text = String::from("<?xml version='1.0' encoding='UTF-8'?>");
    element(&mut text, root, value);
    text
}

fn element(text: &mut String, name: &str, value: &Value) {
    if let Value::Array(items) = value {
        for item in items {
            element(text, name, item);
        }
        return;
    }
    let name = element_name(name);
    text.push('<');
    text.push_str(&name);
    text.push('>');
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, value)| element(text, name, value)),
        Value::String(string) => escape(text, string),
        Value::Null | Value::Array(_) => {}
        Value::Bool(_) | Value::Number(_) => text.push_str(&value.to_string()),
    }
    text.push_str("</");
    text.push_str(&name);
    text.push('>');
}

/// A name XML accepts; a field the seed invented may have any.
fn element_name(name: &str) -> String {
    let fits = |character: char| character.is_ascii_alphanumeric() || "_-.".contains(character);
    let name: String = name
        .chars()
        .map(|character| if fits(character) { character } else { '_' })
        .collect();
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name
    } else {
        format!("_{name}")
    }
}

/// Text, with what XML reserves escaped and what it forbids replaced.
fn escape(text: &mut String, string: &str) {
    for character in string.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '\r' => text.push_str("&#13;"),
            '\n' | '\t' => text.push(character),
            character if character.is_control() || "\u{fffe}\u{ffff}".contains(character) => {
                text.push('\u{fffd}');
            }
            character => text.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::render;
    use serde_json::json;

    #[test]
    fn every_value_has_an_element() {
        let value = json!({
            "Count": 2, "Ok": true, "None": null, "Empty": [], "Rules": [{"A": "x"}, {"A": "<&>\r\n\u{1b}"}], "1 odd/name": "y"
        });
        assert_eq!(
            render("Root", &value),
            "<?xml version='1.0' encoding='UTF-8'?><Root><_1_odd_name>y</_1_odd_name><Count>2</Count><None></None>\
             <Ok>true</Ok><Rules><A>x</A></Rules><Rules><A>&lt;&amp;&gt;&#13;\n\u{fffd}</A></Rules></Root>"
        );
    }
}
