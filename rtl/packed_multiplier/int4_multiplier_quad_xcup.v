// SPDX-License-Identifier: 0BSD
// int4_multiplier_quad_xcup: several exact products packed into one multiplier block.
// Combinational.
// Packing: products 8 bits apart in one product of 13 by 21 bits, one DSP48E2.
//
// Made by qrtl 0.1.0 with: qrtl generate packed_multiplier --preset int4_multiplier_quad_xcup
// Config digest: f176f132838062cc

`default_nettype none

module int4_multiplier_quad_xcup (
    input  wire [7:0]  a,      // multiplicands, the first in the lowest bits
    input  wire [7:0]  b,      // multipliers
    // each element of a times the first of b, then times the second and so on, exact
    output wire [31:0] product
);

    wire [20:0] b_high = {b[7], b[7:4], 16'd0};
    wire [20:0] b_low = {{17{b[3]}}, b[3:0]};
    wire [4:0] a_upper = {a[7], a[7:4]} + {5{a[3]}};
    wire [12:0] a_word = {a_upper, {4{a[3]}}, a[3:0]};
    wire [31:0] fields;
    wire [15:0] unused;

    DSP48E2 #(
        .AMULTSEL("AD"),
        .AREG(0), .ACASCREG(0), .DREG(0),
        .BREG(0), .BCASCREG(0),
        .ADREG(0),
        .MREG(0),
        .PREG(0),
        .CREG(0), .INMODEREG(0), .OPMODEREG(0), .ALUMODEREG(0), .CARRYINREG(0), .CARRYINSELREG(0)
    ) block (
        .CLK(1'b0),
        .A({{9{b_high[20]}}, b_high}), .ACIN(30'd0),
        .D({{6{b_low[20]}}, b_low}),
        .B({{5{a_word[12]}}, a_word}), .BCIN(18'd0),
        .C(48'h000000808080), .P({unused, fields}),
        .PCIN(48'd0), .CARRYCASCIN(1'b0), .MULTSIGNIN(1'b0),
        .INMODE(5'b00100), .OPMODE(9'b000110101), .ALUMODE(4'b0000),
        .CARRYIN(1'b0), .CARRYINSEL(3'b000),
        .CEA1(1'b0), .CEA2(1'b0),
        .CEB1(1'b0), .CEB2(1'b0),
        .CED(1'b0), .CEAD(1'b0),
        .CEM(1'b0),
        .CEP(1'b0),
        .CEC(1'b0), .CEALUMODE(1'b0), .CECARRYIN(1'b0), .CECTRL(1'b0), .CEINMODE(1'b0),
        .RSTA(1'b0), .RSTB(1'b0), .RSTC(1'b0), .RSTD(1'b0), .RSTM(1'b0), .RSTP(1'b0),
        .RSTALLCARRYIN(1'b0), .RSTALUMODE(1'b0), .RSTCTRL(1'b0), .RSTINMODE(1'b0)
    );

    assign product = {fields[31:24], ~fields[23], fields[22:16], ~fields[15], fields[14:8],
        ~fields[7], fields[6:0]};
endmodule

`default_nettype wire
