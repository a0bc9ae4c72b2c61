// SPDX-License-Identifier: 0BSD
// int8_multiplier_pair_ice40: several exact products packed into one multiplier block.
// Combinational.
// Packing: each product has a multiplier of 8 by 8 bits in one SB_MAC16.
// Yosys: synth_ice40 without -dsp, which makes one product of 16 by 16 bits of any such block.
//
// Made by qrtl 0.1.0 with: qrtl generate packed_multiplier --preset int8_multiplier_pair_ice40
// Config digest: eb6929f323cdaea4

`default_nettype none

module int8_multiplier_pair_ice40 (
    input  wire [15:0] a,      // multiplicands, the first in the lowest bits
    input  wire [15:0] b,      // multipliers
    output wire [31:0] product // each element of a times the one of b in its place, exact
);

    wire [31:0] products;

    SB_MAC16 #(
        .MODE_8x8(1'b1),
        .A_SIGNED(1'b1),
        .B_SIGNED(1'b1),
        .A_REG(1'b0), .B_REG(1'b0),
        .TOP_8x8_MULT_REG(1'b0), .BOT_8x8_MULT_REG(1'b0),
        .TOPOUTPUT_SELECT(2'b10), .BOTOUTPUT_SELECT(2'b10)
    ) block (
        .CLK(1'b0), .CE(1'b0),
        .A(a), .B(b),
        .C(16'd0), .D(16'd0), .O(products),
        .AHOLD(1'b0), .BHOLD(1'b0), .CHOLD(1'b0), .DHOLD(1'b0), .OHOLDTOP(1'b0), .OHOLDBOT(1'b0),
        .IRSTTOP(1'b0), .IRSTBOT(1'b0), .ORSTTOP(1'b0), .ORSTBOT(1'b0),
        .OLOADTOP(1'b0), .OLOADBOT(1'b0), .ADDSUBTOP(1'b0), .ADDSUBBOT(1'b0),
        .CI(1'b0), .ACCUMCI(1'b0), .SIGNEXTIN(1'b0)
    );

    assign product = products;
endmodule

`default_nettype wire
