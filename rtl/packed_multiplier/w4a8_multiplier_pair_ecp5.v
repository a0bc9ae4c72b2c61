// SPDX-License-Identifier: 0BSD
// w4a8_multiplier_pair_ecp5: several exact products packed into one multiplier block.
// Combinational.
// Packing: products 12 bits apart in one product of 8 by 17 bits, one MULT18X18D.
//
// Made by qrtl 0.1.0 with: qrtl generate packed_multiplier --preset w4a8_multiplier_pair_ecp5
// Config digest: e82dc317d89901d3

`default_nettype none

module w4a8_multiplier_pair_ecp5 (
    input  wire signed [7:0] a,      // multiplicands, the first in the lowest bits
    input  wire [7:0]        b,      // multipliers
    output wire [23:0]       product // a times each element of b, exact
);

    wire [4:0] b_upper = {b[7], b[7:4]} + {5{b[3]}};
    wire [16:0] b_word = {b_upper, {8{b[3]}}, b[3:0]};
    wire signed [23:0] products = $signed(b_word) * $signed(a[7:0]);
    wire [11:0] upper = products[23:12] + {11'd0, products[11]};
    wire [23:0] fields = {upper, products[11:0]};

    assign product = {fields[23:12], fields[11:0]};
endmodule

`default_nettype wire
