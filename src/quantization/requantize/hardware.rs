//! Requantization by the Verilated requantizer.

use super::error::RequantizeError;
use crate::arithmetic::rescale::{Channel, RescaleError, Rescaler, RuleScale};
use crate::catalogue::unit;
use crate::files::tensor::require_memory;
use crate::generator;
use crate::model::Lanes;
use crate::simulation::{Models, simulate_rtl, simulation_bytes};
use crate::stimulus::Sequence;
use crate::unit::{Column, Config, Kind, Port, Role};

/// Multiplier, shift, bias and zero point of each channel.
struct ChannelSettings {
    /// `None` for the rules without a multiplier.
    multiplier: Option<Vec<i64>>,
    shift: Vec<i64>,
    /// Bit patterns; `None` for the rules without a bias.
    bias: Option<Vec<i64>>,
    zero_point: Vec<i64>,
}

/// Computes the codes of `acc` with the RTL.
///
/// A number that all channels share becomes a constant of the unit; numbers that differ become a table by
/// channel, or a port if the table would be too long.
pub(crate) fn requantize(
    rescaler: &Rescaler,
    acc: &[i64],
    models: &dyn Models,
) -> Result<Vec<i32>, RequantizeError> {
    let numbers = ChannelSettings::of(rescaler);
    let config = numbers.config(rescaler)?;
    let channels = rescaler.channels().len();
    let ports = config.ports();
    require_memory(acc.len(), simulation_bytes(&ports)).map_err(RequantizeError::Memory)?;
    let columns = ports.iter().filter(|port| port.is_driven()).map(|port| {
        let by_channel = |numbers: &[i64]| column(port, acc.len(), |index| numbers[index % channels]);
        match (port.role, port.name) {
            (Role::Reset, _) => column(port, acc.len(), |_| 0),
            (Role::Data, "acc") => column(port, acc.len(), |index| acc[index]),
            (Role::Data, "channel") => column(port, acc.len(), |index| (index % channels) as i64),
            (Role::Data, "multiplier") => by_channel(numbers.multiplier.as_deref().unwrap_or_default()),
            (Role::Data, "shift") => by_channel(&numbers.shift),
            (Role::Data, "zero_point") => by_channel(&numbers.zero_point),
            _ => column(port, acc.len(), |_| port.idle() as i64),
        }
    });
    let transactions = Sequence::new(columns.collect());
    let rtl = models
        .model(&config, &generator::render(&config), Lanes::ONE, false)
        .map_err(RequantizeError::Model)?;
    let outputs = simulate_rtl(&rtl, &transactions)?;
    let (port, codes_out) = ports.last().zip(outputs.last()).expect("the code comes last");
    let mut codes = vec![0; acc.len()];
    codes_out.decode(port.integer, 0, &mut codes, |slot, code| *slot = code as i32);
    Ok(codes)
}

fn column(port: &Port, rows: usize, value: impl Fn(usize) -> i64) -> Column {
    let mut column = Column::zeros(port.width(), rows);
    column.fill(|index| port.integer.encode(value(index).into()));
    column
}

impl ChannelSettings {
    fn of(rescaler: &Rescaler) -> Self {
        let mut numbers = Self { multiplier: None, shift: Vec::new(), bias: None, zero_point: Vec::new() };
        for &Channel { factor, output } in rescaler.channels() {
            let (multiplier, shift) = match factor {
                RuleScale::Fixed { multiplier, shift } => (Some(multiplier.into()), shift.into()),
                RuleScale::F32(scale) => (Some(scale.to_bits().into()), 0),
                RuleScale::ShiftRight(right) => (None, -i64::from(right)),
                RuleScale::F64(scale) => (Some(scale.to_bits() as i64), 0),
                RuleScale::BiasedF32 { scale, bias } => {
                    numbers.bias.get_or_insert_default().push(bias.to_bits().into());
                    (Some(scale.to_bits().into()), 0)
                }
            };
            if let Some(multiplier) = multiplier {
                numbers.multiplier.get_or_insert_default().push(multiplier);
            }
            numbers.shift.push(shift);
            numbers.zero_point.push(output.zero_point().into());
        }
        numbers
    }

    fn config(&self, rescaler: &Rescaler) -> Result<Config, RequantizeError> {
        let unit = unit("requantizer").expect("a unit of the catalogue");
        let kind =
            |name: &str| unit.parameters().iter().find(|known| known.name == name).map(|known| known.kind);
        let rule = rescaler.rule();
        let setting = |name: &str, numbers: &[i64]| {
            let longest_table = match kind(name) {
                Some(Kind::Source { channels, .. }) => channels,
                _ => 1,
            };
            let value = match numbers {
                [first, rest @ ..] if rest.iter().all(|number| number == first) => first.to_string(),
                _ if numbers.len() <= longest_table => {
                    numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
                }
                _ => "port".to_string(),
            };
            format!("{name}={value}")
        };
        let output = rescaler.channels().first().ok_or(RescaleError::NoChannels)?.output;
        let mut settings = vec![
            format!("rule={rule}"),
            format!("acc_bits={}", rescaler.acc_bits()),
            format!("out_bits={}", output.format().bits()),
            format!("out_signed={}", output.format().signed()),
            format!("clamp_min={}", output.min()),
            format!("clamp_max={}", output.max()),
            setting("shift", &self.shift),
            setting("zero_point", &self.zero_point),
        ];
        settings.extend(self.multiplier.iter().map(|numbers| setting("multiplier", numbers)));
        settings.extend(self.bias.iter().map(|numbers| setting("bias", numbers)));
        // The numbers are legal for the rule; the config's error names any limit of the unit beyond that.
        Config::new(unit, None, &settings).map_err(|error| RequantizeError::Model(error.into()))
    }
}
