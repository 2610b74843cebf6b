//! The way of an image, as a tree.

use std::fmt::Write;

use filter_language::PrefixMatch;

use super::{Answer, known};
use crate::model::{Field, Trigger};
use crate::report::Style;
use crate::source::sanitize;
use crate::topology::{FilterMismatch, RuleStep, SideSet, StepOutcome, TracePlace};

/// How many rules that do not carry the image are shown at one place.
const MAX_STOPS: usize = 20;
/// How deep the tree is drawn. A longer way goes on where its place is told next.
const MAX_DEPTH: usize = 40;

/// Draws the trees, one for each place where the image sets out.
pub(super) fn render(answer: &Answer<'_>, style: Style) -> String {
    let mut tree = Tree {
        answer,
        style,
        told: vec![false; answer.trace.places.len()],
        text: String::new(),
    };
    let bold = style.bold();
    let image = sanitize(&answer.args.image.to_string()).into_owned();
    let _ = writeln!(tree.text, "Image {bold}{image}{bold:#}");
    if answer.trace.start_count == 0 {
        let rules = if answer.verdict.known[1] {
            "No rule, declared or live,"
        } else {
            "No rule that is known"
        };
        let _ = writeln!(
            tree.text,
            "\n{rules} is about its repository on any instance."
        );
    }
    for start in 0..answer.trace.start_count {
        let _ = writeln!(
            tree.text,
            "\n{bold}{}{bold:#}{}",
            sanitize(&answer.place(start)),
            tree.place_note(start)
        );
        tree.place(start, "", 0);
    }
    tree.summary();
    tree.text
}

struct Tree<'a> {
    answer: &'a Answer<'a>,
    style: Style,
    told: Vec<bool>,
    text: String,
}

impl Tree<'_> {
    /// The rules at a place, and the places behind them.
    fn place(&mut self, at: usize, indent: &str, depth: usize) {
        self.told[at] = true;
        let place = &self.answer.trace.places[at];
        let (carrying, stopping): (Vec<&RuleStep<'_>>, Vec<&RuleStep<'_>>) = place
            .steps
            .iter()
            .partition(|step| matches!(step.outcome, StepOutcome::Copied(_)));
        let hidden = stopping.len().saturating_sub(MAX_STOPS);
        let shown: Vec<&RuleStep<'_>> = carrying
            .into_iter()
            .chain(stopping.into_iter().take(MAX_STOPS))
            .collect();
        if shown.is_empty() && depth == 0 {
            let is_read = |it: &crate::model::LiveInstance| it.is_complete();
            let listing = known(place.instance, self.answer.desired, self.answer.live);
            let rule = if listing.is_some_and(|(_, it)| is_read(it)) {
                "no rule"
            } else {
                "no rule that is known"
            };
            let _ = writeln!(self.text, "└── {rule} is about it here");
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
                StepOutcome::Copied(to) => self.carries(step, place, *to, &below, depth),
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
                        "\n{below}{field} \"{}\" is not understood: {reason}",
                        sanitize(filter)
                    );
                }
            }
        }
        if hidden > 0 {
            let _ = writeln!(
                self.text,
                "{indent}└── {hidden} more rules that do not carry it (-o json has them)"
            );
        }
    }

    fn carries(
        &mut self,
        step: &RuleStep<'_>,
        place: &TracePlace<'_>,
        to: Option<usize>,
        below: &str,
        depth: usize,
    ) {
        self.step("->", step, place);
        let Some(to) = to else {
            let _ = writeln!(self.text, " … no further: there are too many places");
            return;
        };
        let bold = self.style.bold();
        let name = self.answer.place(to);
        let _ = write!(
            self.text,
            " {bold}{}{bold:#}{}",
            sanitize(&name),
            self.place_note(to)
        );
        let ends_here =
            self.answer.trace.places[to].steps.is_empty() && to >= self.answer.trace.start_count;
        if self.told[to] && !ends_here {
            let back = if to < self.answer.trace.start_count {
                "back where it set out"
            } else {
                "see above"
            };
            let _ = writeln!(self.text, " ({back})");
        } else if depth == MAX_DEPTH {
            let _ = writeln!(self.text, " … further than is drawn (-o json has it)");
        } else {
            let _ = writeln!(self.text);
            self.place(to, below, depth + 1);
        }
    }

    /// A rule: what it does, its name, what starts it, and on which sides it is.
    fn step(&mut self, symbol: &str, step: &RuleStep<'_>, place: &TracePlace<'_>) {
        let trigger = match &step.rule.trigger {
            Trigger::Initiative => " manual: only when somebody starts it,".to_owned(),
            Trigger::Passive => " automatic".to_owned(),
            Trigger::Unknown(text) => format!(" started by \"{}\"", sanitize(text)),
        };
        let trigger = trigger.trim_end_matches(',');
        let name = sanitize(step.rule.name.as_str()).into_owned();
        let sides = self.sides(step, place);
        let arrow = if symbol == "->" { " ->" } else { "" };
        let mark = if symbol == "->" {
            String::new()
        } else {
            format!("{symbol} ")
        };
        let _ = write!(self.text, "{mark}\"{name}\"{trigger}{sides}{arrow}");
    }

    /// On which sides a rule is, where it is not on both.
    fn sides(&self, step: &RuleStep<'_>, place: &TracePlace<'_>) -> &'static str {
        let namesake = |side: SideSet| {
            place
                .steps
                .iter()
                .any(|other| other.sides.includes(side) && other.rule.name == step.rule.name)
        };
        let read = known(place.instance, self.answer.desired, self.answer.live)
            .is_some_and(|(_, it)| it.is_complete());
        match (
            step.sides.includes(SideSet::DESIRED),
            step.sides.includes(SideSet::LIVE),
        ) {
            (true, true) => "",
            (true, false) if !read => " [declared; live is not known]",
            (true, false) if namesake(SideSet::LIVE) => " [as declared]",
            (true, false) => " [declared, not live]",
            _ if namesake(SideSet::DESIRED) => " [as it is live]",
            _ => " [live, not declared]",
        }
    }

    /// What is to be known of a place: whether its own rules are known.
    fn place_note(&self, at: usize) -> String {
        let place = &self.answer.trace.places[at];
        match known(place.instance, self.answer.desired, self.answer.live) {
            None => " [not declared: where it goes from here is not known]".to_owned(),
            Some((instance, _)) if !instance.read => {
                " [declared `read: false`: its live rules are not known]".to_owned()
            }
            Some((_, listing)) if !listing.is_complete() => {
                format!(
                    " [not read whole ({}): its live rules are not known]",
                    listing.status.as_str().replace('_', " ")
                )
            }
            _ => String::new(),
        }
    }

    /// What both sides come to.
    fn summary(&mut self) {
        let trace = self.answer.trace;
        for (side, name) in ["As declared", "Live"].into_iter().enumerate() {
            let reached: Vec<_> = trace
                .places
                .iter()
                .skip(trace.start_count)
                .filter_map(|it| it.paths[side])
                .collect();
            let manual = reached.iter().filter(|it| it.manual > 0).count();
            let hops = reached.iter().map(|it| it.hops).max().unwrap_or_default();
            let places = if reached.len() == 1 {
                "1 place".to_owned()
            } else {
                format!("{} places", reached.len())
            };
            let far = match hops {
                0 => String::new(),
                1 => ", over 1 rule".to_owned(),
                hops => format!(", the last over {hops} rules"),
            };
            let hand = if manual == 0 {
                String::new()
            } else {
                format!("; {manual} of them only by hand")
            };
            let line_break = if side == 0 { "\n" } else { "" };
            let _ = match (self.answer.verdict.known[side], reached.len()) {
                (true, _) => writeln!(
                    self.text,
                    "{line_break}{name} it gets to {places}{far}{hand}."
                ),
                (false, 0) => writeln!(
                    self.text,
                    "{line_break}{name} it is not known where it gets to."
                ),
                (false, _) => {
                    writeln!(
                        self.text,
                        "{line_break}{name} it gets to at least {places}{far}{hand}; the rest is not known."
                    )
                }
            };
        }
        for at in &self.answer.verdict.differing {
            let how = |side: usize| match trace.places[*at].paths[side] {
                None => "not at all".to_owned(),
                Some(it) if it.manual > 0 => format!("by hand (hop {})", it.hops),
                Some(it) => format!("by itself (hop {})", it.hops),
            };
            let place = sanitize(&self.answer.place(*at)).into_owned();
            let _ = writeln!(
                self.text,
                "  {place}: as declared {}, live {}",
                how(0),
                how(1)
            );
        }
    }
}

/// Why a filter does not let the image pass, and where.
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
        Some(PrefixMatch::Empty) => format!("matches no {noun} at all"),
        Some(PrefixMatch::Partial { length, example }) => match name.chars().nth(*length) {
            Some(character) => format!(
                "fails at character {} of \"{}\": `{character}`; \"{}\" would match",
                length + 1,
                sanitize(name),
                sanitize(example)
            ),
            None => format!(
                "wants more behind \"{}\"; \"{}\" would match",
                sanitize(name),
                sanitize(example)
            ),
        },
        Some(PrefixMatch::Full) | None => format!("does not match {noun} \"{}\"", sanitize(name)),
    };
    let part = if *matches_partially {
        "; a part of it does match, should that be enough"
    } else {
        ""
    };
    format!("{field} \"{}\" {why}{part}", sanitize(filter))
}
