// SPDX-License-Identifier: 0BSD
// int8_multiplier_pair_xcup: several exact products packed into one multiplier block.
// Combinational.
// Packing: products 16 bits apart in one product of 25 by 8 bits, one DSP48E2.
//
// Made by qrtl 0.1.0 with: qrtl generate packed_multiplier --preset int8_multiplier_pair_xcup
// Config digest: f47e64212d0ccdd3

`default_nettype none

module int8_multiplier_pair_xcup (
    input  wire [15:0]       a,      // multiplicands, the first in the lowest bits
    input  wire signed [7:0] b,      // multipliers
    output wire [31:0]       product // each element of a times b, exact
);

    wire [24:0] a_high = {a[15], a[15:8], 16'd0};
    wire [24:0] a_low = {{17{a[7]}}, a[7:0]};
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
        .A({{5{a_high[24]}}, a_high}), .ACIN(30'd0),
        .D({{2{a_low[24]}}, a_low}),
        .B({{10{b[7]}}, b}), .BCIN(18'd0),
        .C(48'h000000008000), .P({unused, fields}),
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

    assign product = {fields[31:16], ~fields[15], fields[14:0]};
endmodule

`default_nettype wire
