//! The API's XML: a member is an element, and a list is one element per item.

use std::io;

use quick_xml::Writer;
use quick_xml::escape::partial_escape;
use quick_xml::events::BytesText;
use serde_json::Value;

/// Returns the XML document of a JSON value, with `root` as the document element.
pub(super) fn render(root: &str, value: &Value) -> Vec<u8> {
    let mut writer = Writer::new(b"<?xml version='1.0' encoding='UTF-8'?>".to_vec());
    // Writing to a vector cannot fail.
    let _ = write_element(&mut writer, root, value);
    writer.into_inner()
}

fn write_element(writer: &mut Writer<Vec<u8>>, name: &str, value: &Value) -> io::Result<()> {
    let element_name = element_name(name);
    let text = match value {
        Value::Array(items) => {
            for item in items {
                write_element(writer, name, item)?;
            }
            return Ok(());
        }
        Value::Object(members) => {
            let element = writer.create_element(element_name);
            element.write_inner_content(|writer| {
                for (name, value) in members {
                    write_element(writer, name, value)?;
                }
                Ok(())
            })?;
            return Ok(());
        }
        Value::Null => String::new(),
        Value::String(string) => escape(string),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    };
    writer
        .create_element(element_name)
        .write_text_content(BytesText::from_escaped(text))?;
    Ok(())
}

/// Returns a valid XML name. A field of the seed can have any name.
fn element_name(name: &str) -> String {
    let is_allowed =
        |character: char| character.is_ascii_alphanumeric() || "_-.".contains(character);
    let name = name.replace(|character| !is_allowed(character), "_");
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name
    } else {
        format!("_{name}")
    }
}

/// Returns escaped text. Characters that XML forbids are replaced, and a carriage return survives parsing.
fn escape(text: &str) -> String {
    let is_forbidden = |character: char| {
        (character.is_control() && !"\r\n\t".contains(character))
            || "\u{fffe}\u{ffff}".contains(character)
    };
    let text = text.replace(is_forbidden, "\u{fffd}");
    partial_escape(&text).replace('\r', "&#13;")
}

#[cfg(test)]
mod tests {
    use super::render;
    use serde_json::json;

    #[test]
    fn values_become_elements() {
        let value = json!({
            "Count": 2, "Ok": true, "None": null, "Empty": [], "Rules": [{"A": "x"}, {"A": "<&>\r\n\u{1b}"}], "1 odd/name": "y"
        });
        assert_eq!(
            String::from_utf8(render("Root", &value)).unwrap(),
            "<?xml version='1.0' encoding='UTF-8'?><Root><_1_odd_name>y</_1_odd_name><Count>2</Count><None></None>\
             <Ok>true</Ok><Rules><A>x</A></Rules><Rules><A>&lt;&amp;&gt;&#13;\n\u{fffd}</A></Rules></Root>"
        );
    }
}
