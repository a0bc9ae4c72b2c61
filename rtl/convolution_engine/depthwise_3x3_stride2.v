// SPDX-License-Identifier: 0BSD
// depthwise_3x3_stride2: convolution, dense or depthwise layer of int8 codes, stream to stream.
// 7 x 5 x 4 codes in, 4 x 3 x 4 codes out; window 3 x 3.
// Multipliers: 2. Clock cycles of a frame: 216. Accumulators: 18 bits.
// Memory: 36 bytes of weights, 100 bytes of rows.
//
// Made by qrtl 0.1.0 with: qrtl generate convolution_engine --preset depthwise_3x3_stride2
// Config digest: dd91bc8cd64b1279

`default_nettype none

module depthwise_3x3_stride2 (
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

    // A ring of 5 rows; those of all frames follow each other. No code that counts is read while it
    //     is written.
    (* no_rw_check *)
    reg [15:0] line [0:49];
    reg [5:0] write_address;
    reg [3:0] write_column;
    reg write_lane;
    reg [7:0] partial; // codes of a word that is not complete
    wire enable; // whether a step may be made
    reg signed [5:0] vacant;  // rows that can still be written, less one
    reg signed [5:0] surplus; // complete rows beyond those that the window needs

    assign s_axis_tready = vacant >= 6'sd0;

    wire accepts = s_axis_tvalid && s_axis_tready;
    wire [15:0] word_in = {s_axis_tdata, partial};
    wire word_written = accepts && write_lane == 1'd1;
    wire row_written = word_written && write_column == 4'd9;

    always @(posedge clk)
        if (word_written)
            line[write_address] <= word_in;

    // The walk of the window, from the innermost loop to the outermost.
    reg [1:0] kernel_column;
    reg [1:0] kernel_row;
    reg group;
    reg [1:0] column;
    reg [1:0] row;
    wire kernel_column_end = kernel_column == 2'd2;
    wire kernel_row_end = kernel_column_end && kernel_row == 2'd2;
    wire group_end = kernel_row_end && group == 1'd1;
    wire column_end = group_end && column == 2'd2;
    wire row_end = column_end && row == 2'd3;
    reg [5:0] pixel;
    reg [5:0] offset;
    reg [5:0] window;
    reg [5:0] tap_base;
    reg signed [4:0] left;
    reg signed [4:0] tap_column;
    reg signed [5:0] top;
    reg signed [5:0] tap_row;
    reg signed [5:0] row_end_rows; // added to surplus at the end of the row of outputs
    wire step = enable && surplus >= 6'sd0;
    wire row_ends = step && column_end;
    wire signed [5:0] vacated = row_ends ? (row_end ? 6'sd1 : 6'sd2) : 6'sd0;
    wire signed [5:0] surplus_change = row_ends ?
        (row_written ? row_end_rows + 6'sd1 : row_end_rows) :
        (row_written ? 6'sd1 : 6'sd0);

    always @(posedge clk) begin
        if (rst) begin
            vacant        <= 6'sd3;
            surplus       <= -6'sd2;
            row_end_rows  <= -6'sd2;
            write_address <= 6'd0;
            write_column  <= 4'd0;
            write_lane    <= 1'd0;
        end else begin
            vacant  <= vacant + vacated - (row_written ? 6'sd1 : 6'sd0);
            surplus <= surplus + surplus_change;
            if (row_ends)
                row_end_rows <= row == 2'd0 ? -6'sd2 : row == 2'd2 ? -6'sd2 : row == 2'd3 ? -6'sd2 :
                    -6'sd1;
            if (accepts)
                write_lane <= word_written ? 1'd0 : write_lane + 1'd1;
            if (word_written) begin
                write_address <= write_address == 6'd49 ? 6'd0 : write_address + 6'd1;
                write_column  <= row_written ? 4'd0 : write_column + 4'd1;
            end
        end
    end

    always @(posedge clk)
        if (accepts)
            partial <= word_in[15:8];

    always @(posedge clk) begin
        if (rst) begin
            kernel_column <= 2'd0;
            kernel_row <= 2'd0;
            group <= 1'd0;
            column <= 2'd0;
            row <= 2'd0;
            pixel <= 6'd62;
            offset <= 6'd62;
            window <= 6'd40;
            tap_base <= 6'd40;
            left <= -5'sd1;
            tap_column <= -5'sd1;
            top <= -6'sd1;
            tap_row <= -6'sd1;
        end else if (step) begin
            kernel_column <= kernel_column_end ? 2'd0 : kernel_column + 2'd1;
            if (kernel_column_end)
                kernel_row <= kernel_row_end ? 2'd0 : kernel_row + 2'd1;
            if (kernel_row_end)
                group <= group_end ? 1'd0 : group + 1'd1;
            if (group_end)
                column <= column_end ? 2'd0 : column + 2'd1;
            if (column_end)
                row <= row_end ? 2'd0 : row + 2'd1;
            pixel <= column_end ? 6'd62 : group_end ? pixel + 6'd3 : kernel_row_end ? pixel + 6'd1 :
                pixel;
            offset <= column_end ? 6'd62 : group_end ? pixel + 6'd3 : kernel_row_end ? pixel +
                6'd1 : kernel_column_end ? pixel : offset + 6'd2;
            window <= column_end ? (row_end ? (window < 6'd40 ? window + 6'd10 : window + 6'd24) :
                (window < 6'd30 ? window + 6'd20 : window + 6'd34)) : window;
            tap_base <= column_end ? (row_end ? (window < 6'd40 ? window + 6'd10 : window + 6'd24) :
                (window < 6'd30 ? window + 6'd20 : window + 6'd34)) : kernel_row_end ? window :
                kernel_column_end ? (tap_base < 6'd40 ? tap_base + 6'd10 : tap_base + 6'd24) :
                tap_base;
            left <= column_end ? -5'sd1 : group_end ? left + 5'sd2 : left;
            tap_column <= column_end ? -5'sd1 : group_end ? left + 5'sd2 : kernel_column_end ?
                left : tap_column + 5'sd1;
            top <= column_end ? ((row_end ? -6'sd1 : top + 6'sd2)) : top;
            tap_row <= column_end ? (row_end ? -6'sd1 : top + 6'sd2) : kernel_row_end ? top :
                kernel_column_end ? tap_row + 6'sd1 : tap_row;
        end
    end

    // Weights of each step of an output pixel.
    reg [15:0] weights [0:17];

    initial begin
        weights[0] = 16'hff0c;
        weights[1] = 16'h02f9;
        weights[2] = 16'hfd7f;
        weights[3] = 16'h0480;
        weights[4] = 16'hfb05;
        weights[5] = 16'h0621;
        weights[6] = 16'hf9a6;
        weights[7] = 16'h0840;
        weights[8] = 16'hf701;
        weights[9] = 16'h0064;
        weights[10] = 16'h005a;
        weights[11] = 16'h0150;
        weights[12] = 16'h0046;
        weights[13] = 16'h803c;
        weights[14] = 16'h0032;
        weights[15] = 16'h0128;
        weights[16] = 16'h001e;
        weights[17] = 16'h0014;
    end

    // Bias of each output channel.
    reg [17:0] biases [0:3];

    initial begin
        biases[0] = 18'h001a3;
        biases[1] = 18'h3ffc9;
        biases[2] = 18'h37284;
        biases[3] = 18'h3fc95;
    end

    // A step reads codes and weights, which get a register of their own, as memories are slow;
    // products and their sums follow, and are added up. All wait while earlier sums are leaving.
    reg [2:0] valid; // one bit a register
    reg [2:0] last;
    reg  read_outside;
    reg [15:0] codes, operands;
    reg [15:0] read_factors, factors;
    reg [4:0] weight_address;

    always @(posedge clk) begin
        if (rst)
            valid <= 3'd0;
        else if (enable)
            valid <= {valid[1:0], step};
    end

    always @(posedge clk) begin
        if (rst)
            weight_address <= 5'd0;
        else if (step)
            weight_address <= group_end ? 5'd0 : weight_address + 5'd1;
    end

    always @(posedge clk)
        if (enable) begin
            codes        <= line[tap_base + offset];
            read_factors <= weights[weight_address];
            factors      <= read_factors;
            read_outside <= tap_column < 5'sd0 || tap_column >= 5'sd5 || tap_row < 6'sd0 ||
                tap_row >= 6'sd7;
            operands     <= read_outside ? {2{8'hf9}} : codes;
            last         <= {last[1:0], kernel_row_end};
        end

    reg [31:0] products;

    always @(posedge clk) begin : multiply
        integer index, term;
        reg signed [15:0] product;
        if (enable)
            for (index = 0; index < 2; index = index + 1)
                for (term = 0; term < 1; term = term + 1) begin
                    product = $signed(operands[8*index +: 8])
                        * $signed(factors[8*(1*index + term) +: 8]);
                    products[16*(1*index + term) +: 16] <= product[15:0];
                end
    end

    wire [35:0] totals;
    reg [35:0] accs;

    genvar output_index;
    generate
        for (output_index = 0; output_index < 2; output_index = output_index + 1) begin : gen_totals
            assign totals[18*output_index +: 18] =
                accs[18*output_index +: 18] + {{2{products[16*output_index + 15]}},
                    products[16*output_index +: 16]};
        end
    endgenerate

    // The steps of an output pixel follow each other: a gap lies between two pixels.
    always @(posedge clk)
        if (enable) begin
            if (!valid[2] || last[2])
                accs <= 36'd0;
            else
                accs <= totals;
        end

    // Sums leave one by one: they get their bias, then their code.
    reg [1:0] unsent;
    reg [35:0] leaving;
    wire done = valid[2] && last[2];
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

    wire [17:0] next_sum;

    genvar sum_bit;
    generate
        for (sum_bit = 0; sum_bit < 18; sum_bit = sum_bit + 1) begin : gen_next_sum
            wire [1:0] candidates = {leaving[18 + sum_bit], leaving[0 + sum_bit]};

            assign next_sum[sum_bit] = candidates[unsent[0:0]];
        end
    endgenerate

    reg raw_valid, biased_valid;
    reg [17:0] raw, biased;
    reg [17:0] bias;
    reg [1:0] channel;
    reg [1:0] raw_channel, biased_channel;

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
            raw_channel    <= channel;
            biased_channel <= raw_channel;
        end

    wire signed [17:0] acc = $signed(biased);
    wire signed [7:0] code;

    depthwise_3x3_stride2_requantizer requantizer (
        .clk      (clk),
        .rst      (rst),
        .en       (output_enable),
        .valid_in (biased_valid),
        .acc      (acc),
        .channel  (biased_channel),
        .valid_out(m_axis_tvalid),
        .out      (code)
    );

    assign m_axis_tdata = code[7:0];

    reg [5:0] beat;

    always @(posedge clk) begin
        if (rst)
            beat <= 6'd0;
        else if (m_axis_tvalid && m_axis_tready)
            beat <= m_axis_tlast ? 6'd0 : beat + 6'd1;
    end

    assign m_axis_tlast = beat == 6'd47;
endmodule

// depthwise_3x3_stride2_requantizer: accumulator to output codes under a named rounding rule.
// (R1) RDBPOT(SRDHM(acc * 2^max(shift,0), multiplier), max(-shift,0)) + zero_point, clamped.
// Latency: 6 clock cycles with en = 1; one result per cycle.
// Architecture: short_multiplier of 14 bits by channel, as inferred, with the thresholds of the
//     rule.

module depthwise_3x3_stride2_requantizer (
    input  wire               clk,       // acts on the rising edge
    input  wire               rst,       // synchronous, drops what is on its way, wins over en
    input  wire               en,        // holds every register when 0
    input  wire               valid_in,  // the inputs count
    input  wire signed [17:0] acc,       // accumulator
    input  wire [1:0]         channel,   // channel of acc
    output wire               valid_out, // the outputs count
    output reg  signed [7:0]  out        // output code
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

    // By channel; past the end, the last.
    function automatic [2:0] shift_of(input reg [1:0] index);
        case (index)
            2'd0: shift_of = 3'd1;
            2'd1: shift_of = 3'd5;
            2'd2: shift_of = 3'd0;
            default: shift_of = 3'd2;
        endcase
    endfunction

    wire [2:0] shift = shift_of(channel);

    // By channel; past the end, the last.
    function automatic [13:0] multiplier_of(input reg [1:0] index);
        case (index)
            2'd0: multiplier_of = 14'd9041;
            2'd1: multiplier_of = 14'd7782;
            2'd2: multiplier_of = 14'd8192;
            default: multiplier_of = 14'd11469;
        endcase
    endfunction

    wire [13:0] multiplier = multiplier_of(channel);

    // By channel; past the end, the last.
    function automatic signed [17:0] offset_of(input reg [2:0] index);
        case (index)
            3'd0: offset_of = 18'sd90239;
            3'd1: offset_of = 18'sd98304;
            3'd2: offset_of = 18'sd91232;
            3'd3: offset_of = 18'sd98304;
            3'd4: offset_of = 18'sd90176;
            3'd5: offset_of = 18'sd98304;
            3'd6: offset_of = 18'sd90368;
            default: offset_of = 18'sd98304;
        endcase
    endfunction

    wire signed [17:0] offset = offset_of({channel, acc[17]});
    wire below_zero = acc[17];
    wire signed [15:0] aligned = $signed(acc[15:0] << shift);
    wire outside = (((|acc[17:15]) & ~(&acc[17:15])) | ((shift >= 3'd1) & (acc[14] ^ acc[17])) |
        ((shift >= 3'd2) & (acc[13] ^ acc[17])) | ((shift >= 3'd3) & (acc[12] ^ acc[17])) |
        ((shift >= 3'd4) & (acc[11] ^ acc[17])) | ((shift >= 3'd5) & (acc[10] ^ acc[17])));

    reg [17:0] offset_1;
    reg below_zero_1;
    reg outside_1;

    always @(posedge clk) begin
        if (en) begin
            offset_1 <= offset[17:0];
            below_zero_1 <= below_zero;
            outside_1 <= outside;
        end
    end

    reg signed [15:0] aligned_1;
    reg [13:0] multiplier_1;

    always @(posedge clk) begin
        if (en) begin
            aligned_1 <= aligned;
            multiplier_1 <= multiplier;
        end
    end

    reg signed [15:0] aligned_2;
    reg [13:0] multiplier_2;

    always @(posedge clk) begin
        if (en) begin
            aligned_2 <= aligned_1;
            multiplier_2 <= multiplier_1;
        end
    end

    reg signed [15:0] aligned_3;
    reg [13:0] multiplier_3;

    always @(posedge clk) begin
        if (en) begin
            aligned_3 <= aligned_2;
            multiplier_3 <= multiplier_2;
        end
    end

    wire signed [29:0] whole = aligned_3 * $signed({1'd0, multiplier_3});

    reg [17:0] offset_2;
    reg below_zero_2;
    reg outside_2;

    always @(posedge clk) begin
        if (en) begin
            offset_2 <= offset_1;
            below_zero_2 <= below_zero_1;
            outside_2 <= outside_1;
        end
    end

    reg [17:0] offset_3;
    reg below_zero_3;
    reg outside_3;

    always @(posedge clk) begin
        if (en) begin
            offset_3 <= offset_2;
            below_zero_3 <= below_zero_2;
            outside_3 <= outside_2;
        end
    end

    reg [17:0] offset_4;
    reg below_zero_4;
    reg outside_4;
    reg [29:7] whole_4;

    always @(posedge clk) begin
        if (en) begin
            offset_4 <= offset_3;
            below_zero_4 <= below_zero_3;
            outside_4 <= outside_3;
            whole_4 <= whole[29:7];
        end
    end

    wire [29:7] line = whole_4 + {{5{offset_4[17]}}, offset_4};

    reg [29:7] line_5;
    reg below_zero_5;
    reg outside_5;

    always @(posedge clk) begin
        if (en) begin
            line_5 <= line;
            below_zero_5 <= below_zero_4;
            outside_5 <= outside_4;
        end
    end

    wire signed [8:0] level = $signed(line_5[29:21]);
    wire is_below = outside_5 ? below_zero_5 : (level < 9'sd5);
    wire is_above = outside_5 ? ~below_zero_5 : (level > 9'sd127);

    always @(posedge clk)
        if (en)
            out <= $signed(is_below ? 8'd5 : is_above ? 8'd127 : line_5[28:21]);

    // The bits below the rounding position have no part in the result.
    wire unused = &{1'b0, line_5[20:7], whole[6:0]};
endmodule

`default_nettype wire
