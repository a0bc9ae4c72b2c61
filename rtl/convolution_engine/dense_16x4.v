// SPDX-License-Identifier: 0BSD
// dense_16x4: convolution, dense or depthwise layer of int8 codes, stream to stream.
// 1 x 1 x 16 codes in, 1 x 1 x 4 codes out; window 1 x 1.
// Multipliers: 8. Clock cycles of a frame: 16. Accumulators: 15 bits.
// Memory: 32 bytes of weights, 32 bytes of rows.
//
// Made by qrtl 0.1.0 with: qrtl generate convolution_engine --preset dense_16x4
// Config digest: dba6e6d01ba562c5

`default_nettype none

module dense_16x4 (
    input  wire       clk,           // acts on the rising edge
    input  wire       rst,           // synchronous, drops all frames
    input  wire [7:0] s_axis_tdata,  // input codes: rows, columns, channels
    input  wire       s_axis_tvalid, // there is a beat
    output wire       s_axis_tready, // a beat moves on an edge with both valid and ready
    output wire [7:0] m_axis_tdata,  // output codes: rows, columns, channels
    output wire       m_axis_tlast,  // the beat ends a frame
    output wire       m_axis_tvalid, // there is a beat
    input  wire       m_axis_tready  // a beat moves on an edge with both valid and ready
);

    // A ring of 2 rows; those of all frames follow each other. No code that counts is read while it
    //     is written.
    (* no_rw_check *)
    reg [31:0] line [0:7];
    reg [2:0] write_address;
    reg [1:0] write_column;
    reg [1:0] write_lane;
    reg [23:0] partial; // codes of a word that is not complete
    wire enable; // whether a step may be made
    reg signed [3:0] vacant;  // rows that can still be written, less one
    reg signed [3:0] surplus; // complete rows beyond those that the window needs

    assign s_axis_tready = vacant >= 4'sd0;

    wire accepts = s_axis_tvalid && s_axis_tready;
    wire [31:0] word_in = {s_axis_tdata, partial};
    wire word_written = accepts && write_lane == 2'd3;
    wire row_written = word_written && write_column == 2'd3;

    always @(posedge clk)
        if (word_written)
            line[write_address] <= word_in;

    // The walk of the window, from the innermost loop to the outermost.
    reg [1:0] word;
    reg group;
    wire word_end = word == 2'd3;
    wire group_end = word_end && group == 1'd1;
    reg [2:0] pixel;
    reg [2:0] offset;
    reg [2:0] window;
    wire step = enable && surplus >= 4'sd0;
    wire row_ends = step && group_end;
    wire signed [3:0] vacated = row_ends ? 4'sd1 : 4'sd0;
    wire signed [3:0] surplus_change = row_ends ?
        (row_written ? 4'sd0 : -4'sd1) :
        (row_written ? 4'sd1 : 4'sd0);

    always @(posedge clk) begin
        if (rst) begin
            vacant        <= 4'sd1;
            surplus       <= -4'sd1;
            write_address <= 3'd0;
            write_column  <= 2'd0;
            write_lane    <= 2'd0;
        end else begin
            vacant  <= vacant + vacated - (row_written ? 4'sd1 : 4'sd0);
            surplus <= surplus + surplus_change;
            if (accepts)
                write_lane <= word_written ? 2'd0 : write_lane + 2'd1;
            if (word_written) begin
                write_address <= write_address == 3'd7 ? 3'd0 : write_address + 3'd1;
                write_column  <= row_written ? 2'd0 : write_column + 2'd1;
            end
        end
    end

    always @(posedge clk)
        if (accepts)
            partial <= word_in[31:8];

    always @(posedge clk) begin
        if (rst) begin
            word <= 2'd0;
            group <= 1'd0;
            pixel <= 3'd0;
            offset <= 3'd0;
            window <= 3'd0;
        end else if (step) begin
            word <= word_end ? 2'd0 : word + 2'd1;
            if (word_end)
                group <= group_end ? 1'd0 : group + 1'd1;
            pixel <= group_end ? 3'd0 : pixel;
            offset <= group_end ? 3'd0 : word_end ? pixel : offset + 3'd1;
            window <= group_end ? (window + 3'd4) : window;
        end
    end

    // Weights of each step of an output pixel.
    reg [31:0] weights [0:7];

    initial begin
        weights[0] = 32'h888881d7;
        weights[1] = 32'h77774a52;
        weights[2] = 32'h888893f0;
        weights[3] = 32'h77771ce6;
        weights[4] = 32'h14130f01;
        weights[5] = 32'h62950f01;
        weights[6] = 32'h853b0f01;
        weights[7] = 32'h2d790f01;
    end

    // Bias of each output channel.
    reg [14:0] biases [0:3];

    initial begin
        biases[0] = 15'h0056;
        biases[1] = 15'h7f64;
        biases[2] = 15'h0000;
        biases[3] = 15'h0050;
    end

    // A step reads codes and weights, which get a register of their own, as memories are slow;
    // products and their sums follow, and are added up. All wait while earlier sums are leaving.
    reg [4:0] valid; // one bit a register
    reg [4:0] last;
    reg [31:0] codes, operands;
    reg [31:0] read_factors, factors;
    reg [2:0] weight_address;

    always @(posedge clk) begin
        if (rst)
            valid <= 5'd0;
        else if (enable)
            valid <= {valid[3:0], step};
    end

    always @(posedge clk) begin
        if (rst)
            weight_address <= 3'd0;
        else if (step)
            weight_address <= group_end ? 3'd0 : weight_address + 3'd1;
    end

    always @(posedge clk)
        if (enable) begin
            codes        <= line[window + offset];
            read_factors <= weights[weight_address];
            factors      <= read_factors;
            operands     <= codes;
            last         <= {last[3:0], word_end};
        end

    reg [95:0] products;

    always @(posedge clk) begin : multiply
        integer index, term;
        reg signed [11:0] product;
        if (enable)
            for (index = 0; index < 2; index = index + 1)
                for (term = 0; term < 4; term = term + 1) begin
                    product = $signed(operands[8*term +: 8])
                        * $signed(factors[4*(4*index + term) +: 4]);
                    products[12*(4*index + term) +: 12] <= product[11:0];
                end
    end

    reg [51:0] sums_1;

    always @(posedge clk) begin : add_sums_1
        integer index, pair;
        if (enable)
            for (index = 0; index < 2; index = index + 1) begin
                for (pair = 0; pair < 2; pair = pair + 1)
                    sums_1[13*(2*index + pair) +: 13] <=
                        {products[12*(4*index + 2*pair) + 11], products[12*(4*index + 2*pair) +:
                            12]} +
                        {products[12*(4*index + 2*pair + 1) + 11],
                            products[12*(4*index + 2*pair + 1) +: 12]};
            end
    end

    reg [27:0] sums_2;

    always @(posedge clk) begin : add_sums_2
        integer index;
        if (enable)
            for (index = 0; index < 2; index = index + 1) begin
                sums_2[14*index +: 14] <=
                    {sums_1[13*(2*index) + 12], sums_1[13*(2*index) +: 13]} +
                    {sums_1[13*(2*index + 1) + 12], sums_1[13*(2*index + 1) +: 13]};
            end
    end

    wire [29:0] totals;
    reg [29:0] accs;

    genvar output_index;
    generate
        for (output_index = 0; output_index < 2; output_index = output_index + 1) begin : gen_totals
            assign totals[15*output_index +: 15] =
                accs[15*output_index +: 15] + {sums_2[14*output_index + 13],
                    sums_2[14*output_index +: 14]};
        end
    endgenerate

    // The steps of an output pixel follow each other: a gap lies between two pixels.
    always @(posedge clk)
        if (enable) begin
            if (!valid[4] || last[4])
                accs <= 30'd0;
            else
                accs <= totals;
        end

    // Sums leave one by one: they get their bias, then their code.
    reg [1:0] unsent;
    reg [29:0] leaving;
    wire done = valid[4] && last[4];
    wire output_enable = !m_axis_tvalid || m_axis_tready;
    wire leaves = output_enable && unsent != 2'd0;

    assign enable = !done || unsent == 2'd0 || (leaves && unsent == 2'd1);

    always @(posedge clk) begin
        if (rst)
            unsent <= 2'd0;
        else if (enable && done)
            unsent <= 2'd2;
        else if (leaves)
            unsent <= unsent - 2'd1;
    end

    always @(posedge clk)
        if (enable && done)
            leaving <= totals;

    wire [14:0] next_sum;

    genvar sum_bit;
    generate
        for (sum_bit = 0; sum_bit < 15; sum_bit = sum_bit + 1) begin : gen_next_sum
            wire [1:0] candidates = {leaving[15 + sum_bit], leaving[0 + sum_bit]};

            assign next_sum[sum_bit] = candidates[unsent[0:0]];
        end
    endgenerate

    reg raw_valid, biased_valid;
    reg [14:0] raw, biased;
    reg [14:0] bias;
    reg [1:0] channel;

    always @(posedge clk) begin
        if (rst) begin
            raw_valid    <= 1'b0;
            biased_valid <= 1'b0;
        end else if (output_enable) begin
            raw_valid    <= leaves;
            biased_valid <= raw_valid;
        end
    end

    always @(posedge clk) begin
        if (rst)
            channel <= 2'd0;
        else if (leaves)
            channel <= channel == 2'd3 ? 2'd0 : channel + 2'd1;
    end

    always @(posedge clk)
        if (output_enable) begin
            raw    <= next_sum;
            bias   <= biases[channel];
            biased <= raw + bias;
        end

    wire signed [14:0] acc = $signed(biased);
    wire signed [7:0] code;

    dense_16x4_requantizer requantizer (
        .clk      (clk),
        .rst      (rst),
        .en       (output_enable),
        .valid_in (biased_valid),
        .acc      (acc),
        .valid_out(m_axis_tvalid),
        .out      (code)
    );

    assign m_axis_tdata = code[7:0];

    reg [1:0] beat;

    always @(posedge clk) begin
        if (rst)
            beat <= 2'd0;
        else if (m_axis_tvalid && m_axis_tready)
            beat <= m_axis_tlast ? 2'd0 : beat + 2'd1;
    end

    assign m_axis_tlast = beat == 2'd3;
endmodule

// dense_16x4_requantizer: accumulator to output codes under a named rounding rule.
// (R2) v = SRDHM(acc * 2^max(shift,0), multiplier), (v + 2^(r-1)) >> r with r = max(-shift,0), +
//     zero_point, clamped.
// Latency: 3 clock cycles with en = 1; one result per cycle.
// Architecture: adders. The 255 thresholds of the rule are those of floor((acc * 13107 + offset) /
//     2^18).

module dense_16x4_requantizer (
    input  wire               clk,       // acts on the rising edge
    input  wire               rst,       // synchronous, drops what is on its way, wins over en
    input  wire               en,        // holds every register when 0
    input  wire               valid_in,  // the inputs count
    input  wire signed [14:0] acc,       // accumulator
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
    wire [12:0] window = acc[12:0];
    wire segment = acc[14];
    wire outside = (|acc[14:12]) & ~(&acc[14:12]);

    (* keep *) wire [14:1] sum_1;
    assign sum_1 = {window, 1'b0} - {{2{window[12]}}, window[12:1]};

    reg [14:1] sum_1_1;
    reg segment_1;
    reg outside_1;

    always @(posedge clk) begin
        if (en) begin
            sum_1_1 <= sum_1;
            segment_1 <= segment;
            outside_1 <= outside;
        end
    end

    (* keep *) wire [18:5] sum_2;
    assign sum_2 = {{4{sum_1_1[14]}}, sum_1_1[14:5]} + sum_1_1;

    (* keep *) wire [26:13] product;
    assign product = sum_2 + {{segment_1, segment_1, segment_1, segment_1, segment_1, segment_1,
        segment_1, segment_1, segment_1}, sum_2[17:13]};

    reg [26:13] product_2;
    reg segment_2;
    reg outside_2;

    always @(posedge clk) begin
        if (en) begin
            product_2 <= product;
            segment_2 <= segment_1;
            outside_2 <= outside_1;
        end
    end

    wire [26:13] line = product_2 + {1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b1, 1'b0, 1'b1, 1'b1,
        1'b0, 1'b0, 1'b0, 1'b1};

    wire fits = ~outside_2 & ((&line[26:25]) | ~(|line[26:25]));

    always @(posedge clk)
        if (en)
            out <= $signed(fits ? line[25:18] : {segment_2, {7{~segment_2}}});

    // The bits below the rounding position have no part in the result.
    wire unused = &{1'b0, line[17:13]};
endmodule

`default_nettype wire
