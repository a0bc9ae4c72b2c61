//! From Verilog to gates, by the pinned Yosys.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::netlist::Netlist;
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

/// What Yosys may take for one module.
const TIME_LIMIT: Duration = Duration::from_secs(300);

/// Gates of a module; more keep the C++ compiler busy for minutes.
const MOST_GATES: usize = 1 << 13;

/// From this many transactions on, gates and their compilation cost less than they save.
const WORTH: u64 = 1 << 24;

/// And from so many, fetching Yosys does.
const WORTH_FETCHING: u64 = 1 << 30;

/// Slices modules with Yosys, which it finds in the cache or fetches when it is first asked.
#[derive(Debug)]
pub struct YosysSlicer {
    environment: Environment,
    cache: Cache,
    notice: fn(&str),
}

impl YosysSlicer {
    /// Fetches nothing yet; `notice` will be told what takes time.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub fn new(environment: Environment, notice: fn(&str)) -> Result<YosysSlicer, BuildError> {
        let cache = Cache::open(&environment)?;
        Ok(YosysSlicer { environment, cache, notice })
    }

    /// The netlist of a module as Yosys writes it, from the cache if the same was asked before.
    fn netlist(&self, name: &str, files: &[(String, String)]) -> Result<String, ToolError> {
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        // The last step leaves registers without enable, reset or inverted clock: gates stand for those.
        // What nothing drives is 0, as in the Verilated model. Notes on where modules ended are no gates.
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
        let untranslated = |reason: String| {
            format!("{name} cannot be cut into bits: {reason}; verify it with --engine verilated")
        };
        let netlist = Netlist::read(config, &json).map_err(untranslated)?;
        if netlist.gates.len() > MOST_GATES {
            let gates = netlist.gates.len();
            return Err(untranslated(format!("it has {gates} gates, more than {MOST_GATES}")).into());
        }
        Ok(text::text(config, &netlist, top, &source_digest(&files)).map_err(untranslated)?)
    }
}
