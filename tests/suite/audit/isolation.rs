//! Models that crash, hang, take memory, print or read: none reaches more than its own process.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::common::command::{Run, command, qrtl, run};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/audit/isolation.v");

fn arguments<'a>(top: &'a str, options: &[&'a str]) -> Vec<&'a str> {
    let map = ["--unit", "multiplier", "--map", "a=a,b=b,out=p"];
    let mut words = [&["audit", FILE, "--top", top], &map[..], options].concat();
    if !options.contains(&"-D") {
        words.extend(["-D", "FILE=\"none\""]);
    }
    words
}

fn audit(top: &str, options: &[&str]) -> Run {
    qrtl(&arguments(top, options))
}

fn read(file: &Path, options: &[&str]) -> Run {
    let file = format!("FILE=\"{}\"", file.display());
    audit("reading", &[&["-D", &file], options].concat())
}

#[test]
fn stack_overflow_is_an_error() {
    audit("recursive", &[]).refused_with(&["recursive crashed", "SIGSEGV", "calls itself without end"]);
}

#[test]
fn memory_is_limited() {
    audit("hungry", &[]).refused_with(&["hungry crashed", "needs memory of more than 2 GiB"]);
}

#[test]
fn printed_text_is_limited_and_not_on_stdout() {
    let run = audit("talkative", &["--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with('{') && !run.stdout.contains("0123456789"));
    assert!(run.stderr.contains("talkative printed more than 64 KiB"));
    assert!((64 << 10..80 << 10).contains(&run.stderr.len()), "{} bytes", run.stderr.len());
}

#[test]
fn own_stdout_of_a_model_is_not_that_of_the_audit() {
    let run = audit("printing", &["--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with('{') && run.stdout.ends_with("}\n"), "{}", run.stdout);
    assert!(run.stderr.contains("into a channel") && run.stderr.contains("into stdout"), "{}", run.stderr);
}

#[test]
fn stdin_of_a_model_is_empty() {
    let mut child = command(&arguments("listening", &[]));
    let file = std::fs::File::open(FILE).unwrap();
    // The end of the file, -1, is what it reads.
    let run = run(child.stdin(file));
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
}

#[test]
fn endless_loop_ends_with_its_process() {
    let clock = Instant::now();
    let run = audit("endless_at_time_zero", &["--time-limit", "4"]);
    run.refused_with(&["endless_at_time_zero", "may loop without advancing time"]);
    assert!(clock.elapsed() < Duration::from_secs(60));
    #[cfg(target_os = "linux")]
    {
        let is_running = || {
            let processes = std::fs::read_dir("/proc").unwrap().flatten();
            let mut lines =
                processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
            lines.any(|line| String::from_utf8_lossy(&line).contains("qrtl_model_endless_at_time_zero"))
        };
        let deadline = Instant::now() + Duration::from_secs(10);
        while is_running() {
            assert!(Instant::now() < deadline, "the model still runs");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn files_are_read_below_the_folders_of_the_sources_only() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.hex");
    std::fs::write(&file, "00\n").unwrap();
    read(&file, &[]).refused_with(&[
        "reading has $readmem of ",
        "one.hex at line ",
        "-I",
        "--allow-host-code",
    ]);
    let path = folder.path().to_str().unwrap();
    for options in [&["-I", path][..], &["--allow-host-code"]] {
        let run = read(&file, options);
        assert_eq!(run.code, 0, "{options:?}: {}", run.stderr);
        assert!(!run.stderr.contains("not found"), "{}", run.stderr);
    }
}

#[test]
fn names_made_at_run_time_and_other_ways_to_hide_are_refused() {
    audit("naming", &[]).refused_with(&["$readmem of a name made at run time at line ", "--allow-host-code"]);
    audit("opening", &[]).refused_with(&["$fopen of /etc/passwd at line "]);
    audit("nesting", &[]).refused_with(&["nesting has $fopen at line "]);
    audit("bound", &[]).refused_with(&["bound has $system at line "]);
}

#[test]
fn verify_runs_edited_files_in_a_process_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = include_str!("../../../rtl/multiplier/int2_multiplier.v");
    let verify = |code: &str, options: &[&str]| {
        let rtl = folder.path().join("own.v");
        let edited = shipped.replace("endmodule", &format!("{code}\nendmodule"));
        assert_ne!(edited, shipped);
        std::fs::write(&rtl, edited).unwrap();
        qrtl(&[&["verify", "int2_multiplier", "--rtl", rtl.to_str().unwrap()], options].concat())
    };
    let recursive = "    function automatic integer sum(input integer x);\n        \
                     sum = x == 1000 ? 0 : sum(x) + x;\n    endfunction\n    \
                     always @(a) if (sum(a) == 0) $display(\"zero\");\n";
    verify(recursive, &[]).refused_with(&["int2_multiplier crashed", "SIGSEGV"]);
    let reading = "    reg [7:0] memory [0:0];\n    initial $readmemh(\"/etc/passwd\", memory);\n";
    verify(reading, &[]).refused_with(&["int2_multiplier has $readmem of /etc/passwd at line "]);
    std::fs::write(folder.path().join("zero.hex"), "00\n").unwrap();
    let own = reading.replace("/etc/passwd", folder.path().join("zero.hex").to_str().unwrap());
    let run = verify(&own, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
}
