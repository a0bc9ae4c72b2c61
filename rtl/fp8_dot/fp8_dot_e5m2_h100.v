// SPDX-License-Identifier: 0BSD
// fp8_dot_e5m2_h100: dot product of 8-bit floats in binary32.
// Latency: 16 clock cycles with en = 1; one result per cycle.
// Products are cut at 13 fraction bits below the largest exponent, the sum at 13 of its own.
// A sum that is no number is 7fc00000.
//
// Made by qrtl 0.1.0 with: qrtl generate fp8_dot --preset fp8_dot_e5m2_h100
// Config digest: d71c11ec971bb4d4

`default_nettype none

module fp8_dot_e5m2_h100 (
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
    wire [191:0] exponents;
    wire [191:0] significands;
    wire [31:0] nans;
    wire [31:0] plus_infinities;
    wire [31:0] minus_infinities;

    genvar i;
    generate
        for (i = 0; i < 32; i = i + 1) begin : gen_products
            wire [7:0] a_code = a[8*i +: 8];
            wire [7:0] b_code = b[8*i +: 8];

            // A subnormal has no hidden bit, and the exponent of the least normal number.
            wire a_code_normal = |a_code[6:2];
            wire [4:0] a_code_exponent = a_code_normal ? a_code[6:2] : 5'd1;
            wire [2:0] a_code_significand = {a_code_normal, a_code[1:0]};
            wire a_code_infinite = &a_code[6:2] & ~|a_code[1:0];
            wire a_code_nan = &a_code[6:2] & |a_code[1:0];
            wire a_code_zero = ~|a_code[6:0];
            // A subnormal has no hidden bit, and the exponent of the least normal number.
            wire b_code_normal = |b_code[6:2];
            wire [4:0] b_code_exponent = b_code_normal ? b_code[6:2] : 5'd1;
            wire [2:0] b_code_significand = {b_code_normal, b_code[1:0]};
            wire b_code_infinite = &b_code[6:2] & ~|b_code[1:0];
            wire b_code_nan = &b_code[6:2] & |b_code[1:0];
            wire b_code_zero = ~|b_code[6:0];

            wire negative = a_code[7] ^ b_code[7];
            wire [5:0] exponent = {1'b0, a_code_exponent} + {1'b0, b_code_exponent};
            wire [5:0] significand = {3'd0, {3{b_code_significand[0]}} & a_code_significand} +
                {2'd0, {3{b_code_significand[1]}} & a_code_significand, 1'b0} +
                {1'b0, {3{b_code_significand[2]}} & a_code_significand, 2'd0};
            // Zero times infinity is no number.
            wire is_nan = a_code_nan | b_code_nan | (a_code_infinite & b_code_zero) |
                (a_code_zero & b_code_infinite);
            wire is_infinite = (a_code_infinite | b_code_infinite) & ~is_nan;

            wire is_zero = ~|a_code[6:0] | ~|b_code[6:0];
            assign negatives[i] = negative;
            // A zero is no candidate for the largest exponent.
            assign exponents[6*i +: 6] = {6{~is_zero}} & exponent;
            assign significands[6*i +: 6] = significand;
            assign nans[i] = is_nan;
            assign plus_infinities[i] = is_infinite & ~negative;
            assign minus_infinities[i] = is_infinite & negative;
        end
    endgenerate

    reg [31:0] negatives_1;
    reg [191:0] exponents_1;
    reg [191:0] significands_1;
    reg [31:0] nans_1;
    reg [31:0] plus_infinities_1;
    reg [31:0] minus_infinities_1;

    always @(posedge clk) begin
        if (en) begin
            negatives_1 <= negatives;
            exponents_1 <= exponents;
            significands_1 <= significands;
            nans_1 <= nans;
            plus_infinities_1 <= plus_infinities;
            minus_infinities_1 <= minus_infinities;
        end
    end

    reg [13:0] nan_line;
    reg [13:0] plus_line;
    reg [13:0] minus_line;

    always @(posedge clk) begin
        if (en) begin
            nan_line <= {nan_line[12:0], |nans_1 | (|plus_infinities_1 & |minus_infinities_1)};
            plus_line <= {plus_line[12:0], |plus_infinities_1};
            minus_line <= {minus_line[12:0], |minus_infinities_1};
        end
    end

    // The largest exponent, by halves.
    wire [95:0] largest_of_2;

    generate
        for (i = 0; i < 16; i = i + 1) begin : gen_largest_of_2
            assign largest_of_2[6*i +: 6] = exponents_1[12*i +: 6] > exponents_1[12*i + 6 +: 6] ?
                exponents_1[12*i +: 6] : exponents_1[12*i + 6 +: 6];
        end
    endgenerate

    reg [31:0] negatives_2;
    reg [191:0] exponents_2;
    reg [191:0] significands_2;
    reg [95:0] largest_of_2_2;

    always @(posedge clk) begin
        if (en) begin
            negatives_2 <= negatives_1;
            exponents_2 <= exponents_1;
            significands_2 <= significands_1;
            largest_of_2_2 <= largest_of_2;
        end
    end

    wire [47:0] largest_of_4;

    generate
        for (i = 0; i < 8; i = i + 1) begin : gen_largest_of_4
            assign largest_of_4[6*i +: 6] = largest_of_2_2[12*i +: 6] >
                largest_of_2_2[12*i + 6 +: 6] ? largest_of_2_2[12*i +: 6] :
                largest_of_2_2[12*i + 6 +: 6];
        end
    endgenerate

    wire [23:0] largest_of_8;

    generate
        for (i = 0; i < 4; i = i + 1) begin : gen_largest_of_8
            assign largest_of_8[6*i +: 6] = largest_of_4[12*i +: 6] > largest_of_4[12*i + 6 +: 6] ?
                largest_of_4[12*i +: 6] : largest_of_4[12*i + 6 +: 6];
        end
    endgenerate

    reg [31:0] negatives_3;
    reg [191:0] exponents_3;
    reg [191:0] significands_3;
    reg [23:0] largest_of_8_3;

    always @(posedge clk) begin
        if (en) begin
            negatives_3 <= negatives_2;
            exponents_3 <= exponents_2;
            significands_3 <= significands_2;
            largest_of_8_3 <= largest_of_8;
        end
    end

    wire [11:0] largest_of_16;

    generate
        for (i = 0; i < 2; i = i + 1) begin : gen_largest_of_16
            assign largest_of_16[6*i +: 6] = largest_of_8_3[12*i +: 6] >
                largest_of_8_3[12*i + 6 +: 6] ? largest_of_8_3[12*i +: 6] :
                largest_of_8_3[12*i + 6 +: 6];
        end
    endgenerate

    wire [5:0] largest_of_32;

    generate
        for (i = 0; i < 1; i = i + 1) begin : gen_largest_of_32
            assign largest_of_32[6*i +: 6] = largest_of_16[12*i +: 6] >
                largest_of_16[12*i + 6 +: 6] ? largest_of_16[12*i +: 6] :
                largest_of_16[12*i + 6 +: 6];
        end
    endgenerate

    reg [31:0] negatives_4;
    reg [191:0] exponents_4;
    reg [191:0] significands_4;
    reg [5:0] largest_of_32_4;

    always @(posedge clk) begin
        if (en) begin
            negatives_4 <= negatives_3;
            exponents_4 <= exponents_3;
            significands_4 <= significands_3;
            largest_of_32_4 <= largest_of_32;
        end
    end

    reg [65:0] exponent_line;

    always @(posedge clk) begin
        if (en) begin
            exponent_line <= {exponent_line[59:0], largest_of_32_4};
        end
    end

    wire [191:0] distances;

    generate
        for (i = 0; i < 32; i = i + 1) begin : gen_distances
            assign distances[6*i +: 6] = largest_of_32_4 - exponents_4[6*i +: 6];
        end
    endgenerate

    // Shifts by powers of two, the narrowest first. The last one complements negative terms, which
    // makes them 1 too small: the adder tree adds it.
    wire [223:0] aligned_1;
    wire [95:0] rest_1;

    generate
        for (i = 0; i < 32; i = i + 1) begin : gen_aligned_1
            assign aligned_1[7*i +: 7] = {7{~|distances[6*i + 4 +: 2]}} &
                (distances[6*i] ? {1'b0, significands_4[6*i +: 6]} :
                {significands_4[6*i +: 6], 1'b0});
            assign rest_1[3*i +: 3] = distances[6*i + 1 +: 3];
        end
    endgenerate

    reg [31:0] negatives_5;
    reg [95:0] rest_1_5;
    reg [223:0] aligned_1_5;

    always @(posedge clk) begin
        if (en) begin
            negatives_5 <= negatives_4;
            rest_1_5 <= rest_1;
            aligned_1_5 <= aligned_1;
        end
    end

    wire [287:0] aligned_2;
    wire [63:0] rest_2;

    generate
        for (i = 0; i < 32; i = i + 1) begin : gen_aligned_2
            assign aligned_2[9*i +: 9] = (rest_1_5[3*i] ? {2'd0, aligned_1_5[7*i +: 7]} :
                {aligned_1_5[7*i +: 7], 2'd0});
            assign rest_2[2*i +: 2] = rest_1_5[3*i + 1 +: 2];
        end
    endgenerate

    wire [415:0] aligned_4;
    wire [31:0] rest_4;

    generate
        for (i = 0; i < 32; i = i + 1) begin : gen_aligned_4
            assign aligned_4[13*i +: 13] = (rest_2[2*i] ? {4'd0, aligned_2[9*i +: 9]} :
                {aligned_2[9*i +: 9], 4'd0});
            assign rest_4[i] = rest_2[2*i + 1];
        end
    endgenerate

    reg [31:0] negatives_6;
    reg [31:0] rest_4_6;
    reg [415:0] aligned_4_6;

    always @(posedge clk) begin
        if (en) begin
            negatives_6 <= negatives_5;
            rest_4_6 <= rest_4;
            aligned_4_6 <= aligned_4;
        end
    end

    wire [511:0] terms;

    generate
        for (i = 0; i < 32; i = i + 1) begin : gen_terms
            assign terms[16*i +: 16] = {16{negatives_6[i]}} ^
                {1'b0, (rest_4_6[i] ? {8'd0, aligned_4_6[13*i + 6 +: 7]} :
                {aligned_4_6[13*i +: 13], 2'd0})};
        end
    endgenerate

    wire [31:0] carries = negatives_6;

    reg [511:0] terms_7;
    reg [31:0] carries_7;

    always @(posedge clk) begin
        if (en) begin
            terms_7 <= terms;
            carries_7 <= carries;
        end
    end

    // Each adder adds a carry; one is left for the magnitude.
    wire [271:0] sums_of_2;

    generate
        for (i = 0; i < 16; i = i + 1) begin : gen_sums_of_2
            wire [17:0] total = {terms_7[32*i + 15], terms_7[32*i +: 16], 1'b1} +
                {terms_7[32*i + 31], terms_7[32*i + 16 +: 16], carries_7[i]};
            wire unused = &{1'b0, total[0]};
            assign sums_of_2[17*i +: 17] = total[17:1];
        end
    endgenerate

    reg [271:0] sums_of_2_8;
    reg [31:16] carries_8;

    always @(posedge clk) begin
        if (en) begin
            sums_of_2_8 <= sums_of_2;
            carries_8 <= carries_7[31:16];
        end
    end

    wire [143:0] sums_of_4;

    generate
        for (i = 0; i < 8; i = i + 1) begin : gen_sums_of_4
            wire [18:0] total = {sums_of_2_8[34*i + 16], sums_of_2_8[34*i +: 17], 1'b1} +
                {sums_of_2_8[34*i + 33], sums_of_2_8[34*i + 17 +: 17], carries_8[i + 16]};
            wire unused = &{1'b0, total[0]};
            assign sums_of_4[18*i +: 18] = total[18:1];
        end
    endgenerate

    reg [143:0] sums_of_4_9;
    reg [31:24] carries_9;

    always @(posedge clk) begin
        if (en) begin
            sums_of_4_9 <= sums_of_4;
            carries_9 <= carries_8[31:24];
        end
    end

    wire [75:0] sums_of_8;

    generate
        for (i = 0; i < 4; i = i + 1) begin : gen_sums_of_8
            wire [19:0] total = {sums_of_4_9[36*i + 17], sums_of_4_9[36*i +: 18], 1'b1} +
                {sums_of_4_9[36*i + 35], sums_of_4_9[36*i + 18 +: 18], carries_9[i + 24]};
            wire unused = &{1'b0, total[0]};
            assign sums_of_8[19*i +: 19] = total[19:1];
        end
    endgenerate

    reg [75:0] sums_of_8_10;
    reg [31:28] carries_10;

    always @(posedge clk) begin
        if (en) begin
            sums_of_8_10 <= sums_of_8;
            carries_10 <= carries_9[31:28];
        end
    end

    wire [39:0] sums_of_16;

    generate
        for (i = 0; i < 2; i = i + 1) begin : gen_sums_of_16
            wire [20:0] total = {sums_of_8_10[38*i + 18], sums_of_8_10[38*i +: 19], 1'b1} +
                {sums_of_8_10[38*i + 37], sums_of_8_10[38*i + 19 +: 19], carries_10[i + 28]};
            wire unused = &{1'b0, total[0]};
            assign sums_of_16[20*i +: 20] = total[20:1];
        end
    endgenerate

    reg [39:0] sums_of_16_11;
    reg [31:30] carries_11;

    always @(posedge clk) begin
        if (en) begin
            sums_of_16_11 <= sums_of_16;
            carries_11 <= carries_10[31:30];
        end
    end

    wire [20:0] sums_of_32;

    generate
        for (i = 0; i < 1; i = i + 1) begin : gen_sums_of_32
            wire [21:0] total = {sums_of_16_11[40*i + 19], sums_of_16_11[40*i +: 20], 1'b1} +
                {sums_of_16_11[40*i + 39], sums_of_16_11[40*i + 20 +: 20], carries_11[30]};
            wire unused = &{1'b0, total[0]};
            assign sums_of_32[21*i +: 21] = total[21:1];
        end
    endgenerate

    reg [20:0] sums_of_32_12;
    reg carries_12;

    always @(posedge clk) begin
        if (en) begin
            sums_of_32_12 <= sums_of_32;
            carries_12 <= carries_11[31];
        end
    end

    wire [19:0] magnitude = ({20{sums_of_32_12[20]}} ^ sums_of_32_12[19:0]) +
        {19'd0, sums_of_32_12[20] ^ carries_12};

    reg [2:0] negative_line;

    always @(posedge clk) begin
        if (en) begin
            negative_line <= {negative_line[1:0], sums_of_32_12[20]};
        end
    end

    reg [19:0] magnitude_13;

    always @(posedge clk) begin
        if (en) begin
            magnitude_13 <= magnitude;
        end
    end

    // The leading one moves to the top, by powers of two.
    wire shift_1 = ~|magnitude_13[19:4];
    wire [19:0] normal_1 = shift_1 ? {magnitude_13[3:0], 16'd0} : magnitude_13;
    wire shift_2 = ~|normal_1[19:12];
    wire [19:0] normal_2 = shift_2 ? {normal_1[11:0], 8'd0} : normal_1;

    reg [19:0] normal_2_14;
    reg shift_1_14;
    reg shift_2_14;

    always @(posedge clk) begin
        if (en) begin
            normal_2_14 <= normal_2;
            shift_1_14 <= shift_1;
            shift_2_14 <= shift_2;
        end
    end

    wire shift_3 = ~|normal_2_14[19:16];
    wire [16:0] normal_3 = shift_3 ? {normal_2_14[15:0], 1'b0} : normal_2_14[19:3];
    wire shift_4 = ~|normal_3[16:15];
    wire [14:0] normal_4 = shift_4 ? normal_3[14:0] : normal_3[16:2];

    reg [14:0] normal_4_15;
    reg shift_1_15;
    reg shift_2_15;
    reg shift_3_15;
    reg shift_4_15;

    always @(posedge clk) begin
        if (en) begin
            normal_4_15 <= normal_4;
            shift_1_15 <= shift_1_14;
            shift_2_15 <= shift_2_14;
            shift_3_15 <= shift_3;
            shift_4_15 <= shift_4;
        end
    end

    wire shift_5 = ~normal_4_15[14];
    wire [13:0] normal_5 = shift_5 ? normal_4_15[13:0] : normal_4_15[14:1];

    // Bits below the last one of the fraction are cut off.
    wire [7:0] sum_exponent = {2'd0, exponent_line[65:60]} + 8'd103 -
        {3'd0, shift_1_15, shift_2_15, shift_3_15, shift_4_15, shift_5};
    wire [30:0] finite = normal_5[13] ? {sum_exponent, normal_5[12:0], 10'd0} : 31'd0;

    wire is_special = nan_line[13] | plus_line[13] | minus_line[13];

    wire [31:0] pattern = {(minus_line[13] | ((negative_line[2] & normal_5[13]) & ~plus_line[13])) &
        ~nan_line[13], is_special ? {8'hff, nan_line[13], 22'd0} : finite};
    always @(posedge clk) begin
        if (en)
            sum <= pattern;
    end
endmodule

`default_nettype wire
