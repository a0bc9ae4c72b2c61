// SPDX-License-Identifier: 0BSD
// fp8_decoder_e4m3fnuz: exact value of an 8-bit float in binary32.
// Combinational. Code 80 is NaN.
//
// Made by qrtl 0.1.0 with: qrtl generate fp8_decoder --preset fp8_decoder_e4m3fnuz
// Config digest: d821370c6edbe971

`default_nettype none

module fp8_decoder_e4m3fnuz (
    input  wire [7:0]  code, // 8-bit float
    output wire [31:0] x     // the same number
);

    wire [3:0] exponent = code[6:3];
    wire [2:0] fraction = code[2:0];
    wire is_special = code == 8'h80;

    // NaN is quiet in binary32 and keeps its sign.
    wire [22:0] special = 23'h400000;
    wire [30:0] finite =
        |exponent ? {{4'd0, exponent} + 8'd119, fraction, 20'd0} :
        fraction[2] ? {8'd119, fraction[1:0], 21'd0} :
        fraction[1] ? {8'd118, fraction[0], 22'd0} :
        fraction[0] ? {8'd117, 23'd0} :
        31'd0;

    assign x = {code[7], is_special ? {8'hff, special} : finite};
endmodule

`default_nettype wire
