// SPDX-License-Identifier: 0BSD
// mx_dot8_mxint8: exact dot product of two MX blocks, rounded once to binary32.
// Latency: 6 clock cycles with en = 1; one result per cycle.
// The exact sum is rounded once: to nearest, ties to even.
// A sum that is no number is 7fc00000.
//
// Made by qrtl 0.1.0 with: qrtl generate mx_dot --preset mx_dot8_mxint8
// Config digest: 005cb880732eb7fb

`default_nettype none

module mx_dot8_mxint8 (
    input  wire        clk,       // acts on the rising edge
    input  wire        rst,       // synchronous, drops what is on its way, wins over en
    input  wire        en,        // holds every register when 0
    input  wire        valid_in,  // the inputs count
    input  wire [63:0] a,         // multiplicands, the first in the lowest bits
    input  wire [63:0] b,         // multipliers
    input  wire [7:0]  a_scale,   // scale of a
    input  wire [7:0]  b_scale,   // scale of b
    output wire        valid_out, // the outputs count
    output reg  [31:0] sum        // sum of the products
);

    // One bit a stage, in step with the data.
    reg [5:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 6'd0;
        else if (en)
            valid <= {valid[4:0], valid_in};
    end

    assign valid_out = valid[5];

    wire [127:0] terms;

    genvar i;
    generate
        for (i = 0; i < 8; i = i + 1) begin : gen_products
            wire signed [15:0] x = $signed({{8{a[8*i + 7]}}, a[8*i +: 8]});
            wire signed [15:0] y = $signed({{8{b[8*i + 7]}}, b[8*i +: 8]});
            reg signed [15:0] term;

            always @(posedge clk) begin
                if (en)
                    term <= x * y;
            end

            assign terms[16*i +: 16] = $unsigned(term);
        end
    endgenerate

    wire [8:0] scales = {1'b0, a_scale} + {1'b0, b_scale};
    wire no_scale = &a_scale | &b_scale;
    wire is_nan = no_scale;

    reg [35:0] scale_line;
    reg [4:0] nan_line;

    always @(posedge clk) begin
        if (en) begin
            scale_line <= {scale_line[26:0], scales};
            nan_line <= {nan_line[3:0], is_nan};
        end
    end

    (* keep *) wire [16:0] tree_1_0;
    assign tree_1_0 = {terms[15], terms[15:0]} + {terms[31], terms[31:16]};
    (* keep *) wire [16:0] tree_1_1;
    assign tree_1_1 = {terms[47], terms[47:32]} + {terms[63], terms[63:48]};
    (* keep *) wire [16:0] tree_1_2;
    assign tree_1_2 = {terms[79], terms[79:64]} + {terms[95], terms[95:80]};
    (* keep *) wire [16:0] tree_1_3;
    assign tree_1_3 = {terms[111], terms[111:96]} + {terms[127], terms[127:112]};
    (* keep *) wire [17:0] tree_2_0;
    assign tree_2_0 = {tree_1_0[16], tree_1_0} + {tree_1_1[16], tree_1_1};
    (* keep *) wire [17:0] tree_2_1;
    assign tree_2_1 = {tree_1_2[16], tree_1_2} + {tree_1_3[16], tree_1_3};
    (* keep *) wire [18:0] tree_3_0;
    assign tree_3_0 = {tree_2_0[17], tree_2_0} + {tree_2_1[17], tree_2_1};
    wire [18:0] total = tree_3_0;

    reg [18:0] total_1;

    always @(posedge clk) begin
        if (en) begin
            total_1 <= total;
        end
    end

    wire [17:0] magnitude = total_1[18] ? -total_1[17:0] : total_1[17:0];

    reg [2:0] negative_line;

    always @(posedge clk) begin
        if (en) begin
            negative_line <= {negative_line[1:0], total_1[18]};
        end
    end

    reg [17:0] magnitude_2;

    always @(posedge clk) begin
        if (en) begin
            magnitude_2 <= magnitude;
        end
    end

    // The leading one moves to the top, by powers of two.
    wire [25:0] padded = {magnitude_2, 8'd0};
    wire shift_1 = ~|padded[25:10];
    wire [25:0] normal_1 = shift_1 ? {padded[9:0], 16'd0} : padded;
    wire shift_2 = ~|normal_1[25:18];
    wire [25:0] normal_2 = shift_2 ? {normal_1[17:0], 8'd0} : normal_1;
    wire shift_3 = ~|normal_2[25:22];
    wire [25:0] normal_3 = shift_3 ? {normal_2[21:0], 4'd0} : normal_2;
    wire shift_4 = ~|normal_3[25:24];
    wire [25:0] normal_4 = shift_4 ? {normal_3[23:0], 2'd0} : normal_3;
    wire shift_5 = ~normal_4[25];
    wire [24:0] normal_5 = shift_5 ? normal_4[24:0] : normal_4[25:1];
    wire sticky_5 = ~shift_5 & normal_4[0];

    reg [24:0] normal_5_3;
    reg sticky_5_3;
    reg shift_1_3;
    reg shift_2_3;
    reg shift_3_3;
    reg shift_4_3;
    reg shift_5_3;

    always @(posedge clk) begin
        if (en) begin
            normal_5_3 <= normal_5;
            sticky_5_3 <= sticky_5;
            shift_1_3 <= shift_1;
            shift_2_3 <= shift_2;
            shift_3_3 <= shift_3;
            shift_4_3 <= shift_4;
            shift_5_3 <= shift_5;
        end
    end

    wire [10:0] exponent_sum = {2'd0, scale_line[35:27]} + 11'd1926 -
        {6'd0, shift_1_3, shift_2_3, shift_3_3, shift_4_3, shift_5_3};

    // A number below the least normal one loses bits; beyond 31 places, all of them.
    wire [10:0] gap = 11'd1 - exponent_sum;
    wire [4:0] right_shift = gap[10] ? 5'd0 : |gap[9:5] ? 5'd31 : gap[4:0];
    wire [49:0] denormal = {normal_5_3, 25'd0} >> right_shift;
    wire [24:0] kept_significand = denormal[49:25];
    wire is_inexact = sticky_5_3 | |denormal[24:0];
    wire [8:0] exponent_field = exponent_sum[8:0];

    reg [24:0] kept_significand_4;
    reg is_inexact_4;
    reg [8:0] exponent_field_4;

    always @(posedge clk) begin
        if (en) begin
            kept_significand_4 <= kept_significand;
            is_inexact_4 <= is_inexact;
            exponent_field_4 <= exponent_field;
        end
    end

    // To nearest, ties to even. A number without hidden bit is subnormal or 0, and exact. A carry
    // out of the fraction increments the exponent.
    wire [8:0] exponent = exponent_field_4;
    wire is_beyond = kept_significand_4[24] & (exponent[8] | &exponent[7:0]);
    wire [7:0] field = kept_significand_4[24] ? exponent[7:0] : 8'd0;
    wire [22:0] fraction = kept_significand_4[23:1];
    wire round_up = kept_significand_4[0] & (kept_significand_4[1] | is_inexact_4);
    wire [30:0] rounded = {field, fraction} + {30'd0, round_up};

    wire is_special = nan_line[4] | is_beyond;

    always @(posedge clk) begin
        if (en)
            sum <= {negative_line[2] & ~nan_line[4], is_special ? {8'hff, nan_line[4], 22'd0} :
                rounded};
    end
endmodule

`default_nettype wire
