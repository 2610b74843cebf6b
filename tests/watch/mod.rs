//! `crdrift watch`: its server over real sockets.

mod client;
mod events;
mod pages;
mod security;
mod server;
