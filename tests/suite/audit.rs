//! Audits of designs in many styles, each named; designs that are changed a little, named otherwise; and
//! what cannot be audited, refused with the reason and the fix.

mod strangers;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::common::command::{Run, qrtl};
use qrtl::catalogue::unit;
use qrtl::generator::render;
use qrtl::unit::Config;

/// A design of `tests/suite/audit`, how it is mapped, and what it must be found to be.
struct Subject {
    files: &'static [&'static str],
    arguments: &'static str,
    name: &'static str,
    /// Findings as text contains them.
    findings: &'static [&'static str],
}

const SUBJECTS: &[Subject] = &[
    Subject {
        files: &["floor_pipe.v"],
        arguments: "--top floor_pipe --unit requantizer --map acc=s_data,multiplier=s_mult,total_shift=s_shift \
                    --map clk=aclk,rst=aresetn,out=m_data",
        name: "floor",
        findings: &[
            "saturates to -128..=127",
            "3 cycles, a transaction every cycle",
            "active low, asynchronous",
        ],
    },
    Subject {
        files: &["half_up.v"],
        arguments: "--top half_up --unit requantizer --map acc=x,out=y \
                    --set multiplier=805306368,total_shift=35,zero_point=131",
        name: "single",
        findings: &["unsigned, 8 bits", "saturates to 0..=255", "none: combinational", "all there are"],
    },
    Subject {
        files: &["half_away.v"],
        arguments: "--top half_away --unit requantizer --map acc=sum,multiplier=scale,total_shift=right,clk=clock \
                    --map rst=reset,en=stall_n,out=code",
        name: "half_away",
        findings: &[
            "saturates to -127..=127",
            "2 cycles",
            "stalls every register",
            "active high, synchronous",
        ],
    },
    Subject {
        files: &["tflite_pkg.sv", "double_rounding.sv"],
        arguments: "--top double_rounding --unit requantizer --map acc=acc_i,multiplier=multiplier_i \
                    --map right_shift=exponent_i,clk=clk_i,rst=rst_ni,valid_in=valid_i,valid_out=valid_o,out=code_o \
                    --tie ready_i=1",
        name: "gemmlowp",
        findings: &["2 cycles", "follows valid_in with the latency of the data", "active low, asynchronous"],
    },
    Subject {
        files: &["half_even_serial.v"],
        arguments: "--top half_even_serial --unit requantizer -I include -D RIGHT=5'd6 --map acc=value,clk=clk,rst=rst \
                    --map valid_in=start,valid_out=done,out=code --set shift=-6",
        name: "half_even",
        findings: &["wraps at 10 bits", "up to 8 cycles until valid_out"],
    },
    Subject {
        files: &["mac_saturating.v"],
        arguments: "--top mac_saturating --unit mac --map clk=clk,en=ce,first=first,a=x,b=w,out=sum",
        name: "signed_saturate",
        findings: &[
            "2 cycles from a pair",
            "the pair presented with it begins the new sum",
            "stalls every register",
        ],
    },
    Subject {
        files: &["mac_packets.sv"],
        arguments: "--top mac_packets --unit mac --map clk=clk,rst=arst_n,valid_in=in_valid,last=in_last \
                    --map a=activation,b=weight,valid_out=out_valid,out=out_sum",
        name: "unsigned_signed_wrap",
        findings: &["1 cycle from a pair", "the next pair begins a new sum", "marks the end of each sum"],
    },
    Subject {
        files: &["mul_unsigned_p3.v"],
        arguments: "--top mul_unsigned_p3 -G N=8 --unit multiplier --map clk=clk,en=en,a=op_a,b=op_b,out=res",
        name: "unsigned",
        findings: &["3 cycles", "stalls every register", "65536 transactions, all there are"],
    },
    Subject {
        files: &["packed_pair.v"],
        arguments: "--top packed_pair -G W=5 --unit multiplier --map a=a_low+a_high,b=b,out=p_low+p_high",
        name: "signed_lane_carry_forgotten",
        findings: &["2 of signed, 5 bits", "32768 transactions, all there are"],
    },
    Subject {
        files: &["dot_array.sv"],
        arguments: "--top dot_array --unit dot --map clk=clk,a=a,b=packed_b,out=y --set b_bits=8 --tie mode=2",
        name: "signed",
        findings: &["4 of signed, 8 bits", "2 cycles"],
    },
    Subject {
        files: &["axis_mul.v"],
        arguments: "--top axis_mul --unit multiplier --map b=s_axis_tdata[19:12],a=s_axis_tdata[7:0],clk=aclk \
                    --map rst=aresetn,valid_in=s_axis_tvalid,valid_out=m_axis_tvalid,out=m_axis_tdata[15:0] \
                    --tie m_axis_tready=1,s_axis_tdata[31:20]=-3,s_axis_tdata[11:8]=5",
        name: "signed",
        findings: &["65536 transactions, all there are", "follows valid_in", "active low, synchronous"],
    },
    Subject {
        files: &["packed_dot.sv"],
        arguments: "--top packed_dot --unit dot --map a=req[65:34],b=req[33:2],valid_in=req[1],rst=req[0],clk=clk \
                    --map out=rsp[19:1],valid_out=rsp[0] --set lanes=4",
        name: "signed_unsigned",
        findings: &["4 of signed, 8 bits", "4 of unsigned, 8 bits", "1 cycle", "active high, synchronous"],
    },
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/audit")
}

/// Runs an audit of files of the folder, or of others by their whole path.
fn audit(files: &[&str], arguments: &str) -> Run {
    let path = |name: &str| folder().join(name).to_str().unwrap().to_string();
    let mut words = vec!["audit".to_string()];
    words.extend(files.iter().map(|file| path(file)));
    let mut is_folder = false;
    for word in arguments.split_whitespace() {
        words.push(if is_folder { path(word) } else { word.to_string() });
        is_folder = word == "-I";
    }
    qrtl(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn designs_in_twelve_styles_are_named() {
    for subject in SUBJECTS {
        let found = audit(subject.files, subject.arguments).product();
        let first = found.lines().next().unwrap();
        assert!(first.ends_with(&format!(" {}", subject.name)), "{found}");
        for text in subject.findings {
            assert!(found.contains(text), "no '{text}' in:\n{found}");
        }
    }
    assert_eq!(SUBJECTS.len(), 12);
}

#[test]
#[ignore = "a minute: every operand of two products side by side, and sums of four billion"]
fn whole_domains_and_long_sums_are_named() {
    let pair = "--top packed_pair --unit multiplier --map a=a_low+a_high,b=b,out=p_low+p_high";
    let found = audit(&["packed_pair.v"], pair).product();
    assert!(found.contains("16777216 transactions, all there are"), "{found}");
    assert!(found.contains("signed_lane_carry_forgotten"), "{found}");
    let sums = "--top mac_packets -G ACC=32 --unit mac --map clk=clk,rst=arst_n,valid_in=in_valid,last=in_last \
                --map a=activation,b=weight,valid_out=out_valid,out=out_sum --expect unsigned_signed_wrap";
    assert!(!audit(&["mac_packets.sv"], sums).product().contains("not reached"));
}

/// A file of the folder with each text replaced where it stands, in a folder of its own.
fn edited(file: &str, edits: &[(&str, &str)]) -> (tempfile::TempDir, String) {
    let verilog = fs::read_to_string(folder().join(file)).unwrap();
    let verilog = edits.iter().fold(verilog, |verilog, (from, to)| {
        assert!(verilog.contains(from), "{file} has no '{from}'");
        verilog.replace(from, to)
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    fs::write(&path, verilog).unwrap();
    (folder, path.to_str().unwrap().to_string())
}

#[test]
fn a_small_change_changes_the_name_or_takes_it_away() {
    let half_up = SUBJECTS[1].arguments;
    let mac = SUBJECTS[5].arguments;
    let away = SUBJECTS[2].arguments;
    type Change = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);
    let changes: &[Change] = &[
        ("half_up.v", half_up, &[("(t + (64'sd1 <<< (RIGHT - 1)))", "t")], "requantizer floor"),
        (
            "half_up.v",
            half_up,
            &[("(t + (64'sd1 <<< (RIGHT - 1)))", "(t + (64'sd1 <<< (RIGHT - 1)) - 64'sd1)")],
            "requantizer half_down",
        ),
        ("half_up.v", half_up, &[("t > 255", "t > 254"), ("= 8'd255", "= 8'd254")], "saturates to 0..=254"),
        ("half_up.v", half_up, &[("else if (t > 255) rescale = 8'd255;", "")], "no candidate"),
        ("half_up.v", half_up, &[("+ 64'sd131", "+ 64'sd130")], "no candidate"),
        ("half_away.v", away, &[("absolute * scale", "absolute * scale * 2")], "no candidate"),
        (
            "half_away.v",
            away,
            &[("(posedge clock)", "(posedge clock or posedge reset)")],
            "active high, asynchronous",
        ),
        (
            "mac_saturating.v",
            mac,
            &[("next[20] == next[19] ? next[19:0] : {next[20], {19{~next[20]}}}", "next[19:0]")],
            "mac signed_wrap",
        ),
        ("mac_saturating.v", mac, &[("{19{~next[20]}}}", "{18{~next[20]}}, next[20]}")], "no candidate"),
        (
            "mac_saturating.v",
            mac,
            &[(
                "next[20] == next[19] ? next[19:0] : {next[20], {19{~next[20]}}}",
                "next > 21'sd524287 ? 20'sd524287 : next < -21'sd524287 ? -20'sd524287 : next[19:0]",
            )],
            "saturates to -524287..=524287",
        ),
        ("mac_saturating.v", mac, &[("x * w", "$signed({1'b0, x}) * w")], "mac unsigned_signed_saturate"),
        ("mac_saturating.v", mac, &[("first_q ? 21'sd0", "first ? 21'sd0")], "takes effect 1 too early"),
    ];
    for (file, arguments, edits, text) in changes {
        let (_folder, path) = edited(file, edits);
        let found = audit(&[&path], arguments);
        let expected = i32::from(*text == "no candidate");
        assert_eq!(found.code, expected, "{edits:?}: {}{}", found.stdout, found.stderr);
        assert!(found.stdout.contains(text), "{edits:?}:\n{}", found.stdout);
    }
}

#[test]
fn an_expectation_decides_the_exit_code() {
    let multiplier = SUBJECTS[7].arguments;
    audit(&["mul_unsigned_p3.v"], &format!("{multiplier} --expect unsigned")).product();
    let other = audit(&["mul_unsigned_p3.v"], &format!("{multiplier} --expect signed"));
    assert_eq!((other.code, other.stderr.as_str()), (1, ""));
    assert!(other.stdout.contains("multiplier unsigned\n"), "{}", other.stdout);
    let unknown = audit(&["mul_unsigned_p3.v"], &format!("{multiplier} --expect singed"));
    unknown.refused_with(&["no candidate of a multiplier", "did you mean 'signed'?", "unsigned_signed"]);
}

#[test]
fn programs_get_every_candidate_with_its_first_counterexample() {
    let arguments = format!("{} --cases 65536 --format json", SUBJECTS[0].arguments);
    let found: Json = serde_json::from_str(&audit(&["floor_pipe.v"], &arguments).product()).unwrap();
    assert_eq!(found["explaining"], serde_json::json!(["floor"]));
    assert_eq!((&found["transactions"], &found["exhaustive"]), (&Json::from(65536), &Json::from(false)));
    let candidates = found["candidates"].as_array().unwrap();
    let single = candidates.iter().find(|candidate| candidate["name"] == "single").unwrap();
    let (got, expected) = (&single["first"]["got"], &single["first"]["expected"]);
    assert_eq!(got.as_i64().unwrap() + 1, expected.as_i64().unwrap());
    assert!(single["wrong"].as_u64().unwrap() > 1000);
    // Half of a step low on average, and never more than one.
    let error = &found["exactness"];
    assert!((-0.5..-0.4).contains(&error["bias"].as_f64().unwrap()), "{error}");
    assert!(error["least"].as_f64().unwrap() >= -1.0 && error["most"].as_f64().unwrap() <= 0.0, "{error}");
    assert_eq!(found["files"][0]["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn the_page_shows_the_verdict_and_loads_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.html");
    let arguments = format!("{} --cases 65536 --html {}", SUBJECTS[0].arguments, path.to_str().unwrap());
    audit(&["floor_pipe.v"], &arguments).product();
    let page = fs::read_to_string(path).unwrap();
    for text in [
        "What does <code>floor_pipe</code> compute?",
        "requantizer: <code>floor</code>",
        "asynchronous",
        "gemmlowp",
        "--top floor_pipe",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(page.matches("class=\"bar\"").count() >= 16, "errors have a histogram");
    for loading in ["http:", "https:", "src=", "href=", "url(", "@import", "<script"] {
        assert!(!page.contains(loading), "{loading}");
    }
}

#[test]
fn what_the_generator_makes_is_named_by_its_rule() {
    for (rule, name) in [("gemmlowp", "gemmlowp"), ("ruy", "ruy"), ("single", "single"), ("floor", "floor")] {
        let sets = [&format!("rule={rule}"), "multiplier=port", "shift=port", "zero_point=port", "stages=2"];
        let config = Config::new(unit("requantizer").unwrap(), None, &sets).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("unit.v");
        fs::write(&path, render(&config)).unwrap();
        let arguments = format!(
            "--top {} --unit requantizer --map clk=clk,rst=rst,en=en,valid_in=valid_in,acc=acc,multiplier=multiplier \
             --map shift=shift,zero_point=zero_point,valid_out=valid_out,out=out --expect {name}",
            config.name()
        );
        let found = audit(&[path.to_str().unwrap()], &arguments).product();
        assert!(found.contains(&format!("requantizer {name}\n")) && found.contains("2 cycles"), "{found}");
    }
}

#[test]
fn what_cannot_be_audited_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (page, wave) = (folder.path().join("audit.html"), folder.path().join("wave.vcd"));
    let cases: &[(&str, &[&str])] = &[
        (
            "--top loops --unit requantizer --map acc=acc,out=q --set shift=-8",
            &["combinational loop", "refused.v:", "does not settle"],
        ),
        (
            "--top latch --unit requantizer --map acc=acc,out=q --set shift=-8",
            &["holds state without a clock", "every branch"],
        ),
        (
            "--top silent --unit multiplier --map clk=clk,rst=rst,valid_in=vi,a=a,b=b,valid_out=vo,out=p",
            &["valid_out never rose in 4096 cycles", "the waveform of its first 256 cycles is", "wave.vcd"],
        ),
        (
            "--top finishes --unit multiplier --map clk=clk,a=a,b=b,out=p",
            &["refused.v:21: $finish", "not call $finish"],
        ),
        ("--top fatal --unit multiplier --map clk=clk,a=a,b=b,out=p", &["three", "not call $finish"]),
        (
            "--top plane --unit multiplier --map a=a,b=b,out=p",
            &["no module 'plane'", "did you mean 'plain'?", "loops, latch"],
        ),
        (
            "--top plain --unit multiplier --map a=a,b=b,out=p",
            &["input mode of 4 bits is neither mapped nor tied", "--tie mode=VALUE"],
        ),
        (
            "--top plain --unit multiplier --map a=a,b=b,out=p --tie mode=16",
            &["mode=16 is not possible", "fits 4 bits"],
        ),
        (
            "--top plain --unit multiplier --map a=a,b=c,out=p --tie mode=0",
            &["plain has no port 'c'", "a (in 8), b (in 8), mode (in 4), p (out 16)"],
        ),
        (
            "--top plain --unit multiplier --map a=a,out=p --tie mode=0",
            &["no port is mapped to b", "--map b=PORT"],
        ),
        ("--top plain --unit multiplier --map a=a,b=b,y=p --tie mode=0", &["no role 'y'", "clk, rst, en"]),
        (
            "--top plain --unit multiplier --map a=a,b=p,out=p --tie mode=0",
            &["p is an output and b needs an input"],
        ),
        ("--top plain --unit multiplier --map a=a,b=a,out=p --tie mode=0", &["port a is given twice"]),
        (
            "--top plain --unit multiplier --map a=a[5:0],b=a[7:5],out=p --tie mode=0",
            &["port a[7:5] is given twice"],
        ),
        (
            "--top plain --unit multiplier --map a=a[7:2],b=b,out=p --tie mode=0",
            &["input a[1:0] of 2 bits is neither mapped nor tied"],
        ),
        (
            "--top plain --unit multiplier --map a=a[8:1],b=b,out=p --tie mode=0",
            &["a[8:1]: a (in 8) has no such bits", "PORT[HIGH:LOW]"],
        ),
        (
            "--top plain --unit multiplier --map a=a,b=b,out=p,clk=mode[0] --tie mode[3:1]=0",
            &["mode[0] is 1 bits wide and clk of a multiplier has a port of its own"],
        ),
        (
            "--top plain --unit multiplier --map a=a,b=b,out=p,clk=mode",
            &["mode is 4 bits wide and clk of a multiplier has 1"],
        ),
        (
            "--top plain --unit multiplier --map a=a,b=b,out=p --tie mode=0 --set a_bits=7",
            &["a is 8 bits wide", "7 bits an element"],
        ),
        (
            "--top plain --unit dot --map a=a,b=b,out=p --tie mode=0 --set a_bits=4",
            &["a has 2 elements of 4 bits, b 1 of 8"],
        ),
        (
            "--top plain --unit requantizer --map acc=a,out=p --tie b=1,mode=0",
            &["the scale is unknown", "--set multiplier=Q,shift=S"],
        ),
        (
            "--top plain --unit requantizer --map acc=a,multiplier=b,out=p --tie mode=0 --set multiplier=3,shift=1",
            &["multiplier, by --map and by --set, is given twice"],
        ),
        (
            "--top plain --unit dot --map a=a,b=b,out=p --tie mode=0 --set lanes=0",
            &["lanes=0 is not possible", "from 1 to 4096"],
        ),
        (
            "--top plain --unit requantizer --map acc=a,out=p --tie b=1,mode=0 --set shif=3",
            &["no setting 'shif'", "did you mean 'shift'?"],
        ),
        (
            "--top plain --unit adder --map a=a",
            &["'adder' cannot be audited", "requantizer, multiplier, mac, dot"],
        ),
        (
            "--top plain --unit multiplier --map a=a,b=b,out=p --tie mode=0 -G W=3",
            &["Parameters from the command line were not found", "W"],
        ),
    ];
    for (arguments, texts) in cases {
        let arguments =
            format!("{arguments} --html {} --wave {}", page.to_str().unwrap(), wave.to_str().unwrap());
        audit(&["refused.v"], &arguments).refused_with(texts);
        assert!(!page.exists(), "{arguments}");
    }
    let waves = fs::read_to_string(&wave).unwrap();
    assert!(waves.contains("$enddefinitions") && waves.contains(" vo "), "{waves}");
}

#[test]
fn verilog_that_does_not_parse_gets_verilators_message_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.v");
    fs::write(&file, "module bad(input a, output b)\n    assign b = a;\nendmodule\n").unwrap();
    let run = audit(&[file.to_str().unwrap()], "--top bad --unit multiplier --map a=a,b=b,out=b");
    run.refused_with(&["bad.v:2:5: syntax error, unexpected assign"]);
    let run = audit(&[file.to_str().unwrap()], "--top bad --unit multiplier --map a=a,b=b,out=b");
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert!(lines[0].starts_with("error: ") && lines[0].contains("bad.v:2:5: "), "{lines:?}");
    assert!(lines[1..].iter().all(|line| line.contains('|')), "{lines:?}");
    audit(&["missing.v"], "--top bad --unit mac --map a=a").refused_with(&["cannot read", "missing.v"]);
}

#[test]
fn a_time_limit_ends_what_does_not_end() {
    let arguments = format!("{} --cases 68719476736 --time-limit 4", SUBJECTS[0].arguments);
    audit(&["floor_pipe.v"], &arguments)
        .refused_with(&["no verdict on floor_pipe within 4 s", "--time-limit"]);
}

/// What strangers write, each with what it must be found to be.
fn are_named(file: &str, cases: &[(&str, &[&str])]) {
    for (arguments, texts) in cases {
        let run = audit(&[file], arguments);
        assert_eq!(run.code, 0, "{arguments}: {}{}", run.stdout, run.stderr);
        for text in *texts {
            assert!(run.stdout.contains(text), "no '{text}' in:\n{}", run.stdout);
        }
    }
}

#[test]
fn other_shapes_are_named() {
    let cases: &[(&str, &[&str])] = &[
        (
            "--top fraction --unit multiplier --map a=a,b=b,out=y --expect signed_fraction_rounded",
            &["all there are"],
        ),
        (
            "--top drops --unit mac --map clk=clk,rst=rst,clear=clr,a=a,b=b,out=acc --expect unsigned_wrap",
            &["3 cycles from a pair", "the pair presented with it is dropped"],
        ),
        ("--top fused --unit mac --map a=a,b=b,c=c,out=y --expect signed_wrap", &["none: combinational"]),
        (
            "--top low --unit requantizer --map clk=!clk_n,en=ce_n,valid_in=vi_n,valid_out=!vo_n,acc=acc,out=q \
             --set shift=-12 --expect pow2",
            &[
                "en           active low",
                "valid_in     active low",
                "wraps at 16 bits",
                "stalls every register",
            ],
        ),
        (
            "--top channels --unit requantizer --map acc=accs,right_shift=right,out=codes \
             --set acc_bits=32,out_bits=8 --expect floor",
            &["saturates to -128..=127", "-1.0000 to +0.0000"],
        ),
        (
            "--top lanes --unit dot --map clk=clk,rst=rst,first=first,valid=valid,a=a0+a1,b=b0+b1,out=sum \
             --expect signed_saturate",
            &["2 of signed, 4 bits", "1 cycle from a pair", "saturates to -512..=511"],
        ),
    ];
    are_named("shapes.v", cases);
}
