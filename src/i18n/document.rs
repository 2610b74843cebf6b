//! Messages in documents: the English text, and beside it the template and arguments that other languages need.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::{Argument, Message, MessageSource, messages};
use crate::source::BorrowedText;

/// The template of a message, and its arguments: with these, a report has the message in another language.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MessageTemplate")]
pub(crate) struct JsonMessageTemplate<'a> {
    /// The name of the template.
    #[serde(deserialize_with = "template_name")]
    name: Cow<'a, str>,
    /// The arguments, in order: values, parts of the sentence, or lists of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    arguments: Vec<JsonArgument<'a>>,
}

/// Decodes the name of a template. One of this version is not copied, since a large document has a million of them.
fn template_name<'de, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'a, str>, D::Error> {
    let BorrowedText(name) = Deserialize::deserialize(deserializer)?;
    Ok(match messages::find(&name) {
        Some(template) => template.name.into(),
        None => name.into_owned().into(),
    })
}

/// An argument of a message.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "MessageArgument")]
enum JsonArgument<'a> {
    /// A value.
    Text(Cow<'a, str>),
    /// Several of them, in order.
    List(Vec<JsonArgument<'a>>),
    /// A part of the sentence.
    Message(JsonMessageTemplate<'a>),
}

/// Decodes an argument by its JSON type. The derived code would copy each value before it tries the variants, and a large
/// document has a million of them.
impl<'de> Deserialize<'de> for JsonArgument<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ArgumentVisitor)
    }
}

struct ArgumentVisitor;

impl<'de> Visitor<'de> for ArgumentVisitor {
    type Value = JsonArgument<'static>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a list or a template")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(JsonArgument::Text(text.to_owned().into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        Deserialize::deserialize(SeqAccessDeserializer::new(items)).map(JsonArgument::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        Deserialize::deserialize(MapAccessDeserializer::new(members)).map(JsonArgument::Message)
    }
}

/// Returns the template of a message; `None` for a text that is quoted as it is.
pub(crate) fn write_template(message: &Message) -> Option<JsonMessageTemplate<'_>> {
    message.source().map(JsonMessageTemplate::from)
}

/// Returns the template of a message, with texts of its own.
pub(crate) fn write_owned_template(message: &Message) -> Option<JsonMessageTemplate<'static>> {
    write_template(message).map(JsonMessageTemplate::into_owned)
}

impl Message {
    /// Returns the template of the message as JSON; `None` for a text that is quoted as it is.
    pub(crate) fn template_json(&self) -> Option<String> {
        let template = write_template(self)?;
        serde_json::to_string(&template).ok()
    }

    /// Returns a message that was kept as its text and [`Message::template_json`]. One of an unknown template is quoted
    /// as it is.
    pub(crate) fn from_template_json(text: String, template: Option<&str>) -> Self {
        let template = template.and_then(|json| serde_json::from_str(json).ok());
        read_message(text.into(), template)
    }
}

/// Returns a message of the document. One of an unknown template is quoted as it is.
pub(crate) fn read_message(
    text: Cow<'_, str>,
    template: Option<JsonMessageTemplate<'_>>,
) -> Message {
    match template.and_then(JsonMessageTemplate::into_source) {
        Some(source) => Message::from_document(text, source),
        None => text.into_owned().into(),
    }
}

impl<'a> From<&'a MessageSource> for JsonMessageTemplate<'a> {
    fn from(source: &'a MessageSource) -> Self {
        Self {
            name: Cow::Borrowed(source.name()),
            arguments: source.arguments().iter().map(JsonArgument::from).collect(),
        }
    }
}

impl<'a> From<&'a Argument> for JsonArgument<'a> {
    fn from(argument: &'a Argument) -> Self {
        match argument {
            Argument::Text(value) => Self::Text(Cow::Borrowed(value)),
            Argument::Message(source) => Self::Message(source.into()),
            Argument::List(items) => Self::List(items.iter().map(Self::from).collect()),
        }
    }
}

impl JsonMessageTemplate<'_> {
    fn into_owned(self) -> JsonMessageTemplate<'static> {
        let arguments = self.arguments.into_iter().map(JsonArgument::into_owned);
        JsonMessageTemplate {
            name: self.name.into_owned().into(),
            arguments: arguments.collect(),
        }
    }

    fn into_source(self) -> Option<MessageSource> {
        let arguments = self.arguments.into_iter().map(JsonArgument::into_argument);
        MessageSource::from_template(&self.name, arguments.collect::<Option<_>>()?)
    }
}

impl JsonArgument<'_> {
    fn into_owned(self) -> JsonArgument<'static> {
        match self {
            Self::Text(text) => JsonArgument::Text(text.into_owned().into()),
            Self::Message(template) => JsonArgument::Message(template.into_owned()),
            Self::List(items) => {
                JsonArgument::List(items.into_iter().map(Self::into_owned).collect())
            }
        }
    }

    fn into_argument(self) -> Option<Argument> {
        Some(match self {
            Self::Text(text) => Argument::Text(text.into_owned()),
            Self::Message(template) => Argument::Message(template.into_source()?),
            Self::List(items) => {
                let items = items.into_iter().map(Self::into_argument);
                Argument::List(items.collect::<Option<_>>()?)
            }
        })
    }
}
