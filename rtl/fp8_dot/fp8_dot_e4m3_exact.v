// SPDX-License-Identifier: 0BSD
// fp8_dot_e4m3_exact: dot product of 8-bit floats in binary32.
// Latency: 16 clock cycles with en = 1; one result per cycle.
// The exact sum is rounded once: to nearest, ties to even.
// A sum that is no number is 7fc00000.
//
// Made by qrtl 0.1.0 with: qrtl generate fp8_dot --preset fp8_dot_e4m3_exact
// Config digest: 78505f1b8f4dd219

`default_nettype none

module fp8_dot_e4m3_exact (
    input  wire         clk,       // acts on the rising edge
    input  wire         rst,       // synchronous, drops what is on its way, wins over en
    input  wire         en,        // holds every register when 0
    input  wire         valid_in,  // the inputs count
    input  wire [255:0] a,         // multiplicands, the first in the lowest bits
    input  wire [255:0] b,         // multipliers
    output wire         valid_out, // the outputs count
    output reg  [31:0]  sum        // sum of the products
);

    // One bit a stage, in step with the data.
    reg [15:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 16'd0;
        else if (en)
            valid <= {valid[14:0], valid_in};
    end

    assign valid_out = valid[15];

    wire [31:0] negatives;
    wire [159:0] exponents;
    wire [255:0] significands;
    wire [31:0] nans;
    wire [31:0] minus_zeros;

    genvar i;
    generate
        for (i = 0; i < 32; i = i + 1) begin : gen_products
            wire [7:0] a_code = a[8*i +: 8];
            wire [7:0] b_code = b[8*i +: 8];

            // A subnormal has no hidden bit, and the exponent of the least normal number.
            wire a_code_normal = |a_code[6:3];
            wire [3:0] a_code_exponent = a_code_normal ? a_code[6:3] : 4'd1;
            wire [3:0] a_code_significand = {a_code_normal, a_code[2:0]};
            wire a_code_nan = &a_code[6:0];
            // A subnormal has no hidden bit, and the exponent of the least normal number.
            wire b_code_normal = |b_code[6:3];
            wire [3:0] b_code_exponent = b_code_normal ? b_code[6:3] : 4'd1;
            wire [3:0] b_code_significand = {b_code_normal, b_code[2:0]};
            wire b_code_nan = &b_code[6:0];

            wire negative = a_code[7] ^ b_code[7];
            wire [4:0] exponent = {1'b0, a_code_exponent} + {1'b0, b_code_exponent};
            wire [7:0] significand = {4'd0, {4{b_code_significand[0]}} & a_code_significand} +
                {3'd0, {4{b_code_significand[1]}} & a_code_significand, 1'b0} +
                {2'd0, {4{b_code_significand[2]}} & a_code_significand, 2'd0} +
                {1'b0, {4{b_code_significand[3]}} & a_code_significand, 3'd0};
            wire is_nan = a_code_nan | b_code_nan;

            wire is_zero = ~|a_code[6:0] | ~|b_code[6:0];
            assign negatives[i] = negative;
            assign exponents[5*i +: 5] = exponent;
            assign minus_zeros[i] = negative & is_zero;
            assign significands[8*i +: 8] = significand;
            assign nans[i] = is_nan;
        end
    endgenerate

    reg [31:0] negatives_1;
    reg [159:0] exponents_1;
    reg [255:0] significands_1;
    reg [31:0] nans_1;
    reg [31:0] minus_zeros_1;

    always @(posedge clk) begin
        if (en) begin
            negatives_1 <= negatives;
            exponents_1 <= exponents;
            significands_1 <= significands;
            nans_1 <= nans;
            minus_zeros_1 <= minus_zeros;
        end
    end

    reg [13:0] nan_line;
    reg [13:0] minus_zero_line;

    always @(posedge clk) begin
        if (en) begin
            nan_line <= {nan_line[12:0], |nans_1};
            minus_zero_line <= {minus_zero_line[12:0], &minus_zeros_1};
        end
    end

    // Shifts by powers of two, the narrowest first. The last one complements negative terms, which
    // makes them 1 too small: the adder tree adds it.
    wire [287:0] aligned_1;
    wire [127:0] rest_1;

    generate
        for (i = 0; i < 32; i = i + 1) begin : gen_aligned_1
            assign aligned_1[9*i +: 9] = (exponents_1[5*i] ? {significands_1[8*i +: 8], 1'b0} :
                {1'b0, significands_1[8*i +: 8]});
            assign rest_1[4*i +: 4] = exponents_1[5*i + 1 +: 4];
        end
    endgenerate

    wire [351:0] aligned_2;
    wire [95:0] rest_2;

    generate
        for (i = 0; i < 32; i = i + 1) begin : gen_aligned_2
            assign aligned_2[11*i +: 11] = (rest_1[4*i] ? {aligned_1[9*i +: 9], 2'd0} :
                {2'd0, aligned_1[9*i +: 9]});
            assign rest_2[3*i +: 3] = rest_1[4*i + 1 +: 3];
        end
    endgenerate

    reg [31:0] negatives_2;
    reg [95:0] rest_2_2;
    reg [351:0] aligned_2_2;

    always @(posedge clk) begin
        if (en) begin
            negatives_2 <= negatives_1;
            rest_2_2 <= rest_2;
            aligned_2_2 <= aligned_2;
        end
    end

    wire [479:0] aligned_4;
    wire [63:0] rest_4;

    generate
        for (i = 0; i < 32; i = i + 1) begin : gen_aligned_4
            assign aligned_4[15*i +: 15] = (rest_2_2[3*i] ? {aligned_2_2[11*i +: 11], 4'd0} :
                {4'd0, aligned_2_2[11*i +: 11]});
            assign rest_4[2*i +: 2] = rest_2_2[3*i + 1 +: 2];
        end
    endgenerate

    wire [735:0] aligned_8;
    wire [31:0] rest_8;

    generate
        for (i = 0; i < 32; i = i + 1) begin : gen_aligned_8
            assign aligned_8[23*i +: 23] = (rest_4[2*i] ? {aligned_4[15*i +: 15], 8'd0} :
                {8'd0, aligned_4[15*i +: 15]});
            assign rest_8[i] = rest_4[2*i + 1];
        end
    endgenerate

    reg [31:0] negatives_3;
    reg [31:0] rest_8_3;
    reg [735:0] aligned_8_3;

    always @(posedge clk) begin
        if (en) begin
            negatives_3 <= negatives_2;
            rest_8_3 <= rest_8;
            aligned_8_3 <= aligned_8;
        end
    end

    wire [1183:0] terms;

    generate
        for (i = 0; i < 32; i = i + 1) begin : gen_terms
            assign terms[37*i +: 37] = {37{negatives_3[i]}} ^
                {1'b0, (rest_8_3[i] ? {aligned_8_3[23*i +: 22], 14'd0} :
                {15'd0, aligned_8_3[23*i + 2 +: 21]})};
        end
    endgenerate

    wire [31:0] carries = negatives_3;

    reg [1183:0] terms_4;
    reg [31:0] carries_4;

    always @(posedge clk) begin
        if (en) begin
            terms_4 <= terms;
            carries_4 <= carries;
        end
    end

    // Each adder adds a carry; one is left for the magnitude.
    wire [607:0] sums_of_2;

    generate
        for (i = 0; i < 16; i = i + 1) begin : gen_sums_of_2
            wire [38:0] total = {terms_4[74*i + 36], terms_4[74*i +: 37], 1'b1} +
                {terms_4[74*i + 73], terms_4[74*i + 37 +: 37], carries_4[i]};
            wire unused = &{1'b0, total[0]};
            assign sums_of_2[38*i +: 38] = total[38:1];
        end
    endgenerate

    reg [607:0] sums_of_2_5;
    reg [31:16] carries_5;

    always @(posedge clk) begin
        if (en) begin
            sums_of_2_5 <= sums_of_2;
            carries_5 <= carries_4[31:16];
        end
    end

    wire [311:0] sums_of_4;

    generate
        for (i = 0; i < 8; i = i + 1) begin : gen_sums_of_4
            wire [39:0] total = {sums_of_2_5[76*i + 37], sums_of_2_5[76*i +: 38], 1'b1} +
                {sums_of_2_5[76*i + 75], sums_of_2_5[76*i + 38 +: 38], carries_5[i + 16]};
            wire unused = &{1'b0, total[0]};
            assign sums_of_4[39*i +: 39] = total[39:1];
        end
    endgenerate

    reg [311:0] sums_of_4_6;
    reg [31:24] carries_6;

    always @(posedge clk) begin
        if (en) begin
            sums_of_4_6 <= sums_of_4;
            carries_6 <= carries_5[31:24];
        end
    end

    wire [159:0] sums_of_8;

    generate
        for (i = 0; i < 4; i = i + 1) begin : gen_sums_of_8
            wire [40:0] total = {sums_of_4_6[78*i + 38], sums_of_4_6[78*i +: 39], 1'b1} +
                {sums_of_4_6[78*i + 77], sums_of_4_6[78*i + 39 +: 39], carries_6[i + 24]};
            wire unused = &{1'b0, total[0]};
            assign sums_of_8[40*i +: 40] = total[40:1];
        end
    endgenerate

    reg [159:0] sums_of_8_7;
    reg [31:28] carries_7;

    always @(posedge clk) begin
        if (en) begin
            sums_of_8_7 <= sums_of_8;
            carries_7 <= carries_6[31:28];
        end
    end

    wire [81:0] sums_of_16;

    generate
        for (i = 0; i < 2; i = i + 1) begin : gen_sums_of_16
            wire [41:0] total = {sums_of_8_7[80*i + 39], sums_of_8_7[80*i +: 40], 1'b1} +
                {sums_of_8_7[80*i + 79], sums_of_8_7[80*i + 40 +: 40], carries_7[i + 28]};
            wire unused = &{1'b0, total[0]};
            assign sums_of_16[41*i +: 41] = total[41:1];
        end
    endgenerate

    reg [81:0] sums_of_16_8;
    reg [31:30] carries_8;

    always @(posedge clk) begin
        if (en) begin
            sums_of_16_8 <= sums_of_16;
            carries_8 <= carries_7[31:30];
        end
    end

    wire [41:0] sums_of_32;

    generate
        for (i = 0; i < 1; i = i + 1) begin : gen_sums_of_32
            wire [42:0] total = {sums_of_16_8[82*i + 40], sums_of_16_8[82*i +: 41], 1'b1} +
                {sums_of_16_8[82*i + 81], sums_of_16_8[82*i + 41 +: 41], carries_8[30]};
            wire unused = &{1'b0, total[0]};
            assign sums_of_32[42*i +: 42] = total[42:1];
        end
    endgenerate

    reg [41:0] sums_of_32_9;
    reg carries_9;

    always @(posedge clk) begin
        if (en) begin
            sums_of_32_9 <= sums_of_32;
            carries_9 <= carries_8[31];
        end
    end

    wire [40:0] magnitude = ({41{sums_of_32_9[41]}} ^ sums_of_32_9[40:0]) +
        {40'd0, sums_of_32_9[41] ^ carries_9};

    reg [5:0] negative_line;

    always @(posedge clk) begin
        if (en) begin
            negative_line <= {negative_line[4:0], sums_of_32_9[41]};
        end
    end

    reg [40:0] magnitude_10;

    always @(posedge clk) begin
        if (en) begin
            magnitude_10 <= magnitude;
        end
    end

    // The leading one moves to the top, by powers of two.
    wire shift_1 = ~|magnitude_10[40:9];
    wire [40:0] normal_1 = shift_1 ? {magnitude_10[8:0], 32'd0} : magnitude_10;

    reg [40:0] normal_1_11;
    reg shift_1_11;

    always @(posedge clk) begin
        if (en) begin
            normal_1_11 <= normal_1;
            shift_1_11 <= shift_1;
        end
    end

    wire shift_2 = ~|normal_1_11[40:25];
    wire [39:0] normal_2 = shift_2 ? {normal_1_11[24:0], 15'd0} : normal_1_11[40:1];
    wire sticky_2 = ~shift_2 & normal_1_11[0];

    reg [39:0] normal_2_12;
    reg sticky_2_12;
    reg shift_1_12;
    reg shift_2_12;

    always @(posedge clk) begin
        if (en) begin
            normal_2_12 <= normal_2;
            sticky_2_12 <= sticky_2;
            shift_1_12 <= shift_1_11;
            shift_2_12 <= shift_2;
        end
    end

    wire shift_3 = ~|normal_2_12[39:32];
    wire [31:0] normal_3 = shift_3 ? normal_2_12[31:0] : normal_2_12[39:8];
    wire sticky_3 = sticky_2_12 | (~shift_3 & |normal_2_12[7:0]);
    wire shift_4 = ~|normal_3[31:28];
    wire [27:0] normal_4 = shift_4 ? normal_3[27:0] : normal_3[31:4];
    wire sticky_4 = sticky_3 | (~shift_4 & |normal_3[3:0]);

    reg [27:0] normal_4_13;
    reg sticky_4_13;
    reg shift_1_13;
    reg shift_2_13;
    reg shift_3_13;
    reg shift_4_13;

    always @(posedge clk) begin
        if (en) begin
            normal_4_13 <= normal_4;
            sticky_4_13 <= sticky_4;
            shift_1_13 <= shift_1_12;
            shift_2_13 <= shift_2_12;
            shift_3_13 <= shift_3;
            shift_4_13 <= shift_4;
        end
    end

    wire shift_5 = ~|normal_4_13[27:26];
    wire [25:0] normal_5 = shift_5 ? normal_4_13[25:0] : normal_4_13[27:2];
    wire sticky_5 = sticky_4_13 | (~shift_5 & |normal_4_13[1:0]);

    reg [25:0] normal_5_14;
    reg sticky_5_14;
    reg shift_1_14;
    reg shift_2_14;
    reg shift_3_14;
    reg shift_4_14;
    reg shift_5_14;

    always @(posedge clk) begin
        if (en) begin
            normal_5_14 <= normal_5;
            sticky_5_14 <= sticky_5;
            shift_1_14 <= shift_1_13;
            shift_2_14 <= shift_2_13;
            shift_3_14 <= shift_3_13;
            shift_4_14 <= shift_4_13;
            shift_5_14 <= shift_5;
        end
    end

    wire shift_6 = ~normal_5_14[25];
    wire [24:0] normal_6 = shift_6 ? normal_5_14[24:0] : normal_5_14[25:1];
    wire sticky_6 = sticky_5_14 | (~shift_6 & normal_5_14[0]);

    reg [24:0] normal_6_15;
    reg sticky_6_15;
    reg shift_1_15;
    reg shift_2_15;
    reg shift_3_15;
    reg shift_4_15;
    reg shift_5_15;
    reg shift_6_15;

    always @(posedge clk) begin
        if (en) begin
            normal_6_15 <= normal_6;
            sticky_6_15 <= sticky_6;
            shift_1_15 <= shift_1_14;
            shift_2_15 <= shift_2_14;
            shift_3_15 <= shift_3_14;
            shift_4_15 <= shift_4_14;
            shift_5_15 <= shift_5_14;
            shift_6_15 <= shift_6;
        end
    end

    // To nearest, ties to even. A number without hidden bit is subnormal or 0, and exact. A carry
    // out of the fraction increments the exponent.
    wire [7:0] sum_exponent = 8'd149 - {2'd0, shift_1_15, shift_2_15, shift_3_15, shift_4_15,
        shift_5_15, shift_6_15};
    wire [7:0] sum_field = normal_6_15[24] ? sum_exponent : 8'd0;
    wire [22:0] sum_fraction = normal_6_15[23:1];
    wire sum_round_up = normal_6_15[0] & (normal_6_15[1] | sticky_6_15);
    wire [30:0] sum_rounded = {sum_field, sum_fraction} + {30'd0, sum_round_up};
    wire [31:0] pattern = {((negative_line[5] & (sum_rounded[30] | sum_rounded[29])) |
        minus_zero_line[13]) & ~nan_line[13], nan_line[13] ? 31'h7fc00000 : sum_rounded};
    always @(posedge clk) begin
        if (en)
            sum <= pattern;
    end
endmodule

`default_nettype wire
