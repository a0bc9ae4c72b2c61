//! Mutation campaign: simulates all mutants of a config, then checks the undetected ones for equivalence.

use std::time::{Duration, Instant};

use super::baseline::{Baseline, Counts};
use super::equivalence::{EquivalenceChecker, Verdict};
use super::error::MutationError;
use super::files::{YOSYS_LIMIT, read, write};
use super::miter::Miter;
use super::netlist::Netlist;
use super::schema::{SELECT, Schema};
use super::score::{Bounds, Fate, MutantView, Score};
use super::vectors::Vectors;
use crate::generator::primitives;
use crate::proof::{ProofError, Prover};
use crate::simulation::{CompiledModel, ModelBuilder};
use crate::stimulus::domain;
use crate::toolchain::builder::Builder;
use crate::toolchain::cache::Cache;
use crate::toolchain::environment::Environment;
use crate::toolchain::parallel::in_parallel;
use crate::toolchain::{Solver, ToolError, Yosys};
use crate::unit::Config;
use crate::verification::{Effort, differs};

/// Transactions of the first round: it kills most mutants and refutes wrong proofs in the baseline.
const FIRST: u64 = 1 << 14;

/// Number and seed of the mutants, and the effort spent on each.
#[derive(Clone, Debug)]
pub struct Options {
    /// Maximum number of mutants per config.
    pub mutants: usize,
    /// Seed that selects the mutants.
    pub seed: u64,
    /// Stimulus of each mutant.
    pub effort: Effort,
    /// Time limit of the solver for each query.
    pub time_limit: Duration,
    /// Baseline whose verdicts are reused while module and mutants are unchanged.
    pub known: Option<Baseline>,
}

/// Tools and options of a mutation run.
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
    ) -> Result<Self, MutationError> {
        let cache = Cache::open(environment)?;
        Ok(Self {
            built: ModelBuilder::new(Builder::discover(environment, notice)?),
            yosys: Yosys::open(environment, &cache, notice)?,
            solver: Solver::open(environment, &cache, notice)?,
            prover: Prover::open(environment, options.time_limit, notice)?,
            options,
        })
    }

    /// Scores the verification of a config's Verilog, or external vectors in its place. A mutant that the vectors
    /// miss but the verification kills has survived.
    ///
    /// # Errors
    /// When the mutants cannot be made or built, a tool fails, or the vectors do not fit the config.
    pub fn score(
        &self,
        config: &Config,
        verilog: &str,
        vectors: Option<&Vectors>,
        done: &(dyn Fn() + Sync),
    ) -> Result<Score, MutationError> {
        let clock = Instant::now();
        let original = self.netlist(config, verilog)?;
        let schema = Schema::new(&original, config, self.options.mutants, self.options.seed);
        if schema.mutants.is_empty() {
            return Err(MutationError::Nothing { config: config.name().to_string() });
        }
        let digest = schema.digest();
        let known = self.options.known.as_ref().and_then(|known| known.of_module(config, &digest));
        let model = self.model(config, &schema)?;
        let mut fates = self.simulate(config, &model, schema.mutants.len(), vectors, known, done)?;
        let mut bounds = Bounds { cycles: None, vectors: self.transactions(config) };
        if let Some(undetected) = known.and_then(|known| known.undetected.as_ref())
            && fates.contains(&Some(Fate::Undetected))
        {
            bounds.cycles = Some(undetected.cycles);
        }
        let open: Vec<usize> = (0..fates.len()).filter(|index| fates[*index].is_none()).collect();
        let miters: Vec<Miter> =
            open.iter().map(|index| Miter::new(&original, &schema.mutants[*index], config)).collect();
        for (index, verdict) in open.into_iter().zip(self.checker().check(config, &miters)?) {
            fates[index] = Some(match verdict {
                Verdict::Equivalent(argument) => Fate::Equivalent(argument),
                other if vectors.is_none() => {
                    let faulty = schema.mutants[index].applied(&original);
                    self.fallback_verdict(config, &faulty, other, &mut bounds)?
                }
                Verdict::Different => Fate::Survived,
                Verdict::Undecided { cycles } => bounds.undetected(cycles),
            });
        }
        let fates = fates.into_iter().map(|fate| fate.expect("every mutant has a fate by now"));
        let views = schema.mutants.iter().zip(fates).enumerate();
        let views = views.map(|(index, (mutant, fate))| MutantView::new(index + 1, mutant, fate)).collect();
        Ok(Score::new(config, digest, views, bounds, clock.elapsed().as_secs_f64()))
    }

    /// Verdicts from simulation and baseline, in the order of the mutants; `None` if still open.
    fn simulate(
        &self,
        config: &Config,
        model: &CompiledModel,
        mutants: usize,
        vectors: Option<&Vectors>,
        known: Option<&Counts>,
        done: &(dyn Fn() + Sync),
    ) -> Result<Vec<Option<Fate>>, MutationError> {
        let effort = &self.options.effort;
        match vectors {
            Some(vectors) => vectors.check(&model.with_variant(0))?,
            None if differs(&model.with_variant(0), effort)? => {
                return Err(MutationError::Wrong { config: config.name().to_string() });
            }
            None => {}
        }
        let first = Effort {
            cases: FIRST.min(effort.cases),
            exhaustive_limit: FIRST.min(effort.exhaustive_limit),
            ..effort.clone()
        };
        let detected = if vectors.is_some() { Fate::Survived } else { Fate::Killed };
        let numbers: Vec<usize> = (1..=mutants).collect();
        in_parallel(&numbers, |number| {
            let variant = model.with_variant(*number as u64);
            let listed = known.and_then(|known| known.listed_fate(*number));
            let fate = if vectors.is_some_and(|vectors| vectors.detect(&variant)) {
                Some(Fate::Killed)
            } else if differs(&variant, &first)? {
                Some(detected)
            } else if listed.is_some() {
                listed
            } else {
                differs(&variant, effort)?.then_some(detected)
            };
            done();
            Ok(fate)
        })
    }

    /// Number of transactions that are simulated for each mutant.
    fn transactions(&self, config: &Config) -> u64 {
        let Effort { cases, exhaustive_limit, .. } = self.options.effort;
        let has_history = config.behaviour().has_history();
        let swept = domain(&config.ports()).filter(|size| !has_history && *size <= exhaustive_limit);
        swept.unwrap_or(cases)
    }

    fn checker(&self) -> EquivalenceChecker<'_> {
        EquivalenceChecker { yosys: &self.yosys, solver: &self.solver, limit: self.options.time_limit }
    }

    /// Verdict on a mutant that is not proved equivalent: `qrtl prove` may still refute it where a
    /// difference needs sums of more terms than can be simulated.
    fn fallback_verdict(
        &self,
        config: &Config,
        faulty: &Netlist,
        verdict: Verdict,
        bounds: &mut Bounds,
    ) -> Result<Fate, MutationError> {
        if config.behaviour().has_history() {
            match self.prover.prove(config, &self.verilog(config, &faulty.json(true))?) {
                Ok(proof) if !proof.holds() => return Ok(Fate::Refuted),
                Ok(_) | Err(ProofError::NoSpecification { .. } | ProofError::Undecided { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(match verdict {
            Verdict::Undecided { cycles } => bounds.undetected(cycles),
            // The latency of a stream is free: beats in other cycles are not a difference.
            _ if config.behaviour().is_stream() => bounds.undetected(0),
            _ => Fate::Survived,
        })
    }

    /// The module as Yosys reads it, with the primitives of an FPGA family flattened.
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

    /// Verilog of a netlist, as Yosys writes it.
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
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalogue;
    use crate::generator::render;
    use crate::mutation::mutant::{Change, Mutant, Site};
    use crate::netlist::{Bit, operator};

    fn campaign(mutants: usize) -> Campaign {
        let effort = Effort { cases: 1 << 16, exhaustive_limit: 1 << 16, ..Effort::default() };
        let time_limit = Duration::from_secs(20);
        let options = Options { mutants, seed: 3, effort, time_limit, known: None };
        Campaign::open(&Environment::of_process(), options, &|_| ()).expect("tools")
    }

    /// Checks every mutant that simulation kills, which the checker must never call equivalent.
    fn assert_no_killed_mutant_is_equivalent(preset: &str) {
        let campaign = campaign(16);
        let config = catalogue::preset(preset).expect(preset);
        let original = campaign.netlist(&config, &render(&config)).expect("a netlist");
        let schema = Schema::new(&original, &config, campaign.options.mutants, campaign.options.seed);
        let model = campaign.model(&config, &schema).expect("a model");
        let fates = campaign.simulate(&config, &model, schema.mutants.len(), None, None, &|| ());
        let fates = fates.expect("the simulation runs");
        let killed = schema.mutants.iter().zip(fates).filter(|(_, fate)| *fate == Some(Fate::Killed));
        let killed: Vec<_> = killed.map(|(mutant, _)| mutant).collect();
        assert!(killed.len() > 10, "{preset}: {}", killed.len());
        let miters: Vec<Miter> = killed.iter().map(|mutant| Miter::new(&original, mutant, &config)).collect();
        let verdicts = campaign.checker().check(&config, &miters).expect("verdicts");
        let wrong = killed.iter().zip(verdicts).filter_map(|(mutant, verdict)| match verdict {
            Verdict::Equivalent(argument) => Some((argument, &mutant.fault, &mutant.line)),
            _ => None,
        });
        assert_eq!(wrong.collect::<BTreeSet<_>>(), BTreeSet::new(), "{preset}");
    }

    #[test]
    fn finds_no_killed_mutant_equivalent_in_combinational_unit() {
        assert_no_killed_mutant_is_equivalent("fp8_decoder_e2m1");
    }

    #[test]
    fn finds_no_killed_mutant_equivalent_in_pipeline() {
        assert_no_killed_mutant_is_equivalent("int4_dot16");
    }

    #[test]
    fn finds_no_killed_mutant_equivalent_in_sequential_unit() {
        assert_no_killed_mutant_is_equivalent("int2_mac");
    }

    #[test]
    fn finds_difference_in_first_cycles() {
        let campaign = campaign(1);
        let unit = catalogue::unit("multiplier").expect("a unit");
        let config = Config::new(unit, None, &["a_bits=4", "b_bits=4", "stages=3"]).expect("a config");
        let original = campaign.netlist(&config, &render(&config)).expect("a netlist");
        let bit = |name| original.port(name).expect(name).bits[0];
        let (clock, output) = (bit("clk"), bit("product"));
        // The output is inverted until a 1 has passed through four registers that are 0 at first.
        let mut netlist = original.clone();
        let mut helpers = Vec::new();
        let mut last = Bit::One;
        for number in 0..4 {
            let next = netlist.fresh(1);
            let register = operator("$dff", false, &[("CLK", &[clock]), ("D", &[last])], &next);
            helpers.push((format!("register_{number}"), register));
            last = next[0];
        }
        let wrong = netlist.fresh(1);
        let inverted = operator("$xnor", false, &[("A", &[output]), ("B", &[last])], &wrong);
        helpers.push(("inverted".to_string(), inverted));
        let changes = vec![Change { site: Site::Nets(vec![output]), bits: wrong }];
        let mutant = Mutant { class: "", line: String::new(), fault: String::new(), helpers, changes };
        let miters = [Miter::new(&original, &mutant, &config)];
        assert_eq!(campaign.checker().check(&config, &miters).expect("a verdict"), [Verdict::Different]);
    }
}
