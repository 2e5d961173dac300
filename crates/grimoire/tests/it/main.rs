//! The program as its users meet it: the real binary, real sockets, a store in a folder of its own.

#[path = "../common/wire.rs"]
mod wire;
#[path = "../common/program.rs"]
mod program;
mod inside;

mod auth;
mod body;
mod catalog;
mod config;
mod connections;
mod dialogue;
mod durability;
mod faults;
mod idempotency;
mod keys;
mod leases;
mod limits;
mod openapi;
mod parse;
mod private;
mod problems;
mod race;
mod run;
mod session;
mod states;
mod streams;
mod terminal;
