// SPDX-License-Identifier: 0BSD
// mx_dot8_mxfp8_e4m3: exact dot product of two MX blocks, rounded once to binary32.
// Latency: 7 clock cycles with en = 1; one result per cycle.
// The exact sum is rounded once: to nearest, ties to even.
// A sum that is no number is 7fc00000.
//
// Made by qrtl 0.1.0 with: qrtl generate mx_dot --preset mx_dot8_mxfp8_e4m3
// Config digest: b9eecdfc4eff77da

`default_nettype none

module mx_dot8_mxfp8_e4m3 (
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
    reg [6:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 7'd0;
        else if (en)
            valid <= {valid[5:0], valid_in};
    end

    assign valid_out = valid[6];

    wire [295:0] terms;
    wire [7:0] nans;

    genvar i;
    generate
        for (i = 0; i < 8; i = i + 1) begin : gen_products
            wire [7:0] x = a[8*i +: 8];
            wire [7:0] y = b[8*i +: 8];
            // A subnormal has no hidden bit, and the exponent of the least normal number.
            wire x_normal = |x[6:3];
            wire y_normal = |y[6:3];
            wire [3:0] x_exponent = x_normal ? x[6:3] : 4'd1;
            wire [3:0] y_exponent = y_normal ? y[6:3] : 4'd1;
            wire [3:0] x_significand = {x_normal, x[2:0]};
            wire [3:0] y_significand = {y_normal, y[2:0]};
            wire [7:0] significand = {4'd0, x_significand} * {4'd0, y_significand};
            wire [4:0] distance = {1'b0, x_exponent} + {1'b0, y_exponent} - 5'd2;
            wire negative = x[7] ^ y[7];
            assign nans[i] = &x[6:0] | &y[6:0];

            reg negative_1;
            reg [4:0] distance_1;
            reg [7:0] significand_1;

            always @(posedge clk) begin
                if (en) begin
                    negative_1    <= negative;
                    distance_1    <= distance;
                    significand_1 <= significand;
                end
            end

            // A fixed-point number: distance 0 is that of two least normal numbers.
            wire [36:0] aligned = {29'd0, significand_1} << distance_1;
            reg [36:0] term;

            always @(posedge clk) begin
                if (en)
                    term <= negative_1 ? -aligned : aligned;
            end

            assign terms[37*i +: 37] = $unsigned(term);
        end
    endgenerate

    wire [8:0] scales = {1'b0, a_scale} + {1'b0, b_scale};
    wire no_scale = &a_scale | &b_scale;
    wire is_nan = no_scale | |nans;

    reg [44:0] scale_line;
    reg [5:0] nan_line;

    always @(posedge clk) begin
        if (en) begin
            scale_line <= {scale_line[35:0], scales};
            nan_line <= {nan_line[4:0], is_nan};
        end
    end

    (* keep *) wire [37:0] tree_1_0;
    assign tree_1_0 = {terms[36], terms[36:0]} + {terms[73], terms[73:37]};
    (* keep *) wire [37:0] tree_1_1;
    assign tree_1_1 = {terms[110], terms[110:74]} + {terms[147], terms[147:111]};
    (* keep *) wire [37:0] tree_1_2;
    assign tree_1_2 = {terms[184], terms[184:148]} + {terms[221], terms[221:185]};
    (* keep *) wire [37:0] tree_1_3;
    assign tree_1_3 = {terms[258], terms[258:222]} + {terms[295], terms[295:259]};
    (* keep *) wire [38:0] tree_2_0;
    assign tree_2_0 = {tree_1_0[37], tree_1_0} + {tree_1_1[37], tree_1_1};
    (* keep *) wire [38:0] tree_2_1;
    assign tree_2_1 = {tree_1_2[37], tree_1_2} + {tree_1_3[37], tree_1_3};
    (* keep *) wire [39:0] tree_3_0;
    assign tree_3_0 = {tree_2_0[38], tree_2_0} + {tree_2_1[38], tree_2_1};
    wire [39:0] total = tree_3_0;

    reg [39:0] total_1;

    always @(posedge clk) begin
        if (en) begin
            total_1 <= total;
        end
    end

    wire [38:0] magnitude = total_1[39] ? -total_1[38:0] : total_1[38:0];

    reg [2:0] negative_line;

    always @(posedge clk) begin
        if (en) begin
            negative_line <= {negative_line[1:0], total_1[39]};
        end
    end

    reg [38:0] magnitude_2;

    always @(posedge clk) begin
        if (en) begin
            magnitude_2 <= magnitude;
        end
    end

    // The leading one moves to the top, by powers of two.
    wire shift_1 = ~|magnitude_2[38:7];
    wire [38:0] normal_1 = shift_1 ? {magnitude_2[6:0], 32'd0} : magnitude_2;
    wire shift_2 = ~|normal_1[38:23];
    wire [38:0] normal_2 = shift_2 ? {normal_1[22:0], 16'd0} : normal_1;
    wire shift_3 = ~|normal_2[38:31];
    wire [31:0] normal_3 = shift_3 ? {normal_2[30:0], 1'b0} : normal_2[38:7];
    wire sticky_3 = ~shift_3 & |normal_2[6:0];
    wire shift_4 = ~|normal_3[31:28];
    wire [27:0] normal_4 = shift_4 ? normal_3[27:0] : normal_3[31:4];
    wire sticky_4 = sticky_3 | (~shift_4 & |normal_3[3:0]);
    wire shift_5 = ~|normal_4[27:26];
    wire [25:0] normal_5 = shift_5 ? normal_4[25:0] : normal_4[27:2];
    wire sticky_5 = sticky_4 | (~shift_5 & |normal_4[1:0]);
    wire shift_6 = ~normal_5[25];
    wire [24:0] normal_6 = shift_6 ? normal_5[24:0] : normal_5[25:1];
    wire sticky_6 = sticky_5 | (~shift_6 & normal_5[0]);

    reg [24:0] normal_6_3;
    reg sticky_6_3;
    reg shift_1_3;
    reg shift_2_3;
    reg shift_3_3;
    reg shift_4_3;
    reg shift_5_3;
    reg shift_6_3;

    always @(posedge clk) begin
        if (en) begin
            normal_6_3 <= normal_6;
            sticky_6_3 <= sticky_6;
            shift_1_3 <= shift_1;
            shift_2_3 <= shift_2;
            shift_3_3 <= shift_3;
            shift_4_3 <= shift_4;
            shift_5_3 <= shift_5;
            shift_6_3 <= shift_6;
        end
    end

    wire [10:0] exponent_sum = {2'd0, scale_line[44:36]} + 11'd1941 -
        {5'd0, shift_1_3, shift_2_3, shift_3_3, shift_4_3, shift_5_3, shift_6_3};

    // A number below the least normal one loses bits; beyond 31 places, all of them.
    wire [10:0] gap = 11'd1 - exponent_sum;
    wire [4:0] right_shift = gap[10] ? 5'd0 : |gap[9:5] ? 5'd31 : gap[4:0];
    wire [49:0] denormal = {normal_6_3, 25'd0} >> right_shift;
    wire [24:0] kept_significand = denormal[49:25];
    wire is_inexact = sticky_6_3 | |denormal[24:0];
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

    wire is_special = nan_line[5] | is_beyond;

    always @(posedge clk) begin
        if (en)
            sum <= {negative_line[2] & ~nan_line[5], is_special ? {8'hff, nan_line[5], 22'd0} :
                rounded};
    end
endmodule

`default_nettype wire
