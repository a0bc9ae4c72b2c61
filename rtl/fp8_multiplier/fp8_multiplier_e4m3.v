// SPDX-License-Identifier: 0BSD
// fp8_multiplier_e4m3: exact product of two 8-bit floats in binary32.
// Combinational. A NaN operand and zero times infinity give 7fc00000.
//
// Made by qrtl 0.1.0 with: qrtl generate fp8_multiplier --preset fp8_multiplier_e4m3
// Config digest: 681e9e165d503a00

`default_nettype none

module fp8_multiplier_e4m3 (
    input  wire [7:0]  a,      // multiplicand
    input  wire [7:0]  b,      // multiplier
    output wire [31:0] product // a * b, exact
);

    // A subnormal has no hidden bit, and the exponent of the least normal number.
    wire a_normal = |a[6:3];
    wire [3:0] a_exponent = a_normal ? a[6:3] : 4'd1;
    wire [3:0] a_significand = {a_normal, a[2:0]};
    wire a_nan = &a[6:0];
    // A subnormal has no hidden bit, and the exponent of the least normal number.
    wire b_normal = |b[6:3];
    wire [3:0] b_exponent = b_normal ? b[6:3] : 4'd1;
    wire [3:0] b_significand = {b_normal, b[2:0]};
    wire b_nan = &b[6:0];

    wire negative = a[7] ^ b[7];
    wire [4:0] exponent = {1'b0, a_exponent} + {1'b0, b_exponent};
    wire [7:0] significand = {4'd0, a_significand} * {4'd0, b_significand};
    wire is_nan = a_nan | b_nan;

    // The leading one moves to the top, by powers of two.
    wire zeros_4 = ~|significand[7:4];
    wire [7:0] normal_4 = zeros_4 ? {significand[3:0], 4'd0} : significand;
    wire zeros_2 = ~|normal_4[7:6];
    wire [7:0] normal_2 = zeros_2 ? {normal_4[5:0], 2'd0} : normal_4;
    wire zeros_1 = ~|normal_2[7:7];
    wire [7:0] normal_1 = zeros_1 ? {normal_2[6:0], 1'd0} : normal_2;
    wire [2:0] leading_zeros = {zeros_4, zeros_2, zeros_1};

    // Every product is a normal number or zero, so that none is rounded.
    wire [7:0] f32_exponent = {3'd0, exponent} + 8'd114 - {5'd0, leading_zeros};
    wire [30:0] finite = normal_1[7] ? {f32_exponent, normal_1[6:0], 16'd0} : 31'd0;

    assign product = is_nan ? 32'h7fc00000 :
                     {negative, finite};
endmodule

`default_nettype wire
