// SPDX-License-Identifier: 0BSD
// dequantizer_uint8: integer codes or accumulators to binary32.
// Latency: 4 clock cycles with en = 1; one result per cycle.
// The exact product is rounded once: to nearest, ties to even.
// A result that is no number is 7fc00000.
//
// Made by qrtl 0.1.0 with: qrtl generate dequantizer --preset dequantizer_uint8
// Config digest: 2795593505da7b30

`default_nettype none

module dequantizer_uint8 (
    input  wire        clk,        // acts on the rising edge
    input  wire        rst,        // synchronous, drops what is on its way, wins over en
    input  wire        en,         // holds every register when 0
    input  wire        valid_in,   // the inputs count
    input  wire [7:0]  q,          // code
    input  wire [7:0]  zero_point, // code of real zero
    input  wire [31:0] scale,      // real value of one step
    output wire        valid_out,  // the outputs count
    output wire [31:0] y           // real number
);

    // One bit a stage, in step with the data.
    reg [3:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 4'd0;
        else if (en)
            valid <= {valid[2:0], valid_in};
    end

    assign valid_out = valid[3];

    // One bit more than q: the difference spans twice its range.
    wire [8:0] difference = {1'd0, q} - {1'd0, zero_point};
    wire below_zero = difference[8];
    wire [7:0] distance = below_zero ? -difference[7:0] : difference[7:0];

    // A subnormal has no hidden bit, and the exponent of the least normal number. An infinity reads
    // as the power of two beyond the largest number: its product with an integer is beyond as well.
    wire scale_normal = |scale[30:23];
    wire scale_special = &scale[30:23];
    reg negative_1;
    reg nan_1;
    reg [9:0] exponent_1;
    reg [7:0] left;
    reg [23:0] right;

    always @(posedge clk) begin
        if (en) begin
            negative_1 <= below_zero ^ scale[31];
            nan_1      <= scale_special & (|scale[22:0] | ~|distance);
            exponent_1 <= {2'd0, scale[30:24], scale[23] | ~scale_normal} + 10'd8;
            left       <= distance;
            right      <= {scale_normal, scale[22:0]};
        end
    end

    // The exact product, its leading one at the top, and that rounded to binary32.
    reg [31:0] magnitude;
    reg [31:0] normal;
    reg [9:0] exponent_2;
    reg [9:0] exponent_3;
    reg [1:0] negative_line;
    reg [1:0] nan_line;
    reg [31:0] product;

    // The leading one moves to the top, by powers of two.
    wire zeros_16 = ~|magnitude[31:16];
    wire [31:0] normal_16 = zeros_16 ? {magnitude[15:0], 16'd0} : magnitude;
    wire zeros_8 = ~|normal_16[31:24];
    wire [31:0] normal_8 = zeros_8 ? {normal_16[23:0], 8'd0} : normal_16;
    wire zeros_4 = ~|normal_8[31:28];
    wire [31:0] normal_4 = zeros_4 ? {normal_8[27:0], 4'd0} : normal_8;
    wire zeros_2 = ~|normal_4[31:30];
    wire [31:0] normal_2 = zeros_2 ? {normal_4[29:0], 2'd0} : normal_4;
    wire zeros_1 = ~|normal_2[31:31];
    wire [31:0] normal_1 = zeros_1 ? {normal_2[30:0], 1'd0} : normal_2;
    wire [4:0] leading_zeros = {zeros_16, zeros_8, zeros_4, zeros_2, zeros_1};

    // To nearest, ties to even; an exponent below 1 makes a subnormal, which has fewer bits. The
    // hidden bit, and a carry out of the fraction, belong into the exponent.
    wire is_subnormal = exponent_3[9] | ~|exponent_3;
    wire [9:0] below = 10'd1 - exponent_3;
    wire [4:0] drop = ~is_subnormal ? 5'd0 : below > 10'd25 ? 5'd25 : below[4:0];
    wire [50:0] window = {normal[31:7], |normal[6:0], 25'd0} >> drop;
    wire round_up = window[26] & (window[27] | |window[25:0]);
    wire [7:0] steps = is_subnormal ? 8'd0 : exponent_3[7:0] - 8'd1;
    wire [30:0] rounded = {steps, 23'd0} + {7'd0, window[50:27]} + {30'd0, round_up};
    wire is_beyond = ~exponent_3[9] & exponent_3 > 10'd254;
    wire [30:0] finite = ~normal[31] ? 31'd0 : is_beyond ? 31'h7f800000 : rounded;

    always @(posedge clk) begin
        if (en) begin
            magnitude     <= {24'd0, left} * {8'd0, right};
            normal        <= normal_1;
            exponent_2    <= exponent_1;
            exponent_3    <= exponent_2 - {5'd0, leading_zeros};
            negative_line <= {negative_line[0], negative_1};
            nan_line      <= {nan_line[0], nan_1};
            product       <= nan_line[1] ? 32'h7fc00000 : {negative_line[1], finite};
        end
    end

    assign y = product;
endmodule

`default_nettype wire
