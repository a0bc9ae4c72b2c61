//! Verilog to gates, by the pinned Yosys.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::gates::GateNetlist;
use super::text;
use crate::generator::primitives;
use crate::model::digest as source_digest;
use crate::simulation::engine::Slicer;
use crate::simulation::models::ModelError;
use crate::text::hex_digest;
use crate::toolchain::cache::{Cache, holds};
use crate::toolchain::environment::Environment;
use crate::toolchain::error::BuildError;
use crate::toolchain::{ToolError, YOSYS, Yosys};
use crate::unit::Config;

/// Time limit of Yosys for one module.
const TIME_LIMIT: Duration = Duration::from_secs(300);

/// Maximum number of gates of a module; with more, the C++ compiler takes minutes.
const MOST_GATES: usize = 1 << 13;

/// Number of transactions from which a bit-sliced model saves time, synthesis and compilation included.
const WORTH: u64 = 1 << 24;

/// Number of transactions from which it saves time even if Yosys must be fetched.
const WORTH_FETCHING: u64 = 1 << 30;

/// Generator of bit-sliced models; Yosys is taken from the cache or fetched on first use.
#[derive(Debug)]
pub struct YosysSlicer {
    environment: Environment,
    cache: Cache,
    notice: fn(&str),
}

impl YosysSlicer {
    /// Opens the cache and fetches nothing yet; `notice` is called before steps that take long.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub fn new(environment: Environment, notice: fn(&str)) -> Result<Self, BuildError> {
        let cache = Cache::open(&environment)?;
        Ok(Self { environment, cache, notice })
    }

    /// Gate-level netlist of a module in the JSON of Yosys, cached by its sources.
    fn netlist(&self, name: &str, files: &[(String, String)]) -> Result<String, ToolError> {
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        // `dfflegalize` expresses enable and reset as gates. Undriven nets are 0, as in the Verilated model.
        // `$scopeinfo` cells describe the hierarchy and are not gates.
        let script = format!(
            "read_verilog {}; synth -flatten -noabc -top {name}; dfflegalize -cell $_DFF_P_ 01; \
             setundef -zero -undriven; opt_clean; delete t:$scopeinfo; write_json netlist.json",
            names.join(" ")
        );
        let key =
            hex_digest(&[YOSYS.requirements.as_bytes(), script.as_bytes(), source_digest(files).as_bytes()]);
        let entry = self.cache.entry(&format!("gates-{name}-{key}"), holds(&["netlist.json"]), |folder| {
            let yosys = Yosys::open(&self.environment, &self.cache, &self.notice)?;
            for (name, text) in files {
                let path = folder.join(name);
                fs::write(&path, text).map_err(|source| BuildError::Cache { path, source })?;
            }
            yosys.run(folder, &script, name, TIME_LIMIT)?;
            read(folder).map(drop)
        })?;
        read(&entry)
    }
}

fn read(folder: &Path) -> Result<String, ToolError> {
    let file = folder.join("netlist.json");
    fs::read_to_string(&file).map_err(|error| ToolError::Unreadable {
        tool: "Yosys",
        file,
        problem: error.to_string(),
    })
}

impl Slicer for YosysSlicer {
    fn threshold(&self) -> Option<u64> {
        match YOSYS.installed(&self.cache) {
            Some(_) => Some(WORTH),
            None => (!self.environment.offline).then_some(WORTH_FETCHING),
        }
    }

    fn text(&self, config: &Config, verilog: &str, top: &str) -> Result<String, ModelError> {
        let name = config.name();
        let mut files = vec![(format!("{name}.v"), verilog.to_string())];
        files.extend(primitives(config));
        let json = self.netlist(name, &files)?;
        let untranslated =
            |reason: String| format!("{name} cannot be bit-sliced: {reason}; use --engine verilated");
        let netlist = GateNetlist::read(config, &json).map_err(untranslated)?;
        if netlist.gates.len() > MOST_GATES {
            let gates = netlist.gates.len();
            return Err(untranslated(format!("it has {gates} gates, more than {MOST_GATES}")).into());
        }
        Ok(text::text(config, &netlist, top, &source_digest(&files)).map_err(untranslated)?)
    }
}
