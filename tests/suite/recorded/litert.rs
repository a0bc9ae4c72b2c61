//! Single-operator models of LiteRT and TFLite Micro: four kernels, each with its own rule.

use serde::Deserialize;

use super::array::{Array, read, vectors};
use qrtl::arithmetic::quantizer::CodeFormat;
use qrtl::arithmetic::rescale::{MultiplierForm, OutputStage, Rescaler, Rule, Scale};
use qrtl::{
    Array as FileArray, ArraySource, IdentificationVerdict, NumberSource, RescaleSources, RuleIdentification,
    ScaleSource, Tensor,
};

#[derive(Deserialize)]
struct Models {
    cases: Vec<Model>,
}

#[derive(Deserialize)]
struct Model {
    kind: String,
    x: Array,
    x_scale: Array,
    w_scale: Array,
    y_scale: Array,
    y_zp: i32,
    act: Option<String>,
    acc: Vec<i64>,
    y_ref: Recorded,
    y_opt: Recorded,
    y_xnn: Recorded,
    y_tflm: Recorded,
}

/// An array, or the word "same" for the output of the reference kernel.
#[derive(Deserialize)]
#[serde(untagged)]
enum Recorded {
    Codes(Array),
    Word(String),
}

/// The kernels: LiteRT reference, LiteRT optimized, XNNPACK and TFLite Micro.
const KERNELS: [&str; 4] = ["ref", "opt", "xnn", "tflm"];

impl Model {
    fn recorded(&self) -> [Vec<i32>; 4] {
        let Recorded::Codes(reference) = &self.y_ref else { panic!("the reference kernel is recorded") };
        [&self.y_ref, &self.y_opt, &self.y_xnn, &self.y_tflm].map(|recorded| match recorded {
            Recorded::Codes(codes) => codes.ints.iter().map(|&code| code as i32).collect(),
            Recorded::Word(word) => {
                assert_eq!(word, "same");
                reference.ints.iter().map(|&code| code as i32).collect()
            }
        })
    }

    /// Rule of each kernel for this kind of model.
    ///
    /// Other rules often give the same outputs; int16 models do not distinguish (R1) to (R5), except in TFLite
    /// Micro with a 64-bit bias.
    fn rules(&self) -> [Rule; 4] {
        match self.kind.as_str() {
            "fc_pertensor" => [Rule::F64, Rule::Ruy, Rule::F32, Rule::Gemmlowp],
            "conv" => [Rule::Gemmlowp, Rule::Ruy, Rule::F32, Rule::Gemmlowp],
            "fc_int4w_pertensor" => [Rule::F64, Rule::Ruy, Rule::Ruy, Rule::Gemmlowp],
            "conv_int4w" => [Rule::Gemmlowp, Rule::Ruy, Rule::Ruy, Rule::Gemmlowp],
            "fc_int16x8_biasint64" => [Rule::F64, Rule::F64, Rule::F64, Rule::Int16],
            "fc_int16x8_biasint32" => [Rule::F64, Rule::F64, Rule::F64, Rule::Gemmlowp],
            other => panic!("no rules for {other}"),
        }
    }

    fn output(&self) -> OutputStage {
        let bits = if self.x.dtype == "int16" { 16 } else { 8 };
        let output = OutputStage::new(CodeFormat::new(bits, true).unwrap(), self.y_zp).unwrap();
        if self.act.as_deref() == Some("relu") { output.relu().unwrap() } else { output }
    }

    /// Accumulator width: 48 bits for a 64-bit bias, as the int16 form assumes.
    fn acc_bits(&self) -> u32 {
        if self.kind.ends_with("biasint64") { 48 } else { 32 }
    }

    /// `sx*sw/sy` of each channel, in binary32 for (R4) and else in binary64, as for QuantizeMultiplier.
    fn scales(&self, rule: Rule) -> Vec<Scale> {
        let (x, y) = (self.x_scale.float(), self.y_scale.float());
        let factor = |w: f32| match rule {
            Rule::F32 => f64::from(x * w / y),
            _ => f64::from(x) * f64::from(w) / f64::from(y),
        };
        self.w_scale.floats().into_iter().map(|w| Scale::real(factor(w)).unwrap()).collect()
    }

    fn rescale(&self, rule: Rule) -> Vec<i32> {
        let rescaler =
            Rescaler::per_channel(rule, self.acc_bits(), &self.scales(rule), &[self.output()]).unwrap();
        let mut codes = vec![0; self.acc.len()];
        rescaler.rescale_slice(&self.acc, &mut codes).unwrap();
        codes
    }
}

fn models(file: &str) -> Vec<Model> {
    read::<Models>(&vectors().join("litert").join(file)).cases
}

/// Exceptions as (model, kernel, rule): the XNNPACK delegate runs one of the models with int4 weights itself and
/// leaves the others to the built-in kernels.
const DELEGATED: [(usize, &str, Rule); 1] = [(12, "xnn", Rule::F32)];

#[test]
fn recorded_kernels_follow_their_rules() {
    let (mut compared, mut delegated) = (0, Vec::new());
    let models = models("single_op_int8.json");
    for (i, model) in models.iter().enumerate() {
        for ((kernel, rule), recorded) in KERNELS.into_iter().zip(model.rules()).zip(model.recorded()) {
            assert_eq!(recorded.len(), model.acc.len(), "model {i}");
            let exception = DELEGATED.into_iter().find(|&(j, other, _)| (j, other) == (i, kernel));
            if let Some(exception) = exception {
                assert_ne!(model.rescale(rule), recorded, "model {i}, {kernel}: no exception needed");
                delegated.push(exception);
            }
            let rule = exception.map_or(rule, |(_, _, rule)| rule);
            assert_eq!(model.rescale(rule), recorded, "model {i}, {}, {kernel}, rule {rule}", model.kind);
            compared += recorded.len();
        }
    }
    assert_eq!(delegated, DELEGATED);
    assert_eq!((models.len(), compared), (42, 4 * 1870));
}

/// (R1) and (R2) wrap `acc * 2^s` to 32 bits; (R4) saturates. The cast of (R5) beyond int32 is undefined in C and
/// gives the smallest integer on x86; (R5) saturates here.
#[test]
fn left_shifts_wrap_as_in_runtimes() {
    let models = models("left_shift.json");
    let (mut compared, mut undefined) = (0, 0);
    for (i, model) in models.iter().enumerate() {
        let scale = model.scales(Rule::F64)[0].to_f64();
        for ((kernel, rule), recorded) in KERNELS.into_iter().zip(model.rules()).zip(model.recorded()) {
            for (((&acc, code), recorded), expected) in
                model.acc.iter().zip(model.rescale(rule)).zip(recorded).zip(model.rescale(Rule::F64))
            {
                if rule == Rule::F64 && acc as f64 * scale >= 2f64.powi(31) {
                    assert_eq!((recorded, expected), (-128, 127), "model {i}, {acc}: the undefined cast");
                    undefined += 1;
                } else {
                    assert_eq!(code, recorded, "model {i}, {}, {kernel}, rule {rule} of {acc}", model.kind);
                    compared += 1;
                }
            }
        }
    }
    assert_eq!((models.len(), compared + undefined, undefined), (10, 680, 16));
}

/// Accumulators and codes of a model, with the three scales of its file.
fn identify(model: &Model, acc: &[i64], codes: &[i32]) -> RuleIdentification {
    let channels = model.w_scale.floats().len();
    let shape = vec![acc.len() / channels, channels];
    let array = |data: Vec<i64>| Tensor::new(shape.clone(), data).unwrap();
    let number = |value: f32| NumberSource::Number(f64::from(value).to_string());
    let bits = model.output().format().bits();
    let recorded: FileArray = match bits {
        8 => Tensor::new(shape.clone(), codes.iter().map(|&code| code as i8).collect()).unwrap().into(),
        _ => Tensor::new(shape.clone(), codes.iter().map(|&code| code as i16).collect()).unwrap().into(),
    };
    let weight = FileArray::from(Tensor::new(vec![channels], model.w_scale.floats()).unwrap());
    let sources = RescaleSources {
        scale: ScaleSource::Tensors {
            input: number(model.x_scale.float()),
            weight: NumberSource::Array(ArraySource::from(weight)),
            output: number(model.y_scale.float()),
            form: MultiplierForm::F64,
        },
        zero_point: NumberSource::Number(model.y_zp.to_string()),
        bias: None,
        min: Some(model.output().min()),
        max: None,
    };
    let acc = FileArray::from(array(acc.to_vec()));
    qrtl::identify(acc.into(), recorded.into(), &sources, None, false).unwrap()
}

/// The rule of each kernel is among the answers; once the suggested accumulators are recorded, it is the only one, or
/// one of several that are the same function.
#[test]
fn identifies_rules_from_the_scales_of_the_file() {
    let (mut identified, mut total) = (0, 0);
    for (index, model) in models("single_op_int8.json").iter().enumerate() {
        if model.output().format().bits() > 8 {
            continue;
        }
        for ((kernel, rule), codes) in KERNELS.into_iter().zip(model.rules()).zip(model.recorded()) {
            let exception = DELEGATED.into_iter().find(|&(j, other, _)| (j, other) == (index, kernel));
            let rule = exception.map_or(rule, |(_, _, rule)| rule);
            let before = identify(model, &model.acc, &codes);
            assert!(before.explaining().any(|other| other == rule), "model {index}, {kernel}: {before}");
            let mut acc = model.acc.clone();
            acc.extend(before.separating.iter().flatten());
            let rescaler = Rescaler::per_channel(rule, 32, &model.scales(rule), &[model.output()]).unwrap();
            let codes: Vec<i32> =
                acc.iter().enumerate().map(|(index, &acc)| rescaler.rescale(acc, index)).collect();
            let after = identify(model, &acc, &codes);
            let is_right = after.functions.iter().any(|rules| rules.contains(&rule));
            assert!(is_right, "model {index}, {kernel}: {after}");
            identified += usize::from(after.verdict() == IdentificationVerdict::Identified);
            total += 1;
        }
    }
    assert!(total > 100 && identified * 10 >= total * 9, "{identified} of {total}");
}

/// A per-tensor model on which the kernels disagree identifies their rules.
#[test]
fn identifies_rules_from_outputs_alone() {
    let models = models("single_op_int8.json");
    let model = &models[0];
    let identified = model
        .recorded()
        .map(|recorded| identify(model, &model.acc, &recorded).explaining().collect::<Vec<_>>());
    // A neighbour of the binary32 multiplier gives the outputs of (R5) too.
    let reference = vec![Rule::F32, Rule::F64, Rule::F32Away];
    assert_eq!(identified, [reference, vec![Rule::Ruy], vec![Rule::F32], vec![Rule::Gemmlowp]]);
}
