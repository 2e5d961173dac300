//! The program: command line, HTTP API, store.
//!
//! What comes in: arguments, requests, an operator's settings. What goes out: plans and questions, as text, as JSON,
//! kept in a store. What it refuses to know: what a message means and what a plan does; the language and the core do.
//!
//! Modules stand in the order data flows; each imports only from those above it.

pub mod clock;
pub mod ident;
pub mod units;
pub mod config;
pub mod store;
pub mod auth;
pub mod opening;
pub mod followup;
pub mod document;
pub mod reading;
pub mod world;
pub mod session;
pub mod program;
pub mod http;
pub mod cli;
