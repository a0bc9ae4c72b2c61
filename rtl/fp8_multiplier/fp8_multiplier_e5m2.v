// SPDX-License-Identifier: 0BSD
// fp8_multiplier_e5m2: exact product of two 8-bit floats in binary32.
// Combinational. A NaN operand and zero times infinity give 7fc00000.
//
// Made by qrtl 0.1.0 with: qrtl generate fp8_multiplier --preset fp8_multiplier_e5m2
// Config digest: 927d065e071e0fa4

`default_nettype none

module fp8_multiplier_e5m2 (
    input  wire [7:0]  a,      // multiplicand
    input  wire [7:0]  b,      // multiplier
    output wire [31:0] product // a * b, exact
);

    // A subnormal has no hidden bit, and the exponent of the least normal number.
    wire a_normal = |a[6:2];
    wire [4:0] a_exponent = a_normal ? a[6:2] : 5'd1;
    wire [2:0] a_significand = {a_normal, a[1:0]};
    wire a_infinite = &a[6:2] & ~|a[1:0];
    wire a_nan = &a[6:2] & |a[1:0];
    wire a_zero = ~|a[6:0];
    // A subnormal has no hidden bit, and the exponent of the least normal number.
    wire b_normal = |b[6:2];
    wire [4:0] b_exponent = b_normal ? b[6:2] : 5'd1;
    wire [2:0] b_significand = {b_normal, b[1:0]};
    wire b_infinite = &b[6:2] & ~|b[1:0];
    wire b_nan = &b[6:2] & |b[1:0];
    wire b_zero = ~|b[6:0];

    wire negative = a[7] ^ b[7];
    wire [5:0] exponent = {1'b0, a_exponent} + {1'b0, b_exponent};
    wire [5:0] significand = {3'd0, a_significand} * {3'd0, b_significand};
    // Zero times infinity is no number.
    wire is_nan = a_nan | b_nan | (a_infinite & b_zero) | (a_zero & b_infinite);
    wire is_infinite = (a_infinite | b_infinite) & ~is_nan;

    // The leading one moves to the top, by powers of two.
    wire zeros_4 = ~|significand[5:2];
    wire [5:0] normal_4 = zeros_4 ? {significand[1:0], 4'd0} : significand;
    wire zeros_2 = ~|normal_4[5:4];
    wire [5:0] normal_2 = zeros_2 ? {normal_4[3:0], 2'd0} : normal_4;
    wire zeros_1 = ~|normal_2[5:5];
    wire [5:0] normal_1 = zeros_1 ? {normal_2[4:0], 1'd0} : normal_2;
    wire [2:0] leading_zeros = {zeros_4, zeros_2, zeros_1};

    // Every product is a normal number or zero, so that none is rounded.
    wire [7:0] f32_exponent = {2'd0, exponent} + 8'd98 - {5'd0, leading_zeros};
    wire [30:0] finite = normal_1[5] ? {f32_exponent, normal_1[4:0], 18'd0} : 31'd0;

    assign product = is_nan ? 32'h7fc00000 :
                     is_infinite ? {negative, 31'h7f800000} :
                     {negative, finite};
endmodule

`default_nettype wire
