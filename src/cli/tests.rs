//! Tests of the examples in help texts.

use std::path::Path;

use clap::{ArgMatches, Command, CommandFactory};

use super::*;
use crate::catalogue::{unit, unit_or_preset};
use crate::network::FileFormat;
use crate::unit::{Config, ConfigError, Grid};

/// Example commands in the help of a command and its subcommands.
fn examples(command: &Command) -> Vec<String> {
    let help = command.get_after_help().map_or_else(String::new, ToString::to_string);
    let help = help.replace("\\\n", " ");
    let own = help.lines().filter_map(|line| line.strip_prefix("  qrtl ")).map(String::from);
    own.chain(command.get_subcommands().flat_map(examples)).collect()
}

/// Checks that the configs of an example are legal.
fn check(verb: &str, arguments: &ArgMatches) -> Result<(), ConfigError> {
    let all = |name| arguments.try_get_many::<String>(name).ok().flatten().into_iter().flatten();
    let short = |name| all(name).map(move |value| format!("{name}={value}"));
    let sets: Vec<String> =
        all("sets").cloned().chain(["target", "objective", "dsp"].into_iter().flat_map(short)).collect();
    let preset = all("preset").next().map(String::as_str);
    for name in all("unit").chain(all("units")) {
        match verb {
            // Its units are kinds of third-party designs.
            "audit" => {}
            _ if FileFormat::of_path(Path::new(name)).is_some() => {}
            "sweep" => drop(Grid::new(unit(name)?, &sets)?.configs()?),
            _ => {
                let (unit, own) = unit_or_preset(name)?;
                Config::new(unit, own.or(preset), &sets)?;
            }
        }
    }
    Ok(())
}

#[test]
fn examples_in_help_are_legal_commands() {
    let examples = examples(&Cli::command());
    assert!(examples.len() > 40, "{examples:?}");
    for example in examples {
        let words = example.split(" > ").next().unwrap().split_whitespace();
        let matches = Cli::command().try_get_matches_from(std::iter::once("qrtl").chain(words));
        let matches = matches.unwrap_or_else(|error| panic!("qrtl {example}: {error}"));
        let (verb, arguments) = matches.subcommand().unwrap();
        check(verb, arguments).unwrap_or_else(|error| panic!("qrtl {example}: {error}"));
    }
}
