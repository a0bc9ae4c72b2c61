//! Proptest strategy over all configs of all units, derived from the catalogue.

use std::borrow::Cow;

use proptest::prelude::*;

use qrtl::unit::{Config, Kind, Matrix, Parameter, Unit, Value};

/// Any legal config of any of the units.
pub fn config(units: impl Into<Cow<'static, [&'static dyn Unit]>>) -> impl Strategy<Value = Config> {
    proptest::sample::select(units).prop_flat_map(config_of)
}

fn config_of(unit: &'static dyn Unit) -> impl Strategy<Value = Config> {
    settings(unit).prop_filter_map("parameters that do not go together", move |settings| {
        Config::new(unit, None, &settings).ok()
    })
}

/// A setting for every parameter of a unit, each legal alone.
pub fn settings(unit: &'static dyn Unit) -> impl Strategy<Value = Vec<String>> {
    unit.parameters().iter().map(setting).collect::<Vec<_>>().prop_map(with_what_fits)
}

/// Architectures are drawn uniformly, but most of them are legal for few targets only. Unused numbers have their
/// defaults.
fn with_what_fits(mut settings: Vec<String>) -> Vec<String> {
    let drawn = |setting: &str| settings.iter().any(|known| known == setting);
    let fitting: &[&str] = match () {
        () if drawn("arch=ccu2c_rows") => &["target=ecp5", "objective=area"],
        () if drawn("arch=dsp") && drawn("target=generic") => &["target=xcup", "objective=area", "dsp=allow"],
        () if drawn("arch=dsp") || drawn("arch=inferred") => &["objective=area", "dsp=allow"],
        () if !drawn("arch=auto") => &["objective=area"],
        () => &[],
    };
    let useless = [
        ("accumulate=true", "acc_bits=32"),
        ("a_zero_point=constant", "a_zero_point_value=0"),
        ("b_zero_point=constant", "b_zero_point_value=0"),
    ];
    let useless = useless.into_iter().filter(|(user, _)| {
        let (name, _) = user.split_once('=').expect("a setting");
        !drawn(user) && settings.iter().any(|known| known.split('=').next() == Some(name))
    });
    let rests: Vec<&str> = useless.map(|(_, rest)| rest).collect();
    let packed = what_packs(&settings);
    let layer = what_a_layer_needs(&settings);
    let layer: Vec<&str> = layer.iter().map(String::as_str).collect();
    let numbers = what_a_rule_needs(&settings);
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    for fit in fitting.iter().chain(&rests).chain(&packed).chain(&numbers).chain(&layer) {
        let (name, _) = fit.split_once('=').expect("a setting");
        let setting = settings.iter_mut().find(|setting| setting.split('=').next() == Some(name));
        if let Some(setting) = setting {
            *setting = fit.to_string();
        }
    }
    settings
}

/// Makes the numbers of a rounding rule legal: multipliers in its range, no shift beside a floating-point multiplier, a
/// bias for the rule that adds one.
fn what_a_rule_needs(settings: &[String]) -> Vec<String> {
    let value = |name: &str| settings.iter().find_map(|set| set.strip_prefix(name)?.strip_prefix('='));
    let (Some(rule), Some(multiplier)) = (value("rule"), value("multiplier")) else { return Vec::new() };
    let largest = match rule {
        "f64" => 0x7fef_ffff_ffff_ffff,
        "f32" | "f32_after_zp" | "f32_bias" | "f32_away" => 0x7f7f_ffff,
        _ => i64::from(i32::MAX),
    };
    let fit = |number: &str| match number.parse::<i64>() {
        Ok(number) => (number % (largest + 1)).to_string(),
        Err(_) => number.to_string(),
    };
    let list: Vec<String> = multiplier.split(',').map(fit).collect();
    let mut fits = Vec::new();
    if !rule.starts_with("pow2") {
        fits.push(format!("multiplier={}", list.join(",")));
    }
    if largest != i64::from(i32::MAX) {
        fits.push("shift=0".to_string());
    }
    if rule != "f32_bias" {
        fits.push("bias=0".to_string());
    }
    if value("out_bits").is_some() && matches!(rule, "f64" | "f32_after_zp" | "f32_bias") {
        fits.extend(
            ["out_bits=8", "zero_point=3", "clamp_min=type", "clamp_max=type", "arch=auto"].map(String::from),
        );
        if multiplier == "port" {
            fits.push("multiplier=999113715".to_string());
        }
    }
    fits
}

/// Makes draws of a layer legal: lists with one number per output channel, a window inside the input, and ordered
/// bounds.
fn what_a_layer_needs(settings: &[String]) -> Vec<String> {
    let value = |name: &str| settings.iter().find_map(|set| set.strip_prefix(name)?.strip_prefix('='));
    let number = |name: &str| value(name).and_then(|text| text.parse::<i64>().ok());
    let mut fits = Vec::new();
    let (Some(height), Some(width), Some(kernel)) = (number("height"), number("width"), number("kernel"))
    else {
        return fits;
    };
    if number("clamp_min") > number("clamp_max") {
        fits.push("clamp_min=-128".to_string());
    }
    if value("kind") == Some("average") {
        fits.push("padding=valid".to_string());
        let least = height.min(width);
        fits.push(format!("kernel={}", kernel.min(least)));
        fits.push("kernel_columns=kernel".to_string());
    } else if kernel * number("dilation").unwrap_or(1) > height.min(width) {
        fits.push("padding=same".to_string());
    }
    let Some(drawn) = value("weights") else { return fits };
    // The default weights divide by few windows, and drawn ones are too narrow for most.
    let taps = kernel * kernel;
    let single: Vec<String> = (0..taps).map(|tap| (tap * 37 % 255 - 127).to_string()).collect();
    let single = single.join(",");
    let weights = if matches!(kernel, 4 | 5 | 7) { single.as_str() } else { drawn };
    fits.push(format!("weights={weights}"));
    let (rows, columns) =
        (weights.split(';').count(), weights.split([',', ';']).count() / weights.split(';').count());
    if columns as i64 % taps != 0 {
        fits.push("kernel=1".to_string());
    }
    if columns > 1 {
        fits.push("depthwise=false".to_string());
    }
    for list in ["bias", "multiplier", "shift"] {
        let numbers: Vec<&str> = value(list).unwrap_or("0").split(',').collect();
        let pattern = match value("rule") {
            Some("f32") => Some("999113715"),
            Some("f64") => Some("4571607584623492386"),
            _ => None,
        };
        if let Some(pattern) = pattern.filter(|_| list != "bias") {
            fits.push(format!("{list}={}", if list == "shift" { "0" } else { pattern }));
        } else if numbers.len() > 1 && numbers.len() != rows {
            fits.push(format!("{list}={}", numbers[0]));
        }
    }
    if weights
        .split([',', ';'])
        .any(|weight| weight.parse().is_ok_and(|weight: i64| !(-8..8).contains(&weight)))
    {
        fits.push("weight_bits=8".to_string());
    }
    fits
}

/// Makes draws of a packed multiplier legal, because most packed words are too wide for a block.
fn what_packs(settings: &[String]) -> Vec<&'static str> {
    let value = |name: &str| settings.iter().find_map(|set| set.strip_prefix(name)?.strip_prefix('='));
    let above =
        |name: &str, limit: u32| value(name).is_some_and(|text| text.parse().is_ok_and(|n: u32| n > limit));
    let Some(pairing) = value("pairing") else { return Vec::new() };
    let mut fits = Vec::new();
    let mut fit = |needed: bool, sets: &[&'static str]| {
        if needed {
            fits.extend_from_slice(sets);
        }
    };
    fit(value("a_narrow") == Some("true"), &["a_signed=true"]);
    fit(value("b_narrow") == Some("true"), &["b_signed=true"]);
    if pairing == "elementwise" {
        fit(true, &["target=ice40", "a_lanes=2", "b_lanes=2", "terms=1"]);
        fit(above("a_bits", 8), &["a_bits=8"]);
        fit(above("b_bits", 8), &["b_bits=8"]);
        fit(above("stages", 2), &["stages=2"]);
        return fits;
    }
    fit(value("target") == Some("ice40"), &["target=xcup"]);
    if above("a_bits", 8) {
        fit(true, &["b_bits=2", "a_lanes=1", "b_lanes=2", "terms=1"]);
    } else if above("b_bits", 8) {
        fit(true, &["a_bits=2", "a_lanes=2", "b_lanes=1", "terms=1"]);
    } else if above("terms", 1) {
        fit(true, &["a_bits=3", "b_bits=3", "a_lanes=2", "b_lanes=1"]);
        fit(value("stages") == Some("0"), &["stages=1"]);
    } else {
        fit(above("a_lanes", 2) || above("b_lanes", 1), &["a_bits=2", "b_bits=3"]);
    }
    fits
}

/// A parameter at its default in half of the draws, else anywhere in its range.
fn setting(parameter: &'static Parameter) -> impl Strategy<Value = String> {
    let any = match parameter.kind {
        Kind::Integer { min, max } => integer(min, max).prop_map(Value::Integer).boxed(),
        Kind::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        Kind::Source { min, max, words, channels } => {
            let number = integer(min, max);
            let word = match words {
                [] => integer(min, max).prop_map(Value::Integer).boxed(),
                _ => proptest::sample::select(words).prop_map(Value::Word).boxed(),
            };
            let list = proptest::collection::vec(integer(min, max), 2..=9);
            let list = list.prop_map(move |numbers| match channels {
                1 => Value::Integer(numbers[0]),
                _ => Value::List(numbers.into()),
            });
            prop_oneof![2 => number.prop_map(Value::Integer), 1 => word, 1 => list].boxed()
        }
        // A function of every code.
        Kind::Matrix if parameter.name == "table" => {
            let codes = proptest::collection::vec(integer(-128, 127), 256);
            codes.prop_map(|codes| Value::Matrix(Matrix::new(16, 16, codes).expect("a table"))).boxed()
        }
        Kind::Matrix => matrix().prop_map(Value::Matrix).boxed(),
        Kind::Choice(words) => proptest::sample::select(words).prop_map(Value::Word).boxed(),
    };
    prop_oneof![Just(parameter.default.clone()), any].prop_map(|value| format!("{}={value}", parameter.name))
}

/// A small matrix of which many entries fit few bits, and some rows and columns are 0.
fn matrix() -> impl Strategy<Value = Matrix> {
    (1..=4usize, 1..=5usize, 0..=7u32).prop_flat_map(|(rows, columns, shift)| {
        let entry = prop_oneof![1 => Just(0), 3 => integer(-128, 127)];
        let entries = proptest::collection::vec(entry.prop_map(move |entry| entry >> shift), rows * columns);
        entries.prop_map(move |entries| Matrix::new(rows, columns, entries).expect("a small matrix"))
    })
}

/// Small magnitudes as often as large ones, because only small ones are legal for narrow operands.
fn integer(min: i64, max: i64) -> impl Strategy<Value = i64> {
    (0..=63u32 - (max - min).leading_zeros(), min..=max)
        .prop_map(move |(shift, number)| if max - min < 64 { number } else { number >> shift })
}
