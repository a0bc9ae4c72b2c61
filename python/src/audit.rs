//! Audits of third-party Verilog.

use std::path::PathBuf;
use std::time::Duration;

use pyo3::prelude::*;
use qrtl::audit::{AuditRequest, DesignSources};
use qrtl::{Builder, Environment, html_of_audit};

use crate::Report;
use crate::error::raise;
use crate::numbers::report;
use crate::tools::notice;

/// The lists of an audit, in the words of the command line.
#[derive(FromPyObject)]
pub struct Lists {
    #[pyo3(item)]
    maps: Vec<String>,
    #[pyo3(item)]
    ties: Vec<String>,
    #[pyo3(item)]
    sets: Vec<String>,
    #[pyo3(item)]
    includes: Vec<PathBuf>,
    #[pyo3(item)]
    defines: Vec<String>,
    #[pyo3(item)]
    parameters: Vec<String>,
}

/// Finds out what a design computes: the names that match, the report, and the page.
#[pyfunction]
#[allow(clippy::too_many_arguments)]
pub fn audit(
    py: Python<'_>,
    files: Vec<PathBuf>,
    top: &str,
    unit: &str,
    lists: Lists,
    latency: Option<usize>,
    cases: Option<u64>,
    seed: u64,
    exhaustive: bool,
    seconds: u64,
    allow_host_code: bool,
) -> PyResult<(Report, String)> {
    let Lists { maps, ties, sets, includes, defines, parameters } = lists;
    let sources = DesignSources { includes, defines, parameters, ..DesignSources::new(files, top) };
    let mut request = AuditRequest::new(sources, unit.parse().map_err(raise)?, maps);
    (request.ties, request.sets, request.latency) = (ties, sets, latency);
    (request.effort.seed, request.effort.exhaustive) = (seed, exhaustive);
    request.limit = Duration::from_secs(seconds);
    if let Some(cases) = cases {
        request.effort.cases = cases;
    }
    let found = py.detach(|| {
        let mut builder = Builder::discover(&Environment::of_process(), &notice).map_err(raise)?;
        builder.allows_host_code = allow_host_code;
        qrtl::audit::audit(&request, &builder, &|_, _| ()).map_err(raise)
    })?;
    Ok((report(&found), html_of_audit(&found)))
}
