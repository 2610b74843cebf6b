//! `crdrift watch`: the real program with intervals of seconds, and its server over real sockets.

mod budget;
mod client;
mod deliveries;
mod events;
mod once;
mod pages;
mod process;
mod reload;
mod schedule;
mod security;
mod server;
mod weather;
