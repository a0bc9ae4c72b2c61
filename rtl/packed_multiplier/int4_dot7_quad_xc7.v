// SPDX-License-Identifier: 0BSD
// int4_dot7_quad_xc7: several exact products packed into one multiplier block.
// Latency: 4 clock cycles with en = 1; one product per cycle, one sum per 7.
// Packing: products 10 bits apart in one product of 15 by 25 bits, one DSP48E1.
// Longest sum that fits its 10 bits: 7 products.
//
// Made by qrtl 0.1.0 with: qrtl generate packed_multiplier --preset int4_dot7_quad_xc7
// Config digest: 6575c43872044289

`default_nettype none

module int4_dot7_quad_xc7 (
    input  wire        clk,       // acts on the rising edge
    input  wire        rst,       // synchronous, drops what is on its way, wins over en
    input  wire        en,        // holds every register when 0
    input  wire        valid_in,  // the inputs count
    input  wire [7:0]  a,         // multiplicands, the first in the lowest bits
    input  wire [7:0]  b,         // multipliers
    output reg         valid_out, // the outputs count
    // sums of each element of a times the first of b, then times the second and so on, exact
    output reg  [43:0] sum
);

    // One bit a stage, in step with the data.
    reg [1:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 2'd0;
        else if (en)
            valid <= {valid[0], valid_in};
    end

    // Products in the sum so far. It starts anew before a field can overflow into the next.
    reg [2:0] count;
    wire enters = valid[1];
    wire start = count == 3'd0;
    wire last = count == 3'd6;
    wire enable = en & enters;

    always @(posedge clk) begin
        if (rst)
            count <= 3'd0;
        else if (enable)
            count <= last ? 3'd0 : count + 3'd1;
    end

    reg [39:0] accum;
    reg [7:0] b_1;
    reg [7:0] a_1;

    always @(posedge clk) begin
        if (en) begin
            b_1 <= b;
            a_1 <= a;
        end
    end

    wire [24:0] b_high = {b_1[7], b_1[7:4], 20'd0};
    wire [24:0] b_low = {{21{b_1[3]}}, b_1[3:0]};
    wire [24:0] b_word = b_high + b_low;
    wire [4:0] a_upper = {a_1[7], a_1[7:4]} + {5{a_1[3]}};
    wire [14:0] a_word = {a_upper, {6{a_1[3]}}, a_1[3:0]};
    wire signed [37:0] products = $signed(b_word) * $signed(a_word);

    reg [37:0] products_2;

    always @(posedge clk) begin
        if (en) begin
            products_2 <= products[37:0];
        end
    end

    always @(posedge clk) begin
        if (enable)
            accum <= (start ? 40'd537395712 : accum) + {{2{products_2[37]}}, products_2};
    end

    // A sum is complete in the cycle after its last product entered.
    reg complete;

    always @(posedge clk) begin
        if (rst)
            complete <= 1'b0;
        else if (en)
            complete <= enters & last;
    end

    always @(posedge clk) begin
        if (rst) begin
            valid_out <= 1'b0;
            sum <= 44'd0;
        end else if (en) begin
            valid_out <= complete;
            if (complete)
                sum <= {accum[39], accum[39:30], {2{~accum[29]}}, accum[28:20], {2{~accum[19]}},
                    accum[18:10], {2{~accum[9]}}, accum[8:0]};
        end
    end
endmodule

`default_nettype wire
