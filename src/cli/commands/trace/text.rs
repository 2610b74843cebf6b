//! The trace of an image as a tree.

use std::fmt::Write;

use filter_language::PrefixMatch;

use super::{Answer, declared};
use crate::finding::Severity;
use crate::model::{Field, Trigger};
use crate::report::{Action, Style};
use crate::source::{pluralize, sanitize};
use crate::topology::{FilterMismatch, RuleStep, SideSet, StepOutcome, TracePlace};

/// The most rules shown at one place that do not copy the image.
const MAX_STOPS: usize = 20;
/// The greatest depth of the tree.
const MAX_DEPTH: usize = 40;

/// Draws the trees, one for each place where the image starts.
pub(super) fn render(answer: &Answer<'_>, style: Style) -> String {
    let mut tree = TraceTree {
        answer,
        style,
        shown: vec![false; answer.trace.places.len()],
        text: String::new(),
    };
    let bold = style.bold();
    let image = sanitize(&answer.args.image.to_string()).into_owned();
    let _ = writeln!(tree.text, "Image {bold}{image}{bold:#}");
    if answer.trace.start_count == 0 {
        let rules = if answer.verdict.known[1] {
            "No desired or live rule"
        } else {
            "No known rule"
        };
        let _ = writeln!(
            tree.text,
            "\n{rules} covers its repository on any instance."
        );
    }
    for start in 0..answer.trace.start_count {
        let _ = writeln!(
            tree.text,
            "\n{bold}{}{bold:#}{}",
            sanitize(&answer.place_name(start)),
            tree.place_note(start)
        );
        tree.place(start, "", 0);
    }
    tree.summary();
    tree.text
}

/// The tree, as far as it is drawn.
struct TraceTree<'a> {
    answer: &'a Answer<'a>,
    style: Style,
    /// The places that are drawn already.
    shown: Vec<bool>,
    text: String,
}

impl TraceTree<'_> {
    /// Draws the rules at a place, and the places that they copy to.
    fn place(&mut self, at: usize, indent: &str, depth: usize) {
        self.shown[at] = true;
        let place = &self.answer.trace.places[at];
        let (copying, stopping): (Vec<&RuleStep<'_>>, Vec<&RuleStep<'_>>) = place
            .steps
            .iter()
            .partition(|step| matches!(step.outcome, StepOutcome::Copied(_)));
        let hidden = stopping.len().saturating_sub(MAX_STOPS);
        let shown: Vec<&RuleStep<'_>> = copying
            .into_iter()
            .chain(stopping.into_iter().take(MAX_STOPS))
            .collect();
        if shown.is_empty() && depth == 0 {
            let rule = if self.is_complete(place) {
                "no rule"
            } else {
                "no known rule"
            };
            let _ = writeln!(self.text, "└── {rule} covers it here");
        }
        for (n, step) in shown.iter().enumerate() {
            let last = n + 1 == shown.len() && hidden == 0;
            let (branch, below) = if last {
                ("└── ", "    ")
            } else {
                ("├── ", "│   ")
            };
            let below = format!("{indent}{below}");
            let _ = write!(self.text, "{indent}{branch}");
            match &step.outcome {
                StepOutcome::Copied(to) => {
                    self.step("->", step, place);
                    self.copies_to(*to, &below, depth);
                }
                StepOutcome::Stopped(mismatch) => {
                    self.step("x", step, place);
                    let why = describe(mismatch, &self.answer.trace.tag, place);
                    let _ = writeln!(self.text, "\n{below}{why}");
                }
                StepOutcome::Undecided {
                    field,
                    filter,
                    reason,
                } => {
                    self.step("?", step, place);
                    let _ = writeln!(
                        self.text,
                        "\n{below}{field} \"{}\" is undecided: {reason}",
                        sanitize(filter)
                    );
                }
            }
        }
        if hidden > 0 {
            let _ = writeln!(
                self.text,
                "{indent}└── {} not shown; use -o json to list all",
                pluralize(hidden, "more rule")
            );
        }
    }

    /// Returns `true` if the instance of a place was read completely.
    fn is_complete(&self, place: &TracePlace<'_>) -> bool {
        declared(place.instance, self.answer.desired, self.answer.live)
            .is_some_and(|(_, listing)| listing.is_complete())
    }

    /// Draws the target of a rule; `None` if it was not followed.
    fn copies_to(&mut self, to: Option<usize>, below: &str, depth: usize) {
        let Some(to) = to else {
            let _ = writeln!(self.text, " … not followed: too many places");
            return;
        };
        let bold = self.style.bold();
        let name = self.answer.place_name(to);
        let _ = write!(
            self.text,
            " {bold}{}{bold:#}{}",
            sanitize(&name),
            self.place_note(to)
        );
        let ends_here =
            self.answer.trace.places[to].steps.is_empty() && to >= self.answer.trace.start_count;
        if self.shown[to] && !ends_here {
            let back = if to < self.answer.trace.start_count {
                "back at the start"
            } else {
                "see above"
            };
            let _ = writeln!(self.text, " ({back})");
        } else if depth == MAX_DEPTH {
            let _ = writeln!(self.text, " … deeper than this tree; use -o json");
        } else {
            let _ = writeln!(self.text);
            self.place(to, below, depth + 1);
        }
    }

    /// Draws a rule: its symbol, its name, its trigger, and its side.
    fn step(&mut self, symbol: &str, step: &RuleStep<'_>, place: &TracePlace<'_>) {
        let trigger = match &step.rule.trigger {
            Trigger::Initiative => " manual (copies only when started)".to_owned(),
            Trigger::Passive => " automatic".to_owned(),
            Trigger::Unknown(text) => format!(" trigger \"{}\"", sanitize(text)),
        };
        let name = sanitize(step.rule.name.as_str()).into_owned();
        let sides = self.sides(step, place);
        let arrow = if symbol == "->" { " ->" } else { "" };
        let mark = if symbol == "->" {
            String::new()
        } else {
            format!("{symbol} ")
        };
        let paint = match symbol {
            "->" => anstyle::Style::new(),
            "x" => self.style.faint(),
            _ => self.style.severity(Severity::Warning),
        };
        let side = if sides.is_empty() {
            anstyle::Style::new()
        } else {
            self.style.action(Action::Replace)
        };
        let _ = write!(
            self.text,
            "{paint}{mark}{paint:#}\"{name}\"{trigger}{side}{sides}{side:#}{arrow}"
        );
    }

    /// Returns the side of a rule that is not on both.
    fn sides(&self, step: &RuleStep<'_>, place: &TracePlace<'_>) -> &'static str {
        let namesake = |side: SideSet| {
            place
                .steps
                .iter()
                .any(|other| other.sides.includes(side) && other.rule.name == step.rule.name)
        };
        match (
            step.sides.includes(SideSet::DESIRED),
            step.sides.includes(SideSet::LIVE),
        ) {
            (true, true) => "",
            (true, false) if !self.is_complete(place) => " [desired; live rules unknown]",
            (true, false) if namesake(SideSet::LIVE) => " [as desired]",
            (true, false) => " [desired, not live]",
            _ if namesake(SideSet::DESIRED) => " [as live]",
            _ => " [live, not desired]",
        }
    }

    /// Returns a note on a place whose live rules are unknown.
    fn place_note(&self, at: usize) -> String {
        let place = &self.answer.trace.places[at];
        match declared(place.instance, self.answer.desired, self.answer.live) {
            None => " [undeclared instance: its rules are unknown]".to_owned(),
            Some((instance, _)) if !instance.read => {
                " [`read: false`: its live rules are unknown]".to_owned()
            }
            Some((_, listing)) if !listing.is_complete() => {
                format!(
                    " [incomplete ({}): its live rules are unknown]",
                    listing.status.as_str().replace('_', " ")
                )
            }
            _ => String::new(),
        }
    }

    /// Adds the number of places that each side reaches, and the places that differ.
    fn summary(&mut self) {
        let trace = self.answer.trace;
        for (side, name) in ["Desired", "Live"].into_iter().enumerate() {
            let reached: Vec<_> = trace
                .places
                .iter()
                .skip(trace.start_count)
                .filter_map(|it| it.paths[side])
                .collect();
            let manual = reached.iter().filter(|it| it.manual > 0).count();
            let hops = reached.iter().map(|it| it.hops).max().unwrap_or_default();
            let places = pluralize(reached.len(), "place");
            let distance = if hops == 0 {
                String::new()
            } else {
                format!(" over at most {}", pluralize(hops, "rule"))
            };
            let by_hand = if manual == 0 {
                String::new()
            } else {
                format!(", {manual} of them through manual rules")
            };
            let line_break = if side == 0 { "\n" } else { "" };
            let _ = match (self.answer.verdict.known[side], reached.len()) {
                (true, _) => writeln!(
                    self.text,
                    "{line_break}{name}: the image reaches {places}{distance}{by_hand}."
                ),
                (false, 0) => writeln!(
                    self.text,
                    "{line_break}{name}: the places that the image reaches are unknown."
                ),
                (false, _) => {
                    writeln!(
                        self.text,
                        "{line_break}{name}: the image reaches at least {places}{distance}{by_hand}; more are unknown."
                    )
                }
            };
        }
        for at in &self.answer.verdict.differing {
            let path = |side: usize| match trace.places[*at].paths[side] {
                None => "not reached".to_owned(),
                Some(path) if path.manual > 0 => format!("manual (hop {})", path.hops),
                Some(path) => format!("automatic (hop {})", path.hops),
            };
            let place = sanitize(&self.answer.place_name(*at)).into_owned();
            let paint = self.style.action(Action::Replace);
            let _ = writeln!(
                self.text,
                "  {paint}{place}: desired {}, live {}{paint:#}",
                path(0),
                path(1)
            );
        }
    }
}

/// Returns the reason why a filter does not match the image.
fn describe(mismatch: &FilterMismatch<'_>, tag: &str, place: &TracePlace<'_>) -> String {
    let FilterMismatch {
        field,
        filter,
        matched_prefix,
        matches_partially,
    } = mismatch;
    let (noun, name) = match field {
        Field::NamespaceNameFilter => ("namespace", place.namespace.as_str()),
        Field::RepoNameFilter => ("repository", place.repo.as_str()),
        _ => ("tag", tag),
    };
    let why = match matched_prefix {
        Some(PrefixMatch::Empty) => format!("matches no {noun}"),
        Some(PrefixMatch::Partial { length, example }) => match name.chars().nth(*length) {
            Some(character) => format!(
                "fails at character {} of \"{}\": `{character}`; \"{}\" would match",
                length + 1,
                sanitize(name),
                sanitize(example)
            ),
            None => format!(
                "expects more after \"{}\"; \"{}\" would match",
                sanitize(name),
                sanitize(example)
            ),
        },
        Some(PrefixMatch::Full) | None => format!("does not match {noun} \"{}\"", sanitize(name)),
    };
    let part = if *matches_partially {
        "; it matches a part of the name"
    } else {
        ""
    };
    format!("{field} \"{}\" {why}{part}", sanitize(filter))
}
