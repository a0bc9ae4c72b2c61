// SPDX-License-Identifier: 0BSD
// fp8_decoder_e2m1: exact value of a 4-bit float in binary32.
// Combinational. Every code is a number.
//
// Made by qrtl 0.1.0 with: qrtl generate fp8_decoder --preset fp8_decoder_e2m1
// Config digest: 28f6e8871e600f56

`default_nettype none

module fp8_decoder_e2m1 (
    input  wire [3:0]  code, // 4-bit float
    output wire [31:0] x     // the same number
);

    wire [1:0] exponent = code[2:1];
    wire fraction = code[0];
    wire [30:0] finite =
        |exponent ? {{6'd0, exponent} + 8'd126, fraction, 22'd0} :
        fraction ? {8'd126, 23'd0} :
        31'd0;

    assign x = {code[3], finite};
endmodule

`default_nettype wire
