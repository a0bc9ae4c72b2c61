// SPDX-License-Identifier: 0BSD
// fp8_dot_e4m3_exact: dot product of 8-bit floats in binary32.
// Latency: 5 clock cycles with en = 1; one result per cycle.
// The exact sum is rounded once: to nearest, ties to even.
// A sum that is no number is 7fc00000.
//
// Made by qrtl 0.1.0 with: qrtl generate fp8_dot --preset fp8_dot_e4m3_exact
// Config digest: 81fbc5bac30b410e

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
    reg [4:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 5'd0;
        else if (en)
            valid <= {valid[3:0], valid_in};
    end

    assign valid_out = valid[4];

    wire [31:0] nans;
    wire [31:0] minus_zeros;
    wire [1183:0] terms;

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
            wire [7:0] significand = {4'd0, a_code_significand} * {4'd0, b_code_significand};
            wire is_nan = a_code_nan | b_code_nan;

            assign nans[i] = is_nan;
            assign minus_zeros[i] = negative & ~|significand;

            reg negative_1;
            reg [4:0] exponent_1;
            reg [7:0] significand_1;

            always @(posedge clk) begin
                if (en) begin
                    negative_1    <= negative;
                    exponent_1    <= exponent;
                    significand_1 <= significand;
                end
            end

            // A fixed-point number: the least exponent is that of two least normal numbers.
            wire [4:0] distance = exponent_1 - 5'd2;
            wire [36:0] aligned = {29'd0, significand_1} << distance;
            reg [36:0] term;

            always @(posedge clk) begin
                if (en)
                    term <= negative_1 ? -aligned : aligned;
            end

            assign terms[37*i +: 37] = term;
        end

        wire [607:0] sums_16;
        for (i = 0; i < 16; i = i + 1) begin : gen_sums_16
            wire [36:0] left = terms[74*i +: 37];
            wire [36:0] right = terms[74*i + 37 +: 37];
            assign sums_16[38*i +: 38] = {left[36], left} + {right[36], right};
        end

        wire [311:0] sums_8;
        for (i = 0; i < 8; i = i + 1) begin : gen_sums_8
            wire [37:0] left = sums_16[76*i +: 38];
            wire [37:0] right = sums_16[76*i + 38 +: 38];
            assign sums_8[39*i +: 39] = {left[37], left} + {right[37], right};
        end

        wire [159:0] sums_4;
        for (i = 0; i < 4; i = i + 1) begin : gen_sums_4
            wire [38:0] left = sums_8[78*i +: 39];
            wire [38:0] right = sums_8[78*i + 39 +: 39];
            assign sums_4[40*i +: 40] = {left[38], left} + {right[38], right};
        end

        wire [81:0] sums_2;
        for (i = 0; i < 2; i = i + 1) begin : gen_sums_2
            wire [39:0] left = sums_4[80*i +: 40];
            wire [39:0] right = sums_4[80*i + 40 +: 40];
            assign sums_2[41*i +: 41] = {left[39], left} + {right[39], right};
        end

        wire [41:0] sums_1;
        for (i = 0; i < 1; i = i + 1) begin : gen_sums_1
            wire [40:0] left = sums_2[82*i +: 41];
            wire [40:0] right = sums_2[82*i + 41 +: 41];
            assign sums_1[42*i +: 42] = {left[40], left} + {right[40], right};
        end
    endgenerate

    // In step with the sum: what overrules it.
    reg [3:0] nan_line;
    reg [3:0] minus_zero_line;
    reg [41:0] total;
    reg negative_total;
    reg [40:0] magnitude;

    always @(posedge clk) begin
        if (en) begin
            nan_line        <= {nan_line[2:0], |nans};
            minus_zero_line <= {minus_zero_line[2:0], &minus_zeros};
            total           <= sums_1;
            negative_total  <= total[41];
            magnitude       <= total[41] ? -total[40:0] : total[40:0];
        end
    end

    // The leading one moves to the top, by powers of two.
    wire zeros_32 = ~|magnitude[40:9];
    wire [40:0] normal_32 = zeros_32 ? {magnitude[8:0], 32'd0} : magnitude;
    wire zeros_16 = ~|normal_32[40:25];
    wire [40:0] normal_16 = zeros_16 ? {normal_32[24:0], 16'd0} : normal_32;
    wire zeros_8 = ~|normal_16[40:33];
    wire [40:0] normal_8 = zeros_8 ? {normal_16[32:0], 8'd0} : normal_16;
    wire zeros_4 = ~|normal_8[40:37];
    wire [40:0] normal_4 = zeros_4 ? {normal_8[36:0], 4'd0} : normal_8;
    wire zeros_2 = ~|normal_4[40:39];
    wire [40:0] normal_2 = zeros_2 ? {normal_4[38:0], 2'd0} : normal_4;
    wire zeros_1 = ~|normal_2[40:40];
    wire [40:0] normal_1 = zeros_1 ? {normal_2[39:0], 1'd0} : normal_2;
    wire [5:0] leading_zeros = {zeros_32, zeros_16, zeros_8, zeros_4, zeros_2, zeros_1};

    // To nearest, ties to even; a carry out of the fraction belongs into the exponent.
    wire round_up = normal_1[16] & (normal_1[17] | |normal_1[15:0]);
    wire [7:0] f32_exponent = 8'd149 - {2'd0, leading_zeros};
    wire [30:0] finite = normal_1[40] ? {f32_exponent, normal_1[39:17]} + {30'd0, round_up} : 31'd0;
    wire [31:0] rounded = {negative_total | minus_zero_line[3], finite};

    always @(posedge clk) begin
        if (en)
            sum <= nan_line[3] ? 32'h7fc00000 :
                   rounded;
    end
endmodule

`default_nettype wire
