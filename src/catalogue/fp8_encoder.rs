//! Unit `fp8_encoder`: binary32 to small float.

use serde_json::{Value as Json, json};

use super::fp8;
use crate::circuit::{Body, Net, Schedule};
use crate::unit::{
    Behaviour, ConfigError, Float, FloatNan, Kind, Parameter, Port, Preset, Role, UnitDefinition,
    UnitParameters, Value, Values,
};

/// `code = x`, rounded to nearest even.
#[derive(Clone, Copy, Debug)]
pub struct Fp8EncoderParameters {
    /// The format of the codes.
    pub format: Float,
    /// Whether numbers beyond the largest finite code saturate to it.
    pub saturate: bool,
    /// Registers between number and code.
    pub stages: u32,
}

/// Steps of the datapath: distance, alignment, rounding, choice of the code. A register may follow each.
const STEPS: u32 = 4;

const SATURATE: Parameter = Parameter {
    name: "saturate",
    kind: Kind::Flag,
    default: Value::Flag(false),
    help: "numbers beyond the largest finite one, infinities included, saturate to it",
};

const STAGES: Parameter = Parameter {
    name: "stages",
    kind: Kind::Integer { min: 0, max: STEPS as i64 },
    default: Value::Integer(0),
    help: "registers between number and code",
};

impl UnitDefinition for Fp8EncoderParameters {
    const SUMMARY: &'static str = "nearest float of 4 to 8 bits to a binary32, ties to even";

    const PARAMETERS: &'static [Parameter] = &[fp8::FORMAT, SATURATE, STAGES];

    const PRESETS: &'static [Preset] = &[
        Preset { name: "fp8_encoder_e4m3", sets: &[] },
        Preset { name: "fp8_encoder_e4m3_sat", sets: &["saturate=true"] },
        Preset { name: "fp8_encoder_e5m2", sets: &["format=e5m2"] },
        Preset { name: "fp8_encoder_e5m2_sat", sets: &["format=e5m2", "saturate=true"] },
        Preset { name: "fp8_encoder_e4m3fnuz", sets: &["format=e4m3fnuz"] },
        Preset { name: "fp8_encoder_e2m1", sets: &["format=e2m1"] },
    ];

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        Ok(Self {
            format: fp8::parse_format(values),
            saturate: values.flag(&SATURATE),
            stages: values.count(&STAGES),
        })
    }
}

impl UnitParameters for Fp8EncoderParameters {
    fn module_name(&self) -> String {
        let overflow = if self.saturate { "_sat" } else { "" };
        let pipeline = if self.stages == 0 { String::new() } else { format!("_p{}", self.stages) };
        format!("fp8_encoder_{}{overflow}{pipeline}", self.format.name)
    }

    fn ports(&self) -> Vec<Port> {
        let mut ports = Vec::new();
        if self.stages > 0 {
            ports.push(Port::control("clk", Role::Clock, "acts on the rising edge"));
        }
        ports.push(Port::input("x", Float::F32, "binary32"));
        ports.push(Port::output("code", self.format, nearest(self.format)));
        ports
    }

    fn behaviour(&self) -> Behaviour {
        Behaviour::FeedForward { latency: self.stages as usize }
    }

    fn summary(&self) -> Option<String> {
        Some(format!("nearest {} to a binary32, ties to {}", fp8::code_name(self.format), self.ties()))
    }

    fn facts(&self) -> Vec<String> {
        let Float { infinity, nan, is_scale, .. } = self.format;
        let overflow = match (self.saturate, infinity, nan) {
            (true, ..) if is_scale => "The sign is ignored; zero becomes 2^-127, infinity NaN.",
            (false, ..) if is_scale => "Zero, negative numbers and infinity become NaN.",
            (true, ..) | (false, false, FloatNan::None) => {
                "Numbers beyond the largest finite one become it, infinities too."
            }
            (false, true, _) => "Numbers beyond the largest finite one become infinite.",
            (false, false, _) => "Numbers beyond the largest one become NaN: there is no infinity.",
        };
        let latency = match self.stages {
            0 => "Combinational.".to_string(),
            1 => "Latency: 1 clock cycle; one code per cycle; no reset.".to_string(),
            stages => format!("Latency: {stages} clock cycles; one code per cycle; no reset."),
        };
        let nan = match nan {
            _ if is_scale => "NaN becomes ff",
            FloatNan::AllOnes => "NaN keeps its sign",
            FloatNan::NegativeZero => "NaN becomes 80",
            FloatNan::None => "NaN becomes the zero of the other sign",
        };
        let rounding = format!("Round to nearest, ties to {}; {nan}.", self.ties());
        vec![latency, rounding, overflow.to_string()]
    }

    fn context(&self) -> Json {
        let mut body = Body::default();
        let code = self.code(&mut body);
        body.blank_line();
        json!({
            "code_msb": self.format.bits() - 1,
            "statements": body.into_statements(),
            "registered": self.stages > 0,
            "value": code,
        })
    }
}

/// The comment of the output.
fn nearest(format: Float) -> &'static str {
    match (format.is_scale, format.bits()) {
        (true, _) => "the nearest power of two",
        (_, 4) => "the nearest 4-bit float",
        (_, 6) => "the nearest 6-bit float",
        _ => "the nearest 8-bit float",
    }
}

/// Nets that later steps read; `None` before the first and after the last use, or if the format needs none.
struct Signals {
    negative: Option<Net>,
    is_nan: Net,
    /// The number is beyond the exponents of the format.
    is_large: Option<Net>,
    /// Exponent above that of the least normal code.
    steps: Option<Net>,
    /// Right shift of a number below the least normal code.
    distance: Option<Net>,
    /// Leading bits of the significand, then the magnitude of the code.
    value: Net,
    /// Whether bits below the value are set.
    rest: Option<Net>,
}

impl Signals {
    fn insert_registers(&mut self, body: &mut Body) {
        let mut live: Vec<&mut Net> = self.negative.as_mut().into_iter().collect();
        live.push(&mut self.is_nan);
        live.extend(self.is_large.as_mut());
        live.push(&mut self.value);
        live.extend([&mut self.steps, &mut self.distance, &mut self.rest].into_iter().flatten());
        body.insert_registers(&mut live);
    }
}

impl Fp8EncoderParameters {
    /// Adds the datapath to the body, all but its last register; returns the code as an expression.
    fn code(&self, body: &mut Body) -> String {
        let mut signals = self.unpacked(body);
        let steps = [Self::align, Self::round];
        let schedule = Schedule::new(STEPS, self.stages);
        for (step, function) in (1..).zip(steps) {
            if schedule.registers_after(step) {
                signals.insert_registers(body);
            }
            function(self, body, &mut signals);
        }
        if schedule.registers_after(STEPS - 1) {
            signals.insert_registers(body);
        }
        self.chosen(body, &signals)
    }

    /// Bits of a code's significand, the hidden one included, and one below them.
    fn head_bits(&self) -> u32 {
        self.format.fraction_bits + 2
    }

    /// Where ties go: the hidden bit is the last of a power of two, which makes every code odd.
    fn ties(&self) -> &'static str {
        if self.format.is_scale { "the larger" } else { "even" }
    }

    /// First step: the fields of the number, and their position in the format.
    fn unpacked(&self, body: &mut Body) -> Signals {
        let (head_bits, exponent_bits) = (self.head_bits(), self.format.exponent_bits);
        let head_lsb = Float::F32.fraction_bits + 1 - head_bits;
        let least = Float::F32.bias() - self.format.bias() + 1;
        let (negative, is_nan) = self.special_inputs(body);
        if self.format.is_scale {
            body.comment(&["The hidden bit, the half, and whether there is more."]);
        } else {
            body.comment(&[
                "The bits that a code may have, one below them, and whether there are more. Subnormals of",
                "binary32 are far below the least code.",
            ]);
        }
        let leading = if head_lsb == 22 { "x[22]".to_string() } else { format!("x[22:{head_lsb}]") };
        let value = body.wire("head", head_bits, &format!("{{|x[30:23], {leading}}}"));
        let rest = body.wire("rest", 1, &format!("|x[{}:0]", head_lsb - 1));
        if !self.format.is_scale {
            body.comment(&[
                "Below the least normal code the step stays the same: the significand moves right, by 7",
                "bits at most, which leaves none.",
            ]);
        }
        let difference = body.wire("difference", 9, &format!("{{1'b0, x[30:23]}} - 9'd{least}"));
        let is_normal = body.wire("is_normal", 1, &format!("~{}", difference.bit(8))).text();
        let exponent = difference.slice(exponent_bits - 1, 0);
        let steps =
            body.wire("steps", exponent_bits, &format!("{is_normal} ? {exponent} : {exponent_bits}'d0"));
        let mut signals = Signals {
            negative,
            is_nan,
            is_large: None,
            steps: Some(steps),
            distance: None,
            value,
            rest: Some(rest),
        };
        if self.format.is_scale {
            return signals;
        }
        let beyond = difference.slice(7, exponent_bits);
        signals.is_large = Some(body.wire("is_large", 1, &format!("{is_normal} & |{beyond}")));
        let [upper, lower] = [difference.slice(7, 3), difference.slice(2, 0)];
        let is_far = body.wire("is_far", 1, &format!("~&{upper} | ~|{lower}")).text();
        let distance = format!("{is_normal} ? 3'd0 : {is_far} ? 3'd7 : 3'd0 - {lower}");
        signals.distance = Some(body.wire("distance", 3, &distance));
        signals
    }

    /// The sign, if the code has one, and whether the number becomes NaN whatever its magnitude rounds to.
    fn special_inputs(&self, body: &mut Body) -> (Option<Net>, Net) {
        if !self.format.is_scale {
            let negative = body.wire("negative", 1, "x[31]");
            return (Some(negative), body.wire("is_nan", 1, "&x[30:23] & |x[22:0]"));
        }
        if self.saturate {
            body.wire("unused", 1, "&{1'b0, x[31]}");
            return (None, body.wire("is_nan", 1, "&x[30:23]"));
        }
        (None, body.wire("is_nan", 1, "x[31] | ~|x[30:0] | &x[30:23]"))
    }

    /// Second step: the significand moves to the weights of the code.
    fn align(&self, body: &mut Body, signals: &mut Signals) {
        let Some(distance) = signals.distance.take() else { return };
        let head_bits = self.head_bits();
        let (distance, rest) = (distance.text(), taken(&mut signals.rest));
        let head = signals.value.text();
        signals.value = body.wire("aligned", head_bits, &format!("{head} >> {distance}"));
        let kept = format!("{{{head_bits}{{1'b1}}}} << {distance}");
        let is_inexact = format!("{rest} | |({head} & ~({kept}))");
        signals.rest = Some(body.wire("is_inexact", 1, &is_inexact));
    }

    /// Third step: rounding to the magnitude of a code.
    fn round(&self, body: &mut Body, signals: &mut Signals) {
        let Float { exponent_bits, fraction_bits, .. } = self.format;
        let (steps, is_inexact) = (taken(&mut signals.steps), taken(&mut signals.rest));
        let aligned = &signals.value;
        if self.format.is_scale {
            body.comment(&["To nearest, ties to the larger. The hidden bit belongs into the exponent."]);
        } else {
            body.comment(&[
                "To nearest, ties to even. The hidden bit of a normal code, and a carry out of its fraction,",
                "belong into the exponent.",
            ]);
        }
        let round_up = format!("{} & ({is_inexact} | {})", aligned.bit(0), aligned.bit(1));
        let round_up = body.wire("round_up", 1, &round_up).text();
        let exponent = match fraction_bits {
            0 => format!("{{1'b0, {steps}}}"),
            bits => format!("{{1'b0, {steps}, {bits}'d0}}"),
        };
        let significand = aligned.slice(self.head_bits() - 1, 1);
        let significand = format!("{{{exponent_bits}'d0, {significand}}}");
        let sum = format!("{exponent} + {significand} + {{{}'d0, {round_up}}}", self.magnitude_bits());
        signals.value = body.wire("magnitude", self.magnitude_bits() + 1, &sum);
    }

    /// Bits of a code without its sign.
    fn magnitude_bits(&self) -> u32 {
        self.format.exponent_bits + self.format.fraction_bits
    }

    /// Last step: the code as an expression.
    fn chosen(&self, body: &mut Body, signals: &Signals) -> String {
        let Signals { negative, is_nan, is_large, value: magnitude, .. } = signals;
        let Float { infinity, nan, .. } = self.format;
        let bits = self.magnitude_bits();
        let largest = self.format.largest();
        let has_special = infinity || nan == FloatNan::AllOnes;
        let mut beyond: Vec<String> = is_large.iter().map(Net::text).collect();
        beyond.push(magnitude.bit(bits));
        if has_special {
            // The bits of the first magnitude beyond the codes are ones before zeros.
            beyond.push(format!("&{}", magnitude.slice(bits - 1, (largest + 1).trailing_zeros())));
        }
        let is_beyond = body.wire("is_beyond", 1, &beyond.join(" | ")).text();
        let pattern =
            |pattern: u64| format!("{bits}'h{pattern:0digits$x}", digits = bits.div_ceil(4) as usize);
        let finite = magnitude.slice(bits - 1, 0);
        let is_nan = is_nan.text();
        let Some(negative) = negative.as_ref().map(Net::text) else {
            let (nan, largest) = (pattern(largest + 1), pattern(largest));
            let beyond = if self.saturate { &largest } else { &nan };
            return format!("{is_nan} ? {nan} : {is_beyond} ? {beyond} : {finite}");
        };
        match nan {
            FloatNan::NegativeZero if self.saturate => format!(
                "{is_nan} ? 8'h80 : {is_beyond} ? {{{negative}, {}}} : {{{negative} & |{finite}, {finite}}}",
                pattern(largest)
            ),
            FloatNan::NegativeZero => {
                format!("{is_nan} | {is_beyond} ? 8'h80 : {{{negative} & |{finite}, {finite}}}")
            }
            FloatNan::None => format!(
                "{{{negative} ^ {is_nan}, {is_nan} ? {} : {is_beyond} ? {} : {finite}}}",
                pattern(0),
                pattern(largest)
            ),
            FloatNan::AllOnes => {
                let beyond = pattern(largest + u64::from(!self.saturate));
                let nan = pattern(self.nan());
                format!("{{{negative}, {is_nan} ? {nan} : {is_beyond} ? {beyond} : {finite}}}")
            }
        }
    }

    /// The bits of a NaN without its sign.
    fn nan(&self) -> u64 {
        let format = self.format;
        // The quiet bit alone is the NaN of a format with infinity; all ones that of one without.
        if format.infinity {
            format.largest() + 1 + (1 << (format.fraction_bits - 1))
        } else {
            format.magnitude_mask()
        }
    }
}

/// The name of a net that no later step reads.
fn taken(net: &mut Option<Net>) -> String {
    net.take().expect("an earlier step leaves it").text()
}
