//! Synthesis, place and route of one module, and what they say of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::cells::with_models;
use super::error::SynthesisError;
use super::family::Family;
use super::harness::timing_harness;
use super::resources::{Figures, Resources};
use crate::text::hex_digest;
use crate::toolchain::cache::Cache;
use crate::toolchain::environment::Environment;
use crate::toolchain::error::BuildError;
use crate::toolchain::{NEXTPNR, NEXTPNR_ECP5, NEXTPNR_ICE40, Program, ToolError, Toolbox, YOSYS};
use crate::unit::Config;

/// How modules are synthesized.
#[derive(Clone, Copy, Debug)]
pub struct SynthesisOptions {
    /// Whether to place and route as well, which gives the clock frequency.
    pub place_and_route: bool,
    /// How many seeds the clock frequency is the median of, from 1 on.
    pub seeds: u32,
    /// How long each run of a tool may take.
    pub time_limit: Duration,
}

/// The tools and their cache. A result is kept under the digest of everything that makes it, so that
/// nothing is synthesized twice.
#[derive(Debug)]
pub struct Synthesizer {
    toolbox: Toolbox,
    cache: Cache,
    options: SynthesisOptions,
}

/// A module as a family would make it.
#[derive(Clone, Copy, Debug)]
pub struct SynthesisInput<'a> {
    /// The config, for name and ports.
    pub config: &'a Config,
    /// The text that defines its module.
    pub verilog: &'a str,
    /// The family.
    pub family: Family,
    /// Whether synthesis may use DSP blocks.
    pub dsp: bool,
}

impl SynthesisInput<'_> {
    /// The Yosys command that makes a netlist of it, or of a module around it.
    fn command(&self, top: &str) -> String {
        // Yosys 0.70 makes a product of 16 by 16 bits of any SB_MAC16, when it may infer them.
        let by_name = self.config.primitives().contains(&"SB_MAC16");
        self.family.command(top, self.dsp && !by_name)
    }

    /// What makes a netlist of it.
    fn netlist_script(&self) -> String {
        format!(
            "read_verilog unit.v; {}; tee -q -o cells.json stat -json; write_verilog -noattr netlist.v",
            self.command(self.config.name())
        )
    }

    /// What makes a netlist for place and route of the module between registers.
    fn placement_script(&self) -> String {
        format!("read_verilog unit.v top.v; {} -json top.json", self.command("top"))
    }

    /// The module without comments and empty lines.
    fn code(&self) -> String {
        let code = self.verilog.lines().map(|line| line.split("//").next().unwrap_or("").trim_end());
        code.filter(|line| !line.is_empty()).flat_map(|line| [line, "\n"]).collect()
    }
}

/// A module as cells.
#[derive(Debug, Serialize, Deserialize)]
struct SynthesisResult {
    /// How many there are of each type.
    cells: BTreeMap<String, u64>,
    /// The netlist, in Verilog.
    netlist: String,
}

impl Synthesizer {
    /// Finds the tools, or fetches them into the cache.
    ///
    /// # Errors
    /// When a tool is missing and cannot be fetched.
    pub fn open(
        environment: &Environment,
        options: SynthesisOptions,
        notice: &dyn Fn(&str),
    ) -> Result<Synthesizer, SynthesisError> {
        let cache = Cache::open(environment)?;
        let toolbox = Toolbox::open(environment, &cache, options.place_and_route, notice)?;
        Ok(Synthesizer { toolbox, cache, options })
    }

    /// What a module takes and, where the options ask for it and the family has an open place and
    /// route, how fast it is.
    ///
    /// # Errors
    /// When a tool fails, or runs out of time.
    pub fn figures(&self, design: &SynthesisInput) -> Result<Figures, SynthesisError> {
        let resources = self.resources(design)?;
        let placed = self.options.place_and_route && design.family.is_placeable();
        let fmax_mhz = if placed { self.fmax(design)? } else { None };
        Ok(Figures { resources, fmax_mhz })
    }

    /// A digest of everything that the figures of a module follow from: its code, the tools and how they
    /// are run.
    pub fn input_digest(&self, design: &SynthesisInput) -> String {
        let SynthesisOptions { place_and_route, seeds, .. } = self.options;
        let device = device(design.family, design.dsp).ok().filter(|_| place_and_route);
        let tools = format!("{} {} {device:?} {seeds}", YOSYS.requirements, NEXTPNR.requirements);
        let texts = [design.code(), timing_harness(design.config)];
        let scripts = [design.netlist_script(), design.placement_script(), tools];
        hex_digest(&texts.iter().chain(&scripts).map(|text| text.as_bytes()).collect::<Vec<_>>())
    }

    /// The cells of a module.
    fn resources(&self, design: &SynthesisInput) -> Result<Resources, SynthesisError> {
        Ok(design.family.resources(&self.synthesized(design)?.cells))
    }

    /// What Yosys makes of a module: one run, whether its cells are asked for or its netlist.
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

    /// The median of the clock frequencies that the seeds reach, in MHz; none of a module that the
    /// device has no room for.
    fn fmax(&self, design: &SynthesisInput) -> Result<Option<f64>, SynthesisError> {
        let SynthesisInput { config, verilog, family, dsp } = *design;
        let top = timing_harness(config);
        let script = design.placement_script();
        let (program, device) = device(family, dsp)?;
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

    /// The netlist of a module, which keeps its name and ports, with Yosys's models of the cells behind
    /// it: Verilog to be simulated.
    ///
    /// # Errors
    /// When a tool fails, or runs out of time.
    pub fn netlist(&self, design: &SynthesisInput) -> Result<String, SynthesisError> {
        with_models(&self.synthesized(design)?.netlist, &self.toolbox.yosys_share(), design.family)
    }

    fn yosys(&self, folder: &Path, script: &str, module: &str) -> Result<(), SynthesisError> {
        Ok(self.toolbox.yosys(folder, script, module, self.options.time_limit)?)
    }

    /// What `work` leaves in `result.json`, in a folder that holds the files; from the cache, if the
    /// same was done before.
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
        let entry = self.cache.entry(&format!("synthesis-{}-{digest}", config.name()), |folder| {
            for (name, text) in files {
                write(&folder.join(name), text)?;
            }
            work(folder)?;
            // What cannot be read must not be kept.
            read::<T>("Yosys", &folder.join("result.json"))?;
            Ok::<_, SynthesisError>(())
        })?;
        Ok(read("Yosys", &entry.join("result.json"))?)
    }
}

/// The place and route of a family, and the device it is measured on.
fn device(family: Family, dsp: bool) -> Result<(Program, &'static [&'static str]), SynthesisError> {
    match (family, dsp) {
        (Family::Ice40, false) => Ok((NEXTPNR_ICE40, &["--hx8k", "--package", "ct256"])),
        // The only iCE40 devices with DSP blocks are of the slower UltraPlus line.
        (Family::Ice40, true) => Ok((NEXTPNR_ICE40, &["--up5k", "--package", "sg48"])),
        (Family::Ecp5, _) => Ok((NEXTPNR_ECP5, &["--25k", "--package", "CABGA381", "--speed", "6"])),
        (family, _) => Err(SynthesisError::NotPlaceable { family: family.title() }),
    }
}

/// Whether place and route failed because cells are left that no place is free for.
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
