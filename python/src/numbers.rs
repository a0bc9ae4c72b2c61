//! Quantization, requantization and identification of rounding rules.

use pyo3::prelude::*;
use qrtl::arithmetic::quantizer::{CodeFormat, Division, QuantizerConfig};
use qrtl::arithmetic::rescale::{MultiplierForm, Rule};
use qrtl::{ComputeEngine, NumberSource, ParameterSources, RescaleSources, ScaleSource};
use serde::Serialize;

use crate::Report;
use crate::arrays::{numpy, source};
use crate::error::raise;
use crate::tools::MODELS;

/// A result with its JSON and its text.
pub fn report(result: &(impl Serialize + ToString)) -> Report {
    (serde_json::to_string(result).expect("results are plain data"), result.to_string())
}

/// A number, or an array of numbers: Python passes numbers as texts.
fn number(name: &str, value: Option<Bound<'_, PyAny>>) -> PyResult<Option<NumberSource>> {
    let Some(value) = value else { return Ok(None) };
    Ok(Some(match value.extract::<String>() {
        Ok(word) => NumberSource::Number(word),
        Err(_) => NumberSource::Array(source(name, &value)?),
    }))
}

/// Codes of reals, and the parameters and the error of the quantization.
#[pyfunction]
#[allow(clippy::too_many_arguments)]
pub fn quantize<'py>(
    py: Python<'py>,
    reals: Bound<'py, PyAny>,
    bits: u32,
    signed: bool,
    words: [String; 4],
    reciprocal: bool,
    calibrate: Option<String>,
    batches: Vec<Bound<'py, PyAny>>,
    scale: Option<Bound<'py, PyAny>>,
    zero_point: Option<Bound<'py, PyAny>>,
    offset: Option<Bound<'py, PyAny>>,
) -> PyResult<(Bound<'py, PyAny>, Report)> {
    let [scheme, granularity, rounding, convention] = words;
    let config = QuantizerConfig {
        format: CodeFormat::new(bits, signed).map_err(raise)?,
        scheme: scheme.parse().map_err(raise)?,
        granularity: granularity.parse().map_err(raise)?,
        rounding: rounding.parse().map_err(raise)?,
        division: if reciprocal { Division::Reciprocal } else { Division::Exact },
    };
    let sources = ParameterSources {
        scale: number("scale", scale)?,
        zero_point: number("zero_point", zero_point)?,
        offset: number("offset", offset)?,
        calibration: calibrate.map(|word| word.parse().map_err(raise)).transpose()?,
        convention: convention.parse().map_err(raise)?,
    };
    let mut inputs = vec![source("x", &reals)?];
    for (index, batch) in batches.iter().enumerate() {
        inputs.push(source(&format!("batches[{index}]"), batch)?);
    }
    let quantized = py.detach(|| qrtl::quantize_batches(inputs, config, &sources));
    let (mut tensors, summary) = quantized.map_err(raise)?;
    Ok((numpy(py, tensors.codes.swap_remove(0))?, report(&summary)))
}

/// The numbers of a rescaling: multiplier and shift, scale, or the scales of three tensors; zero point, bias,
/// smallest and largest code.
#[derive(FromPyObject)]
pub struct Rescaling<'py> {
    #[pyo3(item)]
    multiplier: Option<Bound<'py, PyAny>>,
    #[pyo3(item)]
    shift: Option<Bound<'py, PyAny>>,
    #[pyo3(item)]
    scale: Option<Bound<'py, PyAny>>,
    #[pyo3(item)]
    input_scale: Option<Bound<'py, PyAny>>,
    #[pyo3(item)]
    weight_scale: Option<Bound<'py, PyAny>>,
    #[pyo3(item)]
    output_scale: Option<Bound<'py, PyAny>>,
    #[pyo3(item)]
    multiplier_from: String,
    #[pyo3(item)]
    bias: Option<Bound<'py, PyAny>>,
    #[pyo3(item)]
    zero_point: Option<Bound<'py, PyAny>>,
    #[pyo3(item)]
    min: Option<i32>,
    #[pyo3(item)]
    max: Option<i32>,
}

impl Rescaling<'_> {
    fn sources(self) -> PyResult<RescaleSources> {
        let fixed = (number("multiplier", self.multiplier)?, number("shift", self.shift)?);
        let form: MultiplierForm = self.multiplier_from.parse().map_err(raise)?;
        let tensors = [
            number("input_scale", self.input_scale)?,
            number("weight_scale", self.weight_scale)?,
            number("output_scale", self.output_scale)?,
        ];
        let scale = match (fixed, number("scale", self.scale)?, tensors) {
            ((Some(multiplier), Some(shift)), None, [None, None, None]) => {
                ScaleSource::Fixed { multiplier, shift }
            }
            ((None, None), Some(scale), [None, None, None]) => ScaleSource::Real(scale),
            ((None, None), None, [Some(input), Some(weight), Some(output)]) => {
                ScaleSource::Tensors { input, weight, output, form }
            }
            _ => {
                return Err(raise(
                    "give either multiplier and shift, or scale, or input_scale, weight_scale and output_scale",
                ));
            }
        };
        let zero_point = number("zero_point", self.zero_point)?;
        let zero_point = zero_point.unwrap_or_else(|| NumberSource::Number("0".to_string()));
        let bias = number("bias", self.bias)?;
        Ok(RescaleSources { scale, zero_point, bias, min: self.min, max: self.max })
    }
}

/// Codes of accumulators under a rounding rule.
#[pyfunction]
pub fn requantize<'py>(
    py: Python<'py>,
    acc: Bound<'py, PyAny>,
    rule: &str,
    rescaling: Rescaling<'py>,
    bits: u32,
    signed: bool,
    on_rtl: bool,
) -> PyResult<(Bound<'py, PyAny>, Report)> {
    let rule: Rule = rule.parse().map_err(raise)?;
    let format = CodeFormat::new(bits, signed).map_err(raise)?;
    let (acc, sources) = (source("acc", &acc)?, rescaling.sources()?);
    let (codes, summary) = py.detach(|| {
        let engine = if on_rtl { ComputeEngine::Rtl(&MODELS) } else { ComputeEngine::Reference };
        qrtl::requantize(acc, rule, &sources, format, engine).map_err(raise)
    })?;
    Ok((numpy(py, codes)?, report(&summary)))
}

/// Agreement of every rounding rule with recorded codes.
#[pyfunction]
pub fn identify<'py>(
    py: Python<'py>,
    acc: Bound<'py, PyAny>,
    codes: Bound<'py, PyAny>,
    rescaling: Rescaling<'py>,
    bits: Option<u32>,
    unsigned: bool,
) -> PyResult<Report> {
    let (acc, codes, sources) = (source("acc", &acc)?, source("codes", &codes)?, rescaling.sources()?);
    let found = py.detach(|| qrtl::identify(acc, codes, &sources, bits, unsigned)).map_err(raise)?;
    Ok(report(&found))
}

/// Name and equation of every rounding rule.
#[pyfunction]
pub fn rules() -> Vec<(&'static str, &'static str)> {
    Rule::ALL.iter().map(|rule| (rule.name(), rule.equation())).collect()
}
