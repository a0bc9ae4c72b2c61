// SPDX-License-Identifier: 0BSD
// int8_multiplier_pair_xc7: several exact products packed into one multiplier block.
// Combinational.
// Packing: products 16 bits apart in one product of 25 by 8 bits, one DSP48E1.
//
// Made by qrtl 0.1.0 with: qrtl generate packed_multiplier --preset int8_multiplier_pair_xc7
// Config digest: c37226a46ba8382f

`default_nettype none

module int8_multiplier_pair_xc7 (
    input  wire [15:0]       a,      // multiplicands, the first in the lowest bits
    input  wire signed [7:0] b,      // multipliers
    output wire [31:0]       product // each element of a times b, exact
);

    wire [24:0] a_high = {a[15], a[15:8], 16'd0};
    wire [24:0] a_low = {{17{a[7]}}, a[7:0]};
    wire [24:0] a_word = a_high + a_low;
    wire signed [31:0] products = $signed(a_word) * $signed(b[7:0]);
    wire [31:0] fields = products[31:0] + 32'd32768;

    assign product = {fields[31:16], ~fields[15], fields[14:0]};
endmodule

`default_nettype wire
