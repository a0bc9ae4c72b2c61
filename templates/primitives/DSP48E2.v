// SPDX-License-Identifier: 0BSD
// DSP48E2: a simulation model of the DSP block of UltraScale and UltraScale+ as (A + D) * B plus C or plus P, with
// its registers. Synthesis and place and route have the block itself; give them the generated module alone.

`default_nettype none

module DSP48E2 #(
    parameter AMULTSEL = "A",
    parameter integer AREG = 1,
    parameter integer ACASCREG = 1,
    parameter integer BREG = 1,
    parameter integer BCASCREG = 1,
    parameter integer DREG = 1,
    parameter integer ADREG = 1,
    parameter integer MREG = 1,
    parameter integer PREG = 1,
    parameter integer CREG = 1,
    parameter integer INMODEREG = 1,
    parameter integer OPMODEREG = 1,
    parameter integer ALUMODEREG = 1,
    parameter integer CARRYINREG = 1,
    parameter integer CARRYINSELREG = 1
) (
    input  wire CLK,
    input  wire [29:0] A, ACIN,
    input  wire [26:0] D,
    input  wire [17:0] B, BCIN,
    input  wire [47:0] C, PCIN,
    input  wire CARRYCASCIN, MULTSIGNIN, CARRYIN,
    input  wire [2:0] CARRYINSEL,
    input  wire [4:0] INMODE,
    input  wire [8:0] OPMODE,
    input  wire [3:0] ALUMODE,
    input  wire CEA1, CEA2, CEB1, CEB2, CED, CEAD, CEM, CEP,
    input  wire CEC, CEALUMODE, CECARRYIN, CECTRL, CEINMODE,
    input  wire RSTA, RSTB, RSTC, RSTD, RSTM, RSTP,
    input  wire RSTALLCARRYIN, RSTALUMODE, RSTCTRL, RSTINMODE,
    output wire [47:0] P
);

    // What this model does not cover stops elaboration, by the name of a module that does not exist.
    generate
        if (AMULTSEL != "AD" || AREG > 1 || CREG != 0 || INMODEREG != 0 || OPMODEREG != 0
            || ALUMODEREG != 0 || CARRYINREG != 0 || CARRYINSELREG != 0
            || ACASCREG != AREG || BCASCREG != BREG) begin : gen_refusal
            DSP48E2_is_modelled_with_the_adder_before_its_product_only unsupported ();
        end
    endgenerate

    // Ports of cascades and of registers that the parameters leave out.
    wire unused = &{1'b0, A[29:27], ACIN, BCIN, PCIN, CARRYCASCIN, MULTSIGNIN, CEA1, CEC,
                    CEALUMODE, CECARRYIN, CECTRL, CEINMODE, RSTC, RSTALLCARRYIN, RSTALUMODE,
                    RSTCTRL, RSTINMODE, 1'b0};

    reg [26:0] a_q, d_q, ad_q;
    reg [17:0] b_q1, b_q2;
    reg [44:0] m_q;
    reg [47:0] p_q;

    // D plus the second register of A, times the second register of B: the one input mode covered.
    wire [26:0] ad = (DREG == 0 ? D : d_q) + (AREG == 0 ? A[26:0] : a_q);
    wire [26:0] x = ADREG == 0 ? ad : ad_q;
    wire [17:0] y = BREG == 0 ? B : b_q2;
    wire [44:0] m = {{18{x[26]}}, x} * {{27{y[17]}}, y};
    wire [44:0] product = MREG == 0 ? m : m_q;

    // The product, plus C or plus P; an operation that is not covered gives no number.
    wire is_covered = INMODE == 5'b00100 && ALUMODE == 4'b0000 && CARRYINSEL == 3'b000 && !CARRYIN
        && OPMODE[8:5] == 4'b0001 && OPMODE[3:0] == 4'b0101;
    wire [47:0] addend = OPMODE[4] ? C : p_q;
    wire [47:0] sum = is_covered ? {{3{product[44]}}, product} + addend : {48{1'bx}};

    always @(posedge CLK) begin
        if (RSTA)
            a_q <= 27'd0;
        else if (CEA2)
            a_q <= A[26:0];
        if (RSTD)
            d_q <= 27'd0;
        else if (CED)
            d_q <= D;
        if (RSTD)
            ad_q <= 27'd0;
        else if (CEAD)
            ad_q <= ad;
        if (RSTB) begin
            b_q1 <= 18'd0;
            b_q2 <= 18'd0;
        end else begin
            if (CEB1)
                b_q1 <= B;
            if (CEB2)
                b_q2 <= BREG > 1 ? b_q1 : B;
        end
        if (RSTM)
            m_q <= 45'd0;
        else if (CEM)
            m_q <= m;
        if (RSTP)
            p_q <= 48'd0;
        else if (CEP)
            p_q <= sum;
    end

    assign P = PREG == 0 ? sum : p_q;
endmodule

`default_nettype wire
