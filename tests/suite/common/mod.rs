//! Helpers shared by the tests.

pub mod cache;
pub mod command;
pub mod configs;
pub mod folder;
pub mod record;
pub mod rtl;
pub mod script;
