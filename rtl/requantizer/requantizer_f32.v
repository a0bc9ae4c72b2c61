// SPDX-License-Identifier: 0BSD
// requantizer_f32: accumulator to output codes under a named rounding rule.
// (R4) rint(f32(acc) * multiplier), each step rounded half to even, + zero_point, clamped.
// Latency: 4 clock cycles with en = 1; one result per cycle.
//
// Made by qrtl 0.1.0 with: qrtl generate requantizer --preset requantizer_f32
// Config digest: 410966c5e2711530

`default_nettype none

module requantizer_f32 (
    input  wire               clk,       // acts on the rising edge
    input  wire               rst,       // synchronous, drops what is on its way, wins over en
    input  wire               en,        // holds every register when 0
    input  wire               valid_in,  // the inputs count
    input  wire signed [31:0] acc,       // accumulator
    output wire               valid_out, // the outputs count
    output reg  signed [7:0]  out        // output code
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

    reg signed [31:0] acc_1;

    always @(posedge clk)
        if (en) begin
            acc_1 <= acc;
        end

    // f32(acc): leading zeros shifted out, half to even at 24 bits.
    wire negative = acc_1[31];
    wire [31:0] magnitude = (acc_1[31:0] ^ {32{negative}}) + {31'd0, negative};
    wire [31:0] aligned = magnitude;
    wire zeros_16 = ~(|aligned[31:16]);
    wire [31:0] aligned_16 = zeros_16 ? {aligned[15:0], 16'd0} : aligned;
    wire zeros_8 = ~(|aligned_16[31:24]);
    wire [31:0] aligned_8 = zeros_8 ? {aligned_16[23:0], 8'd0} : aligned_16;
    wire zeros_4 = ~(|aligned_8[31:28]);
    wire [31:0] aligned_4 = zeros_4 ? {aligned_8[27:0], 4'd0} : aligned_8;
    wire zeros_2 = ~(|aligned_4[31:30]);
    wire [31:0] aligned_2 = zeros_2 ? {aligned_4[29:0], 2'd0} : aligned_4;
    wire zeros_1 = ~(|aligned_2[31:31]);
    wire [31:0] aligned_1 = zeros_1 ? {aligned_2[30:0], 1'd0} : aligned_2;
    wire acc_up = aligned_1[7] & (aligned_1[8] | (|aligned_1[6:0]));
    wire [24:0] significand = {1'b0, aligned_1[31:8]} + {24'd0, acc_up};
    wire signed [9:0] right = $signed(10'd119 + {5'd0, zeros_16, zeros_8, zeros_4, zeros_2,
        zeros_1} - 10'd119);

    wire [47:0] product = significand * 24'd9257971;

    reg signed [9:0] right_2;
    reg negative_2;
    reg [47:0] product_2;

    always @(posedge clk)
        if (en) begin
            right_2 <= right;
            negative_2 <= negative;
            product_2 <= product;
        end

    // The binary32 product: half to even at 24 bits.
    wire [23:0] kept = product_2[47] ? product_2[47:24] : product_2[46:23];
    wire half = product_2[47] ? product_2[23] : product_2[22];
    wire rest = (|product_2[21:0]) | (product_2[47] & product_2[22]);
    wire [24:0] high = {1'b0, kept} + {24'd0, half & (rest | kept[0])};
    wire signed [9:0] places = right_2 - $signed({9'd0, product_2[47]});

    // To an integer, half to even.
    wire [48:0] fixed = {high, 24'd0} >> places[4:0];
    wire int_up = fixed[23] & ((|fixed[22:0]) | fixed[24]);
    wire vanishes = places > 10'sd24;
    wire exceeds = (places < 10'sd1) & (|high[24:23]);
    wire [25:0] rounded = vanishes ? 26'd0 : exceeds ? {2'd1, 24'd0} : {1'b0, fixed[48:24]} +
        {25'd0, int_up};
    wire signed [25:0] scaled = $signed((rounded ^ {26{negative_2}}) + {25'd0, negative_2});

    reg signed [25:0] scaled_3;

    always @(posedge clk)
        if (en) begin
            scaled_3 <= scaled;
        end

    wire fits = (&scaled_3[25:7]) | ~(|scaled_3[25:7]);
    wire signed [7:0] offset = $signed(fits ? scaled_3[7:0] : {scaled_3[25], {7{~scaled_3[25]}}});

    always @(posedge clk)
        if (en)
            out <= offset;
endmodule

`default_nettype wire
