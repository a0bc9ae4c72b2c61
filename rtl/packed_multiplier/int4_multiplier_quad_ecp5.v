// SPDX-License-Identifier: 0BSD
// int4_multiplier_quad_ecp5: several exact products packed into one multiplier block.
// Combinational.
// Precondition: no element of b is -8.
// Packing: products 7 bits apart in one product of 12 by 18 bits, one MULT18X18D.
//
// Made by qrtl 0.1.0 with: qrtl generate packed_multiplier --preset int4_multiplier_quad_ecp5
// Config digest: 750d936e7d2f5441

`default_nettype none

module int4_multiplier_quad_ecp5 (
    input  wire [7:0]  a,      // multiplicands, the first in the lowest bits
    input  wire [7:0]  b,      // multipliers
    // each element of a times the first of b, then times the second and so on, exact
    output wire [31:0] product
);

    wire [3:0] b_upper = b[7:4] + {4{b[3]}};
    wire [17:0] b_word = {b_upper, {10{b[3]}}, b[3:0]};
    wire [4:0] a_upper = {a[7], a[7:4]} + {5{a[3]}};
    wire [11:0] a_word = {a_upper, {3{a[3]}}, a[3:0]};
    wire signed [27:0] products = $signed(b_word) * $signed(a_word);
    wire [20:0] upper = products[27:7] + 21'd8256 + {20'd0, products[6]};
    wire [27:0] fields = {upper, products[6:0]};

    assign product = {fields[27], fields[27:21], {2{~fields[20]}}, fields[19:14], {2{~fields[13]}},
        fields[12:7], fields[6], fields[6:0]};
endmodule

`default_nettype wire
