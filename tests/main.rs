//! Tests from outside: through the public library, real sockets, the real binary.

#[cfg(test)]
mod emulator;
#[cfg(test)]
mod sdk;
