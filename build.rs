fn main() { println!("linked = {}", cfg!(feature = "linked-models")); println!("cargo::rerun-if-changed=build.rs"); }
