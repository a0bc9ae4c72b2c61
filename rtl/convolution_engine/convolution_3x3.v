// SPDX-License-Identifier: 0BSD
// convolution_3x3: convolution, dense or depthwise layer of int8 codes, stream to stream.
// 6 x 5 x 4 codes in, 6 x 5 x 8 codes out; window 3 x 3.
// Multipliers: 8. Clock cycles of a frame: 1080. Accumulators: 20 bits.
// Memory: 288 bytes of weights, 80 bytes of rows.
//
// Made by qrtl 0.1.0 with: qrtl generate convolution_engine --preset convolution_3x3
// Config digest: f1b6672f6d554ed2

`default_nettype none

module convolution_3x3 (
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

    // A ring of 4 rows; those of all frames follow each other. No code that counts is read while it
    //     is written.
    (* no_rw_check *)
    reg [15:0] line [0:39];
    reg [5:0] write_address;
    reg [3:0] write_column;
    reg write_lane;
    reg [7:0] partial; // codes of a word that is not complete
    wire enable; // whether a step may be made
    reg signed [4:0] vacant;  // rows that can still be written, less one
    reg signed [4:0] surplus; // complete rows beyond those that the window needs

    assign s_axis_tready = vacant >= 5'sd0;

    wire accepts = s_axis_tvalid && s_axis_tready;
    wire [15:0] word_in = {s_axis_tdata, partial};
    wire word_written = accepts && write_lane == 1'd1;
    wire row_written = word_written && write_column == 4'd9;

    always @(posedge clk)
        if (word_written)
            line[write_address] <= word_in;

    // The walk of the window, from the innermost loop to the outermost.
    reg word;
    reg [1:0] kernel_column;
    reg [1:0] kernel_row;
    reg group;
    reg [2:0] column;
    reg [2:0] row;
    wire word_end = word == 1'd1;
    wire kernel_column_end = word_end && kernel_column == 2'd2;
    wire kernel_row_end = kernel_column_end && kernel_row == 2'd2;
    wire group_end = kernel_row_end && group == 1'd1;
    wire column_end = group_end && column == 3'd4;
    wire row_end = column_end && row == 3'd5;
    reg [5:0] pixel;
    reg [5:0] offset;
    reg [5:0] window;
    reg [5:0] tap_base;
    reg signed [4:0] left;
    reg signed [4:0] tap_column;
    reg signed [4:0] top;
    reg signed [4:0] tap_row;
    reg signed [4:0] row_end_rows; // added to surplus at the end of the row of outputs
    wire step = enable && surplus >= 5'sd0;
    wire row_ends = step && column_end;
    wire signed [4:0] vacated = row_ends ? 5'sd1 : 5'sd0;
    wire signed [4:0] surplus_change = row_ends ?
        (row_written ? row_end_rows + 5'sd1 : row_end_rows) :
        (row_written ? 5'sd1 : 5'sd0);

    always @(posedge clk) begin
        if (rst) begin
            vacant        <= 5'sd2;
            surplus       <= -5'sd2;
            row_end_rows  <= -5'sd1;
            write_address <= 6'd0;
            write_column  <= 4'd0;
            write_lane    <= 1'd0;
        end else begin
            vacant  <= vacant + vacated - (row_written ? 5'sd1 : 5'sd0);
            surplus <= surplus + surplus_change;
            if (row_ends)
                row_end_rows <= row == 3'd3 ? 5'sd0 : row == 3'd4 ? -5'sd2 : -5'sd1;
            if (accepts)
                write_lane <= word_written ? 1'd0 : write_lane + 1'd1;
            if (word_written) begin
                write_address <= write_address == 6'd39 ? 6'd0 : write_address + 6'd1;
                write_column  <= row_written ? 4'd0 : write_column + 4'd1;
            end
        end
    end

    always @(posedge clk)
        if (accepts)
            partial <= word_in[15:8];

    always @(posedge clk) begin
        if (rst) begin
            word <= 1'd0;
            kernel_column <= 2'd0;
            kernel_row <= 2'd0;
            group <= 1'd0;
            column <= 3'd0;
            row <= 3'd0;
            pixel <= 6'd62;
            offset <= 6'd62;
            window <= 6'd30;
            tap_base <= 6'd30;
            left <= -5'sd1;
            tap_column <= -5'sd1;
            top <= -5'sd1;
            tap_row <= -5'sd1;
        end else if (step) begin
            word <= word_end ? 1'd0 : word + 1'd1;
            if (word_end)
                kernel_column <= kernel_column_end ? 2'd0 : kernel_column + 2'd1;
            if (kernel_column_end)
                kernel_row <= kernel_row_end ? 2'd0 : kernel_row + 2'd1;
            if (kernel_row_end)
                group <= group_end ? 1'd0 : group + 1'd1;
            if (group_end)
                column <= column_end ? 3'd0 : column + 3'd1;
            if (column_end)
                row <= row_end ? 3'd0 : row + 3'd1;
            pixel <= column_end ? 6'd62 : group_end ? pixel + 6'd2 : pixel;
            offset <= column_end ? 6'd62 : group_end ? pixel + 6'd2 : kernel_column_end ? pixel :
                offset + 6'd1;
            window <= column_end ? ((window < 6'd30 ? window + 6'd10 : window + 6'd34)) : window;
            tap_base <= column_end ? ((window < 6'd30 ? window + 6'd10 : window + 6'd34)) :
                kernel_row_end ? window : kernel_column_end ?
                (tap_base < 6'd30 ? tap_base + 6'd10 : tap_base + 6'd34) : tap_base;
            left <= column_end ? -5'sd1 : group_end ? left + 5'sd1 : left;
            tap_column <= column_end ? -5'sd1 : group_end ? left + 5'sd1 : kernel_column_end ?
                left : word_end ? tap_column + 5'sd1 : tap_column;
            top <= column_end ? ((row_end ? -5'sd1 : top + 5'sd1)) : top;
            tap_row <= column_end ? (row_end ? -5'sd1 : top + 5'sd1) : kernel_row_end ? top :
                kernel_column_end ? tap_row + 5'sd1 : tap_row;
        end
    end

    // Weights of each step of an output pixel.
    reg [63:0] weights [0:35];

    initial begin
        weights[0] = 64'hcad17ad8af4c02ec;
        weights[1] = 64'h5bb37649ce84e225;
        weights[2] = 64'h663fdd8923b9004b;
        weights[3] = 64'hedc7121cdb7c900d;
        weights[4] = 64'h6ade99f9c914b256;
        weights[5] = 64'h1e5f93f00faf093e;
        weights[6] = 64'ha41ac2a3ae83d148;
        weights[7] = 64'he832842ac9f53fbe;
        weights[8] = 64'h122b0b96802212ec;
        weights[9] = 64'h69bb8a2d7918b41f;
        weights[10] = 64'hdba85b666fdb7a5d;
        weights[11] = 64'h165a053192561f0c;
        weights[12] = 64'h40135cdd22c849e3;
        weights[13] = 64'h5b0ff43457bc8e16;
        weights[14] = 64'h6cc3b21096286376;
        weights[15] = 64'he9447e38b90823c8;
        weights[16] = 64'hc51f26b89f690cd2;
        weights[17] = 64'h8cdfcbe8b500bf0a;
        weights[18] = 64'h8042c79ab9869e09;
        weights[19] = 64'hc384976601fb9811;
        weights[20] = 64'h46a379d6f873f833;
        weights[21] = 64'hd3f06241a084cb45;
        weights[22] = 64'he572ce52c265deb1;
        weights[23] = 64'hdb6c3a42a0faee72;
        weights[24] = 64'h7d4b9c872004e5b4;
        weights[25] = 64'h6aea7800cc41bf29;
        weights[26] = 64'h6bc716265675a7e1;
        weights[27] = 64'h8fb43e9554e5dce2;
        weights[28] = 64'hcec695bb2bf529b6;
        weights[29] = 64'h0f0a56c8d0efcd65;
        weights[30] = 64'h22a4d5623f2f4ac2;
        weights[31] = 64'h0fb275e0798a28dd;
        weights[32] = 64'h9746804f0bad87fe;
        weights[33] = 64'h64e85aaf6bc5bf30;
        weights[34] = 64'he77fca27393ff64b;
        weights[35] = 64'h3143de1d7adaf228;
    end

    // Bias of each output channel.
    reg [19:0] biases [0:7];

    initial begin
        biases[0] = 20'h00730;
        biases[1] = 20'hff397;
        biases[2] = 20'hffcf7;
        biases[3] = 20'h0097d;
        biases[4] = 20'hfe7a6;
        biases[5] = 20'h00568;
        biases[6] = 20'h00828;
        biases[7] = 20'h000bc;
    end

    // A step reads codes and weights, which get a register of their own, as memories are slow;
    // products and their sums follow, and are added up. All wait while earlier sums are leaving.
    reg [3:0] valid; // one bit a register
    reg [3:0] last;
    reg  read_outside;
    reg [15:0] codes, operands;
    reg [63:0] read_factors, factors;
    reg [5:0] weight_address;

    always @(posedge clk) begin
        if (rst)
            valid <= 4'd0;
        else if (enable)
            valid <= {valid[2:0], step};
    end

    always @(posedge clk) begin
        if (rst)
            weight_address <= 6'd0;
        else if (step)
            weight_address <= group_end ? 6'd0 : weight_address + 6'd1;
    end

    always @(posedge clk)
        if (enable) begin
            codes        <= line[tap_base + offset];
            read_factors <= weights[weight_address];
            factors      <= read_factors;
            read_outside <= tap_column < 5'sd0 || tap_column >= 5'sd5 || tap_row < 5'sd0 ||
                tap_row >= 5'sd6;
            operands     <= read_outside ? {2{8'hf9}} : codes;
            last         <= {last[2:0], kernel_row_end};
        end

    reg [127:0] products;

    always @(posedge clk) begin : multiply
        integer index, term;
        reg signed [15:0] product;
        if (enable)
            for (index = 0; index < 4; index = index + 1)
                for (term = 0; term < 2; term = term + 1) begin
                    product = $signed(operands[8*term +: 8])
                        * $signed(factors[8*(2*index + term) +: 8]);
                    products[16*(2*index + term) +: 16] <= product[15:0];
                end
    end

    reg [67:0] sums_1;

    always @(posedge clk) begin : add_sums_1
        integer index;
        if (enable)
            for (index = 0; index < 4; index = index + 1) begin
                sums_1[17*index +: 17] <=
                    {products[16*(2*index) + 15], products[16*(2*index) +: 16]} +
                    {products[16*(2*index + 1) + 15], products[16*(2*index + 1) +: 16]};
            end
    end

    wire [79:0] totals;
    reg [79:0] accs;

    genvar output_index;
    generate
        for (output_index = 0; output_index < 4; output_index = output_index + 1) begin : gen_totals
            assign totals[20*output_index +: 20] =
                accs[20*output_index +: 20] + {{3{sums_1[17*output_index + 16]}},
                    sums_1[17*output_index +: 17]};
        end
    endgenerate

    // The steps of an output pixel follow each other: a gap lies between two pixels.
    always @(posedge clk)
        if (enable) begin
            if (!valid[3] || last[3])
                accs <= 80'd0;
            else
                accs <= totals;
        end

    // Sums leave one by one: they get their bias, then their code.
    reg [2:0] unsent;
    reg [79:0] leaving;
    wire done = valid[3] && last[3];
    wire output_enable = !m_axis_tvalid || m_axis_tready;
    wire leaves = output_enable && unsent != 3'd0;

    assign enable = !done || unsent == 3'd0 || (leaves && unsent == 3'd1);

    always @(posedge clk) begin
        if (rst)
            unsent <= 3'd0;
        else if (enable && done)
            unsent <= 3'd4;
        else if (leaves)
            unsent <= unsent - 3'd1;
    end

    always @(posedge clk)
        if (enable && done)
            leaving <= totals;

    wire [19:0] next_sum;

    genvar sum_bit;
    generate
        for (sum_bit = 0; sum_bit < 20; sum_bit = sum_bit + 1) begin : gen_next_sum
            wire [3:0] candidates = {leaving[20 + sum_bit], leaving[40 + sum_bit],
                leaving[60 + sum_bit], leaving[0 + sum_bit]};

            assign next_sum[sum_bit] = candidates[unsent[1:0]];
        end
    endgenerate

    reg raw_valid, biased_valid;
    reg [19:0] raw, biased;
    reg [19:0] bias;
    reg [2:0] channel;
    reg [2:0] raw_channel, biased_channel;

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
            channel <= 3'd0;
        else if (leaves)
            channel <= channel == 3'd7 ? 3'd0 : channel + 3'd1;
    end

    always @(posedge clk)
        if (output_enable) begin
            raw    <= next_sum;
            bias   <= biases[channel];
            biased <= raw + bias;
            raw_channel    <= channel;
            biased_channel <= raw_channel;
        end

    wire signed [19:0] acc = $signed(biased);
    wire signed [7:0] code;

    convolution_3x3_requantizer requantizer (
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

    reg [7:0] beat;

    always @(posedge clk) begin
        if (rst)
            beat <= 8'd0;
        else if (m_axis_tvalid && m_axis_tready)
            beat <= m_axis_tlast ? 8'd0 : beat + 8'd1;
    end

    assign m_axis_tlast = beat == 8'd239;
endmodule

// convolution_3x3_requantizer: accumulator to output codes under a named rounding rule.
// (R1) RDBPOT(SRDHM(acc * 2^max(shift,0), multiplier), max(-shift,0)) + zero_point, clamped.
// Latency: 6 clock cycles with en = 1; one result per cycle.
// Architecture: short_multiplier of 22 bits by channel, as inferred, with the thresholds of the
//     rule.

module convolution_3x3_requantizer (
    input  wire               clk,       // acts on the rising edge
    input  wire               rst,       // synchronous, drops what is on its way, wins over en
    input  wire               en,        // holds every register when 0
    input  wire               valid_in,  // the inputs count
    input  wire signed [19:0] acc,       // accumulator
    input  wire [2:0]         channel,   // channel of acc
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
    function automatic [1:0] shift_of(input reg [2:0] index);
        case (index)
            3'd0: shift_of = 2'd1;
            3'd1: shift_of = 2'd1;
            3'd2: shift_of = 2'd0;
            3'd3: shift_of = 2'd1;
            3'd4: shift_of = 2'd2;
            3'd5: shift_of = 2'd3;
            3'd6: shift_of = 2'd0;
            default: shift_of = 2'd1;
        endcase
    endfunction

    wire [1:0] shift = shift_of(channel);

    // By channel; past the end, the last.
    function automatic [21:0] multiplier_of(input reg [2:0] index);
        case (index)
            3'd0: multiplier_of = 22'd1157247;
            3'd1: multiplier_of = 22'd2097153;
            3'd2: multiplier_of = 22'd2097153;
            3'd3: multiplier_of = 22'd1363147;
            3'd4: multiplier_of = 22'd1887426;
            3'd5: multiplier_of = 22'd1153434;
            3'd6: multiplier_of = 22'd0;
            default: multiplier_of = 22'd1572864;
        endcase
    endfunction

    wire [21:0] multiplier = multiplier_of(channel);

    // By channel; past the end, the last.
    function automatic is_constant_of(input reg [2:0] index);
        case (index)
            3'd0: is_constant_of = 1'd0;
            3'd1: is_constant_of = 1'd0;
            3'd2: is_constant_of = 1'd0;
            3'd3: is_constant_of = 1'd0;
            3'd4: is_constant_of = 1'd0;
            3'd5: is_constant_of = 1'd0;
            3'd6: is_constant_of = 1'd1;
            default: is_constant_of = 1'd0;
        endcase
    endfunction

    wire is_constant = is_constant_of(channel);

    // By channel; past the end, the last.
    function automatic signed [18:0] offset_of(input reg [3:0] index);
        case (index)
            4'd0: offset_of = 19'sd180287;
            4'd1: offset_of = 19'sd180161;
            4'd2: offset_of = 19'sd180352;
            4'd3: offset_of = 19'sd180224;
            4'd4: offset_of = 19'sd180224;
            4'd5: offset_of = 19'sd180224;
            4'd6: offset_of = 19'sd180288;
            4'd7: offset_of = 19'sd180160;
            4'd8: offset_of = 19'sd180352;
            4'd9: offset_of = 19'sd180096;
            4'd10: offset_of = 19'sd180480;
            4'd11: offset_of = 19'sd179968;
            4'd12: offset_of = 19'sd163840;
            4'd13: offset_of = 19'sd163840;
            4'd14: offset_of = 19'sd180288;
            default: offset_of = 19'sd180160;
        endcase
    endfunction

    wire signed [18:0] offset = offset_of({channel, acc[19]});
    wire below_zero = acc[19];
    wire signed [17:0] aligned = $signed(acc[17:0] << shift);
    wire outside = ~is_constant & (((|acc[19:17]) & ~(&acc[19:17])) |
        ((shift >= 2'd1) & (acc[16] ^ acc[19])) | ((shift >= 2'd2) & (acc[15] ^ acc[19])) |
        ((shift >= 2'd3) & (acc[14] ^ acc[19])));

    reg [18:0] offset_1;
    reg below_zero_1;
    reg outside_1;

    always @(posedge clk) begin
        if (en) begin
            offset_1 <= offset[18:0];
            below_zero_1 <= below_zero;
            outside_1 <= outside;
        end
    end

    reg signed [17:0] aligned_1;
    reg [21:0] multiplier_1;

    always @(posedge clk) begin
        if (en) begin
            aligned_1 <= aligned;
            multiplier_1 <= multiplier;
        end
    end

    reg signed [17:0] aligned_2;
    reg [21:0] multiplier_2;

    always @(posedge clk) begin
        if (en) begin
            aligned_2 <= aligned_1;
            multiplier_2 <= multiplier_1;
        end
    end

    reg signed [17:0] aligned_3;
    reg [21:0] multiplier_3;

    always @(posedge clk) begin
        if (en) begin
            aligned_3 <= aligned_2;
            multiplier_3 <= multiplier_2;
        end
    end

    wire signed [39:0] whole = aligned_3 * $signed({1'd0, multiplier_3});

    reg [18:0] offset_2;
    reg below_zero_2;
    reg outside_2;

    always @(posedge clk) begin
        if (en) begin
            offset_2 <= offset_1;
            below_zero_2 <= below_zero_1;
            outside_2 <= outside_1;
        end
    end

    reg [18:0] offset_3;
    reg below_zero_3;
    reg outside_3;

    always @(posedge clk) begin
        if (en) begin
            offset_3 <= offset_2;
            below_zero_3 <= below_zero_2;
            outside_3 <= outside_2;
        end
    end

    reg [18:0] offset_4;
    reg below_zero_4;
    reg outside_4;
    reg [39:15] whole_4;

    always @(posedge clk) begin
        if (en) begin
            offset_4 <= offset_3;
            below_zero_4 <= below_zero_3;
            outside_4 <= outside_3;
            whole_4 <= whole[39:15];
        end
    end

    wire [39:15] line = whole_4 + {{6{offset_4[18]}}, offset_4};

    reg [39:15] line_5;
    reg below_zero_5;
    reg outside_5;

    always @(posedge clk) begin
        if (en) begin
            line_5 <= line;
            below_zero_5 <= below_zero_4;
            outside_5 <= outside_4;
        end
    end

    wire fits = ~outside_5 & ((&line_5[39:37]) | ~(|line_5[39:37]));

    always @(posedge clk)
        if (en)
            out <= $signed(fits ? line_5[37:30] : {below_zero_5, {7{~below_zero_5}}});

    // The bits below the rounding position have no part in the result.
    wire unused = &{1'b0, line_5[29:15], whole[14:0]};
endmodule

`default_nettype wire
