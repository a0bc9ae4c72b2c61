// SPDX-License-Identifier: 0BSD
// fp8_dot_e5m2_h100: dot product of 8-bit floats in binary32.
// Latency: 6 clock cycles with en = 1; one result per cycle.
// Products are cut at 13 fraction bits below the largest exponent, the sum at 13 of its own.
// A sum that is no number is 7fc00000.
//
// Made by qrtl 0.1.0 with: qrtl generate fp8_dot --preset fp8_dot_e5m2_h100
// Config digest: bdb3d40a106f49a1

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
    reg [5:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 6'd0;
        else if (en)
            valid <= {valid[4:0], valid_in};
    end

    assign valid_out = valid[5];

    wire [31:0] nans;
    wire [31:0] plus_infinities;
    wire [31:0] minus_infinities;
    wire [191:0] exponents;
    reg [5:0] largest;
    wire [511:0] terms;

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
            wire [5:0] significand = {3'd0, a_code_significand} * {3'd0, b_code_significand};
            // Zero times infinity is no number.
            wire is_nan = a_code_nan | b_code_nan | (a_code_infinite & b_code_zero) |
                (a_code_zero & b_code_infinite);
            wire is_infinite = (a_code_infinite | b_code_infinite) & ~is_nan;

            assign nans[i] = is_nan;
            assign plus_infinities[i] = is_infinite & ~negative;
            assign minus_infinities[i] = is_infinite & negative;

            reg negative_1;
            reg [5:0] exponent_1;
            reg [5:0] significand_1;

            always @(posedge clk) begin
                if (en) begin
                    negative_1    <= negative;
                    exponent_1    <= exponent;
                    significand_1 <= significand;
                end
            end

            // A zero does not take part in the search for the largest exponent.
            assign exponents[6*i +: 6] = |significand_1 ? exponent_1 : 6'd0;

            reg negative_2;
            reg [5:0] exponent_2;
            reg [5:0] significand_2;

            always @(posedge clk) begin
                if (en) begin
                    negative_2    <= negative_1;
                    exponent_2    <= exponent_1;
                    significand_2 <= significand_1;
                end
            end

            // What lies past the last fraction bit is cut off, toward zero.
            wire [5:0] distance = largest - exponent_2;
            wire [15:0] aligned = {1'b0, significand_2, 9'd0} >> distance;
            reg [15:0] term;

            always @(posedge clk) begin
                if (en)
                    term <= negative_2 ? -aligned : aligned;
            end

            assign terms[16*i +: 16] = term;
        end

        wire [95:0] largest_16;
        for (i = 0; i < 16; i = i + 1) begin : gen_largest_16
            wire [5:0] left = exponents[12*i +: 6];
            wire [5:0] right = exponents[12*i + 6 +: 6];
            assign largest_16[6*i +: 6] = left > right ? left : right;
        end

        wire [47:0] largest_8;
        for (i = 0; i < 8; i = i + 1) begin : gen_largest_8
            wire [5:0] left = largest_16[12*i +: 6];
            wire [5:0] right = largest_16[12*i + 6 +: 6];
            assign largest_8[6*i +: 6] = left > right ? left : right;
        end

        wire [23:0] largest_4;
        for (i = 0; i < 4; i = i + 1) begin : gen_largest_4
            wire [5:0] left = largest_8[12*i +: 6];
            wire [5:0] right = largest_8[12*i + 6 +: 6];
            assign largest_4[6*i +: 6] = left > right ? left : right;
        end

        wire [11:0] largest_2;
        for (i = 0; i < 2; i = i + 1) begin : gen_largest_2
            wire [5:0] left = largest_4[12*i +: 6];
            wire [5:0] right = largest_4[12*i + 6 +: 6];
            assign largest_2[6*i +: 6] = left > right ? left : right;
        end

        wire [5:0] largest_1;
        for (i = 0; i < 1; i = i + 1) begin : gen_largest_1
            wire [5:0] left = largest_2[12*i +: 6];
            wire [5:0] right = largest_2[12*i + 6 +: 6];
            assign largest_1[6*i +: 6] = left > right ? left : right;
        end

        wire [271:0] sums_16;
        for (i = 0; i < 16; i = i + 1) begin : gen_sums_16
            wire [15:0] left = terms[32*i +: 16];
            wire [15:0] right = terms[32*i + 16 +: 16];
            assign sums_16[17*i +: 17] = {left[15], left} + {right[15], right};
        end

        wire [143:0] sums_8;
        for (i = 0; i < 8; i = i + 1) begin : gen_sums_8
            wire [16:0] left = sums_16[34*i +: 17];
            wire [16:0] right = sums_16[34*i + 17 +: 17];
            assign sums_8[18*i +: 18] = {left[16], left} + {right[16], right};
        end

        wire [75:0] sums_4;
        for (i = 0; i < 4; i = i + 1) begin : gen_sums_4
            wire [17:0] left = sums_8[36*i +: 18];
            wire [17:0] right = sums_8[36*i + 18 +: 18];
            assign sums_4[19*i +: 19] = {left[17], left} + {right[17], right};
        end

        wire [39:0] sums_2;
        for (i = 0; i < 2; i = i + 1) begin : gen_sums_2
            wire [18:0] left = sums_4[38*i +: 19];
            wire [18:0] right = sums_4[38*i + 19 +: 19];
            assign sums_2[20*i +: 20] = {left[18], left} + {right[18], right};
        end

        wire [20:0] sums_1;
        for (i = 0; i < 1; i = i + 1) begin : gen_sums_1
            wire [19:0] left = sums_2[40*i +: 20];
            wire [19:0] right = sums_2[40*i + 20 +: 20];
            assign sums_1[21*i +: 21] = {left[19], left} + {right[19], right};
        end
    endgenerate

    // In step with the sum: what overrules it.
    reg [4:0] nan_line;
    reg [4:0] plus_line;
    reg [4:0] minus_line;
    reg [17:0] exponent_line;
    reg [20:0] total;
    reg negative_total;
    reg [19:0] magnitude;

    always @(posedge clk) begin
        if (en) begin
            nan_line        <= {nan_line[3:0], |nans | (|plus_infinities & |minus_infinities)};
            plus_line       <= {plus_line[3:0], |plus_infinities};
            minus_line      <= {minus_line[3:0], |minus_infinities};
            largest         <= largest_1;
            exponent_line   <= {exponent_line[11:0], largest};
            total           <= sums_1;
            negative_total  <= total[20];
            magnitude       <= total[20] ? -total[19:0] : total[19:0];
        end
    end

    // The leading one moves to the top, by powers of two.
    wire zeros_16 = ~|magnitude[19:4];
    wire [19:0] normal_16 = zeros_16 ? {magnitude[3:0], 16'd0} : magnitude;
    wire zeros_8 = ~|normal_16[19:12];
    wire [19:0] normal_8 = zeros_8 ? {normal_16[11:0], 8'd0} : normal_16;
    wire zeros_4 = ~|normal_8[19:16];
    wire [19:0] normal_4 = zeros_4 ? {normal_8[15:0], 4'd0} : normal_8;
    wire zeros_2 = ~|normal_4[19:18];
    wire [19:0] normal_2 = zeros_2 ? {normal_4[17:0], 2'd0} : normal_4;
    wire zeros_1 = ~|normal_2[19:19];
    wire [19:0] normal_1 = zeros_1 ? {normal_2[18:0], 1'd0} : normal_2;
    wire [4:0] leading_zeros = {zeros_16, zeros_8, zeros_4, zeros_2, zeros_1};

    // The sum keeps 13 fraction bits; those below are cut off.
    wire [7:0] f32_exponent = {2'd0, exponent_line[17:12]} + 8'd103 - {3'd0, leading_zeros};
    wire [30:0] finite = |normal_1 ? {f32_exponent, normal_1[18:6], 10'd0} : 31'd0;
    wire [31:0] rounded = {negative_total, finite};

    always @(posedge clk) begin
        if (en)
            sum <= nan_line[4] ? 32'h7fc00000 :
                   plus_line[4] ? 32'h7f800000 :
                   minus_line[4] ? 32'hff800000 :
                   rounded;
    end
endmodule

`default_nettype wire
