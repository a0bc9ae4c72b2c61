// SPDX-License-Identifier: 0BSD
// fp8_decoder_e5m2: exact value of an 8-bit float in binary32.
// Combinational. NaN becomes the quiet NaN of its sign.
//
// Made by qrtl 0.1.0 with: qrtl generate fp8_decoder --preset fp8_decoder_e5m2
// Config digest: a287a9f5e07dd660

`default_nettype none

module fp8_decoder_e5m2 (
    input  wire [7:0]  code, // 8-bit float
    output wire [31:0] x     // the same number
);

    wire [4:0] exponent = code[6:2];
    wire [1:0] fraction = code[1:0];
    wire is_special = &exponent;

    // NaN is quiet in binary32 and keeps its sign.
    wire [22:0] special = {|fraction, 22'd0};
    wire [30:0] finite =
        |exponent ? {{3'd0, exponent} + 8'd112, fraction, 21'd0} :
        fraction[1] ? {8'd112, fraction[0], 22'd0} :
        fraction[0] ? {8'd111, 23'd0} :
        31'd0;

    assign x = {code[7], is_special ? {8'hff, special} : finite};
endmodule

`default_nettype wire
