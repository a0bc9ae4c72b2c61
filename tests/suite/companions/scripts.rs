//! Tcl scripts for Vivado and Quartus, read by a Tcl interpreter in which their commands print themselves.

use std::fs;
use std::process::Command;

use super::{has_clock, output, write};
use qrtl::catalogue::{preset, presets, unit};
use qrtl::generator::companion::Companion;
use qrtl::unit::Config;

/// The commands that a script gives to its tool with these arguments.
fn commands(config: &Config, companion: Companion, script: &str, arguments: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), config, &[companion]);
    let path = folder.path().join(script);
    fs::create_dir(folder.path().join("work")).unwrap();
    // Yosys brings a Tcl interpreter, and leaves the names of Vivado's commands free.
    let harness = format!(
        "set argv [list {arguments}]\nset argc [llength $argv]\n\
         namespace eval ::quartus {{}}\nset ::quartus(qip_path) [file dirname {{{path}}}]\n\
         proc unknown {{args}} {{ puts $args }}\nsource {{{path}}}\n",
        path = path.display()
    );
    fs::write(folder.path().join("harness.tcl"), harness).unwrap();
    let mut yosys = Command::new("yosys");
    yosys.current_dir(folder.path().join("work")).args(["-Q", "-T", "-q", "-c", "../harness.tcl"]);
    let (succeeded, mut text) = output(&mut yosys, "install Yosys: apt-get install yosys");
    assert!(succeeded, "{text}");
    if let Ok(constraints) = fs::read_to_string(folder.path().join(format!("work/{}_ooc.xdc", config.name())))
    {
        text += &constraints;
    }
    text.replace(folder.path().to_str().unwrap(), "FOLDER")
}

#[track_caller]
fn requires_in_order(text: &str, lines: &[&str]) {
    let mut rest = text.lines();
    for line in lines {
        assert!(rest.any(|found| found == *line), "no '{line}', or out of order, in:\n{text}");
    }
}

#[test]
fn part_and_clock_follow_target_and_unit() {
    let script = |name: &str, sets: &[&str]| {
        let config = Config::new(unit(name).unwrap(), None, sets).unwrap();
        Companion::Vivado.file(&config).1
    };
    for (target, part) in [
        ("generic", "xc7a35tcpg236-1"),
        ("xc7", "xc7a35tcpg236-1"),
        ("xcup", "xczu3eg-sbva484-1-e"),
        ("ice40", "xc7a35tcpg236-1"),
    ] {
        let text = script("mac", &[&format!("target={target}")]);
        assert!(text.contains(&format!("\nset part   {part}\nset period 5.0 ")), "{target}: {text}");
    }
    let combinational = script("multiplier", &[]);
    assert!(!combinational.contains("period") && !combinational.contains("clk"), "{combinational}");
    let engine = script("add_engine", &[]);
    for stream in ["s0_axis", "s1_axis", "m_axis"] {
        assert!(engine.contains(&format!("-busif {stream} -clock clk ")), "{engine}");
    }
}

#[test]
fn quartus_has_a_clock_constraint_only_with_a_clock() {
    for config in [preset("int8_mac").unwrap(), preset("int8_multiplier").unwrap()] {
        let files = Companion::Quartus.files(&config);
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let (source, clock) = (format!("{}.qip", config.name()), format!("{}.sdc", config.name()));
        let expected = if has_clock(&config) { vec![source.as_str(), &clock] } else { vec![source.as_str()] };
        assert_eq!(names, expected);
        assert_eq!(files[0].1.contains(".sdc"), has_clock(&config), "{}", files[0].1);
    }
}

#[test]
#[ignore = "needs Yosys"]
fn vivado_script_synthesizes_the_module_beside_it() {
    let config = preset("int8_mac").unwrap();
    let found = commands(&config, Companion::Vivado, "int8_mac_vivado.tcl", "");
    requires_in_order(
        &found,
        &[
            "read_verilog FOLDER/int8_mac.v",
            "read_xdc -mode out_of_context int8_mac_ooc.xdc",
            "synth_design -top int8_mac -part xc7a35tcpg236-1 -mode out_of_context",
            "report_utilization -file int8_mac_utilization.rpt",
            "report_timing_summary -file int8_mac_timing.rpt",
            "create_clock -name clk -period 5.0 [get_ports clk]",
        ],
    );
    let combinational = preset("int8_multiplier").unwrap();
    let found = commands(&combinational, Companion::Vivado, "int8_multiplier_vivado.tcl", "");
    assert!(found.contains("\nsynth_design ") && !found.contains("xdc"), "{found}");
}

#[test]
#[ignore = "needs Yosys"]
fn vivado_script_packages_every_preset() {
    for config in presets().filter(|config| Companion::Vivado.require_supported(config).is_ok()) {
        let name = config.name();
        let found = commands(&config, Companion::Vivado, &format!("{name}_vivado.tcl"), "package");
        requires_in_order(
            &found,
            &["add_files -norecurse FOLDER/".to_string() + name + ".v"].each_ref().map(String::as_str),
        );
        assert!(found.contains("\nipx::save_core "), "{found}");
        let streams = config.ports().iter().filter(|port| port.name.ends_with("_tvalid")).count();
        assert_eq!(found.matches("ipx::associate_bus_interfaces -busif ").count(), streams, "{found}");
        assert!(!found.contains("synth_design"), "{found}");
    }
}

#[test]
#[ignore = "needs Yosys"]
fn quartus_files_name_source_and_clock() {
    let config = preset("int8_mac").unwrap();
    let source = commands(&config, Companion::Quartus, "int8_mac.qip", "");
    assert_eq!(source, "set_global_assignment -name VERILOG_FILE FOLDER/int8_mac.v\n");
    let clock = commands(&config, Companion::Quartus, "int8_mac.sdc", "");
    requires_in_order(&clock, &["get_ports clk"]);
    assert!(clock.contains("create_clock -name clk -period 5.0 "), "{clock}");
}
