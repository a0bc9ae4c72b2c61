// SPDX-License-Identifier: 0BSD
// int4_multiplier_quad_xc7: several exact products packed into one multiplier block.
// Combinational.
// Packing: products 8 bits apart in one product of 13 by 21 bits, one DSP48E1.
//
// Made by qrtl 0.1.0 with: qrtl generate packed_multiplier --preset int4_multiplier_quad_xc7
// Config digest: 53cf5e615769759f

`default_nettype none

module int4_multiplier_quad_xc7 (
    input  wire [7:0]  a,      // multiplicands, the first in the lowest bits
    input  wire [7:0]  b,      // multipliers
    // each element of a times the first of b, then times the second and so on, exact
    output wire [31:0] product
);

    wire [20:0] b_high = {b[7], b[7:4], 16'd0};
    wire [20:0] b_low = {{17{b[3]}}, b[3:0]};
    wire [20:0] b_word = b_high + b_low;
    wire [4:0] a_upper = {a[7], a[7:4]} + {5{a[3]}};
    wire [12:0] a_word = {a_upper, {4{a[3]}}, a[3:0]};
    wire signed [31:0] products = $signed(b_word) * $signed(a_word);
    wire [31:0] fields = products[31:0] + 32'd8421504;

    assign product = {fields[31:24], ~fields[23], fields[22:16], ~fields[15], fields[14:8],
        ~fields[7], fields[6:0]};
endmodule

`default_nettype wire
