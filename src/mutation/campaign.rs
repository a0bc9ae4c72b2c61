//! Runs the mutants of a config through its verification, and what is left through the solver.

use std::time::{Duration, Instant};

use super::baseline::Baseline;
use super::equivalence::{Answer, Judge};
use super::error::MutationError;
use super::files::{YOSYS_LIMIT, read, write};
use super::miter::Miter;
use super::netlist::Netlist;
use super::schema::{SELECT, Schema};
use super::score::{Fate, MutantView, Score};
use super::vectors::Vectors;
use crate::generator::{primitives, render};
use crate::proof::{ProofError, Prover};
use crate::simulation::{CompiledModel, ModelBuilder};
use crate::stimulus::{Exhaustive, Shard, domain};
use crate::toolchain::builder::Builder;
use crate::toolchain::cache::Cache;
use crate::toolchain::environment::Environment;
use crate::toolchain::parallel::in_parallel;
use crate::toolchain::{Solver, ToolError, Yosys};
use crate::unit::{Behaviour, Config};
use crate::verification::{Effort, Verification, differs};

/// Transactions that most mutants do not survive, and that contradict a wrong proof that is written down.
const FIRST: u64 = 1 << 14;

/// Domains of up to this many values are swept whole for a mutant that the solver cannot decide.
const SWEPT: u64 = 1 << 32;

/// Or each value of a port of up to this many bits, if that makes the domain so small.
const MOST_PARTS: u32 = 6;

/// Which mutants, and how hard they are looked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// Mutants of each config, fewer if it has fewer.
    pub mutants: usize,
    /// The seed that chooses them.
    pub seed: u64,
    /// What each is verified with.
    pub effort: Effort,
    /// How long the solver may take for each question.
    pub time_limit: Duration,
    /// Scores whose equivalent mutants need no second proof, as long as module and mutants are the same.
    pub known: Option<Baseline>,
}

/// The tools and the options.
pub struct Campaign {
    built: ModelBuilder,
    yosys: Yosys,
    solver: Solver,
    prover: Prover,
    options: Options,
}

impl Campaign {
    /// Finds the tools, or fetches them into the cache.
    ///
    /// # Errors
    /// When a tool is missing and cannot be fetched.
    pub fn open(
        environment: &Environment,
        options: Options,
        notice: &dyn Fn(&str),
    ) -> Result<Campaign, MutationError> {
        let cache = Cache::open(environment)?;
        Ok(Campaign {
            built: ModelBuilder::new(Builder::discover(environment, notice)?),
            yosys: Yosys::open(environment, &cache, notice)?,
            solver: Solver::open(environment, &cache, notice)?,
            prover: Prover::open(environment, options.time_limit, notice)?,
            options,
        })
    }

    /// Scores the verification of a config; with vectors, these in its place. A mutant that the vectors
    /// miss survives if the verification notices it.
    ///
    /// # Errors
    /// When the mutants cannot be made or built, a tool fails, or the vectors are not the config's own.
    pub fn score(
        &self,
        config: &Config,
        vectors: Option<&Vectors>,
        done: &(dyn Fn() + Sync),
    ) -> Result<Score, MutationError> {
        let clock = Instant::now();
        let original = self.netlist(config, &render(config))?;
        let Options { mutants, seed, .. } = self.options;
        let schema = Schema::new(&original, config, mutants, seed);
        if schema.mutants.is_empty() {
            return Err(MutationError::Nothing { config: config.name().to_string() });
        }
        let rtl = self.model(config, &schema)?;
        match vectors {
            Some(vectors) => vectors.check(&rtl.with_variant(0))?,
            None if differs(&rtl.with_variant(0), &self.options.effort)? => {
                return Err(MutationError::Wrong { config: config.name().to_string() });
            }
            None => {}
        }
        let variant = |place: usize| rtl.with_variant(place as u64 + 1);
        let places: Vec<usize> = (0..schema.mutants.len()).collect();
        let effort = &self.options.effort;
        let first = Effort {
            cases: FIRST.min(effort.cases),
            exhaustive_limit: FIRST.min(effort.exhaustive_limit),
            ..effort.clone()
        };
        let noticed = if vectors.is_some() { Fate::Survived } else { Fate::Killed };
        let digest = schema.digest();
        let known = self.options.known.as_ref().map_or(&[][..], |known| known.proved(config, &digest));
        let mut fates = in_parallel(&places, |&place| {
            let fate = if vectors.is_some_and(|vectors| vectors.notice(&variant(place))) {
                Some(Fate::Killed)
            } else if differs(&variant(place), &first)? {
                Some(noticed)
            } else if known.contains(&(place + 1)) {
                Some(Fate::Equivalent)
            } else {
                differs(&variant(place), effort)?.then_some(noticed)
            };
            done();
            Ok::<_, MutationError>(fate)
        })?;
        let open: Vec<usize> = places.into_iter().filter(|&place| fates[place].is_none()).collect();
        let mutant = |place: usize| &schema.mutants[place];
        let miters: Vec<_> = open.iter().map(|&place| Miter::new(&original, mutant(place), config)).collect();
        let judge = Judge { yosys: &self.yosys, solver: &self.solver, limit: self.options.time_limit };
        let answers = judge.judge(config, &miters)?;
        for ((place, answer), miter) in open.into_iter().zip(answers).zip(&miters) {
            fates[place] = Some(match answer {
                Answer::Equivalent => Fate::Equivalent,
                _ if vectors.is_none() => {
                    let verilog = self.verilog(config, &mutant(place).applied(&original).json(true))?;
                    self.last_resort(config, &verilog, answer, miter, &judge)?
                }
                Answer::Different => Fate::Survived,
                Answer::Undecided => Fate::Undecided,
            });
        }
        let fates = fates.into_iter().map(|fate| fate.expect("a fate of each"));
        let views = schema.mutants.iter().zip(fates).enumerate();
        let views = views.map(|(place, (mutant, fate))| MutantView::new(place + 1, mutant, fate)).collect();
        Ok(Score::new(config, digest, views, clock.elapsed().as_secs_f64()))
    }

    /// The module as Yosys understands it, its cells of an FPGA family opened up.
    fn netlist(&self, config: &Config, verilog: &str) -> Result<Netlist, MutationError> {
        let scratch = self.yosys.scratch()?;
        let folder = scratch.path();
        write(&folder.join("unit.v"), verilog)?;
        let mut files = "unit.v".to_string();
        for (name, text) in primitives(config) {
            write(&folder.join(&name), &text)?;
            files += &format!(" {name}");
        }
        let name = config.name();
        let script = format!(
            "read_verilog {files}; hierarchy -top {name}; proc; flatten; memory -nordff; opt_expr; opt_clean; write_json unit.json"
        );
        self.yosys.run(folder, &script, name, YOSYS_LIMIT)?;
        let path = folder.join("unit.json");
        let text = read(&path)?;
        let unreadable = |problem| ToolError::Unreadable { tool: "Yosys", file: path.clone(), problem };
        Ok(Netlist::read(&text, name).map_err(unreadable)?)
    }

    /// One model of all mutants.
    fn model(&self, config: &Config, schema: &Schema) -> Result<CompiledModel, MutationError> {
        let verilog = self.verilog(config, &schema.netlist.json(false))?;
        let failed = |problem| MutationError::Build { config: config.name().to_string(), problem };
        self.built.variant_model(config, &verilog, SELECT).map_err(failed)
    }

    /// What `prove` says of a mutant that no stimulus noticed, or else a sweep: some sums need more terms
    /// than can be simulated, and some states cannot be reached although a solver may begin with them.
    fn last_resort(
        &self,
        config: &Config,
        verilog: &str,
        answer: Answer,
        miter: &Miter,
        judge: &Judge,
    ) -> Result<Fate, MutationError> {
        let has_state = matches!(config.behaviour(), Behaviour::Sequential { .. });
        if has_state {
            match self.prover.prove(config, verilog) {
                Ok(proof) if !proof.holds() => return Ok(Fate::Refuted),
                Ok(proof) if proof.is_whole => return Ok(Fate::Equivalent),
                Ok(_) | Err(ProofError::NoSpecification { .. } | ProofError::Undecided { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        match answer {
            Answer::Undecided if !has_state => self.swept(config, verilog, miter, judge),
            Answer::Undecided => Ok(Fate::Undecided),
            _ => Ok(Fate::Survived),
        }
    }

    /// What a sweep says of a mutant that the solver cannot decide: of the whole domain, or of those
    /// values of one of its ports for which it cannot.
    fn swept(
        &self,
        config: &Config,
        verilog: &str,
        miter: &Miter,
        judge: &Judge,
    ) -> Result<Fate, MutationError> {
        let ports = config.ports();
        let Some(size) = domain(&ports) else { return Ok(Fate::Undecided) };
        if !judge.agrees_besides(config, miter)? {
            return Ok(Fate::Undecided);
        }
        let shards = match Exhaustive::slowest(&ports) {
            _ if size <= SWEPT => vec![Shard::WHOLE],
            Some(port) if port.width() <= MOST_PARTS && size >> port.width() <= SWEPT => {
                let values = judge.open_values(config, miter, port)?.into_iter();
                values.map(|value| Shard { index: value as u32 + 1, count: 1 << port.width() }).collect()
            }
            _ => return Ok(Fate::Undecided),
        };
        let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get());
        for shard in shards {
            let effort =
                Effort { exhaustive: true, threads, failures: None, shard, ..self.options.effort.clone() };
            if !Verification::new(config, &self.built).verilog(verilog).effort(effort).run()?.passed() {
                return Ok(Fate::Survived);
            }
        }
        Ok(Fate::Equivalent)
    }

    /// What Yosys writes of a netlist.
    fn verilog(&self, config: &Config, netlist: &str) -> Result<String, MutationError> {
        let scratch = self.yosys.scratch()?;
        let folder = scratch.path();
        write(&folder.join("netlist.json"), netlist)?;
        let script = "read_json netlist.json; write_verilog -noattr netlist.v";
        self.yosys.run(folder, script, config.name(), YOSYS_LIMIT)?;
        Ok(format!(
            "/* verilator lint_off WIDTH */\n/* verilator lint_off UNSIGNED */\n/* verilator lint_off CMPCONST */\n{}",
            read(&folder.join("netlist.v"))?
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::catalogue;
    use crate::mutation::circuit::Circuit;
    use crate::mutation::depth::Depth;
    use crate::mutation::mutant::{Change, Mutant, Site};
    use crate::mutation::netlist::{Bit, Cell, operator};
    use crate::mutation::recoding::write_out;

    /// With and without history, behind multipliers and roundings, and one transaction at a time.
    const CONFIGS: [(&str, &[&str]); 6] = [
        ("mac", &["a_bits=4", "b_bits=4"]),
        ("fp8_encoder", &["format=e5m2"]),
        ("multiplier", &["stages=2"]),
        ("requantizer", &["rule=single"]),
        ("dequantizer", &["bits=25"]),
        ("serial_requantizer", &["acc_bits=10", "shift=0"]),
    ];

    fn campaign(mutants: usize) -> Campaign {
        let time_limit = Duration::from_secs(8);
        let options = Options { mutants, seed: 3, effort: Effort::default(), time_limit, known: None };
        Campaign::open(&Environment::of_process(), options, &|_| ()).expect("tools")
    }

    #[test]
    fn a_product_written_out_by_the_digits_of_either_operand_is_the_product() {
        let campaign = campaign(1);
        for preset in ["int4_multiplier", "uint8_multiplier"] {
            let config = catalogue::preset(preset).expect(preset);
            let original = campaign.netlist(&config, &render(&config)).expect("a netlist");
            let product = original.cells.iter().find(|(_, cell)| cell.kind == "$mul").expect("a product").0;
            for operand in ["A", "B"] {
                let mut netlist = original.clone();
                write_out(&mut netlist, product, operand);
                assert!(netlist.cells.values().all(|cell| cell.kind != "$mul"));
                let verilog = campaign.verilog(&config, &netlist.json(true)).expect("Verilog");
                let report =
                    Verification::new(&config, &campaign.built).verilog(&verilog).run().expect("runs");
                assert!(report.passed(), "{preset}, digits of {operand}: {report:?}");
            }
        }
    }

    #[test]
    fn a_fault_that_only_the_first_inputs_meet_is_no_equivalent() {
        let campaign = campaign(1);
        let unit = catalogue::unit("multiplier").expect("a unit");
        let config = Config::new(unit, None, &["stages=3"]).expect("a config");
        let original = campaign.netlist(&config, &render(&config)).expect("a netlist");
        let port = |name| original.port(name).expect(name).bits[0];
        let depth = Depth::of(&original, &[]);
        let mut outputs = original.cells.values().filter(|cell| cell.is_register()).map(Cell::output);
        let is_first = |bits: &&[Bit]| bits.len() > 1 && depth.of_bits(bits) == 1;
        let first = outputs.find(is_first).expect("a register of operands")[0];
        // Upside down as long as no 1 has come through so many registers, which are 0 at first: of an output,
        // and where a register behind it could be taken for one that always holds the same.
        for (bit, registers) in [(port("product"), 4), (first, 2)] {
            let mut netlist = original.clone();
            let mut helpers = Vec::new();
            let mut before = Bit::One;
            for register in 0..registers {
                let held = netlist.fresh(1);
                let line = operator("$dff", false, &[("CLK", &[port("clk")]), ("D", &[before])], &held);
                helpers.push((format!("register_{register}"), line));
                before = held[0];
            }
            let seen = netlist.fresh(1);
            let upside_down = operator("$xnor", false, &[("A", &[bit]), ("B", &[before])], &seen);
            helpers.push(("upside_down".to_string(), upside_down));
            let changes = vec![Change { site: Site::Nets(vec![bit]), bits: seen }];
            let (line, fault) = (String::new(), String::new());
            let mutant = Mutant { class: "", line, fault, helpers, changes };
            let miters = [Miter::new(&original, &mutant, &config)];
            let limit = campaign.options.time_limit;
            let judge = Judge { yosys: &campaign.yosys, solver: &campaign.solver, limit };
            assert_eq!(judge.judge(&config, &miters).expect("answers"), [Answer::Different], "{bit:?}");

            let pair = miters[0].pair(&HashSet::new()).expect("a difference");
            let scratch = campaign.yosys.scratch().expect("a folder");
            let relations = judge.relations(&config, [&pair.netlist], scratch.path()).expect("relations");
            let whole = Circuit { config: &config, relation: &relations[0], trigger: None };
            assert!(!judge.is_cut_off(&miters[0], &whole, scratch.path()).expect("an answer"), "{bit:?}");
        }
    }

    #[test]
    #[ignore = "asks the solver about dozens of mutants"]
    fn no_fault_that_stimulus_notices_is_called_equivalent() {
        let campaign = campaign(12);
        let limit = campaign.options.time_limit;
        for (unit, sets) in CONFIGS {
            let unit = catalogue::unit(unit).expect(unit);
            let config = Config::new(unit, None, sets).expect("a config");
            let original = campaign.netlist(&config, &render(&config)).expect("a netlist");
            let schema = Schema::new(&original, &config, 12, 3);
            let rtl = campaign.model(&config, &schema).expect("a model");
            let is_noticed = |place: usize| {
                differs(&rtl.with_variant(place as u64 + 1), &campaign.options.effort).expect("runs")
            };
            let noticed: Vec<&Mutant> = (0..schema.mutants.len())
                .filter(|&place| is_noticed(place))
                .map(|place| &schema.mutants[place])
                .collect();
            assert!(noticed.len() > 6, "{}: {}", config.name(), noticed.len());
            let miters: Vec<_> =
                noticed.iter().map(|mutant| Miter::new(&original, mutant, &config)).collect();
            let judge = Judge { yosys: &campaign.yosys, solver: &campaign.solver, limit };
            let answers = judge.judge(&config, &miters).expect("answers");
            for (mutant, answer) in noticed.iter().zip(answers) {
                assert_ne!(
                    answer,
                    Answer::Equivalent,
                    "{}: {} at {}",
                    config.name(),
                    mutant.fault,
                    mutant.line
                );
            }
        }
    }
}
