//! The models of the package, and its messages.

use qrtl::ModelsOnDemand;

/// Models built on demand; their tools are found once.
pub static MODELS: ModelsOnDemand = ModelsOnDemand::new(notice);

/// Reports a slow step, such as fetching Verilator, on stderr.
pub fn notice(text: &str) {
    eprintln!("qrtl: {text}");
}
