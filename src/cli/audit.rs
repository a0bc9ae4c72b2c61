//! `qrtl audit`: identifies what third-party Verilog computes.

use std::path::PathBuf;

use super::count::count;
use super::design_options::DesignOptions;
use super::progress::{ProgressBar, prepare_tools};
use super::watchdog::Watchdog;
use super::{CliError, ExitStatus, OutputFormat, print, print_json, print_notice, print_verdict};
use crate::audit::{AuditError, AuditRequest, StimulusEffort, audit, expanded_maps, map_file};
use crate::files::output;
use crate::report;
use crate::toolchain::builder::Builder;
use crate::toolchain::environment::Environment;
use crate::verification::Progress;

/// Identify the rounding rule, signedness and overflow behaviour of third-party Verilog
///
/// Builds the design unchanged, measures its latency and the polarity of its control inputs, drives it
/// with random operands (with all operands if they have at most 24 bits), and compares the results with
/// every candidate for that kind of design. Exits with 1 if no candidate matches every result, or if the
/// candidate of --expect does not.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl audit requant.v --top requant --unit requantizer --map acc=in_data,out=q_out,clk=clk,rst=rst_n \\
      --set multiplier=1185020333,shift=-7
  qrtl audit pkg.sv mul.sv --top mul --unit multiplier --map a=x,b=y,out=p -I include -D FAST -G WIDTH=8
  qrtl audit mac.v --top mac --unit mac --map clk=clk,clear=first,a=a,b=b,out=acc --expect signed_saturate
  qrtl audit mul.v --top mul --unit multiplier
  qrtl audit dot.v --top dot --unit dot --map a=a0+a1+a2+a3,b=w,out=y --set lanes=4 --html build/audit.html

Roles:
  all          clk, rst, en, valid_in, valid_out; write !PORT or rst_n=PORT to state that a port is active low
  requantizer  acc, out, multiplier, shift (left; negative: right), right_shift, total_shift, zero_point,
               bias (added to acc)
  multiplier   a, b, out
  mac, dot     a, b, out, clear (or first), last, c (addend)

Settings:
  requantizer  multiplier with one of shift, right_shift, total_shift; or scale; zero_point, bias, acc_bits, out_bits,
               multiplier_bits, shift_bits, zero_point_bits, acc_signed, out_signed
  others       a_bits, b_bits, lanes, out_bits, a_signed, b_signed, a_zero_point, b_zero_point")]
pub(super) struct Args {
    #[command(flatten)]
    design: DesignOptions,
    /// Select the kind of design: requantizer, multiplier, mac or dot
    #[arg(long)]
    unit: String,
    /// Map ports to roles; join elements with +, element 0 first, and parts with :, highest first
    ///
    /// Without it, or with `auto`, the roles are guessed from names, directions and widths, and the report
    /// prints the map. @FILE reads the map from a file.
    #[arg(long = "map", value_name = "ROLE=PORT,...|@FILE")]
    maps: Vec<String>,
    /// Write the map, with the polarities that were measured, to a file that --map @FILE reads
    #[arg(long, value_name = "FILE")]
    write_map: Option<PathBuf>,
    /// Tie inputs to constants
    #[arg(long = "tie", value_name = "PORT=VALUE,...")]
    ties: Vec<String>,
    /// Set properties that the ports do not show, such as constants in the design
    #[arg(long = "set", value_name = "KEY=VALUE,...")]
    sets: Vec<String>,
    /// Set the latency from operands to result in clock cycles; auto measures it
    #[arg(long, default_value = "auto", value_parser = parse_latency)]
    latency: Latency,
    /// Require that this candidate matches every result
    #[arg(long, value_name = "RULE")]
    expect: Option<String>,
    /// Drive N random transactions if the operands are not enumerated
    #[arg(long, value_name = "N", default_value_t = 1 << 20, value_parser = |text: &str| count::<u64>(text, 1024..=1 << 36))]
    cases: u64,
    /// Seed the random transactions
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Enumerate all operands even if they have more than 24 bits, or refuse
    #[arg(long)]
    exhaustive: bool,
    /// Run designs with $system, $c, DPI imports or written files, which act on this machine
    #[arg(long)]
    allow_host_code: bool,
    /// Write the waveform here if the design never responds [default: TOP.vcd]
    #[arg(long, value_name = "FILE")]
    wave: Option<PathBuf>,
    /// Write the report as a self-contained HTML page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the verdict as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Print the report in this format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

/// Latency in clock cycles, `None` to measure it.
#[derive(Clone, Copy)]
struct Latency(Option<usize>);

fn parse_latency(word: &str) -> Result<Latency, String> {
    match word {
        "auto" => Ok(Latency(None)),
        _ => match word.parse() {
            Ok(cycles @ 0..=1024) => Ok(Latency(Some(cycles))),
            _ => Err("give a number of cycles from 0 to 1024, or auto".to_string()),
        },
    }
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    output::check_all(args.html.iter().chain(&args.junit).chain(&args.write_map))?;
    let request = request(args)?;
    let mut builder = prepare_tools(|| Builder::discover(&Environment::of_process(), &print_notice))?;
    builder.allows_host_code = args.allow_host_code;
    let timeout = AuditError::TimeLimit { top: args.design.top.clone(), seconds: args.design.time_limit };
    let watchdog = Watchdog::new(args.design.limit(), timeout);
    let progress = ProgressBar::new(&args.design.top);
    let result = audit(&request, &builder, &|completed, total| {
        progress.begin(total);
        progress.advance(completed);
    })?;
    drop((watchdog, progress));
    if let Some(path) = &args.html {
        output::write_if_changed(path, report::html_of_audit(&result))?;
    }
    if let Some(path) = &args.junit {
        output::write_if_changed(path, report::junit_of_audit(&result, args.expect.as_deref()))?;
    }
    if let Some(path) = &args.write_map {
        output::write_if_changed(path, map_file(&result))?;
    }
    match args.format {
        OutputFormat::Text => {
            print(&result.to_string())?;
            print_verdict(&format!("\n{}", result.verdict(args.expect.as_deref())))?;
        }
        OutputFormat::Json => print_json(&result)?,
    }
    Ok(ExitStatus::success_if(result.is_explained_by(args.expect.as_deref())))
}

fn request(args: &Args) -> Result<AuditRequest, AuditError> {
    let mut request =
        AuditRequest::new(args.design.sources(), args.unit.parse()?, expanded_maps(&args.maps)?);
    if let Some(path) = &args.wave {
        request.waveform.clone_from(path);
    }
    Ok(AuditRequest {
        ties: args.ties.clone(),
        sets: args.sets.clone(),
        latency: args.latency.0,
        expect: args.expect.clone(),
        effort: StimulusEffort { cases: args.cases, seed: args.seed, exhaustive: args.exhaustive },
        limit: args.design.limit(),
        command: super::command_line(),
        ..request
    })
}
