//! crdrift tells whether the image sync rules of Alibaba Cloud Container Registry Enterprise Edition instances are
//! what a reviewed YAML file says. This page is the map of its code.
//!
//! ```text
//!   rules files ── desired ──> DesiredState ─┐
//!                                            ├─ check ──> Report ── report ──> text, JSON
//!   the API ── client ─┐                     │
//!   files ─────────────┴─ snapshot ──> LiveState
//! ```
//!
//! Two adapters make two values of the same words, and one pure function compares them.
//!
//! | module | what it is for | may use |
//! |---|---|---|
//! | [`cli`] | arguments, environment, clock, streams, exit codes; the only place that prints | everything |
//! | [`client`] | reads instances through the API: signs, retries, pages, asks again | `acr`, `model`, `redaction`, `source` |
//! | [`emulator`] | the API, pretended on loopback | `acr`, `model` |
//! | [`snapshot`] | listings as a file, and listings as live state | `acr`, `model`, `source` |
//! | [`desired`] | rules files, and Terraform's, as desired state; collects every error | `finding`, `model`, `pattern`, `policy`, `source`, `waiver` |
//! | [`check`] | the core: two states in, one report out | the rest of the core |
//! | [`import`] | live rules as the rules files a person would have written | `desired`, `diff`, `layout`, `model`, `pattern`, `source` |
//! | [`layout`] | the canonical layout of a rules file, with every comment where it was | `source` |
//! | [`report`] | one result, many faces: a file for each format | `diff`, `finding`, `graph`, `model`, `pattern`, `policy`, `source`, `waiver` |
//! | [`history`] | drift over time: many results, what changed between them, and a report of it | `finding`, `report`, `source` |
//! | [`waiver`] | accepting findings, on purpose and for a time | `finding`, `layout`, `model`, `source` |
//! | [`remedy`] | what a person would do about each change, as text that nobody here runs | `diff`, `export`, `finding`, `model`, `report` |
//! | [`export`] | declared rules as Terraform and ROS have them | `model`, `source` |
//! | [`diff`] | which live rule is which desired rule, and what differs | `finding`, `model`, `pattern`, `source` |
//! | [`graph`] | the topology as a picture: a file for each format | `diff`, `model`, `source` |
//! | [`policy`] | rules about rules: built-in ones, and expressions in CEL | `finding`, `model`, `pattern`, `source`, `topology` |
//! | [`topology`] | what many rules do together: loops, chains, meetings, the way of an image | `diff`, `finding`, `model`, `pattern` |
//! | [`finding`] | what there is to tell a person, as data | `model`, `source` |
//! | [`pattern`] | filters as languages: whether two match the same names, and a name that shows if not | nothing |
//! | [`acr`] | the protocol, pure: wire types, refusals, signatures | `model` |
//! | [`model`] | the words: what a sync rule is, on either side | `source` |
//! | [`redaction`] | the secrets of a run, and texts without them | nothing |
//! | [`source`] | texts and places in them | nothing |
//!
//! What stays true, and is tested:
//!
//! 1. No action that writes can be called: [`acr::Action`] is the whole list of what can be asked. [`remedy`] names
//!    some as text for a person to run, can call nothing itself, and is used by nothing that can.
//! 2. Never a false "in sync": what was not read whole is *incomplete*, and only a complete listing proves that a
//!    rule is missing.
//! 3. The core (`source`, `model`, `pattern`, `layout`, `acr`, `finding`, `diff`, `graph`, `topology`, `policy`, `waiver`,
//!    `report`, `history`, `check`, `export`, `remedy`) is pure, synchronous and total. It asks neither clock nor environment nor network.
//! 4. Every value of the API is hostile until a format has escaped it for its medium; every secret has a type that
//!    cannot be printed.
//! 5. The same inputs give the same report, byte for byte.

pub mod acr;
pub mod check;
pub mod cli;
pub mod client;
pub mod desired;
pub mod diff;
pub mod emulator;
pub mod export;
pub mod finding;
pub mod graph;
pub mod history;
pub mod import;
pub mod layout;
pub mod model;
pub mod pattern;
pub mod policy;
pub mod redaction;
pub mod remedy;
pub mod report;
pub mod snapshot;
pub mod source;
pub mod topology;
pub mod waiver;
