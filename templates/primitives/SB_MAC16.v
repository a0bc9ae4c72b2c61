// SPDX-License-Identifier: 0BSD
// SB_MAC16: a simulation model of the DSP block of iCE40 UltraPlus as two multipliers of 8 by 8 bits, without
// its adders. Synthesis and place and route have the block itself; give them the generated module alone.

`default_nettype none

module SB_MAC16 #(
    parameter [0:0] NEG_TRIGGER = 1'b0,
    parameter [0:0] A_REG = 1'b0,
    parameter [0:0] B_REG = 1'b0,
    parameter [0:0] TOP_8x8_MULT_REG = 1'b0,
    parameter [0:0] BOT_8x8_MULT_REG = 1'b0,
    parameter [1:0] TOPOUTPUT_SELECT = 2'b00,
    parameter [1:0] BOTOUTPUT_SELECT = 2'b00,
    parameter [0:0] MODE_8x8 = 1'b0,
    parameter [0:0] A_SIGNED = 1'b0,
    parameter [0:0] B_SIGNED = 1'b0
) (
    input  wire CLK, CE,
    input  wire [15:0] C, A, B, D,
    input  wire AHOLD, BHOLD, CHOLD, DHOLD,
    input  wire IRSTTOP, IRSTBOT,
    input  wire ORSTTOP, ORSTBOT,
    input  wire OLOADTOP, OLOADBOT,
    input  wire ADDSUBTOP, ADDSUBBOT,
    input  wire OHOLDTOP, OHOLDBOT,
    input  wire CI, ACCUMCI, SIGNEXTIN,
    output wire [31:0] O
);

    // What this model does not cover stops elaboration, by the name of a module that does not exist.
    generate
        if (!MODE_8x8 || TOPOUTPUT_SELECT != 2'b10 || BOTOUTPUT_SELECT != 2'b10
            || NEG_TRIGGER) begin : gen_refusal
            SB_MAC16_is_modelled_as_two_products_only unsupported ();
        end
    endgenerate

    // Ports of the adders, which the products bypass.
    wire unused = &{1'b0, C, D, CHOLD, DHOLD, ORSTTOP, ORSTBOT, OLOADTOP, OLOADBOT, ADDSUBTOP,
                    ADDSUBBOT, OHOLDTOP, OHOLDBOT, CI, ACCUMCI, SIGNEXTIN, 1'b0};

    reg [15:0] a_q, b_q, top_q, bottom_q;
    wire [15:0] a = A_REG ? a_q : A;
    wire [15:0] b = B_REG ? b_q : B;

    wire [15:0] a_top = {{8{A_SIGNED & a[15]}}, a[15:8]};
    wire [15:0] b_top = {{8{B_SIGNED & b[15]}}, b[15:8]};
    wire [15:0] a_bottom = {{8{A_SIGNED & a[7]}}, a[7:0]};
    wire [15:0] b_bottom = {{8{B_SIGNED & b[7]}}, b[7:0]};
    wire [15:0] top = a_top * b_top;
    wire [15:0] bottom = a_bottom * b_bottom;

    // Resets act at once; the upper half has A, the lower one B.
    always @(posedge CLK or posedge IRSTTOP) begin
        if (IRSTTOP) begin
            a_q <= 16'd0;
            top_q <= 16'd0;
        end else if (CE) begin
            if (!AHOLD)
                a_q <= A;
            top_q <= top;
        end
    end

    always @(posedge CLK or posedge IRSTBOT) begin
        if (IRSTBOT) begin
            b_q <= 16'd0;
            bottom_q <= 16'd0;
        end else if (CE) begin
            if (!BHOLD)
                b_q <= B;
            bottom_q <= bottom;
        end
    end

    assign O = {TOP_8x8_MULT_REG ? top_q : top, BOT_8x8_MULT_REG ? bottom_q : bottom};
endmodule

`default_nettype wire
