//! `qrtl docs`: writes the generated tables of the documents.

use std::fs;
use std::path::PathBuf;

use super::{CliError, ExitStatus, mutate, print_error, print_status, synth};
use crate::files::output;
use crate::report::documents;

/// Write the generated tables of README.md and docs/
///
/// For developers of qrtl. The tables of units, parameters and verification are generated from the catalogue,
/// the mutation scores from data/mutation.json, and the synthesis figures from docs/qor.json. The rest of each
/// document is not changed.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl docs
  qrtl docs --check")]
pub(super) struct Args {
    /// Set the root of the project
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    output: PathBuf,
    /// Write nothing; exit with 1 if a table is out of date
    #[arg(long)]
    check: bool,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let mut changed = 0;
    let baseline = mutate::read(&args.output.join("data/mutation.json"))?;
    let tables = documents::tables(&baseline, &synth::read_table(&args.output.join("docs"))?);
    for table in &tables {
        let path = args.output.join(&table.document);
        let text = fs::read_to_string(&path).map_err(|error| {
            let name = path.display();
            format!(
                "cannot read {name}: {error}; write the document, or name the root of the project with -o"
            )
        })?;
        let new = table.insert_into(&text)?;
        if new == text {
            continue;
        }
        changed += 1;
        if args.check {
            print_error(&format!("changed: {}\n", table.document));
        } else {
            output::write(&path, &new)?;
            print_status(&format!("wrote {}\n", path.display()));
        }
    }
    print_error(&format!("{} of {} tables unchanged\n", tables.len() - changed, tables.len()));
    if args.check && changed > 0 {
        print_error("run the same command without --check to update the documents\n");
    }
    Ok(ExitStatus::success_if(changed == 0 || !args.check))
}
