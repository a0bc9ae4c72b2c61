//! Synthesis, place and route of one module.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::cells::with_models;
use super::error::SynthesisError;
use super::harness::timing_harness;
use super::part::Part;
use super::resources::{Figures, Resources};
use crate::text::hex_digest;
use crate::toolchain::cache::{Cache, holds};
use crate::toolchain::environment::Environment;
use crate::toolchain::error::BuildError;
use crate::toolchain::{NEXTPNR, ToolError, Toolbox, YOSYS};
use crate::unit::Config;

/// Options of synthesis.
#[derive(Clone, Copy, Debug)]
pub struct SynthesisOptions {
    /// Whether to place and route, to measure the clock frequency.
    pub place_and_route: bool,
    /// Number of seeds, at least 1; the clock frequency is their median.
    pub seeds: u32,
    /// Time limit of each run of a tool.
    pub time_limit: Duration,
}

/// Synthesis tools with a cache of results, keyed by the digest of all inputs.
#[derive(Debug)]
pub struct Synthesizer {
    toolbox: Toolbox,
    cache: Cache,
    options: SynthesisOptions,
}

/// A module to synthesize for a family.
#[derive(Clone, Copy, Debug)]
pub struct SynthesisInput<'a> {
    /// Config, for name and ports.
    pub config: &'a Config,
    /// Verilog text of the module.
    pub verilog: &'a str,
    /// Device, which also names the family.
    pub part: &'static Part,
    /// Whether synthesis may use DSP blocks.
    pub dsp: bool,
}

impl SynthesisInput<'_> {
    /// Yosys command that synthesizes `top`, the module or its timing harness.
    fn command(&self, top: &str) -> String {
        // With inference enabled, Yosys 0.70 turns every SB_MAC16 into a product of 16 by 16 bits.
        let by_name = self.config.primitives().contains(&"SB_MAC16");
        self.part.family.command(top, self.dsp && !by_name)
    }

    /// Yosys script for cell counts and netlist.
    fn netlist_script(&self) -> String {
        format!(
            "read_verilog unit.v; {}; tee -q -o cells.json stat -json; write_verilog -noattr netlist.v",
            self.command(self.config.name())
        )
    }

    /// Yosys script for place and route of the timing harness.
    fn placement_script(&self) -> String {
        format!("read_verilog unit.v top.v; {} -json top.json", self.command("top"))
    }

    /// Verilog text without comments and empty lines.
    fn code(&self) -> String {
        let code = self.verilog.lines().map(|line| line.split("//").next().unwrap_or("").trim_end());
        code.filter(|line| !line.is_empty()).flat_map(|line| [line, "\n"]).collect()
    }
}

/// Result of one synthesis.
#[derive(Debug, Serialize, Deserialize)]
struct SynthesisResult {
    /// Number of cells by type.
    cells: BTreeMap<String, u64>,
    /// Netlist in Verilog.
    netlist: String,
}

impl Synthesizer {
    /// Finds the tools or fetches them into the cache.
    ///
    /// # Errors
    /// [`SynthesisError`] if a tool is missing and cannot be fetched.
    pub fn open(
        environment: &Environment,
        options: SynthesisOptions,
        notice: &dyn Fn(&str),
    ) -> Result<Self, SynthesisError> {
        let cache = Cache::open(environment)?;
        let toolbox = Toolbox::open(environment, &cache, options.place_and_route, notice)?;
        Ok(Self { toolbox, cache, options })
    }

    /// Measures resources and, with place and route, the clock frequency of a module.
    ///
    /// # Errors
    /// [`SynthesisError`] if a tool fails or exceeds the time limit.
    pub fn figures(&self, design: &SynthesisInput) -> Result<Figures, SynthesisError> {
        let resources = self.resources(design)?;
        let placed = self.options.place_and_route && design.part.placement.is_some();
        let fmax_mhz = if placed { self.fmax(design)? } else { None };
        Ok(Figures { resources, fmax_mhz })
    }

    /// Digest of all inputs of the figures: code, tools and their arguments.
    pub fn input_digest(&self, design: &SynthesisInput) -> String {
        let SynthesisOptions { place_and_route, seeds, .. } = self.options;
        let device = design.part.placement.filter(|_| place_and_route);
        let tools = format!("{} {} {device:?} {seeds}", YOSYS.requirements, NEXTPNR.requirements);
        let texts = [design.code(), timing_harness(design.config)];
        let scripts = [design.netlist_script(), design.placement_script(), tools];
        hex_digest(&texts.iter().chain(&scripts).map(|text| text.as_bytes()).collect::<Vec<_>>())
    }

    /// Counts the cells of a module.
    pub(super) fn resources(&self, design: &SynthesisInput) -> Result<Resources, SynthesisError> {
        Ok(design.part.family.resources(&self.synthesized(design)?.cells))
    }

    /// Synthesizes a module; one cached run serves cell counts and netlist.
    fn synthesized(&self, design: &SynthesisInput) -> Result<SynthesisResult, SynthesisError> {
        let SynthesisInput { config, verilog, .. } = *design;
        let script = design.netlist_script();
        self.result(config, &[("unit.v", verilog)], &script, &|folder| {
            self.yosys(folder, &script, config.name())?;
            let statistics: Json = read("Yosys", &folder.join("cells.json"))?;
            let cells = &statistics["design"]["num_cells_by_type"];
            let path = folder.join("netlist.v");
            let netlist =
                fs::read_to_string(&path).map_err(|error| unreadable("Yosys", &path, &error.to_string()))?;
            let cells = serde_json::from_value(cells.clone()).unwrap_or_default();
            let result = SynthesisResult { cells, netlist };
            write(&folder.join("result.json"), &serde_json::to_string(&result).expect("plain data"))
        })
    }

    /// Median clock frequency over the seeds in MHz.
    ///
    /// `None` if the module does not fit the device.
    fn fmax(&self, design: &SynthesisInput) -> Result<Option<f64>, SynthesisError> {
        let SynthesisInput { config, verilog, part, .. } = *design;
        let top = timing_harness(config);
        let script = design.placement_script();
        let Some((program, device)) = part.placement else {
            return Err(SynthesisError::NotPlaceable { family: part.family.title() });
        };
        let arguments = |seed: u32| {
            let fixed =
                ["--json", "top.json", "--report", "report.json", "--freq", "250", "--timing-allow-fail"];
            let seed = ["--quiet".to_string(), "--seed".to_string(), seed.to_string()];
            device.iter().chain(&fixed).map(|word| word.to_string()).chain(seed).collect::<Vec<_>>()
        };
        let key = format!("{script}; {program:?} {:?}; {} seeds", arguments(0), self.options.seeds);
        let files = [("unit.v", verilog), ("top.v", &top)];
        self.result(config, &files, &key, &|folder| {
            self.yosys(folder, &script, config.name())?;
            let mut reached = Vec::new();
            for seed in 1..=self.options.seeds {
                let arguments = arguments(seed);
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                let limit = self.options.time_limit;
                match self.toolbox.run(program, folder, &arguments, config.name(), limit) {
                    Err(error) if is_too_large(&error) => {
                        return write(&folder.join("result.json"), &Json::Null.to_string());
                    }
                    run => run?,
                };
                let report: Json = read(program.name, &folder.join("report.json"))?;
                let clocks = report["fmax"].as_object().into_iter().flatten();
                let slowest =
                    clocks.filter_map(|(_, clock)| clock["achieved"].as_f64()).min_by(f64::total_cmp);
                reached.push(slowest.ok_or_else(|| ToolError::Unreadable {
                    tool: program.name,
                    file: "report.json".into(),
                    problem: "it gives no clock frequency".to_string(),
                })?);
            }
            reached.sort_by(f64::total_cmp);
            let median = (reached[reached.len() / 2] * 10.0).round() / 10.0;
            write(&folder.join("result.json"), &median.to_string())
        })
    }

    /// Netlist of a module with cell models, ready for simulation.
    ///
    /// Name and ports are unchanged.
    ///
    /// # Errors
    /// [`SynthesisError`] if a tool fails or exceeds the time limit.
    pub fn netlist(&self, design: &SynthesisInput) -> Result<String, SynthesisError> {
        with_models(&self.synthesized(design)?.netlist, &self.toolbox.yosys_share(), design.part.family)
    }

    fn yosys(&self, folder: &Path, script: &str, module: &str) -> Result<(), SynthesisError> {
        Ok(self.toolbox.yosys(folder, script, module, self.options.time_limit)?)
    }

    /// Runs `work` in a folder with `files` and reads its `result.json`.
    ///
    /// Cached by files and recipe.
    fn result<T: DeserializeOwned>(
        &self,
        config: &Config,
        files: &[(&str, &str)],
        recipe: &str,
        work: &dyn Fn(&Path) -> Result<(), SynthesisError>,
    ) -> Result<T, SynthesisError> {
        let texts = files.iter().flat_map(|(name, text)| [name.as_bytes(), text.as_bytes()]);
        let tools = [YOSYS.requirements, NEXTPNR.requirements, recipe].map(str::as_bytes);
        let digest = hex_digest(&texts.chain(tools).collect::<Vec<_>>());
        let key = format!("synthesis-{}-{digest}", config.name());
        let entry = self.cache.entry(&key, holds(&["result.json"]), |folder| {
            for (name, text) in files {
                write(&folder.join(name), text)?;
            }
            work(folder)?;
            // An unreadable result must not enter the cache.
            read::<T>("Yosys", &folder.join("result.json"))?;
            Ok::<_, SynthesisError>(())
        })?;
        Ok(read("Yosys", &entry.join("result.json"))?)
    }
}

/// Whether place and route failed because the module does not fit the device.
fn is_too_large(error: &ToolError) -> bool {
    let words = ["Failed to expand region", "no BELs remaining to implement cell type"];
    matches!(error, ToolError::Failed { message, .. } if words.iter().any(|word| message.contains(word)))
}

fn write(path: &Path, text: &str) -> Result<(), SynthesisError> {
    fs::write(path, text).map_err(|source| BuildError::Cache { path: path.to_path_buf(), source }.into())
}

fn read<T: DeserializeOwned>(tool: &'static str, path: &Path) -> Result<T, ToolError> {
    let text = fs::read_to_string(path).map_err(|error| unreadable(tool, path, &error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| unreadable(tool, path, &error.to_string()))
}

fn unreadable(tool: &'static str, file: &Path, problem: &str) -> ToolError {
    ToolError::Unreadable { tool, file: file.to_path_buf(), problem: problem.to_string() }
}
