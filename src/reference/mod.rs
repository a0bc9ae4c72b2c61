//! The software truth: plain integer Rust, written from the numbered equations, never from a template.
