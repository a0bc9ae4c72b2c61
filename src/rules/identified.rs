use std::fmt;
use std::path::Path;

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::candidates::Candidates;
use super::identify::{Counterexample, Identification, Outcome};
use crate::arithmetic::quantizer::Format;
use crate::arithmetic::rescale::Rule;
use crate::files::tensor;
use crate::files::tensor::{Array, Cause, Dtype, read_npy};
use crate::quantization::requantize::{Accumulators, Error, Given, Parameters};

/// Which rules explain recorded outputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Identified(pub Identification);

/// Holds every rule against the outputs that somebody recorded for the accumulators in `acc`.
///
/// Codes are as wide as the type of the outputs and of its sign; of int32 outputs they are 8 bits wide and
/// signed. `bits` and `unsigned` say otherwise.
///
/// # Errors
/// An [`Error`] for files or numbers that cannot be used.
pub fn identify_file(
    acc: &Path,
    recorded: &Path,
    given: &Given,
    bits: Option<u32>,
    unsigned: bool,
) -> Result<Identified, Error> {
    let outputs = read_npy(recorded)?;
    let (codes, natural) = codes(recorded, &outputs)?;
    let format = Format::new(bits.unwrap_or(natural.0), natural.1 && !unsigned)?;
    let parameters = given.resolve(format)?;
    // With lists of unequal length no rule applies, and none of them would be to blame.
    let channels = parameters.channels()?;
    let accumulators = Accumulators::read(acc, channels)?;
    if outputs.shape() != accumulators.shape {
        return Err(Error::Shapes {
            file: recorded.display().to_string(),
            found: outputs.shape().to_vec(),
            expected: accumulators.shape,
        });
    }
    let Parameters { scales, outputs } = parameters;
    let candidates = Candidates::new(accumulators.bits, &scales, &outputs);
    Ok(Identified(candidates.identify(&accumulators.data, &codes)?))
}

/// Recorded outputs, and the width and sign of their type.
fn codes(file: &Path, array: &Array) -> Result<(Vec<i32>, (u32, bool)), Error> {
    let natural = match array.dtype() {
        Dtype::Int8 | Dtype::Int32 => (8, true),
        Dtype::Uint8 => (8, false),
        Dtype::Int16 => (16, true),
        Dtype::Uint16 => (16, false),
        other => {
            let accepted = vec![Dtype::Int8, Dtype::Uint8, Dtype::Int16, Dtype::Uint16, Dtype::Int32];
            return Err(tensor::Error::new(file, Cause::Type { found: other.to_string(), accepted }).into());
        }
    };
    let codes = array.integers().into_iter().flatten().map(|code| code as i32).collect();
    Ok((codes, natural))
}

impl Identified {
    /// Whether any rule gives every recorded output.
    pub fn is_explained(&self) -> bool {
        self.0.explaining().next().is_some()
    }
}

impl Serialize for Identified {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rules: Vec<Json> = self.0.outcomes.iter().map(|(rule, outcome)| view(*rule, outcome)).collect();
        let explaining: Vec<Rule> = self.0.explaining().collect();
        json!({ "compared": self.0.compared, "explaining": explaining, "rules": rules }).serialize(serializer)
    }
}

fn view(rule: Rule, outcome: &Outcome) -> Json {
    match outcome {
        Outcome::Explains => json!({ "rule": rule, "outcome": "explains" }),
        Outcome::Contradicted { wrong, first } => {
            let Counterexample { index, acc, recorded, computed } = first;
            let first = json!({ "index": index, "acc": acc, "recorded": recorded, "computed": computed });
            json!({ "rule": rule, "outcome": "contradicted", "wrong": wrong, "first": first })
        }
        Outcome::Inapplicable(reason) => {
            json!({ "rule": rule, "outcome": "inapplicable", "reason": reason.to_string() })
        }
    }
}

impl fmt::Display for Identified {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "{} recorded outputs", self.0.compared)?;
        for (rule, outcome) in &self.0.outcomes {
            write!(f, "{rule:<11}")?;
            match outcome {
                Outcome::Explains => writeln!(f, "explains all")?,
                Outcome::Contradicted { wrong, first } => {
                    let Counterexample { index, acc, recorded, computed } = first;
                    writeln!(
                        f,
                        "misses {wrong}, first element {index}: acc {acc} gives {computed}, recorded {recorded}"
                    )?;
                }
                Outcome::Inapplicable(reason) => writeln!(f, "does not apply: {reason}")?,
            }
        }
        Ok(())
    }
}
