// SPDX-License-Identifier: 0BSD
// dequantizer_int32: integer codes or accumulators to binary32.
// Latency: 7 clock cycles with en = 1; one result per cycle.
// Product and sum are each rounded to nearest, ties to even; nothing is fused.
// A result that is no number is 7fc00000.
//
// Made by qrtl 0.1.0 with: qrtl generate dequantizer --preset dequantizer_int32
// Config digest: 7dc1839138c38518

`default_nettype none

module dequantizer_int32 (
    input  wire               clk,       // acts on the rising edge
    input  wire               rst,       // synchronous, drops what is on its way, wins over en
    input  wire               en,        // holds every register when 0
    input  wire               valid_in,  // the inputs count
    input  wire signed [31:0] acc,       // accumulator
    input  wire [31:0]        scale,     // real value of one step
    input  wire [31:0]        bias,      // added after the product was rounded
    output wire               valid_out, // the outputs count
    output wire [31:0]        y          // real number
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

    wire below_zero = acc[31];
    wire [31:0] distance = below_zero ? -acc[31:0] : acc[31:0];

    // A subnormal has no hidden bit, and the exponent of the least normal number. An infinity reads
    // as the power of two beyond the largest number: its product with an integer is beyond as well.
    wire scale_normal = |scale[30:23];
    wire scale_special = &scale[30:23];
    reg negative_1;
    reg nan_1;
    reg [9:0] exponent_1;
    reg [31:0] left;
    reg [23:0] right;

    always @(posedge clk) begin
        if (en) begin
            negative_1 <= below_zero ^ scale[31];
            nan_1      <= scale_special & (|scale[22:0] | ~|distance);
            exponent_1 <= {2'd0, scale[30:24], scale[23] | ~scale_normal} + 10'd32;
            left       <= distance;
            right      <= {scale_normal, scale[22:0]};
        end
    end

    // The exact product, its leading one at the top, and that rounded to binary32.
    reg [55:0] magnitude;
    reg [55:0] normal;
    reg [9:0] exponent_2;
    reg [9:0] exponent_3;
    reg [1:0] negative_line;
    reg [1:0] nan_line;
    reg [31:0] product;

    // The leading one moves to the top, by powers of two.
    wire zeros_32 = ~|magnitude[55:24];
    wire [55:0] normal_32 = zeros_32 ? {magnitude[23:0], 32'd0} : magnitude;
    wire zeros_16 = ~|normal_32[55:40];
    wire [55:0] normal_16 = zeros_16 ? {normal_32[39:0], 16'd0} : normal_32;
    wire zeros_8 = ~|normal_16[55:48];
    wire [55:0] normal_8 = zeros_8 ? {normal_16[47:0], 8'd0} : normal_16;
    wire zeros_4 = ~|normal_8[55:52];
    wire [55:0] normal_4 = zeros_4 ? {normal_8[51:0], 4'd0} : normal_8;
    wire zeros_2 = ~|normal_4[55:54];
    wire [55:0] normal_2 = zeros_2 ? {normal_4[53:0], 2'd0} : normal_4;
    wire zeros_1 = ~|normal_2[55:55];
    wire [55:0] normal_1 = zeros_1 ? {normal_2[54:0], 1'd0} : normal_2;
    wire [5:0] leading_zeros = {zeros_32, zeros_16, zeros_8, zeros_4, zeros_2, zeros_1};

    // To nearest, ties to even; an exponent below 1 makes a subnormal, which has fewer bits. The
    // hidden bit, and a carry out of the fraction, belong into the exponent.
    wire is_subnormal = exponent_3[9] | ~|exponent_3;
    wire [9:0] below = 10'd1 - exponent_3;
    wire [4:0] drop = ~is_subnormal ? 5'd0 : below > 10'd25 ? 5'd25 : below[4:0];
    wire [50:0] window = {normal[55:31], |normal[30:0], 25'd0} >> drop;
    wire round_up = window[26] & (window[27] | |window[25:0]);
    wire [7:0] steps = is_subnormal ? 8'd0 : exponent_3[7:0] - 8'd1;
    wire [30:0] rounded = {steps, 23'd0} + {7'd0, window[50:27]} + {30'd0, round_up};
    wire is_beyond = ~exponent_3[9] & exponent_3 > 10'd254;
    wire [30:0] finite = ~normal[55] ? 31'd0 : is_beyond ? 31'h7f800000 : rounded;

    always @(posedge clk) begin
        if (en) begin
            magnitude     <= {24'd0, left} * {32'd0, right};
            normal        <= normal_1;
            exponent_2    <= exponent_1;
            exponent_3    <= exponent_2 - {4'd0, leading_zeros};
            negative_line <= {negative_line[0], negative_1};
            nan_line      <= {nan_line[0], nan_1};
            product       <= nan_line[1] ? 32'h7fc00000 : {negative_line[1], finite};
        end
    end

    // The addend of larger magnitude stays; the other is aligned to it, and what is shifted out of
    // it leaves one sticky bit.
    reg [127:0] bias_line;
    wire [31:0] addend = bias_line[127:96];
    wire is_swapped = addend[30:0] > product[30:0];
    wire [31:0] larger = is_swapped ? addend : product;
    wire [30:0] smaller = is_swapped ? product[30:0] : addend[30:0];
    wire larger_normal = |larger[30:23];
    wire smaller_normal = |smaller[30:23];
    wire [7:0] larger_exponent = {larger[30:24], larger[23] | ~larger_normal};
    wire [7:0] smaller_exponent = {smaller[30:24], smaller[23] | ~smaller_normal};
    wire [7:0] gap = larger_exponent - smaller_exponent;
    wire [4:0] shift = gap > 8'd27 ? 5'd27 : gap[4:0];
    wire [50:0] aligned = {smaller_normal, smaller[22:0], 27'd0} >> shift;
    wire is_nan = (&larger[30:23] & |larger[22:0]) | (&smaller[30:23] &
        (|smaller[22:0] | (product[31] ^ addend[31])));
    reg [27:0] base;
    reg [27:0] addition;
    reg subtract;
    reg [7:0] exponent_5;
    reg [27:0] total;
    reg [9:0] exponent_6;
    reg [1:0] sign_line;
    reg [1:0] both_line;
    reg [1:0] sum_nan_line;
    reg [1:0] sum_infinite_line;

    // The leading one moves to the top, by powers of two.
    wire sum_zeros_16 = ~|total[27:12];
    wire [27:0] sum_normal_16 = sum_zeros_16 ? {total[11:0], 16'd0} : total;
    wire sum_zeros_8 = ~|sum_normal_16[27:20];
    wire [27:0] sum_normal_8 = sum_zeros_8 ? {sum_normal_16[19:0], 8'd0} : sum_normal_16;
    wire sum_zeros_4 = ~|sum_normal_8[27:24];
    wire [27:0] sum_normal_4 = sum_zeros_4 ? {sum_normal_8[23:0], 4'd0} : sum_normal_8;
    wire sum_zeros_2 = ~|sum_normal_4[27:26];
    wire [27:0] sum_normal_2 = sum_zeros_2 ? {sum_normal_4[25:0], 2'd0} : sum_normal_4;
    wire sum_zeros_1 = ~|sum_normal_2[27:27];
    wire [27:0] sum_normal_1 = sum_zeros_1 ? {sum_normal_2[26:0], 1'd0} : sum_normal_2;
    wire [4:0] sum_leading_zeros = {sum_zeros_16, sum_zeros_8, sum_zeros_4, sum_zeros_2,
        sum_zeros_1};

    wire [9:0] sum_exponent = exponent_6 - {5'd0, sum_leading_zeros};
    // To nearest, ties to even; an exponent below 1 makes a subnormal, which has fewer bits. The
    // hidden bit, and a carry out of the fraction, belong into the exponent.
    wire sum_is_subnormal = sum_exponent[9] | ~|sum_exponent;
    wire [9:0] sum_below = 10'd1 - sum_exponent;
    wire [4:0] sum_drop = ~sum_is_subnormal ? 5'd0 : sum_below > 10'd25 ? 5'd25 : sum_below[4:0];
    wire [50:0] sum_window = {sum_normal_1[27:3], |sum_normal_1[2:0], 25'd0} >> sum_drop;
    wire sum_round_up = sum_window[26] & (sum_window[27] | |sum_window[25:0]);
    wire [7:0] sum_steps = sum_is_subnormal ? 8'd0 : sum_exponent[7:0] - 8'd1;
    wire [30:0] sum_rounded = {sum_steps, 23'd0} + {7'd0, sum_window[50:27]} +
        {30'd0, sum_round_up};
    wire sum_is_beyond = ~sum_exponent[9] & sum_exponent > 10'd254;
    wire [30:0] sum_finite = ~sum_normal_1[27] ? 31'd0 : sum_is_beyond ? 31'h7f800000 : sum_rounded;

    // Numbers that cancel leave a positive zero.
    wire sum_negative = |total ? sign_line[1] : both_line[1];
    reg [31:0] sum;

    always @(posedge clk) begin
        if (en) begin
            bias_line         <= {bias_line[95:0], bias};
            base              <= {1'b0, larger_normal, larger[22:0], 3'd0};
            addition          <= {1'b0, aligned[50:25], |aligned[24:0]};
            subtract          <= product[31] ^ addend[31];
            exponent_5        <= larger_exponent;
            total             <= subtract ? base - addition : base + addition;
            exponent_6        <= {2'd0, exponent_5} + 10'd1;
            sign_line         <= {sign_line[0], larger[31]};
            both_line         <= {both_line[0], product[31] & addend[31]};
            sum_nan_line      <= {sum_nan_line[0], is_nan};
            sum_infinite_line <= {sum_infinite_line[0], &larger[30:23]};
            sum               <= sum_nan_line[1] ? 32'h7fc00000 :
                {sum_negative, sum_infinite_line[1] ? 31'h7f800000 : sum_finite};
        end
    end

    assign y = sum;
endmodule

`default_nettype wire
