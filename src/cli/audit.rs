//! `qrtl audit`: what somebody's Verilog computes.

use std::path::PathBuf;
use std::time::Duration;

use super::progress::ProgressBar;
use super::watchdog::Watchdog;
use super::{CliError, ExitStatus, OutputFormat, print, print_json, print_notice};
use crate::audit::{AuditError, Effort, Request, Verilog, audit};
use crate::files::output;
use crate::report;
use crate::toolchain::builder::Builder;
use crate::toolchain::environment::Environment;
use crate::verification::Progress;

/// Find out which rule, signedness and overflow behaviour somebody's Verilog implements
///
/// Builds the design as it is, finds its latency and the polarity of its control inputs, drives it
/// (with every operand where they have at most 24 bits), and holds every candidate of the unit against
/// the results. Exits with 1 when no candidate gives them all, or --expect names another one.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl audit requant.v --top requant --unit requantizer --map acc=in_data,out=q_out,clk=clk,rst=rst_n \\
      --set multiplier=1185020333,shift=-7
  qrtl audit mul.sv pkg.sv --top mul --unit multiplier --map a=x,b=y,out=p -I include -D FAST -G WIDTH=8
  qrtl audit mac.v --top mac --unit mac --map clk=clk,clear=first,a=a,b=b,out=acc --expect signed_saturate
  qrtl audit dot.v --top dot --unit dot --map a=a0+a1+a2+a3,b=w,out=y --set lanes=4 --html build/audit.html

Roles:
  all          clk, rst, en, valid_in, valid_out; !PORT or rst_n=PORT where active low is not to be found out
  requantizer  acc, out, multiplier, shift (left, negative to the right), right_shift, total_shift, zero_point
  multiplier   a, b, out
  mac, dot     a, b, out, clear (or first), last, c (an addend)

Settings:
  requantizer  multiplier with shift, right_shift or total_shift; or scale; zero_point, acc_bits, out_bits,
               multiplier_bits, shift_bits, zero_point_bits, acc_signed, out_signed
  others       a_bits, b_bits, lanes, out_bits, a_signed, b_signed, a_zero_point, b_zero_point")]
pub(super) struct Args {
    /// Verilog and SystemVerilog files, packages first
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The module to audit
    #[arg(long, value_name = "MODULE")]
    top: String,
    /// What it should be: requantizer, multiplier, mac or dot
    #[arg(long)]
    unit: String,
    /// Which port is what; several ports of one role, element 0 first, with +
    #[arg(long = "map", value_name = "ROLE=PORT,...", required = true)]
    maps: Vec<String>,
    /// Inputs that keep a value
    #[arg(long = "tie", value_name = "PORT=VALUE,...")]
    ties: Vec<String>,
    /// What the ports do not say, such as numbers that are baked in
    #[arg(long = "set", value_name = "KEY=VALUE,...")]
    sets: Vec<String>,
    /// Folder of included files
    #[arg(short = 'I', value_name = "FOLDER")]
    includes: Vec<PathBuf>,
    /// Macro to define
    #[arg(short = 'D', value_name = "NAME[=VALUE]")]
    defines: Vec<String>,
    /// Parameter of the top module
    #[arg(short = 'G', value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// Clock cycles from operands to result, or auto
    #[arg(long, default_value = "auto", value_parser = latency)]
    latency: Latency,
    /// The candidate that must explain the results
    #[arg(long, value_name = "RULE")]
    expect: Option<String>,
    /// Random transactions where not all operands are driven
    #[arg(long, value_name = "N", default_value_t = 1 << 20, value_parser = clap::value_parser!(u64).range(1024..=1 << 36))]
    cases: u64,
    /// Seed of the random transactions
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Drive every operand even when they have more than 24 bits
    #[arg(long)]
    exhaustive: bool,
    /// Seconds after which there is no verdict
    #[arg(long, value_name = "S", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    time_limit: u64,
    /// Where the waveform of a design goes that never gives a result [default: TOP.vcd]
    #[arg(long, value_name = "FILE")]
    wave: Option<PathBuf>,
    /// Write the result as a self-contained HTML page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// How to write the result
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

/// A number of cycles, or none to find it out.
#[derive(Clone, Copy)]
struct Latency(Option<usize>);

fn latency(word: &str) -> Result<Latency, String> {
    match word {
        "auto" => Ok(Latency(None)),
        _ => match word.parse() {
            Ok(cycles @ 0..=1024) => Ok(Latency(Some(cycles))),
            _ => Err("give a number of cycles from 0 to 1024, or auto".to_string()),
        },
    }
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    if let Some(path) = &args.html {
        output::check(path)?;
    }
    let request = request(args)?;
    let builder = Builder::discover(&Environment::of_process(), &print_notice)?;
    let late = AuditError::TimeLimit { top: args.top.clone(), seconds: args.time_limit };
    let watchdog = Watchdog::new(Duration::from_secs(args.time_limit), late);
    let progress = ProgressBar::new(&args.top);
    let result = audit(&request, &builder, &|step, total| {
        progress.begin(total);
        progress.advance(step);
    })?;
    drop((watchdog, progress));
    if let Some(path) = &args.html {
        output::write_if_changed(path, report::html_of_audit(&result))?;
    }
    match args.format {
        OutputFormat::Text => print(&result.to_string())?,
        OutputFormat::Json => print_json(&result)?,
    }
    Ok(ExitStatus::success_if(result.is_explained_by(args.expect.as_deref())))
}

fn request(args: &Args) -> Result<Request, AuditError> {
    let verilog = Verilog {
        files: args.files.clone(),
        top: args.top.clone(),
        includes: args.includes.clone(),
        defines: args.defines.clone(),
        parameters: args.parameters.clone(),
    };
    Ok(Request {
        verilog,
        unit: args.unit.parse()?,
        maps: args.maps.clone(),
        ties: args.ties.clone(),
        sets: args.sets.clone(),
        latency: args.latency.0,
        expect: args.expect.clone(),
        effort: Effort { cases: args.cases, seed: args.seed, exhaustive: args.exhaustive },
        wave: args.wave.clone().unwrap_or_else(|| PathBuf::from(format!("{}.vcd", args.top))),
        limit: Duration::from_secs(args.time_limit),
        command: command(),
    })
}

/// The command line of this process as a shell reads it back.
fn command() -> String {
    let words = std::env::args_os().skip(1).map(|word| crate::text::shell_word(word.as_ref()));
    std::iter::once("qrtl".to_string()).chain(words).collect::<Vec<_>>().join(" ")
}
