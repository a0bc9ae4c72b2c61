//! Verification of many configs, which share builds.

use crate::simulation::{ModelBuilder, ModelGroup, Models};
use crate::toolchain::parallel::in_parallel;
use crate::unit::Config;
use crate::verification::effort::Effort;
use crate::verification::report::Report;
use crate::verification::verify::verify;
use crate::verification::verify_error::VerifyError;

/// Bytes of Verilog in one build. Fewer, and headers and runtime dominate its cost; more, and every
/// evaluation of a config drags too many others along.
const GROUP_BYTES: usize = 1 << 16;

/// Verifies every config against its reference, as [`verify`] does one by one, and keeps their order.
/// `render` gives the Verilog that defines the module of a config; the names of the configs must
/// differ. `done` is told of each config.
///
/// On every core one group of configs is built and verified after the other, so that one core compiles
/// while the other simulates.
///
/// # Errors
/// As [`verify`], of the first config that has no verdict.
pub fn sweep(
    configs: &[Config],
    render: &(dyn Fn(&Config) -> String + Sync),
    built: &ModelBuilder,
    effort: &Effort,
    done: &(dyn Fn() + Sync),
) -> Result<Vec<Report>, VerifyError> {
    let rendered = |config: &Config| Ok::<_, VerifyError>((config.clone(), render(config)));
    let members = in_parallel(configs, rendered)?;
    let groups = groups(&members, effort.threads);
    let effort = Effort { threads: effort.threads.div_ceil(groups.len().max(1)), ..effort.clone() };
    let reports = in_parallel(&groups, |group| {
        let together = ModelGroup::build(built, group);
        let report = |(config, verilog): &(Config, String)| {
            let verify = |models: &dyn Models| verify(config, verilog, models, &effort, &|_| (), &|_| ());
            // One module that does not build or does not settle must not speak for the others.
            let report = match &together {
                Ok(models) => verify(models).or_else(|_| verify(built)),
                Err(_) => verify(built),
            };
            done();
            report
        };
        group.iter().map(report).collect::<Result<Vec<Report>, VerifyError>>()
    })?;
    Ok(reports.into_iter().flatten().collect())
}

/// Cuts the members, in their order, into groups of about equal size, at least one a thread.
fn groups(members: &[(Config, String)], threads: usize) -> Vec<&[(Config, String)]> {
    let total: usize = members.iter().map(|(_, verilog)| verilog.len()).sum();
    let count = total.div_ceil(GROUP_BYTES).next_multiple_of(threads.max(1));
    let size = total.div_ceil(count.max(1));
    let mut before = 0;
    let mut place = |(_, verilog): &(Config, String)| {
        let place = before / size;
        before += verilog.len();
        place
    };
    let places: Vec<usize> = members.iter().map(&mut place).collect();
    let mut rest = members;
    let cut = |places: &[usize]| {
        let (group, others) = rest.split_at(places.len());
        rest = others;
        group
    };
    places.chunk_by(|a, b| a == b).map(cut).collect()
}
