// SPDX-License-Identifier: 0BSD
// DSP48E2: a simulation model of the UltraScale+ block as Yosys instantiates it for the operator: no registers, A times B.

`default_nettype none

module DSP48E2 #(
    parameter AMULTSEL = "A",
    parameter BMULTSEL = "B",
    parameter A_INPUT = "DIRECT",
    parameter B_INPUT = "DIRECT",
    parameter USE_MULT = "MULTIPLY",
    parameter USE_SIMD = "ONE48",
    parameter integer AREG = 1,
    parameter integer ACASCREG = 1,
    parameter integer BREG = 1,
    parameter integer BCASCREG = 1,
    parameter integer CREG = 1,
    parameter integer DREG = 1,
    parameter integer ADREG = 1,
    parameter integer MREG = 1,
    parameter integer PREG = 1,
    parameter integer INMODEREG = 1,
    parameter integer OPMODEREG = 1,
    parameter integer ALUMODEREG = 1,
    parameter integer CARRYINREG = 1,
    parameter integer CARRYINSELREG = 1
) (
    input  wire [29:0] A, ACIN,
    input  wire [17:0] B, BCIN,
    input  wire [47:0] C, PCIN,
    input  wire [26:0] D,
    input  wire CARRYIN,
    input  wire [2:0] CARRYINSEL,
    input  wire [3:0] ALUMODE,
    input  wire [4:0] INMODE,
    input  wire [8:0] OPMODE,
    output wire [47:0] P
);

    // What this model does not cover stops elaboration, by the name of a module that does not exist.
    generate
        if (AMULTSEL != "A" || BMULTSEL != "B" || A_INPUT != "DIRECT" || B_INPUT != "DIRECT"
            || USE_MULT != "MULTIPLY" || USE_SIMD != "ONE48"
            || AREG + BREG + CREG + DREG + ADREG + MREG + PREG + ACASCREG + BCASCREG != 0
            || INMODEREG + OPMODEREG + ALUMODEREG + CARRYINREG + CARRYINSELREG != 0) begin : gen_refusal
            DSP48E2_is_modelled_as_a_product_only unsupported ();
        end
    endgenerate

    // The product alone; an operation that is not covered gives what no product is.
    wire is_product = OPMODE == 9'd5 && ALUMODE == 4'd0 && INMODE == 5'd0 && CARRYINSEL == 3'd0 && !CARRYIN;
    wire [47:0] product = {{21{A[26]}}, A[26:0]} * {{30{B[17]}}, B};
    assign P = is_product ? product : {48{1'bx}};
endmodule

`default_nettype wire
