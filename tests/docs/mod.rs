//! The pages: every command runs and prints its output block, every picture is current, every link has a target, and both
//! languages of a page are parallel.

mod book;
mod commands;
mod console;
mod examples;
mod links;
mod markdown;
mod pages;
mod permissions;
mod picture;
mod translation;
