//! crdrift tells whether the image sync rules of Alibaba Cloud Container Registry Enterprise Edition instances are
//! what a reviewed YAML file says. This page is the map of its code.
//!
//! ```text
//!   rules files ── rules ──> DesiredState ─┐
//!                                            ├─ check ──> Report ── report ──> text, JSON
//!   the API ── acr_client ─┐                     │
//!   files ─────────────────┴─ snapshot ──> LiveState           └─ store ──> SQLite, PostgreSQL
//! ```
//!
//! Two adapters make two values of the same words, and one pure function compares them. `tests/architecture/` checks
//! the code and the manifests of the crates against these tables.
//!
//! # The core: pure, synchronous and total
//!
//! It asks neither clock nor environment nor network.
//!
//! | module | purpose | may use |
//! |---|---|---|
//! | [`source`] | texts and places in them | nothing |
//! | [`model`] | the words of the domain: a sync rule, on either side | `acr_api`, `i18n`, `source` |
//! | [`parallel`] | two computations at the same time | nothing |
//! | [`yamlfmt`] | the canonical layout of a rules file, with every comment kept | `source` |
//! | [`finding`] | what is reported to a person, as data | `i18n`, `model`, `source` |
//! | [`i18n`] | the texts of pictures, pages and messages in each language | `filter_language`, `source` |
//! | [`diff`] | which live rule is which desired rule, and what differs | `filter_language`, `finding`, `i18n`, `model`, `parallel`, `source` |
//! | [`graph`] | the topology as a picture: a file for each format | `diff`, `i18n`, `model`, `source` |
//! | [`topology`] | conditions of many rules together: loops, chains, conflicts, the way of an image | `diff`, `filter_language`, `finding`, `i18n`, `model`, `parallel` |
//! | [`policy`] | policies as declared: built-in kinds with their parameters, and expressions in CEL | `finding`, `i18n`, `model`, `source` |
//! | [`evaluation`] | policies checked against desired and live rules | `filter_language`, `finding`, `i18n`, `model`, `policy`, `source`, `topology` |
//! | [`waiver`] | accepted findings, each for a reason and until a day | `finding`, `i18n`, `model`, `source`, `yamlfmt` |
//! | [`attribution`] | who created or deleted the rules that differ: changes and events in, authors out | `acr_api`, `diff`, `finding`, `i18n`, `model`, `report` |
//! | [`check`] | two states in, one report out | `diff`, `evaluation`, `filter_language`, `finding`, `graph`, `i18n`, `model`, `policy`, `report`, `source`, `topology`, `waiver` |
//! | [`report`] | one result in every format: a file for each | `diff`, `filter_language`, `finding`, `graph`, `i18n`, `model`, `policy`, `source`, `waiver` |
//! | [`history`] | drift over time: many results, what changed between them, and a report of it | `finding`, `i18n`, `model`, `report`, `source` |
//! | [`shard`] | equal parts of a list, for processes that share its work | `report` |
//! | [`terraform`] | resources of Terraform's files, with their places | `i18n`, `model`, `source` |
//! | [`export`] | desired rules as Terraform and ROS have them | `model`, `source`, `terraform` |
//! | [`remedy`] | the calls that would undo each change, as text that a person runs | `diff`, `export`, `finding`, `model`, `report`, `source` |
//! | [`filter_language`] | filters as languages: whether two match the same names, and a witness if not | nothing |
//! | [`acr_api`] | the protocol: wire types, errors, signatures | nothing |
//!
//! # Adapters
//!
//! | module | purpose | may use |
//! |---|---|---|
//! | [`cli`] | arguments, environment, clock, streams, exit codes; the only place that prints | everything |
//! | [`rules`] | rules files, and Terraform's, as desired state; collects every error | `filter_language`, `finding`, `i18n`, `links`, `model`, `parallel`, `policy`, `source`, `terraform`, `waiver` |
//! | [`links`] | symbolic links that lead out of a repository | nothing |
//! | [`import`] | live rules as the rules files that a person would have written | `rules`, `diff`, `filter_language`, `yamlfmt`, `model`, `source` |
//! | [`snapshot`] | listings as a file or as parts of one, and listings as live state | `acr_api`, `i18n`, `model`, `shard`, `source` |
//! | [`store`] | results in a database: SQLite or PostgreSQL, the same statements for both | `finding`, `history`, `i18n`, `report` |
//! | [`notify`] | messages for what a run opened or resolved, and the services that take them | `finding`, `i18n`, `model`, `report`, `rules`, `source`, `store` |
//! | [`watch`] | checks on a schedule, and their page and metrics | `finding`, `i18n`, `redaction`, `report`, `rules`, `source`, `store` |
//! | [`acquire`] | reads the live side: a file, the embedded emulator or the API | `acr_api`, `acr_client`, `acr_emulator`, `attribution`, `diff`, `i18n`, `links`, `model`, `snapshot`, `source` |
//! | [`redaction`] | the secrets of a run, and texts without them | `acr_client` |
//! | [`acr_client`] | reads instances through the API: credentials, retries, pages, confirmation | `acr_api` |
//! | [`acr_emulator`] | the API, emulated on loopback, with faults | `acr_api` |
//!
//! # Rules
//!
//! These hold, and are tested:
//!
//! 1. No action that writes can be called: [`acr_api::ApiAction`] lists all actions. [`remedy`] names some that write, as
//!    text for a person to run; it can call nothing, and nothing that can call uses it.
//! 2. Never a false "in sync": an instance without every page of its listing is *incomplete*, and only a complete
//!    listing proves that a rule is missing.
//! 3. The core is pure, synchronous and total.
//! 4. Every value of the API is hostile until a format has escaped it for its medium; every secret has a type that
//!    cannot be printed.
//! 5. The same inputs give the same report, byte for byte.

// The builders of tests name this crate as tests/ and benches/ do.
#[cfg(test)]
extern crate self as crdrift;

pub mod acquire;
pub mod attribution;
pub mod check;
pub mod cli;

pub mod diff;
pub mod evaluation;
pub mod export;
pub mod finding;
pub mod graph;
pub mod history;
pub mod i18n;
pub mod import;
pub mod links;
pub mod model;
pub mod notify;
pub mod parallel;
pub mod policy;
pub mod redaction;
pub mod remedy;
pub mod report;
pub mod rules;
pub mod shard;
pub mod snapshot;
pub mod source;
pub mod store;
pub mod terraform;
#[cfg(test)]
mod testing;
pub mod topology;
pub mod waiver;
pub mod watch;
pub mod yamlfmt;
