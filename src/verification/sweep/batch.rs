//! Verification of many configs that share builds.

use crate::simulation::{ModelBuilder, ModelGroup, Models};
use crate::toolchain::parallel::in_parallel;
use crate::unit::Config;
use crate::verification::effort::Effort;
use crate::verification::job::Verification;
use crate::verification::report::Report;
use crate::verification::verify_error::VerifyError;

/// Bytes of Verilog per build.
///
/// With fewer, headers and runtime dominate the build; with more, each evaluation of a config also evaluates
/// too many others.
const GROUP_BYTES: usize = 1 << 16;

/// Verifies every config against its reference, and returns the reports in the same order.
///
/// `render` gives the Verilog of a config; the names of the configs must differ. `done` is called after each
/// config. Every core builds and verifies one group of configs after the other, so that one core compiles
/// while another simulates.
///
/// # Errors
/// As [`Verification::run`], for the first config without a verdict.
pub fn verify_configs(
    configs: &[Config],
    render: &(dyn Fn(&Config) -> String + Sync),
    models: &ModelBuilder,
    effort: &Effort,
    done: &(dyn Fn() + Sync),
) -> Result<Vec<Report>, VerifyError> {
    let rendered = |config: &Config| Ok::<_, VerifyError>((config.clone(), render(config)));
    let members = in_parallel(configs, rendered)?;
    let groups = groups(&members, effort.threads);
    let effort = Effort { threads: effort.threads.div_ceil(groups.len().max(1)), ..effort.clone() };
    let reports = in_parallel(&groups, |group| verify_group(group, models, &effort, done))?;
    Ok(reports.into_iter().flatten().collect())
}

/// Verifies the members of a group on models that were built together.
fn verify_group(
    group: &[(Config, String)],
    models: &ModelBuilder,
    effort: &Effort,
    done: &(dyn Fn() + Sync),
) -> Result<Vec<Report>, VerifyError> {
    let together = ModelGroup::build(models, group);
    let verify = |(config, verilog): &(Config, String)| {
        let verify = |models: &dyn Models| {
            Verification::new(config, models).verilog(verilog).effort(effort.clone()).run()
        };
        // One module that does not build or does not settle must not fail the rest of its group.
        let report = match &together {
            Ok(group_models) => verify(group_models).or_else(|_| verify(models)),
            Err(_) => verify(models),
        };
        done();
        report
    };
    group.iter().map(verify).collect()
}

/// Divides the members, in order, into groups of about equal size, at least one per thread.
fn groups(members: &[(Config, String)], threads: usize) -> Vec<&[(Config, String)]> {
    let total: usize = members.iter().map(|(_, verilog)| verilog.len()).sum();
    let count = total.div_ceil(GROUP_BYTES).next_multiple_of(threads.max(1));
    let size = total.div_ceil(count.max(1));
    let mut bytes_before = 0;
    let mut group_of = |(_, verilog): &(Config, String)| {
        let group = bytes_before / size;
        bytes_before += verilog.len();
        group
    };
    let group_indices: Vec<usize> = members.iter().map(&mut group_of).collect();
    let mut rest = members;
    let split = |indices: &[usize]| {
        let (group, others) = rest.split_at(indices.len());
        rest = others;
        group
    };
    group_indices.chunk_by(|a, b| a == b).map(split).collect()
}
