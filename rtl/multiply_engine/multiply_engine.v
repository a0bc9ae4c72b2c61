// SPDX-License-Identifier: 0BSD
// multiply_engine: product of two streams of int8 codes.
// (T8) both codes minus their zero points, multiplied, rescaled, clamped.
// One result a clock cycle: both streams are taken on the same edge.
//
// Made by qrtl 0.1.0 with: qrtl generate multiply_engine --preset multiply_engine
// Config digest: 0b75a84ccadb5749

`default_nettype none

module multiply_engine (
    input  wire       clk,            // acts on the rising edge
    input  wire       rst,            // synchronous, drops all frames
    input  wire [7:0] s0_axis_tdata,  // code of the first tensor
    input  wire       s0_axis_tvalid, // there is a beat
    output wire       s0_axis_tready, // a beat moves on an edge with both valid and ready
    input  wire [7:0] s1_axis_tdata,  // code of the second tensor
    input  wire       s1_axis_tvalid, // there is a beat
    output wire       s1_axis_tready, // a beat moves on an edge with both valid and ready
    output wire [7:0] m_axis_tdata,   // code of the product
    output wire       m_axis_tlast,   // the beat ends a frame
    output wire       m_axis_tvalid,  // there is a beat
    input  wire       m_axis_tready   // a beat moves on an edge with both valid and ready
);

    wire enable = !m_axis_tvalid || m_axis_tready;
    wire arrives;
    reg [7:0] left_code, right_code;

    assign arrives        = s0_axis_tvalid && s1_axis_tvalid;
    assign s0_axis_tready = enable && s1_axis_tvalid;
    assign s1_axis_tready = enable && s0_axis_tvalid;

    always @(posedge clk)
        if (enable)
            right_code <= s1_axis_tdata;

    // Codes, factors, product.
    reg [2:0] valid;
    reg signed [8:0] left;
    reg signed [8:0] right;
    reg signed [17:0] product;
    wire signed [17:0] next_product;
    wire signed [7:0] code;

    multiply_engine_multiplier multiplier (
        .a      (left),
        .b      (right),
        .product(next_product)
    );

    always @(posedge clk) begin
        if (rst)
            valid <= 3'd0;
        else if (enable)
            valid <= {valid[1:0], arrives};
    end

    always @(posedge clk)
        if (enable) begin
            left_code <= s0_axis_tdata;
            left      <= $signed({left_code[7], left_code} - 9'h1fd);
            right     <= $signed({right_code[7], right_code} - 9'h011);
            product   <= next_product;
        end

    multiply_engine_requantizer requantizer (
        .clk      (clk),
        .rst      (rst),
        .en       (enable),
        .valid_in (valid[2]),
        .acc      (product),
        .valid_out(m_axis_tvalid),
        .out      (code)
    );

    assign m_axis_tdata = code[7:0];

    reg [2:0] beat;

    always @(posedge clk) begin
        if (rst)
            beat <= 3'd0;
        else if (m_axis_tvalid && m_axis_tready)
            beat <= m_axis_tlast ? 3'd0 : beat + 3'd1;
    end

    assign m_axis_tlast = beat == 3'd5;
endmodule

// multiply_engine_multiplier: exact product of two integers.
// Combinational.

module multiply_engine_multiplier (
    input  wire signed [8:0]  a,      // multiplicand
    input  wire signed [8:0]  b,      // multiplier
    output wire signed [17:0] product // a * b, exact
);

    assign product = a * b;
endmodule

// multiply_engine_requantizer: accumulator to output codes under a named rounding rule.
// (R1) RDBPOT(SRDHM(acc * 2^max(shift,0), multiplier), max(-shift,0)) + zero_point, clamped.
// Latency: 3 clock cycles with en = 1; one result per cycle.
// Architecture: adders. The 255 thresholds of the rule are those of floor((acc * 386425 + offset) /
//     2^21).

module multiply_engine_requantizer (
    input  wire               clk,       // acts on the rising edge
    input  wire               rst,       // synchronous, drops what is on its way, wins over en
    input  wire               en,        // holds every register when 0
    input  wire               valid_in,  // the inputs count
    input  wire signed [17:0] acc,       // accumulator
    output wire               valid_out, // the outputs count
    output reg  signed [7:0]  out        // output code
);

    // One bit a stage, in step with the data.
    reg [2:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 3'd0;
        else if (en)
            valid <= {valid[1:0], valid_in};
    end

    assign valid_out = valid[2];
    wire [10:0] window = acc[10:0];
    wire segment = acc[17];
    wire outside = (|acc[17:10]) & ~(&acc[17:10]);

    (* keep *) wire [14:0] sum_1;
    assign sum_1 = {{4{window[10]}}, window} + {window[10], window, 3'd0};

    reg [10:0] window_1;
    reg [14:0] sum_1_1;
    reg segment_1;
    reg outside_1;

    always @(posedge clk) begin
        if (en) begin
            window_1 <= window;
            sum_1_1 <= sum_1;
            segment_1 <= segment;
            outside_1 <= outside;
        end
    end

    (* keep *) wire [15:0] sum_2;
    assign sum_2 = {window_1, {1'b1, 1'b0, 1'b0, 1'b0, 1'b0}} - {sum_1_1[14], sum_1_1};

    (* keep *) wire [19:1] sum_3;
    assign sum_3 = {{5{sum_1_1[14]}}, sum_1_1[14:1]} + {sum_2, 3'd0};

    reg [19:1] sum_3_2;
    reg segment_2;
    reg outside_2;

    always @(posedge clk) begin
        if (en) begin
            sum_3_2 <= sum_3;
            segment_2 <= segment_1;
            outside_2 <= outside_1;
        end
    end

    wire [29:11] line = sum_3_2 + {{1'b1, 1'b1, 1'b1, 1'b1, 1'b0, 1'b1, 1'b1, 1'b0, 1'b0,
        ~segment_2, 1'b0}, sum_3_2[18:11]};

    wire fits = ~outside_2 & ((&line[29:28]) | ~(|line[29:28]));

    always @(posedge clk)
        if (en)
            out <= $signed(fits ? line[28:21] : {segment_2, {7{~segment_2}}});

    // The bits below the rounding position have no part in the result.
    wire unused = &{1'b0, line[20:11]};
endmodule

`default_nettype wire
