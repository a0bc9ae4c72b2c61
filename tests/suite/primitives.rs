//! The simulation models of DSP blocks equal those of Yosys, if Yosys has one.

use std::fs;
use std::process::Command;

use qrtl::catalogue::preset;
use qrtl::generator::primitives;

/// The model of a cell, as a module of another name.
fn ours(preset_name: &str, cell: &str) -> String {
    let models = primitives(&preset(preset_name).unwrap());
    let (_, text) = models.iter().find(|(file, _)| *file == format!("{cell}.v")).unwrap();
    let renamed = text.replace(&format!("module {cell} #("), "module ours #(");
    assert_ne!(&renamed, text);
    renamed
}

/// A parameter and its value.
type Parameter = (&'static str, String);

/// As Verilog writes them at an instance.
fn associated(parameters: &[Parameter]) -> String {
    let texts: Vec<String> = parameters.iter().map(|(name, value)| format!(".{name}({value})")).collect();
    texts.join(", ")
}

/// Runs a testbench of the module `ours` beside `theirs`, which is the cell of Yosys with these parameters: how
/// often both were compared and how often they differed, as it prints.
fn run(model: &str, cells: &str, cell: &str, parameters: &[Parameter], testbench: &str) -> (u64, u64) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ours.v"), model).unwrap();
    fs::write(folder.path().join("tb.v"), testbench).unwrap();
    let tool = |tool: &str, arguments: &[&str]| {
        let output = Command::new(tool).args(arguments).current_dir(folder.path()).output();
        let output = output
            .unwrap_or_else(|error| panic!("cannot run {tool} ({error}); apt-get install iverilog yosys"));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
        text.trim().to_string()
    };
    let sets: String = parameters.iter().map(|(name, value)| format!(" -chparam {name} {value}")).collect();
    let script = format!(
        "read_verilog -defer +/{cells}/cells_sim.v; hierarchy -top {cell}{sets}; proc; rename -top theirs; \
         write_verilog -noattr theirs.v"
    );
    tool("yosys", &["-q", "-p", &script]);
    tool("iverilog", &["-g2005", "-o", "tb", "-s", "tb", "ours.v", "theirs.v", "tb.v"]);
    let line = tool("vvp", &["-N", "tb"]);
    let numbers: Vec<u64> = line.split(' ').map(|number| number.parse().unwrap()).collect();
    (numbers[0], numbers[1])
}

fn sb_mac16_parameters(signs: (u8, u8), registers: (u8, u8)) -> Vec<Parameter> {
    let flags = [
        ("MODE_8x8", 1),
        ("A_SIGNED", signs.0),
        ("B_SIGNED", signs.1),
        ("A_REG", registers.0),
        ("B_REG", registers.0),
        ("TOP_8x8_MULT_REG", registers.1),
        ("BOT_8x8_MULT_REG", registers.1),
    ];
    let selects = ["TOPOUTPUT_SELECT", "BOTOUTPUT_SELECT"].map(|name| (name, "2'b10".to_string()));
    flags.into_iter().map(|(name, flag)| (name, format!("1'b{flag}"))).chain(selects).collect()
}

/// Every pair of bytes in both halves of SB_MAC16.
fn sb_mac16(parameters: &[Parameter]) -> String {
    let parameters = associated(parameters);
    let zeros: String = [
        "IRSTTOP",
        "IRSTBOT",
        "ORSTTOP",
        "ORSTBOT",
        "OLOADTOP",
        "OLOADBOT",
        "ADDSUBTOP",
        "ADDSUBBOT",
        "OHOLDTOP",
        "OHOLDBOT",
        "CI",
        "ACCUMCI",
        "SIGNEXTIN",
        "CHOLD",
        "DHOLD",
    ]
    .iter()
    .map(|pin| format!(", .{pin}(1'b0)"))
    .collect();
    let pins =
        format!(".CLK(clk), .CE(ce), .AHOLD(hold), .BHOLD(~hold), .A(a), .B(b), .C(16'd0), .D(16'd0){zeros}");
    format!(
        "module tb;
    reg clk = 0, ce, hold;
    reg [15:0] a, b;
    wire [31:0] x, y;
    integer i, compared, differ;
    ours #({parameters}) first ({pins}, .O(x));
    theirs second ({pins}, .O(y));
    initial begin
        compared = 0;
        differ = 0;
        for (i = 0; i < 65544; i = i + 1) begin
            a = {{i[7:0] ^ 8'h5a, i[7:0]}};
            b = {{i[15:8], i[15:8] ^ 8'hc3}};
            ce = i < 8 || i[4:0] != 5'd9;
            hold = i[0];
            #1 clk = 1;
            #1 clk = 0;
            if (i >= 8) begin
                compared = compared + 1;
                if (x !== y) differ = differ + 1;
            end
        end
        $display(\"%0d %0d\", compared, differ);
    end
endmodule
"
    )
}

#[test]
#[ignore = "needs Icarus Verilog and Yosys"]
fn sb_mac16_model_equals_yosys_model() {
    let model = ours("int8_multiplier_pair_ice40", "SB_MAC16");
    for signs in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        for registers in [(0, 0), (0, 1), (1, 1)] {
            let parameters = sb_mac16_parameters(signs, registers);
            let result = run(&model, "ice40", "SB_MAC16", &parameters, &sb_mac16(&parameters));
            assert_eq!(result, (65536, 0), "{parameters:?}");
        }
    }
    let broken = model.replace("B_SIGNED & b[7]", "A_SIGNED & b[7]");
    assert_ne!(broken, model);
    let parameters = sb_mac16_parameters((1, 0), (0, 1));
    assert!(run(&broken, "ice40", "SB_MAC16", &parameters, &sb_mac16(&parameters)).1 > 0);
}

fn dsp48_parameters(stages: usize) -> Vec<Parameter> {
    let (operands, words) = (u8::from(stages > 2), u8::from(stages > 3));
    let counts = [
        ("AREG", operands),
        ("ACASCREG", operands),
        ("BREG", operands + words),
        ("BCASCREG", operands + words),
        ("DREG", operands),
        ("ADREG", words),
        ("MREG", u8::from(stages > 1)),
        ("PREG", u8::from(stages > 0)),
        ("CREG", 0),
        ("INMODEREG", 0),
        ("OPMODEREG", 0),
        ("ALUMODEREG", 0),
        ("CARRYINREG", 0),
        ("CARRYINSELREG", 0),
    ];
    counts.map(|(name, count)| (name, count.to_string())).to_vec()
}

/// DSP48E2 beside the DSP48E1 of Yosys, on numbers that fit the narrower adder, with random enables, resets,
/// and operations.
fn dsp48(stages: usize) -> String {
    let registers = associated(&dsp48_parameters(stages));
    let zeros: String = ["CEC", "CEALUMODE", "CECARRYIN", "CECTRL", "CEINMODE", "RSTC", "RSTALLCARRYIN"]
        .iter()
        .chain(&["RSTALUMODE", "RSTCTRL", "RSTINMODE", "CARRYIN", "CARRYCASCIN", "MULTSIGNIN", "CEA1"])
        .map(|pin| format!(", .{pin}(1'b0)"))
        .collect();
    let pins = format!(
        ".CLK(clk), .B(b), .C(c), .ACIN(30'd0), .BCIN(18'd0), .PCIN(48'd0), .INMODE(5'b00100), .ALUMODE(4'd0), \
         .CARRYINSEL(3'd0), .CEA2(ce[0]), .CEB1(ce[1]), .CEB2(ce[2]), .CED(ce[3]), .CEAD(ce[4]), .CEM(ce[5]), \
         .CEP(ce[6]), .RSTA(rst[0]), .RSTB(rst[1]), .RSTD(rst[2]), .RSTM(rst[3]), .RSTP(rst[4]){zeros}"
    );
    // Without a register, the sum has nothing of its own to add to.
    let start = if stages == 0 { "1'b1" } else { "start" };
    format!(
        "module tb;
    reg clk = 0, start;
    reg [23:0] a, d;
    reg [17:0] b;
    reg [47:0] c;
    reg [6:0] ce;
    reg [4:0] rst;
    wire [47:0] x, y;
    integer i, compared, differ;
    ours #(.AMULTSEL(\"AD\"), {registers}) first ({pins}, .A({{{{6{{a[23]}}}}, a}}), .D({{{{3{{d[23]}}}}, d}}),
        .OPMODE({{4'b0001, {start}, 4'b0101}}), .P(x));
    theirs second ({pins}, .A({{{{6{{a[23]}}}}, a}}), .D({{d[23], d}}),
        .OPMODE({{2'b01, {start}, 4'b0101}}), .P(y));
    initial begin
        compared = 0;
        differ = 0;
        for (i = 0; i < 20008; i = i + 1) begin
            a = $random;
            b = $random;
            d = $random;
            c = {{$random, $random}};
            start = $random;
            ce = i < 8 ? 7'h7f : $random | $random;
            rst = i < 8 ? 5'h1f : $random & $random & $random;
            #1 clk = 1;
            #1 clk = 0;
            if (i >= 8) begin
                compared = compared + 1;
                if (x !== y || ^x === 1'bx) differ = differ + 1;
            end
        end
        $display(\"%0d %0d\", compared, differ);
    end
endmodule
"
    )
}

#[test]
#[ignore = "needs Icarus Verilog and Yosys"]
fn dsp48e2_model_equals_yosys_dsp48e1_model() {
    let model = ours("int8_multiplier_pair_xcup", "DSP48E2");
    let compared = |model: &str, stages: usize| {
        // The word TRUE, as a number.
        let adder = [("USE_DPORT", "32'h54525545".to_string())];
        let parameters: Vec<Parameter> = dsp48_parameters(stages).into_iter().chain(adder).collect();
        run(model, "xilinx", "DSP48E1", &parameters, &dsp48(stages))
    };
    for stages in 0..=4 {
        assert_eq!(compared(&model, stages), (20000, 0), "{stages} registers");
    }
    for (from, to) in [
        ("OPMODE[4] ? C", "OPMODE[4] ? p_q"),
        ("BREG > 1 ? b_q1", "BREG > 2 ? b_q1"),
        ("if (RSTM)", "if (RSTP)"),
    ] {
        let broken = model.replace(from, to);
        assert_ne!(broken, model);
        assert!(compared(&broken, 4).1 > 0, "{to}");
    }
}

/// A module with unsupported parameters of a model does not elaborate.
#[test]
#[ignore = "needs Icarus Verilog"]
fn models_reject_unsupported_parameters() {
    let folder = tempfile::tempdir().unwrap();
    for (name, cell, asked, covered) in [
        ("int8_multiplier_pair_ice40", "SB_MAC16", ".MODE_8x8(1'b0)", ".MODE_8x8(1'b1)"),
        ("int8_multiplier_pair_xcup", "DSP48E2", ".AMULTSEL(\"A\")", ".AMULTSEL(\"AD\")"),
    ] {
        let (config, model) = (preset(name).unwrap(), ours(name, cell));
        fs::write(
            folder.path().join("ours.v"),
            model.replace("module ours #(", &format!("module {cell} #(")),
        )
        .unwrap();
        for (parameter, elaborates) in [(covered, true), (asked, false)] {
            let module = qrtl::generator::render(&config).replace(covered, parameter);
            assert!(module.contains(parameter));
            fs::write(folder.path().join("unit.v"), module).unwrap();
            let arguments = ["-g2005", "-o", "out", "-s", name, "ours.v", "unit.v"];
            let output =
                Command::new("iverilog").args(arguments).current_dir(folder.path()).output().unwrap();
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.success(), elaborates, "{text}");
            assert_eq!(text.contains("is_modelled"), !elaborates, "{text}");
        }
    }
}
