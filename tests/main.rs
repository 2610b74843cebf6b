//! Tests from outside: the real binary, the real emulator over real HTTP, and promises about the code itself.

#[cfg(test)]
mod emulator;
mod rules;
mod sdk;
