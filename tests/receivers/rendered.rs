//! What a person sees of a message: its text with markup resolved, whom it mentions, and where its links lead.

use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::Value;

use crate::support::read;
use crate::testing::JsonSchema;

/// A message as a client shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// The first line, as a lock screen shows it.
    pub(crate) title: String,
    /// The whole text.
    pub(crate) text: String,
    /// Whom it mentions.
    pub(crate) mentions: Vec<String>,
    /// The addresses of links and pictures.
    pub(crate) links: Vec<String>,
    /// The kinds of its parts, in order: a value that ends a line or is markup changes them.
    pub(crate) structure: Vec<String>,
}

type Checked = Result<Rendered, String>;

impl Rendered {
    pub(super) fn from_dingtalk(body: &Value) -> Checked {
        require(body["msgtype"] == "markdown", body)?;
        require(body["at"]["isAtAll"] == false, body)?;
        let mut rendered = Self::from_markdown(string(&body["markdown"]["text"])?);
        string(&body["markdown"]["title"])?.clone_into(&mut rendered.title);
        Ok(rendered)
    }

    pub(super) fn from_wecom(body: &Value) -> Checked {
        require(body["msgtype"] == "markdown_v2", body)?;
        let text = string(&body["markdown_v2"]["content"])?;
        require(text.len() <= 4_096, body)?;
        let mut rendered = Self::from_markdown(text);
        rendered.title = rendered.text.lines().next().unwrap_or_default().to_owned();
        Ok(rendered)
    }

    /// Reads Markdown, in which clients mention by `<@id>` and `@name`.
    fn from_markdown(markdown: &str) -> Self {
        let mut rendered = Self::default();
        for event in Parser::new_ext(
            markdown,
            Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH,
        ) {
            match event {
                Event::Text(text) | Event::Code(text) => rendered.text.push_str(&text),
                Event::SoftBreak | Event::HardBreak => {
                    rendered.structure.push("break".to_owned());
                    rendered.text.push('\n');
                }
                Event::Start(tag) => {
                    if let Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } = &tag {
                        rendered.links.push(dest_url.to_string());
                    }
                    let name = format!("{tag:?}");
                    let name = name.split(['(', '{', ' ']).next().unwrap_or_default();
                    rendered.structure.push(name.to_owned());
                }
                Event::End(_) => rendered.text.push('\n'),
                other => rendered.structure.push(format!("{other:?}")),
            }
        }
        rendered.find_in_text();
        rendered
    }

    pub(super) fn from_feishu(body: &Value) -> Checked {
        require(body["msg_type"] == "interactive", body)?;
        let card = &body["card"];
        let mut rendered = Self {
            title: plain(&card["header"]["title"])?.to_owned(),
            ..Self::default()
        };
        rendered.text = rendered.title.clone() + "\n";
        for element in list(&card["elements"])? {
            rendered.structure.push(string(&element["tag"])?.to_owned());
            if element["tag"] == "action" {
                let button = &element["actions"][0];
                rendered.links.push(string(&button["url"])?.to_owned());
                plain(&button["text"])?;
                continue;
            }
            let text = plain(&element["text"])?;
            rendered.structure.push(text.lines().count().to_string());
            rendered.text += text;
            rendered.text.push('\n');
        }
        rendered.find_in_text();
        Ok(rendered)
    }

    pub(super) fn from_slack(body: &Value) -> Checked {
        require(
            body["unfurl_links"] == false && body["unfurl_media"] == false,
            body,
        )?;
        let mut rendered = Self::default();
        let fallback = string(&body["text"])?;
        rendered.find_slack_markup(fallback);
        let blocks = list(&body["blocks"])?;
        require(blocks.len() <= 50, body)?;
        for block in blocks {
            let kind = string(&block["type"])?;
            rendered.structure.push(kind.to_owned());
            let text = match kind {
                "context" => {
                    let text = string(&block["elements"][0]["text"])?;
                    rendered.find_slack_markup(text);
                    continue;
                }
                "header" | "section" => {
                    require(block["text"]["type"] == "plain_text", block)?;
                    string(&block["text"]["text"])?
                }
                _ => return Err(format!("unknown block {block}")),
            };
            let most = if kind == "header" { 150 } else { 3_000 };
            require(text.chars().count() <= most && !text.is_empty(), block)?;
            if rendered.title.is_empty() {
                text.clone_into(&mut rendered.title);
            }
            rendered.structure.push(text.lines().count().to_string());
            rendered.text += text;
            rendered.text.push('\n');
        }
        rendered.find_in_text();
        Ok(rendered)
    }

    pub(super) fn from_webhook(body: &Value) -> Checked {
        JsonSchema::new(&read("schemas/notification.v1.schema.json")).check(body)?;
        let estate = string(&body["estate"])?;
        Ok(Self {
            title: format!("crdrift: {estate}"),
            text: format!("crdrift: {body}"),
            ..Self::default()
        })
    }

    pub(super) fn from_alerts(body: &Value) -> Checked {
        for alert in list(body)? {
            let labels = alert["labels"].as_object().ok_or("no labels")?;
            require(labels.contains_key("alertname"), alert)?;
            let is_name = |name: &String| {
                let mut characters = name.chars();
                characters.all(|it| it.is_ascii_alphanumeric() || it == '_')
            };
            require(labels.keys().all(is_name), alert)?;
            let time = |key: &str| {
                string(&alert[key])?
                    .parse::<jiff::Timestamp>()
                    .map_err(|error| error.to_string())
            };
            require(time("startsAt")? <= time("endsAt")?, alert)?;
        }
        Ok(Self {
            title: "crdrift".to_owned(),
            text: body.to_string(),
            ..Self::default()
        })
    }

    /// Finds mentions and links that clients make of plain text.
    fn find_in_text(&mut self) {
        let mention = regex::Regex::new(r"[@\u{ff20}]\w").expect("a pattern");
        let link = regex::Regex::new(r"(?i)\w+://\S|www\.\w").expect("a pattern");
        let found = mention
            .find_iter(&self.text)
            .map(|it| it.as_str().to_owned());
        self.mentions.extend(found);
        let found = link.find_iter(&self.text).map(|it| it.as_str().to_owned());
        self.links.extend(found);
    }

    /// Finds what Slack makes of `<…>`.
    fn find_slack_markup(&mut self, text: &str) {
        let markup = regex::Regex::new(r"<([^<>]+)>").expect("a pattern");
        for found in markup.captures_iter(text) {
            let inside = found[1].split('|').next().unwrap_or_default().to_owned();
            if inside.starts_with(['@', '!', '#']) {
                self.mentions.push(inside);
            } else {
                self.links.push(inside);
            }
        }
    }
}

fn require(is_met: bool, part: &Value) -> Result<(), String> {
    if is_met {
        Ok(())
    } else {
        Err(format!("refused: {part}"))
    }
}

fn string(value: &Value) -> Result<&str, String> {
    value
        .as_str()
        .ok_or_else(|| format!("expected a text, found {value}"))
}

fn list(value: &Value) -> Result<&Vec<Value>, String> {
    value
        .as_array()
        .ok_or_else(|| format!("expected a list, found {value}"))
}

/// Returns a text that must be `plain_text`: the other kind knows mentions and links.
fn plain(value: &Value) -> Result<&str, String> {
    require(value["tag"] == "plain_text", value)?;
    string(&value["content"])
}
