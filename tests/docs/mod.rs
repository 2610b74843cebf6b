//! What people read before they have the program: every command runs and prints what its page shows, every picture is
//! the program's own, every link leads somewhere, and both languages say the same.

mod commands;
mod console;
mod examples;
mod links;
mod markdown;
mod pages;
mod permissions;
mod picture;
mod translation;
