//! `qrtl completions`: writes completions for a shell, and the manual page.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, CliError, ExitStatus, print};

/// Write completions for a shell, or the manual page, to stdout
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl completions bash > ~/.local/share/bash-completion/completions/qrtl
  qrtl completions man > qrtl.1")]
pub(super) struct Args {
    /// Shell, or `man` for the manual page
    #[arg(value_parser = target)]
    shell: Target,
}

#[derive(Clone, Copy)]
enum Target {
    Shell(Shell),
    Manual,
}

fn target(text: &str) -> Result<Target, String> {
    if text == "man" {
        return Ok(Target::Manual);
    }
    text.parse().map(Target::Shell).map_err(|_| "use bash, elvish, fish, powershell, zsh or man".to_string())
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let mut command = Cli::command();
    let mut text = Vec::new();
    match args.shell {
        Target::Shell(shell) => clap_complete::generate(shell, &mut command, "qrtl", &mut text),
        Target::Manual => clap_mangen::Man::new(command).render(&mut text)?,
    }
    print(&String::from_utf8_lossy(&text))?;
    Ok(ExitStatus::Success)
}
