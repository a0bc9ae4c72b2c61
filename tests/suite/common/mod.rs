//! What several tests share.

pub mod command;
pub mod configs;
pub mod folder;
pub mod rtl;
