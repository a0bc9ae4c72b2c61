//! `qrtl doctor`, and errors about missing tools.

use std::path::PathBuf;

use super::json;
use crate::common::command::{command, qrtl, run};

#[test]
fn reports_missing_tools_with_fix() {
    let cache = tempfile::tempdir().unwrap();
    let environment = qrtl::toolchain::environment::Environment::of_process();
    let compiler =
        environment.cxx.clone().or_else(|| environment.on_path("c++").map(PathBuf::into_os_string));
    let mut offline = command(&["verify", "int2_multiplier"]);
    offline.env_remove("VERILATOR").env_remove("VERILATOR_ROOT").env("CXX", compiler.unwrap());
    offline.env("QRTL_CACHE", cache.path()).env("QRTL_OFFLINE", "1").env("PATH", "/nowhere");
    run(&mut offline).refused_with(&["no Verilator found", "QRTL_OFFLINE", "apt install verilator"]);
    for compiler in ["/bin/false", "/nowhere/c++"] {
        let mut command = command(&["verify", "int2_multiplier"]);
        run(command.env("CXX", compiler)).refused_with(&[compiler, "apt install g++", "CXX"]);
    }
    // Subcommands without tools do not look for any.
    let mut generate = command(&["generate", "int8_mac"]);
    run(generate.env("PATH", "/nowhere").env("QRTL_OFFLINE", "1").env("CXX", "/bin/false")).product();
}

#[test]
fn self_test_builds_a_model_and_compares_it() {
    let tested = qrtl(&["doctor", "--self-test"]).product();
    assert!(
        tested.contains("\nself-test: 256 outputs of a simulated multiplier, all equal, in "),
        "{tested}"
    );
    let sick = run(command(&["doctor", "--self-test"]).env("CXX", "/bin/false"));
    assert_eq!(sick.code, 1);
    assert!(sick.stdout.contains("FAILED: co-simulation lacks c++") && !sick.stdout.contains("self-test"));
}

#[cfg(unix)]
#[test]
fn self_test_reports_a_compiler_that_cannot_build() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let compiler = folder.path().join("c++");
    // A compiler that states its version and then compiles nothing.
    std::fs::write(&compiler, "#!/bin/sh\ncase \"$*\" in *--version*) exec c++ \"$@\";; esac\nexit 1\n")
        .unwrap();
    std::fs::set_permissions(&compiler, std::fs::Permissions::from_mode(0o755)).unwrap();
    let sick = run(command(&["doctor", "--self-test"]).env("CXX", &compiler));
    assert_eq!(sick.code, 2, "{}{}", sick.stdout, sick.stderr);
    assert!(sick.stderr.starts_with("error: "), "{}", sick.stderr);
}

#[test]
fn doctor_reports_missing_tools() {
    let healthy = json(&qrtl(&["doctor", "--format", "json"]).product());
    let names: Vec<&str> =
        healthy["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert!(names.starts_with(&["verilator", "c++", "cache"]), "{names:?}");
    assert!(healthy["tools"][1]["found"].is_string() && healthy["tools"][1]["problem"].is_null());
    assert!(["Yosys", "nextpnr", "bitwuzla"].iter().all(|tool| names.contains(tool)), "{names:?}");
    let mutate = healthy["tools"].as_array().unwrap().iter();
    let mutate = mutate.filter(|tool| tool["needed_for"].as_str().unwrap().contains("mutate"));
    assert_eq!(mutate.map(|tool| tool["name"].as_str().unwrap()).collect::<Vec<_>>(), ["Yosys", "bitwuzla"]);
    let empty = tempfile::tempdir().unwrap();
    let alone = run(command(&["doctor"]).env("QRTL_CACHE", empty.path()).env("QRTL_OFFLINE", "1"));
    assert!(
        alone.stdout.contains("none     Yosys      no Yosys found, and QRTL_OFFLINE forbids"),
        "{}",
        alone.stdout
    );
    let sick = run(command(&["doctor"]).env("CXX", "/bin/false"));
    assert_eq!(sick.code, 1);
    assert!(
        sick.stdout.contains("MISSING  c++") && sick.stdout.contains("apt install g++"),
        "{}",
        sick.stdout
    );
}
