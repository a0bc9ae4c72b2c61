//! Designs and options without a verdict: the error names the cause and the fix, and no report is written.

use std::fs;

use super::{FLOOR_PIPE, audit};

/// Requires an error with these texts for a design of `refused.v`, and returns the waveform if one is written.
#[track_caller]
fn assert_refused(arguments: &str, texts: &[&str]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let (page, waveform) = (folder.path().join("audit.html"), folder.path().join("wave.vcd"));
    let outputs = format!("--html {} --wave {}", page.to_str().unwrap(), waveform.to_str().unwrap());
    audit(&["refused.v"], &format!("{arguments} {outputs}")).refused_with(texts);
    assert!(!page.exists());
    fs::read_to_string(waveform).ok()
}

/// Requires an error with these texts for the module `plain` as a multiplier.
#[track_caller]
fn assert_plain_refused(options: &str, texts: &[&str]) {
    assert_refused(&format!("--top plain --unit multiplier {options}"), texts);
}

#[test]
fn refuses_combinational_loops() {
    let arguments = "--top loops --unit requantizer --map acc=acc,out=q --set shift=-8";
    assert_refused(arguments, &["combinational loop", "refused.v:", "does not settle"]);
}

#[test]
fn refuses_latches() {
    let arguments = "--top latch --unit requantizer --map acc=acc,out=q --set shift=-8";
    assert_refused(arguments, &["holds state without a clock", "every branch"]);
}

#[test]
fn writes_the_waveform_of_a_design_that_does_not_respond() {
    let arguments =
        "--top silent --unit multiplier --map clk=clk,rst=rst,valid_in=vi,a=a,b=b,valid_out=vo,out=p";
    let texts =
        ["valid_out never rose in 4096 cycles", "the waveform of its first 256 cycles is", "wave.vcd"];
    let waveform = assert_refused(arguments, &texts).unwrap();
    assert!(waveform.contains("$enddefinitions") && waveform.contains(" vo "), "{waveform}");
}

#[test]
fn refuses_designs_that_end_the_simulation() {
    let finishes = "--top finishes --unit multiplier --map clk=clk,a=a,b=b,out=p";
    assert_refused(finishes, &["refused.v:21: $finish", "not call $finish"]);
    let fatal = "--top fatal --unit multiplier --map clk=clk,a=a,b=b,out=p";
    assert_refused(fatal, &["three", "not call $finish"]);
}

#[test]
fn names_the_modules_if_the_top_is_unknown() {
    let arguments = "--top plane --unit multiplier --map a=a,b=b,out=p";
    assert_refused(arguments, &["no module 'plane'", "did you mean 'plain'?", "loops, latch"]);
}

#[test]
fn refuses_unknown_kinds_of_design() {
    let arguments = "--top plain --unit adder --map a=a";
    assert_refused(arguments, &["'adder' cannot be audited", "requantizer, multiplier, mac or dot"]);
}

#[test]
fn refuses_inputs_that_are_not_driven() {
    let texts = ["input mode of 4 bits is neither mapped nor tied", "--tie mode=VALUE"];
    assert_plain_refused("--map a=a,b=b,out=p", &texts);
    let texts = ["input a[1:0] of 2 bits is neither mapped nor tied"];
    assert_plain_refused("--map a=a[7:2],b=b,out=p --tie mode=0", &texts);
}

#[test]
fn refuses_ports_that_do_not_exist() {
    let texts = ["plain has no port 'c'", "a (in 8), b (in 8), mode (in 4), p (out 16)"];
    assert_plain_refused("--map a=a,b=c,out=p --tie mode=0", &texts);
    let texts = ["a[8:1]: a (in 8) has no such bits", "PORT[HIGH:LOW]"];
    assert_plain_refused("--map a=a[8:1],b=b,out=p --tie mode=0", &texts);
}

#[test]
fn refuses_ports_that_are_used_twice() {
    assert_plain_refused("--map a=a,b=a,out=p --tie mode=0", &["port a is given twice"]);
    assert_plain_refused("--map a=a[5:0],b=a[7:5],out=p --tie mode=0", &["port a[7:5] is given twice"]);
}

#[test]
fn refuses_missing_and_unknown_roles() {
    assert_plain_refused("--map a=a,out=p --tie mode=0", &["no port is mapped to b", "--map b=PORT"]);
    assert_plain_refused("--map a=a,b=b,y=p --tie mode=0", &["no role 'y'", "clk, rst, en"]);
}

#[test]
fn refuses_ports_of_the_wrong_direction() {
    let texts = ["p is an output, but b needs an input"];
    assert_plain_refused("--map a=a,b=p,out=p --tie mode=0", &texts);
    assert_plain_refused("--map a=a,b=b,out=p --tie p=0", &["p is an output and cannot be tied"]);
}

#[test]
fn refuses_ports_of_the_wrong_width() {
    let texts = ["mode[0] is 1 bits wide, but clk of a multiplier needs a separate port"];
    assert_plain_refused("--map a=a,b=b,out=p,clk=mode[0] --tie mode[3:1]=0", &texts);
    let texts = ["mode is 4 bits wide, but clk of a multiplier needs 1 bit"];
    assert_plain_refused("--map a=a,b=b,out=p,clk=mode", &texts);
    let texts = ["a is 8 bits wide", "7 bits per element"];
    assert_plain_refused("--map a=a,b=b,out=p --tie mode=0 --set a_bits=7", &texts);
}

#[test]
fn refuses_vectors_of_different_lengths() {
    let arguments = "--top plain --unit dot --map a=a,b=b,out=p --tie mode=0 --set a_bits=4";
    assert_refused(arguments, &["a has 2 elements of 4 bits, b 1 of 8"]);
}

#[test]
fn refuses_constants_that_do_not_fit() {
    let texts = ["mode=16 is not valid", "fits 4 bits"];
    assert_plain_refused("--map a=a,b=b,out=p --tie mode=16", &texts);
}

#[test]
fn refuses_a_scale_that_is_unknown_or_given_twice() {
    let unknown = "--top plain --unit requantizer --map acc=a,out=p --tie b=1,mode=0";
    assert_refused(unknown, &["the scale is unknown", "--set multiplier=Q,shift=S"]);
    assert_refused(&format!("{unknown} --set scale=0.5,shift=1"), &["the scale is given twice"]);
    let twice = "--top plain --unit requantizer --map acc=a,multiplier=b,out=p --tie mode=0 \
        --set multiplier=3,shift=1";
    assert_refused(twice, &["multiplier, by --map and by --set, is given twice"]);
}

#[test]
fn refuses_settings_that_are_unknown_or_out_of_range() {
    let lanes = "--top plain --unit dot --map a=a,b=b,out=p --tie mode=0 --set lanes=0";
    assert_refused(lanes, &["lanes=0 is not valid", "from 1 to 4096"]);
    let unknown = "--top plain --unit requantizer --map acc=a,out=p --tie b=1,mode=0 --set shif=3";
    assert_refused(unknown, &["no setting 'shif'", "did you mean 'shift'?"]);
}

#[test]
fn shows_errors_of_verilator_about_parameters() {
    let texts = ["Parameters from the command line were not found", "W"];
    assert_plain_refused("--map a=a,b=b,out=p --tie mode=0 -G W=3", &texts);
}

#[test]
fn shows_only_the_error_and_its_source_for_a_syntax_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.v");
    fs::write(&file, "module bad(input a, output b)\n    assign b = a;\nendmodule\n").unwrap();
    let run = audit(&[file.to_str().unwrap()], "--top bad --unit multiplier --map a=a,b=b,out=b");
    run.refused_with(&["bad.v:2:5: syntax error, unexpected assign"]);
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert!(lines[0].starts_with("error: ") && lines[0].contains("bad.v:2:5: "), "{lines:?}");
    assert!(lines[1..].iter().all(|line| line.contains('|')), "{lines:?}");
}

#[test]
fn refuses_files_that_do_not_exist() {
    audit(&["missing.v"], "--top bad --unit mac --map a=a").refused_with(&["cannot read", "missing.v"]);
}

#[test]
fn time_limit_ends_a_long_audit() {
    let arguments = format!("{FLOOR_PIPE} --cases 68719476736 --time-limit 4");
    audit(&["floor_pipe.v"], &arguments)
        .refused_with(&["no verdict on floor_pipe within 4 s", "--time-limit"]);
}
