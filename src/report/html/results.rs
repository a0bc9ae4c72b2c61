//! The context of the HTML pages of verify, prove, mutate and synth: a verdict, facts, tables and failures.

use serde::Serialize;

use super::filters::{count, fixed};
use crate::mutation::Score;
use crate::proof::{ClaimResult, ClaimVerdict, Proof};
use crate::synthesis::{Figures, SynthesisComparison};
use crate::verification::{Report, Results};

/// Context of the template.
#[derive(Serialize)]
pub(crate) struct ResultsPage {
    version: &'static str,
    /// Name of the subcommand.
    verb: &'static str,
    title: &'static str,
    /// Whether the verdict is good.
    passed: bool,
    verdict: String,
    facts: Vec<NamedText>,
    tables: Vec<Table>,
    details: Vec<NamedText>,
    command: String,
}

/// A figure with its name, or a failure with the name of its module.
#[derive(Serialize)]
struct NamedText {
    name: String,
    text: String,
}

#[derive(Serialize)]
struct Table {
    title: &'static str,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

#[derive(Serialize)]
struct Column {
    name: &'static str,
    numeric: bool,
}

#[derive(Serialize)]
struct Cell {
    text: String,
    class: &'static str,
}

fn named(name: impl Into<String>, text: impl Into<String>) -> NamedText {
    NamedText { name: name.into(), text: text.into() }
}

/// A table; the names of numeric columns begin with `#`.
fn table(title: &'static str, columns: &[&'static str], rows: Vec<Vec<Cell>>) -> Table {
    let column = |name: &&'static str| match name.strip_prefix('#') {
        Some(name) => Column { name, numeric: true },
        None => Column { name, numeric: false },
    };
    Table { title, columns: columns.iter().map(column).collect(), rows }
}

fn words(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), class: "" }
}

fn number(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), class: "n" }
}

fn outcome(passed: bool, text: impl Into<String>) -> Cell {
    Cell { text: text.into(), class: if passed { "good" } else { "bad" } }
}

/// A number of things, and how many of them failed.
fn verdict(failed: usize, number: usize, thing: &str, good: &str) -> String {
    match failed {
        0 => format!("{}: {good}", counted(number, thing)),
        _ => format!("{failed} of {} failed", counted(number, thing)),
    }
}

fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// Page of `verify`.
pub(crate) fn of_verify(results: &Results, command: &str) -> ResultsPage {
    let reports = &results.results;
    let failed = reports.iter().filter(|report| !report.passed()).count();
    let compared: u64 = reports.iter().map(|report| report.compared).sum();
    ResultsPage {
        version: env!("CARGO_PKG_VERSION"),
        verb: "verify",
        title: "Does the Verilog equal its reference?",
        passed: results.passed(),
        verdict: verdict(failed, reports.len(), "config", "every output equals the reference"),
        facts: vec![
            named("transactions compared", count(compared)),
            named(
                "configs swept exhaustively",
                count(reports.iter().filter(|own| own.exhaustive).count() as u64),
            ),
            named("seconds of simulation", fixed(reports.iter().map(|own| own.seconds).sum(), 1)),
        ],
        tables: vec![reports_table("Configs", reports)],
        details: failures(reports),
        command: command.to_string(),
    }
}

fn reports_table(title: &'static str, reports: &[Report]) -> Table {
    let row = |report: &Report| {
        let seed = report.seed.map_or("exhaustive".to_string(), |seed| format!("random, seed {seed}"));
        vec![
            words(&report.preset),
            words(&report.unit),
            number(count(report.compared)),
            words(seed),
            number(count(report.mismatches)),
            outcome(report.passed(), if report.passed() { "all equal" } else { "failed" }),
        ]
    };
    let columns = ["module", "unit", "#compared", "inputs", "#mismatches", "verdict"];
    table(title, &columns, reports.iter().map(row).collect())
}

fn failures(reports: &[Report]) -> Vec<NamedText> {
    let failed = reports.iter().filter(|report| !report.passed());
    failed.map(|report| named(&report.preset, report.explanation())).collect()
}

/// Page of `prove`.
pub(crate) fn of_proofs(proofs: &[Proof], command: &str) -> ResultsPage {
    let claims = || proofs.iter().flat_map(|proof| proof.claims.iter().map(move |claim| (proof, claim)));
    let is_proved = |claim: &ClaimResult| claim.verdict == ClaimVerdict::Holds;
    let failed = claims().filter(|(_, claim)| !is_proved(claim));
    let row = |(proof, claim): (&Proof, &ClaimResult)| {
        vec![
            words(&proof.module),
            Cell { text: claim.claim.clone(), class: "why" },
            number(fixed(claim.seconds, 1)),
            outcome(is_proved(claim), if is_proved(claim) { "proved" } else { "fails" }),
        ]
    };
    let details = failed.clone().filter_map(|(proof, ClaimResult { claim, verdict, .. })| match verdict {
        ClaimVerdict::Fails { counterexample } => {
            Some(named(&proof.module, format!("{claim} fails for\n  {}", counterexample.join("\n  "))))
        }
        ClaimVerdict::Holds => None,
    });
    ResultsPage {
        version: env!("CARGO_PKG_VERSION"),
        verb: "prove",
        title: "Does the Verilog meet its specification?",
        passed: proofs.iter().all(Proof::holds),
        verdict: verdict(
            failed.clone().count(),
            claims().count(),
            "claim",
            "all proved for all operands and states",
        ),
        facts: vec![
            named("modules", count(proofs.len() as u64)),
            named("seconds of the solver", fixed(claims().map(|(_, claim)| claim.seconds).sum(), 1)),
        ],
        tables: vec![table(
            "Claims",
            &["module", "claim", "#seconds", "verdict"],
            claims().map(row).collect(),
        )],
        details: details.collect(),
        command: command.to_string(),
    }
}

/// Page of `mutate`.
pub(crate) fn of_scores(scores: &[Score], command: &str) -> ResultsPage {
    let sum = |number: fn(&Score) -> usize| scores.iter().map(number).sum::<usize>();
    let (mutants, survived) = (sum(|score| score.total.mutants), sum(|score| score.total.survived));
    let row = |score: &Score| {
        let total = &score.total;
        let number = |mutants: usize| number(count(mutants as u64));
        vec![
            words(&score.preset),
            number(total.mutants),
            number(total.killed),
            number(total.refuted),
            number(total.equivalent),
            number(total.undetected),
            number(total.survived),
            Cell { text: format!("{} %", fixed(100.0 * score.score, 2)), class: "n" },
        ]
    };
    let columns = [
        "module",
        "#mutants",
        "#killed",
        "#by proof only",
        "#equivalent",
        "#undetected",
        "#survived",
        "#score",
    ];
    let mutants_of = |score: &Score| {
        let lists = [("survived", &score.survivors), ("undetected", &score.undetected)];
        let lines =
            lists.into_iter().flat_map(|(fate, list)| list.iter().map(move |own| format!("{fate}: {own}\n")));
        Some(named(&score.preset, lines.collect::<String>())).filter(|own| !own.text.is_empty())
    };
    ResultsPage {
        version: env!("CARGO_PKG_VERSION"),
        verb: "mutate",
        title: "Does the verification detect faults?",
        passed: scores.iter().all(Score::passed),
        verdict: match survived {
            0 => format!("{}: none survived", counted(mutants, "mutant")),
            _ => format!("{survived} of {} survived", counted(mutants, "mutant")),
        },
        facts: vec![
            named("modules", count(scores.len() as u64)),
            named("mutants killed", count(sum(|score| score.total.killed) as u64)),
            named("seconds of all modules", fixed(scores.iter().map(|score| score.seconds).sum(), 1)),
        ],
        tables: vec![table("Modules", &columns, scores.iter().map(row).collect())],
        details: scores.iter().filter_map(mutants_of).collect(),
        command: command.to_string(),
    }
}

/// Page of `synth`: figures with the names of their modules, and the co-simulations of netlists.
pub(crate) fn of_synthesis(
    figures: &[(String, SynthesisComparison)],
    netlists: &[Report],
    command: &str,
) -> ResultsPage {
    let line = |name: &str, arch: &str, figures: &Figures| {
        let cells = figures.resources;
        let mut line = vec![words(name), words(arch)];
        let counts = [cells.lut, cells.carry, cells.ff, cells.dsp, cells.ram];
        line.extend(counts.map(|cells| number(count(cells))));
        line.push(number(figures.fmax_mhz.map_or("-".to_string(), |fmax| fixed(fmax, 1))));
        line
    };
    let mut rows = Vec::new();
    for (name, own) in figures {
        rows.push(line(name, own.arch.as_deref().unwrap_or("-"), &own.figures));
        if own.arch.is_some() {
            rows.push(line("", "with the operator", &own.inferred));
        }
    }
    let columns = ["module", "architecture", "#LUT", "#carry", "#FF", "#DSP", "#RAM", "#MHz"];
    let mut tables = vec![table("Cells", &columns, rows)];
    if !netlists.is_empty() {
        tables.push(reports_table("Netlists", netlists));
    }
    let failed = netlists.iter().filter(|report| !report.passed()).count();
    ResultsPage {
        version: env!("CARGO_PKG_VERSION"),
        verb: "synth",
        title: "What does the Verilog cost?",
        passed: failed == 0,
        verdict: match netlists {
            [] => format!("{} synthesized", counted(figures.len(), "module")),
            _ => verdict(failed, netlists.len(), "netlist", "every output equals the reference"),
        },
        facts: vec![named("modules", count(figures.len() as u64))],
        tables,
        details: failures(netlists),
        command: command.to_string(),
    }
}
