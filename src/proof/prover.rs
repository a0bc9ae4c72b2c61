//! The prover: queries the solver for counterexamples to claims.

use std::fs;
use std::time::{Duration, Instant};

use super::claim::Claim;
use super::error::ProofError;
use super::result::{ClaimResult, ClaimVerdict, Proof};
use super::signals::Signals;
use super::specification::Specification;
use super::transition::TransitionRelation;
use super::units::specification;
use super::unrolling::{query, signal};
use crate::toolchain::cache::Cache;
use crate::toolchain::environment::Environment;
use crate::toolchain::error::BuildError;
use crate::toolchain::{Solver, ToolError, Yosys};
use crate::unit::{Config, Direction};

/// Yosys and the SMT solver, with a time limit.
#[derive(Debug)]
pub struct Prover {
    yosys: Yosys,
    solver: Solver,
    limit: Duration,
}

impl Prover {
    /// Finds the tools or fetches them into the cache.
    ///
    /// `limit` is the time limit of each claim.
    ///
    /// # Errors
    /// [`ProofError`] if a tool is missing and cannot be fetched.
    pub fn open(
        environment: &Environment,
        limit: Duration,
        notice: &dyn Fn(&str),
    ) -> Result<Self, ProofError> {
        let cache = Cache::open(environment)?;
        let yosys = Yosys::open(environment, &cache, notice)?;
        Ok(Self { yosys, solver: Solver::open(environment, &cache, notice)?, limit })
    }

    /// Proves claim by claim that a module meets the specification of its config.
    ///
    /// `verilog` is the text of the module.
    ///
    /// # Errors
    /// [`ProofError::NoSpecification`] for a config without a specification, [`ProofError::MissingSignal`] for a
    /// module without the internal signals of the specification, [`ProofError::Undecided`] if the
    /// time limit is exceeded.
    pub fn prove(&self, config: &Config, verilog: &str) -> Result<Proof, ProofError> {
        match specification(config)? {
            Specification::Netlist { claim, check } => {
                let clock = Instant::now();
                let verdict = match check(&self.yosys, config, verilog, self.limit)? {
                    Ok(()) => ClaimVerdict::Holds,
                    Err(reason) => ClaimVerdict::Fails { counterexample: vec![reason] },
                };
                let seconds = clock.elapsed().as_secs_f64();
                Ok(Proof::new(config, vec![ClaimResult { claim: claim.to_string(), verdict, seconds }]))
            }
            Specification::Claims { inner, alternatives } => {
                let circuit = TransitionRelation::read(&self.yosys, config, verilog, &[], self.limit)?;
                if let Some(signal) = inner(config).into_iter().find(|name| circuit.width(name).is_none()) {
                    return Err(ProofError::MissingSignal { config: config.name().to_string(), signal });
                }
                let signals = Signals { config, circuit: &circuit };
                let claims = self.decide_one_of(signals, verilog, alternatives(signals))?;
                Ok(Proof::new(config, claims))
            }
        }
    }

    /// Returns the first alternative whose claims all hold.
    ///
    /// If there is none, returns the one with most claims decided.
    fn decide_one_of(
        &self,
        signals: Signals,
        verilog: &str,
        alternatives: Vec<Vec<Claim>>,
    ) -> Result<Vec<ClaimResult>, ProofError> {
        let mut furthest: Vec<ClaimResult> = Vec::new();
        for claims in alternatives {
            let decided = self.decide_all(signals, verilog, claims)?;
            if decided.iter().all(|claim| claim.verdict == ClaimVerdict::Holds) {
                return Ok(decided);
            }
            if decided.len() > furthest.len() {
                furthest = decided;
            }
        }
        Ok(furthest)
    }

    /// Decides claims in order, up to the first that fails.
    fn decide_all(
        &self,
        signals: Signals,
        verilog: &str,
        claims: Vec<Claim>,
    ) -> Result<Vec<ClaimResult>, ProofError> {
        let mut decided = Vec::new();
        for claim in claims {
            let clock = Instant::now();
            let cut;
            let circuit = if claim.cuts.is_empty() {
                signals.circuit
            } else {
                cut =
                    TransitionRelation::read(&self.yosys, signals.config, verilog, &claim.cuts, self.limit)?;
                &cut
            };
            let verdict = self.decide(signals.config, circuit, &claim)?;
            let failed = verdict != ClaimVerdict::Holds;
            decided.push(ClaimResult { claim: claim.name, verdict, seconds: clock.elapsed().as_secs_f64() });
            if failed {
                break;
            }
        }
        Ok(decided)
    }

    fn decide(
        &self,
        config: &Config,
        circuit: &TransitionRelation,
        claim: &Claim,
    ) -> Result<ClaimVerdict, ProofError> {
        let Claim { cycles, definitions, assumptions, goal, .. } = claim;
        let query = query(&circuit.text, *cycles as usize, definitions, assumptions, goal);
        match self.ask(&query, claim)?.trim() {
            "unsat" => Ok(ClaimVerdict::Holds),
            "sat" => {
                let text = self.ask(&format!("{query}{}", values(config, claim)), claim)?;
                let lines = text.lines().skip(1).map(|line| line.trim().to_string());
                Ok(ClaimVerdict::Fails { counterexample: lines.filter(|line| !line.is_empty()).collect() })
            }
            other => Err(ToolError::Solver { message: format!("unexpected answer '{other}'") }.into()),
        }
    }

    fn ask(&self, text: &str, claim: &Claim) -> Result<String, ProofError> {
        let scratch = self.yosys.scratch()?;
        let path = scratch.path().join("question.smt2");
        fs::write(&path, text).map_err(|source| BuildError::Cache { path: path.clone(), source })?;
        self.solver
            .run(&path, self.limit)?
            .ok_or_else(|| ProofError::Undecided { claim: claim.name.clone(), seconds: self.limit.as_secs() })
    }
}

/// SMT-LIB command that requests all inputs at the start and all outputs at the end.
fn values(config: &Config, claim: &Claim) -> String {
    let ports = config.ports();
    let term = |port: &crate::unit::Port| {
        let cycle = if port.direction == Direction::Input { 0 } else { claim.cycles };
        format!("(get-value ({}))\n", signal(config.name(), port.name, cycle))
    };
    ports.iter().filter(|port| port.name != "clk").map(term).collect()
}
