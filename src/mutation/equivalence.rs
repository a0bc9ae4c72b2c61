//! Decides whether a mutant is equivalent to its module, by one of three arguments.

use std::path::Path;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::error::MutationError;
use super::files::{YOSYS_LIMIT, read, write};
use super::miter::Miter;
use super::netlist::Netlist;
use super::queries::{Query, Relation};

use crate::toolchain::parallel::{in_parallel, threads as available_threads};
use crate::toolchain::{Solver, ToolError, Yosys};
use crate::unit::Config;

/// Mutants whose miters one run of Yosys translates.
const BATCH: usize = 16;

/// The argument that proves a mutant equivalent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Argument {
    /// From any common state, outputs are equal and so are the next values of corresponding registers.
    CombinationalMiter,
    /// Outputs are equal after a reset or power-up, and after any cycles in which they were equal.
    KInductionFromReset,
    /// Outputs are equal after `latency` enabled cycles, for any initial contents of the pipeline.
    PipelineFlush,
}

/// Verdict of the equivalence checker on a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// No input sequence distinguishes it from the module.
    Equivalent(Argument),
    /// Some input sequence distinguishes it from the module.
    Different,
    /// No argument applies, and no difference exists in the first `cycles` cycles after power-up.
    Undecided {
        /// Number of cycles; 0 if the solver decided none within the time limit.
        cycles: usize,
    },
}

/// The tools, and the time limit of a query.
pub(crate) struct EquivalenceChecker<'a> {
    pub(crate) yosys: &'a Yosys,
    pub(crate) solver: &'a Solver,
    pub(crate) limit: Duration,
}

/// Answer of the solver to a query.
enum Answer {
    Holds,
    /// The claim fails; which pairs of register bits are equal in the counterexample.
    Fails(String),
    TimeOut,
}

impl EquivalenceChecker<'_> {
    /// Checks several mutants of a config.
    pub(crate) fn check(&self, config: &Config, miters: &[Miter]) -> Result<Vec<Verdict>, MutationError> {
        let threads = available_threads();
        let batch = miters.len().div_ceil(threads).clamp(1, BATCH);
        let batches: Vec<&[Miter]> = miters.chunks(batch).collect();
        let verdicts = in_parallel(&batches, |batch| self.check_batch(config, batch))?;
        Ok(verdicts.into_iter().flatten().collect())
    }

    fn check_batch(&self, config: &Config, miters: &[Miter]) -> Result<Vec<Verdict>, MutationError> {
        let scratch = self.yosys.scratch()?;
        let netlists: Vec<Netlist> =
            miters.iter().flat_map(|miter| [miter.combinational(), miter.product_machine()]).collect();
        let relations = self.relations(config, &netlists, scratch.path())?;
        let path = scratch.path().join("query.smt2");
        relations.chunks(2).map(|machines| self.verdict(&machines[0], &machines[1], &path)).collect()
    }

    /// The transition relations of some netlists.
    fn relations<'c>(
        &self,
        config: &'c Config,
        netlists: &[Netlist],
        folder: &Path,
    ) -> Result<Vec<Relation<'c>>, MutationError> {
        let mut script = String::new();
        for (number, netlist) in netlists.iter().enumerate() {
            write(&folder.join(format!("{number}.json")), &netlist.json(false))?;
            script += &format!(
                "design -reset; read_json {number}.json; opt_expr; opt_merge; opt_clean; async2sync; dffunmap; \
                 write_smt2 {number}.smt2; "
            );
        }
        self.yosys.run(folder, &script, config.name(), YOSYS_LIMIT)?;
        let relation = |number| Ok(Relation { config, text: read(&folder.join(format!("{number}.smt2")))? });
        (0..netlists.len()).map(relation).collect()
    }

    /// The verdict on a mutant, from its combinational miter and its product machine.
    fn verdict(
        &self,
        combinational: &Relation,
        product: &Relation,
        path: &Path,
    ) -> Result<Verdict, MutationError> {
        if self.holds(combinational, &[Query::same_state_step()], path)? {
            return Ok(Verdict::Equivalent(Argument::CombinationalMiter));
        }
        let latency = product.config.behaviour().latency();
        if let Answer::Fails(_) = self.ask(product, &product.after_power_up(latency + 1), path)? {
            return Ok(Verdict::Different);
        }
        let keeps_state = match product.stall() {
            Some(query) => matches!(self.run(&query, path)?, Answer::Holds),
            None => true,
        };
        // The sequences without stalls are then sufficient.
        if keeps_state {
            if let Some(queries) = product.pipeline_flush()
                && self.holds(product, &queries, path)?
            {
                return Ok(Verdict::Equivalent(Argument::PipelineFlush));
            }
            for cycles in [1, latency + 1] {
                if self.k_induction(product, cycles, path)? {
                    return Ok(Verdict::Equivalent(Argument::KInductionFromReset));
                }
            }
        }
        self.bounded_search(product, 2 * latency + 2, path)
    }

    /// Whether k-induction holds, strengthened by the largest set of pairs of corresponding register bits
    /// that are equal whenever outputs are (C. A. J. van Eijk, "Sequential equivalence checking based on
    /// structural similarities", 2000).
    ///
    /// A deep pipeline may lose its pairs a few at a time: after the time limit of a query, this gives up.
    fn k_induction(&self, product: &Relation, cycles: usize, path: &Path) -> Result<bool, MutationError> {
        let queries = product.k_induction(cycles);
        let mut corresponding = "1".repeat(product.pairs());
        let mut proved = 0;
        let clock = Instant::now();
        while proved < queries.len() {
            if clock.elapsed() > self.limit {
                return Ok(false);
            }
            match self.run(&product.text(&queries[proved], &corresponding), path)? {
                Answer::Holds => proved += 1,
                Answer::TimeOut => return Ok(false),
                Answer::Fails(equal) => {
                    let both = corresponding.chars().zip(equal.chars()).map(|(old, new)| old.min(new));
                    let fewer: String = both.collect();
                    if fewer == corresponding {
                        return Ok(false);
                    }
                    corresponding = fewer;
                    proved = 0;
                }
            }
        }
        Ok(true)
    }

    /// Bounded search for a difference after power-up; covers fewer cycles if the solver times out.
    fn bounded_search(&self, product: &Relation, most: usize, path: &Path) -> Result<Verdict, MutationError> {
        let halved = |cycles: &usize| Some(cycles / 2);
        for cycles in std::iter::successors(Some(most), halved).take_while(|cycles| *cycles > 0) {
            match self.ask(product, &product.after_power_up(cycles), path)? {
                Answer::Holds => return Ok(Verdict::Undecided { cycles }),
                Answer::Fails(_) => return Ok(Verdict::Different),
                Answer::TimeOut => {}
            }
        }
        Ok(Verdict::Undecided { cycles: 0 })
    }

    /// Whether all claims hold for a machine; a claim that times out counts as failed.
    fn holds(&self, machine: &Relation, queries: &[Query], path: &Path) -> Result<bool, MutationError> {
        for query in queries {
            if !matches!(self.ask(machine, query, path)?, Answer::Holds) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn ask(&self, machine: &Relation, query: &Query, path: &Path) -> Result<Answer, MutationError> {
        self.run(&machine.text(query, ""), path)
    }

    fn run(&self, query: &str, path: &Path) -> Result<Answer, MutationError> {
        write(path, query)?;
        let Some(text) = self.solver.run(path, self.limit)? else { return Ok(Answer::TimeOut) };
        match text.trim().split_once("#b") {
            None if text.trim() == "unsat" => Ok(Answer::Holds),
            Some((_, bits)) => Ok(Answer::Fails(bits.chars().take_while(char::is_ascii_digit).collect())),
            None if text.trim() == "sat" => Ok(Answer::Fails(String::new())),
            None => Err(ToolError::Solver { message: format!("no values in '{text}'") }.into()),
        }
    }
}
