//! Verilates and links the presets when the feature `linked-models` asks for it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
