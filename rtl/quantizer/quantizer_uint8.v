// SPDX-License-Identifier: 0BSD
// quantizer_uint8: binary32 to integer codes by the reciprocal of the scale.
// Latency: 6 clock cycles with en = 1; one result per cycle.
// The product is rounded to binary32, then to an integer, both to nearest and ties to even.
// Codes saturate at 0 and 255; NaN becomes 0.
//
// Made by qrtl 0.1.0 with: qrtl generate quantizer --preset quantizer_uint8
// Config digest: 297c14249a8570a6

`default_nettype none

module quantizer_uint8 (
    input  wire        clk,           // acts on the rising edge
    input  wire        rst,           // synchronous, drops what is on its way, wins over en
    input  wire        en,            // holds every register when 0
    input  wire        valid_in,      // the inputs count
    input  wire [31:0] x,             // real number
    input  wire [31:0] inverse_scale, // 1 / scale, rounded to binary32
    input  wire [7:0]  zero_point,    // code of real zero
    output wire        valid_out,     // the outputs count
    output reg  [7:0]  q              // code of x
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

    // A subnormal has no hidden bit, and the exponent of the least normal number.
    wire x_normal = |x[30:23];
    wire x_special = &x[30:23];
    wire inverse_normal = |inverse_scale[30:23];
    wire inverse_special = &inverse_scale[30:23];
    wire any_nan = (x_special & |x[22:0]) | (inverse_special & |inverse_scale[22:0]);
    wire any_zero = ~|x[30:0] | ~|inverse_scale[30:0];
    reg negative_1;
    reg nan_1;
    reg infinite_1;
    reg [9:0] exponent_1;
    reg [23:0] left;
    reg [23:0] right;

    always @(posedge clk) begin
        if (en) begin
            negative_1 <= x[31] ^ inverse_scale[31];
            // Zero times infinity is no number.
            nan_1      <= any_nan | (any_zero & (x_special | inverse_special));
            infinite_1 <= x_special | inverse_special;
            exponent_1 <= {2'd0, x[30:24], x[23] | ~x_normal} +
                {2'd0, inverse_scale[30:24], inverse_scale[23] | ~inverse_normal} - 10'd126;
            left       <= {x_normal, x[22:0]};
            right      <= {inverse_normal, inverse_scale[22:0]};
        end
    end

    // The exact product, its leading one at the top, and that rounded to binary32.
    reg [47:0] magnitude;
    reg [47:0] normal;
    reg [9:0] exponent_2;
    reg [9:0] exponent_3;
    reg [1:0] negative_line;
    reg [1:0] nan_line;
    reg [1:0] infinite_line;
    reg [31:0] product;

    // The leading one moves to the top, by powers of two.
    wire zeros_32 = ~|magnitude[47:16];
    wire [47:0] normal_32 = zeros_32 ? {magnitude[15:0], 32'd0} : magnitude;
    wire zeros_16 = ~|normal_32[47:32];
    wire [47:0] normal_16 = zeros_16 ? {normal_32[31:0], 16'd0} : normal_32;
    wire zeros_8 = ~|normal_16[47:40];
    wire [47:0] normal_8 = zeros_8 ? {normal_16[39:0], 8'd0} : normal_16;
    wire zeros_4 = ~|normal_8[47:44];
    wire [47:0] normal_4 = zeros_4 ? {normal_8[43:0], 4'd0} : normal_8;
    wire zeros_2 = ~|normal_4[47:46];
    wire [47:0] normal_2 = zeros_2 ? {normal_4[45:0], 2'd0} : normal_4;
    wire zeros_1 = ~|normal_2[47:47];
    wire [47:0] normal_1 = zeros_1 ? {normal_2[46:0], 1'd0} : normal_2;
    wire [5:0] leading_zeros = {zeros_32, zeros_16, zeros_8, zeros_4, zeros_2, zeros_1};

    // To nearest, ties to even; an exponent below 1 makes a subnormal, which has fewer bits. The
    // hidden bit, and a carry out of the fraction, belong into the exponent.
    wire is_subnormal = exponent_3[9] | ~|exponent_3;
    wire [9:0] below = 10'd1 - exponent_3;
    wire [4:0] drop = ~is_subnormal ? 5'd0 : below > 10'd25 ? 5'd25 : below[4:0];
    wire [50:0] window = {normal[47:23], |normal[22:0], 25'd0} >> drop;
    wire round_up = window[26] & (window[27] | |window[25:0]);
    wire [7:0] steps = is_subnormal ? 8'd0 : exponent_3[7:0] - 8'd1;
    wire [30:0] rounded = {steps, 23'd0} + {7'd0, window[50:27]} + {30'd0, round_up};
    wire is_beyond = ~exponent_3[9] & exponent_3 > 10'd254;
    wire [30:0] finite = ~normal[47] ? 31'd0 : is_beyond ? 31'h7f800000 : rounded;

    always @(posedge clk) begin
        if (en) begin
            magnitude     <= {24'd0, left} * {24'd0, right};
            normal        <= normal_1;
            exponent_2    <= exponent_1;
            exponent_3    <= exponent_2 - {4'd0, leading_zeros};
            negative_line <= {negative_line[0], negative_1};
            nan_line      <= {nan_line[0], nan_1};
            infinite_line <= {infinite_line[0], infinite_1};
            product       <= nan_line[1] ? 32'h7fc00000 :
                {negative_line[1], infinite_line[1] ? 31'h7f800000 : finite};
        end
    end

    // The product to the nearest integer, ties to even. From 2^9 on every code saturates.
    reg [31:0] zero_point_line;
    wire is_nan = &product[30:23] & |product[22:0];
    wire is_large = product[30:23] > 8'd135;
    wire [7:0] depth = 8'd135 - product[30:23];
    wire [4:0] shift = depth > 8'd10 ? 5'd10 : depth[4:0];
    wire [34:0] fixed = {1'b1, product[22:0], 11'd0} >> shift;
    wire carry = fixed[25] & (fixed[26] | |fixed[24:0]);
    wire [10:0] steps_magnitude = is_large ? 11'd512 : {2'd0, fixed[34:26]} + {10'd0, carry};
    wire [7:0] zero_point_4 = zero_point_line[31:24];
    wire [10:0] zero_point_wide = {3'd0, zero_point_4};
    reg signed [10:0] shifted;
    reg nan_5;

    always @(posedge clk) begin
        if (en) begin
            zero_point_line <= {zero_point_line[23:0], zero_point};
            shifted         <= $signed(product[31] ? zero_point_wide - steps_magnitude :
                zero_point_wide + steps_magnitude);
            nan_5           <= is_nan;
            q               <= nan_5 || shifted < 11'sd0 ? 8'd0 : shifted > 11'sd255 ? 8'd255 :
                shifted[7:0];
        end
    end
endmodule

`default_nettype wire
