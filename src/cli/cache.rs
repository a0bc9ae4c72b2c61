//! `qrtl cache`: shows and prunes the cache of tools, models and synthesis results.

use std::time::SystemTime;

use serde_json::json;

use super::count::count;
use super::{CliError, ExitStatus, OutputFormat, print, print_json, print_status};
use crate::toolchain::cache::Cache;
use crate::toolchain::environment::Environment;
use crate::toolchain::inventory::{CacheEntry, EntryKind};

/// Show the cache of tools, models and synthesis results, or free space in it
///
/// Everything in the cache is made again when it is needed.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  qrtl cache
  qrtl cache --prune 2G
  qrtl cache --clear")]
pub(super) struct Args {
    /// Remove the oldest models and synthesis results until the cache has at most BYTES; tools stay
    #[arg(long, value_name = "BYTES", value_parser = |text: &str| count::<u64>(text, 0..=u64::MAX))]
    prune: Option<u64>,
    /// Remove everything, tools too
    #[arg(long, conflicts_with = "prune")]
    clear: bool,
    /// Select the output format
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    format: OutputFormat,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, CliError> {
    let cache = Cache::open(&Environment::of_process())?;
    let entries = cache.entries()?;
    let removed = removed(args, &entries);
    let bytes: u64 = removed.iter().map(|entry| entry.bytes).sum();
    for entry in &removed {
        cache.remove(entry)?;
    }
    if args.clear || args.prune.is_some() {
        print_status(&format!("removed {} entries, {}\n", removed.len(), size(bytes)));
    }
    let entries = cache.entries()?;
    let root = cache.root().display().to_string();
    match args.format {
        OutputFormat::Text => print(&table(&root, &entries))?,
        OutputFormat::Json => {
            let kinds = EntryKind::ALL.map(|kind| {
                let (number, bytes) = sums(&entries, kind);
                json!({ "kind": kind, "entries": number, "bytes": bytes })
            });
            print_json(&json!({ "folder": root, "kinds": kinds, "removed": removed.len(), "freed": bytes }))?;
        }
    }
    Ok(ExitStatus::Success)
}

/// The entries to remove.
fn removed<'a>(args: &Args, entries: &'a [CacheEntry]) -> Vec<&'a CacheEntry> {
    let Some(limit) = args.prune else {
        return entries.iter().filter(|_| args.clear).collect();
    };
    let mut bytes: u64 = entries.iter().map(|entry| entry.bytes).sum();
    let mut removed = Vec::new();
    for entry in entries.iter().filter(|entry| entry.kind != EntryKind::Tool) {
        if bytes <= limit {
            break;
        }
        bytes -= entry.bytes;
        removed.push(entry);
    }
    removed
}

/// Number and bytes of the entries of a kind.
fn sums(entries: &[CacheEntry], kind: EntryKind) -> (usize, u64) {
    let own = || entries.iter().filter(|entry| entry.kind == kind);
    (own().count(), own().map(|entry| entry.bytes).sum())
}

fn table(root: &str, entries: &[CacheEntry]) -> String {
    let mut text = format!("{root}\n\n{:<10} {:>7} {:>9}  oldest\n", "kind", "entries", "size");
    for kind in EntryKind::ALL {
        let (number, bytes) = sums(entries, kind);
        let oldest = entries.iter().find(|entry| entry.kind == kind).map_or(String::new(), |entry| {
            let age = SystemTime::now().duration_since(entry.modified).unwrap_or_default();
            format!("{} days", age.as_secs() / 86_400)
        });
        text += &format!("{:<10} {number:>7} {:>9}  {oldest}\n", kind.title(), size(bytes));
    }
    let total: u64 = entries.iter().map(|entry| entry.bytes).sum();
    text + &format!("{:<10} {:>7} {:>9}\n", "total", entries.len(), size(total))
}

/// Bytes in the largest decimal unit with at least one of it.
fn size(bytes: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => format!("{:.1} {name}", bytes as f64 / *unit as f64),
        None => format!("{bytes} B"),
    }
}
