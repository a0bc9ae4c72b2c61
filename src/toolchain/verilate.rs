//! Runs Verilator, and reads the lists of files and ports that it generates.

use std::fs;
use std::path::Path;

use super::error::BuildError;
use super::process;
use super::process::first_lines;
use super::verilator::Verilator;

/// Instrumentation of a model: none, waveform or coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trace {
    /// No instrumentation.
    Off,
    /// Waveform as VCD; an idle tracer costs up to 15 % of the speed.
    On,
    /// Line and toggle coverage; costs half of the speed or more.
    Coverage,
}

impl Trace {
    /// Verilator's options for the instrumentation.
    pub fn options(self) -> &'static [&'static str] {
        match self {
            Self::Off => &[],
            Self::On => &["--trace"],
            Self::Coverage => &["--coverage-line", "--coverage-toggle", "--coverage-max-width", "1024"],
        }
    }
}

/// C++ files and ports of a Verilated module; a file `<stem>.cpp` is listed by its stem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GeneratedModel {
    /// Files of the model, in the folder that it was generated into.
    pub model: Vec<String>,
    /// Files of Verilator's runtime, in its `include` folder.
    pub runtime: Vec<String>,
    /// Ports of the module: members of its C++ class.
    pub ports: Vec<Member>,
}

/// A port, as the C++ class of its module declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Name of the member: that of the port, except for `__` and characters that C++ does not allow.
    pub name: String,
    /// Whether the port is an output; `None` if unknown, as for an unpacked array.
    pub is_output: Option<bool>,
    /// Width of one element.
    pub bits: u32,
    /// Number of elements of an unpacked array; 1 for any other port.
    pub elements: u32,
}

/// Options of every run of Verilator.
///
/// The model is optimized and two-valued, its registers start in the state that an instance is created
/// with, its assertions are checked, and every warning is an error.
pub const FLAGS: [&str; 7] = ["--cc", "-O3", "--x-assign", "fast", "--x-initial", "unique", "--assert"];

/// Name of a module's C++ class, and of the folder and files that it is generated into.
pub fn prefix(module: &str) -> String {
    format!("V{module}")
}

/// Verilates `module` of `files`, both relative to `folder`, into the folder named by [`prefix`].
///
/// # Errors
/// [`BuildError::Verilate`] with Verilator's message, [`BuildError::Killed`], [`BuildError::Run`],
/// [`BuildError::Cache`].
pub fn verilate(
    verilator: &Verilator,
    folder: &Path,
    module: &str,
    files: &[&str],
    trace: Trace,
) -> Result<GeneratedModel, BuildError> {
    let prefix = prefix(module);
    let mut command = verilator.command();
    command.current_dir(folder).args(FLAGS).args(trace.options());
    command.args(["--top-module", module, "--prefix", &prefix, "--Mdir", &prefix]).args(files);
    let output = process::output(&mut command, &format!("translating {module}"))?;
    if !output.status.success() {
        return Err(BuildError::Verilate {
            module: module.to_string(),
            message: first_lines(&output.stderr),
        });
    }
    generated(folder, module)
}

/// Files and ports that Verilator generated for a module into the folder named by [`prefix`].
///
/// # Errors
/// [`BuildError::Cache`] when a file cannot be read.
pub fn generated(folder: &Path, module: &str) -> Result<GeneratedModel, BuildError> {
    let prefix = prefix(module);
    let read = |name: String| {
        let path = folder.join(&prefix).join(name);
        fs::read_to_string(&path).map_err(BuildError::cache(&path))
    };
    let generated = parse_classes(&read(format!("{prefix}_classes.mk"))?);
    Ok(GeneratedModel { ports: parse_ports(&read(format!("{prefix}.h"))?), ..generated })
}

/// Reads the ports in `V<top>.h`: lines such as `VL_IN8(&clk,0,0);`, and for an unpacked array
/// `VL_OUT((&sum)[64],31,0);` or, of a newer Verilator, `VlUnpacked<IData/*31:0*/, 64> &sum;`.
fn parse_ports(text: &str) -> Vec<Member> {
    text.lines().map(str::trim).filter_map(|line| scalar(line).or_else(|| unpacked(line))).collect()
}

/// A line that begins with `VL_IN` or `VL_OUT`.
fn scalar(line: &str) -> Option<Member> {
    let (kind, rest) = line.split_once("(&")?;
    let is_output = match kind.trim_end_matches(|c: char| c.is_ascii_digit() || "W(".contains(c)) {
        "VL_IN" => false,
        "VL_OUT" => true,
        _ => return None,
    };
    let (declared, range) = rest.split_once(',')?;
    let (name, dimensions) = declared.split_once(')').unwrap_or((declared, ""));
    let mut range = range.split([',', ')']).map(str::parse::<i64>);
    let (left, right) = (range.next()?.ok()?, range.next()?.ok()?);
    let elements = product(dimensions.split(['[', ']']))?;
    Some(Member {
        name: name.to_string(),
        is_output: Some(is_output),
        bits: u32::try_from((left - right).abs() + 1).ok()?,
        elements,
    })
}

/// A line such as `VlUnpacked<CData/*7:0*/, 4> &a;`, nested for more dimensions.
fn unpacked(line: &str) -> Option<Member> {
    let (types, name) = line.strip_prefix("VlUnpacked<")?.split_once('&')?;
    let (_, range) = types.split_once("/*")?;
    let (range, sizes) = range.split_once("*/")?;
    let (left, right) = range.split_once(':')?;
    let bits = (left.parse::<i64>().ok()? - right.parse::<i64>().ok()?).abs() + 1;
    Some(Member {
        name: name.trim_end_matches(';').to_string(),
        is_output: None,
        bits: u32::try_from(bits).ok()?,
        elements: product(sizes.split(['>', ',']))?,
    })
}

/// Product of numeric words; empty words are skipped.
fn product<'a>(words: impl Iterator<Item = &'a str>) -> Option<u32> {
    let mut numbers = words.map(str::trim).filter(|word| !word.is_empty());
    numbers.try_fold(1u32, |product, word| product.checked_mul(word.parse().ok()?))
}

/// Reads the lists of `V<top>_classes.mk`: `NAME += \`, then one stem a line up to an empty one.
fn parse_classes(text: &str) -> GeneratedModel {
    let mut generated = GeneratedModel::default();
    let mut list = None;
    for line in text.lines() {
        let word = line.trim_end_matches('\\').trim();
        if let Some((name, "")) = word.split_once("+=").map(|(name, rest)| (name.trim(), rest.trim())) {
            list = Some(name.to_string());
        } else if word.is_empty() {
            list = None;
        } else if let Some(name) = &list {
            let stems =
                if name.starts_with("VM_GLOBAL") { &mut generated.runtime } else { &mut generated.model };
            stems.push(word.to_string());
        }
    }
    generated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_of_one_lane_and_of_many_are_read() {
        let header = "class Vtop {\n    // PORTS\n    VL_IN8(&clk,0,0);\n    VL_INW(&wide,255,0,8);\n    \
                      VL_OUT((&sum)[64],31,0);\n    VL_IN16(&rising,0,11);\n    \
                      VlUnpacked<CData/*0:0*/, 64> &valid_in;\n    \
                      VlUnpacked<VlUnpacked<SData/*8:0*/, 3>, 4> &matrix;\n\n    \
                      Vtop___024root* const rootp;\n};\n";
        let member = |name: &str, is_output, bits, elements| Member {
            name: name.to_string(),
            is_output,
            bits,
            elements,
        };
        let expected = [
            member("clk", Some(false), 1, 1),
            member("wide", Some(false), 256, 1),
            member("sum", Some(true), 32, 64),
            member("rising", Some(false), 12, 1),
            member("valid_in", None, 1, 64),
            member("matrix", None, 9, 12),
        ];
        assert_eq!(parse_ports(header), expected);
    }
}
