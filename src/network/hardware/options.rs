//! Options for the hardware of a network.

use std::path::Path;

use super::folding::Folding;
use crate::network::profile::Profile;
use crate::text::shell_word;
use crate::unit::Implementation;

/// Clock cycles per frame that are aimed at if no number is asked for.
const DEFAULT_CYCLES: usize = 1 << 16;
/// Maximum length of a module name that is derived from a file name.
const LONGEST_NAME: usize = 80;

/// Options for the hardware of a network.
#[derive(Debug, Clone)]
pub struct HardwareOptions {
    /// How the layers are folded.
    pub folding: Folding,
    /// Name of the top module.
    pub name: String,
    /// Arguments of `qrtl` that reproduce it.
    pub arguments: String,
    /// FPGA family, and use of its DSP blocks.
    pub implementation: Implementation,
}

impl Default for Folding {
    /// At most 65536 clock cycles per frame, or the fewest that can be reached.
    fn default() -> Self {
        Self::ReachableCycles(DEFAULT_CYCLES)
    }
}

impl HardwareOptions {
    /// Options for the network of a file, read under a profile if one is named: the top module is `network_<file>`.
    ///
    /// The arguments do not name a file of [`Folding::Given`].
    pub fn new(
        file: &Path,
        profile: Option<Profile>,
        folding: Folding,
        implementation: Implementation,
    ) -> Self {
        let mut arguments = file.file_name().map_or_else(String::new, |name| shell_word(Path::new(name)));
        if let Some(profile) = profile {
            arguments += &format!(" --profile {profile}");
        }
        match &folding {
            Folding::Cycles(cycles) => arguments += &format!(" --cycles {cycles}"),
            Folding::Budget(budget) => arguments += &budget.arguments(),
            Folding::ReachableCycles(_) | Folding::Given(_) => (),
        }
        let usual = Implementation::default();
        if implementation.target != usual.target {
            arguments += &format!(" --target {}", implementation.target.word());
        }
        if implementation.dsp != usual.dsp {
            arguments += &format!(" --dsp {}", implementation.dsp.word());
        }
        Self { folding, name: module_name(file), arguments, implementation }
    }
}

/// Module name `network_<file>`, reduced to legal characters.
fn module_name(path: &Path) -> String {
    let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().to_lowercase());
    let words =
        stem.split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit()).filter(|word| !word.is_empty());
    let name = ["network"].into_iter().chain(words).collect::<Vec<_>>().join("_");
    name.chars().take(LONGEST_NAME).collect::<String>().trim_end_matches('_').to_string()
}
