// SPDX-License-Identifier: 0BSD
// mx_dot4_mxfp8_e5m2: exact dot product of two MX blocks, rounded once to binary32.
// Latency: 7 clock cycles with en = 1; one result per cycle.
// The exact sum is rounded once: to nearest, ties to even.
// A sum that is no number is 7fc00000.
//
// Made by qrtl 0.1.0 with: qrtl generate mx_dot --preset mx_dot4_mxfp8_e5m2
// Config digest: b826c1749ca182ef

`default_nettype none

module mx_dot4_mxfp8_e5m2 (
    input  wire        clk,       // acts on the rising edge
    input  wire        rst,       // synchronous, drops what is on its way, wins over en
    input  wire        en,        // holds every register when 0
    input  wire        valid_in,  // the inputs count
    input  wire [31:0] a,         // multiplicands, the first in the lowest bits
    input  wire [31:0] b,         // multipliers
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

    wire [259:0] terms;
    wire [3:0] nans;
    wire [3:0] plus_infinities;
    wire [3:0] minus_infinities;

    genvar i;
    generate
        for (i = 0; i < 4; i = i + 1) begin : gen_products
            wire [7:0] x = a[8*i +: 8];
            wire [7:0] y = b[8*i +: 8];
            // A subnormal has no hidden bit, and the exponent of the least normal number.
            wire x_normal = |x[6:2];
            wire y_normal = |y[6:2];
            wire [4:0] x_exponent = x_normal ? x[6:2] : 5'd1;
            wire [4:0] y_exponent = y_normal ? y[6:2] : 5'd1;
            wire [2:0] x_significand = {x_normal, x[1:0]};
            wire [2:0] y_significand = {y_normal, y[1:0]};
            wire [5:0] significand = {3'd0, x_significand} * {3'd0, y_significand};
            wire [5:0] distance = {1'b0, x_exponent} + {1'b0, y_exponent} - 6'd2;
            wire negative = x[7] ^ y[7];
            wire x_special = &x[6:2];
            wire y_special = &y[6:2];
            wire x_infinite = x_special & ~|x[1:0];
            wire y_infinite = y_special & ~|y[1:0];
            // Zero times infinity is no number.
            wire x_invalid = (x_special & |x[1:0]) | (x_infinite & ~|y[6:0]);
            wire y_invalid = (y_special & |y[1:0]) | (y_infinite & ~|x[6:0]);
            assign nans[i] = x_invalid | y_invalid;
            assign plus_infinities[i] = (x_infinite | y_infinite) & ~negative;
            assign minus_infinities[i] = (x_infinite | y_infinite) & negative;

            reg negative_1;
            reg [5:0] distance_1;
            reg [5:0] significand_1;

            always @(posedge clk) begin
                if (en) begin
                    negative_1    <= negative;
                    distance_1    <= distance;
                    significand_1 <= significand;
                end
            end

            // A fixed-point number: distance 0 is that of two least normal numbers.
            wire [64:0] aligned = {59'd0, significand_1} << distance_1;
            reg [64:0] term;

            always @(posedge clk) begin
                if (en)
                    term <= negative_1 ? -aligned : aligned;
            end

            assign terms[65*i +: 65] = $unsigned(term);
        end
    endgenerate

    wire [8:0] scales = {1'b0, a_scale} + {1'b0, b_scale};
    wire no_scale = &a_scale | &b_scale;
    wire is_plus = |plus_infinities;
    wire is_minus = |minus_infinities;
    wire is_nan = no_scale | |nans | (is_plus & is_minus);

    reg [44:0] scale_line;
    reg [5:0] nan_line;
    reg [5:0] plus_line;
    reg [5:0] minus_line;

    always @(posedge clk) begin
        if (en) begin
            scale_line <= {scale_line[35:0], scales};
            nan_line <= {nan_line[4:0], is_nan};
            plus_line <= {plus_line[4:0], is_plus};
            minus_line <= {minus_line[4:0], is_minus};
        end
    end

    (* keep *) wire [65:0] tree_1_0;
    assign tree_1_0 = {terms[64], terms[64:0]} + {terms[129], terms[129:65]};
    (* keep *) wire [65:0] tree_1_1;
    assign tree_1_1 = {terms[194], terms[194:130]} + {terms[259], terms[259:195]};
    (* keep *) wire [66:0] tree_2_0;
    assign tree_2_0 = {tree_1_0[65], tree_1_0} + {tree_1_1[65], tree_1_1};
    wire [66:0] total = tree_2_0;

    reg [66:0] total_1;

    always @(posedge clk) begin
        if (en) begin
            total_1 <= total;
        end
    end

    wire [65:0] magnitude = total_1[66] ? -total_1[65:0] : total_1[65:0];

    reg [2:0] negative_line;

    always @(posedge clk) begin
        if (en) begin
            negative_line <= {negative_line[1:0], total_1[66]};
        end
    end

    reg [65:0] magnitude_2;

    always @(posedge clk) begin
        if (en) begin
            magnitude_2 <= magnitude;
        end
    end

    // The leading one moves to the top, by powers of two.
    wire shift_1 = ~|magnitude_2[65:2];
    wire [65:0] normal_1 = shift_1 ? {magnitude_2[1:0], 64'd0} : magnitude_2;
    wire shift_2 = ~|normal_1[65:34];
    wire [55:0] normal_2 = shift_2 ? {normal_1[33:0], 22'd0} : normal_1[65:10];
    wire sticky_2 = ~shift_2 & |normal_1[9:0];
    wire shift_3 = ~|normal_2[55:40];
    wire [39:0] normal_3 = shift_3 ? normal_2[39:0] : normal_2[55:16];
    wire sticky_3 = sticky_2 | (~shift_3 & |normal_2[15:0]);
    wire shift_4 = ~|normal_3[39:32];
    wire [31:0] normal_4 = shift_4 ? normal_3[31:0] : normal_3[39:8];
    wire sticky_4 = sticky_3 | (~shift_4 & |normal_3[7:0]);
    wire shift_5 = ~|normal_4[31:28];
    wire [27:0] normal_5 = shift_5 ? normal_4[27:0] : normal_4[31:4];
    wire sticky_5 = sticky_4 | (~shift_5 & |normal_4[3:0]);
    wire shift_6 = ~|normal_5[27:26];
    wire [25:0] normal_6 = shift_6 ? normal_5[25:0] : normal_5[27:2];
    wire sticky_6 = sticky_5 | (~shift_6 & |normal_5[1:0]);
    wire shift_7 = ~normal_6[25];
    wire [24:0] normal_7 = shift_7 ? normal_6[24:0] : normal_6[25:1];
    wire sticky_7 = sticky_6 | (~shift_7 & normal_6[0]);

    reg [24:0] normal_7_3;
    reg sticky_7_3;
    reg shift_1_3;
    reg shift_2_3;
    reg shift_3_3;
    reg shift_4_3;
    reg shift_5_3;
    reg shift_6_3;
    reg shift_7_3;

    always @(posedge clk) begin
        if (en) begin
            normal_7_3 <= normal_7;
            sticky_7_3 <= sticky_7;
            shift_1_3 <= shift_1;
            shift_2_3 <= shift_2;
            shift_3_3 <= shift_3;
            shift_4_3 <= shift_4;
            shift_5_3 <= shift_5;
            shift_6_3 <= shift_6;
            shift_7_3 <= shift_7;
        end
    end

    wire [10:0] exponent_sum = {2'd0, scale_line[44:36]} + 11'd1954 -
        {4'd0, shift_1_3, shift_2_3, shift_3_3, shift_4_3, shift_5_3, shift_6_3, shift_7_3};

    // A number below the least normal one loses bits; beyond 31 places, all of them.
    wire [10:0] gap = 11'd1 - exponent_sum;
    wire [4:0] right_shift = gap[10] ? 5'd0 : |gap[9:5] ? 5'd31 : gap[4:0];
    wire [49:0] denormal = {normal_7_3, 25'd0} >> right_shift;
    wire [24:0] kept_significand = denormal[49:25];
    wire is_inexact = sticky_7_3 | |denormal[24:0];
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

    wire is_special = nan_line[5] | plus_line[5] | minus_line[5] | is_beyond;

    always @(posedge clk) begin
        if (en)
            sum <= {(minus_line[5] | (negative_line[2] & ~plus_line[5])) & ~nan_line[5],
                is_special ? {8'hff, nan_line[5], 22'd0} : rounded};
    end
endmodule

`default_nettype wire
