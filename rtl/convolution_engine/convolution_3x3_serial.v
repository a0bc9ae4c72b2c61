// SPDX-License-Identifier: 0BSD
// convolution_3x3_serial: convolution, dense or depthwise layer of int8 codes, stream to stream.
// 6 x 5 x 4 codes in, 6 x 5 x 8 codes out; window 3 x 3.
// Multipliers: 4. Clock cycles of a frame: 2160. Accumulators: 20 bits.
// Memory: 288 bytes of weights, 80 bytes of rows.
//
// Made by qrtl 0.1.0 with: qrtl generate convolution_engine --preset convolution_3x3_serial
// Config digest: df4cfa031bbbd903

`default_nettype none

module convolution_3x3_serial (
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
    reg [1:0] group;
    reg [2:0] column;
    reg [2:0] row;
    wire word_end = word == 1'd1;
    wire kernel_column_end = word_end && kernel_column == 2'd2;
    wire kernel_row_end = kernel_column_end && kernel_row == 2'd2;
    wire group_end = kernel_row_end && group == 2'd3;
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
            group <= 2'd0;
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
                group <= group_end ? 2'd0 : group + 2'd1;
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
    reg [31:0] weights [0:71];

    initial begin
        weights[0] = 32'haf4c02ec;
        weights[1] = 32'hce84e225;
        weights[2] = 32'h23b9004b;
        weights[3] = 32'hdb7c900d;
        weights[4] = 32'hc914b256;
        weights[5] = 32'h0faf093e;
        weights[6] = 32'hae83d148;
        weights[7] = 32'hc9f53fbe;
        weights[8] = 32'h802212ec;
        weights[9] = 32'h7918b41f;
        weights[10] = 32'h6fdb7a5d;
        weights[11] = 32'h92561f0c;
        weights[12] = 32'h22c849e3;
        weights[13] = 32'h57bc8e16;
        weights[14] = 32'h96286376;
        weights[15] = 32'hb90823c8;
        weights[16] = 32'h9f690cd2;
        weights[17] = 32'hb500bf0a;
        weights[18] = 32'hcad17ad8;
        weights[19] = 32'h5bb37649;
        weights[20] = 32'h663fdd89;
        weights[21] = 32'hedc7121c;
        weights[22] = 32'h6ade99f9;
        weights[23] = 32'h1e5f93f0;
        weights[24] = 32'ha41ac2a3;
        weights[25] = 32'he832842a;
        weights[26] = 32'h122b0b96;
        weights[27] = 32'h69bb8a2d;
        weights[28] = 32'hdba85b66;
        weights[29] = 32'h165a0531;
        weights[30] = 32'h40135cdd;
        weights[31] = 32'h5b0ff434;
        weights[32] = 32'h6cc3b210;
        weights[33] = 32'he9447e38;
        weights[34] = 32'hc51f26b8;
        weights[35] = 32'h8cdfcbe8;
        weights[36] = 32'hb9869e09;
        weights[37] = 32'h01fb9811;
        weights[38] = 32'hf873f833;
        weights[39] = 32'ha084cb45;
        weights[40] = 32'hc265deb1;
        weights[41] = 32'ha0faee72;
        weights[42] = 32'h2004e5b4;
        weights[43] = 32'hcc41bf29;
        weights[44] = 32'h5675a7e1;
        weights[45] = 32'h54e5dce2;
        weights[46] = 32'h2bf529b6;
        weights[47] = 32'hd0efcd65;
        weights[48] = 32'h3f2f4ac2;
        weights[49] = 32'h798a28dd;
        weights[50] = 32'h0bad87fe;
        weights[51] = 32'h6bc5bf30;
        weights[52] = 32'h393ff64b;
        weights[53] = 32'h7adaf228;
        weights[54] = 32'h8042c79a;
        weights[55] = 32'hc3849766;
        weights[56] = 32'h46a379d6;
        weights[57] = 32'hd3f06241;
        weights[58] = 32'he572ce52;
        weights[59] = 32'hdb6c3a42;
        weights[60] = 32'h7d4b9c87;
        weights[61] = 32'h6aea7800;
        weights[62] = 32'h6bc71626;
        weights[63] = 32'h8fb43e95;
        weights[64] = 32'hcec695bb;
        weights[65] = 32'h0f0a56c8;
        weights[66] = 32'h22a4d562;
        weights[67] = 32'h0fb275e0;
        weights[68] = 32'h9746804f;
        weights[69] = 32'h64e85aaf;
        weights[70] = 32'he77fca27;
        weights[71] = 32'h3143de1d;
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
    reg [31:0] read_factors, factors;
    reg [6:0] weight_address;

    always @(posedge clk) begin
        if (rst)
            valid <= 4'd0;
        else if (enable)
            valid <= {valid[2:0], step};
    end

    always @(posedge clk) begin
        if (rst)
            weight_address <= 7'd0;
        else if (step)
            weight_address <= group_end ? 7'd0 : weight_address + 7'd1;
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

    reg [63:0] products;

    always @(posedge clk) begin : multiply
        integer index, term;
        reg signed [15:0] product;
        if (enable)
            for (index = 0; index < 2; index = index + 1)
                for (term = 0; term < 2; term = term + 1) begin
                    product = $signed(operands[8*term +: 8])
                        * $signed(factors[8*(2*index + term) +: 8]);
                    products[16*(2*index + term) +: 16] <= product[15:0];
                end
    end

    reg [33:0] sums_1;

    always @(posedge clk) begin : add_sums_1
        integer index;
        if (enable)
            for (index = 0; index < 2; index = index + 1) begin
                sums_1[17*index +: 17] <=
                    {products[16*(2*index) + 15], products[16*(2*index) +: 16]} +
                    {products[16*(2*index + 1) + 15], products[16*(2*index + 1) +: 16]};
            end
    end

    wire [39:0] totals;
    reg [39:0] accs;

    genvar output_index;
    generate
        for (output_index = 0; output_index < 2; output_index = output_index + 1) begin : gen_totals
            assign totals[20*output_index +: 20] =
                accs[20*output_index +: 20] + {{3{sums_1[17*output_index + 16]}},
                    sums_1[17*output_index +: 17]};
        end
    endgenerate

    // The steps of an output pixel follow each other: a gap lies between two pixels.
    always @(posedge clk)
        if (enable) begin
            if (!valid[3] || last[3])
                accs <= 40'd0;
            else
                accs <= totals;
        end

    // A code takes several cycles, and leaves before the next is begun. Sums move up in that time,
    //     so
    // that no path leads from tready to enable.
    reg  raw_valid, biased_valid;
    wire busy;
    wire start = biased_valid && !busy && (!m_axis_tvalid || m_axis_tready);

    // Sums leave one by one: they get their bias, then their code.
    reg [1:0] unsent;
    reg [39:0] leaving;
    wire done = valid[3] && last[3];
    wire output_enable = !biased_valid;
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

    wire [19:0] next_sum;

    genvar sum_bit;
    generate
        for (sum_bit = 0; sum_bit < 20; sum_bit = sum_bit + 1) begin : gen_next_sum
            wire [1:0] candidates = {leaving[20 + sum_bit], leaving[0 + sum_bit]};

            assign next_sum[sum_bit] = candidates[unsent[0:0]];
        end
    endgenerate

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
        end else if (start) begin
            biased_valid <= 1'b0;
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
    wire done_code;
    reg  waits; // a code that has not left

    convolution_3x3_serial_requantizer requantizer (
        .clk    (clk),
        .rst    (rst),
        .start  (start),
        .acc    (acc),
        .channel(biased_channel),
        .busy   (busy),
        .done   (done_code),
        .out    (code)
    );

    always @(posedge clk) begin
        if (rst)
            waits <= 1'b0;
        else
            waits <= m_axis_tvalid && !m_axis_tready;
    end

    assign m_axis_tvalid = done_code || waits;

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

// convolution_3x3_serial_requantizer: accumulator to output codes, one bit a cycle.
// (R1) RDBPOT(SRDHM(acc * 2^max(shift,0), multiplier), max(-shift,0)) + zero_point, clamped.
// Latency: 9 clock cycles; one result at a time.

module convolution_3x3_serial_requantizer (
    input  wire               clk,     // acts on the rising edge
    input  wire               rst,     // synchronous, drops what is on its way
    input  wire               start,   // takes the inputs in, unless busy
    input  wire signed [19:0] acc,     // accumulator
    input  wire [2:0]         channel, // channel of acc
    output reg                busy,    // a result is on its way
    output reg                done,    // out is new, for one cycle
    output reg  signed [7:0]  out      // output code, holds until the next
);

    // The rest of the accumulator: as a bit of the code is found, its weight is subtracted or
    //     added.
    reg [34:0] rest;
    reg [7:0] digits; // those found so far, behind a one
    reg first;
    reg negative;
    reg outside;
    reg [2:0] own_channel; // of that accumulator
    reg [34:0] weight;

    // By channel: what is subtracted first, and the largest weight; past the end, the last.
    function automatic [34:0] subtrahend_of(input reg [4:0] index);
        case (index)
            5'd0: subtrahend_of = 35'd34357124641;
            5'd1: subtrahend_of = 35'd34357126489;
            5'd2: subtrahend_of = 35'd60807040;
            5'd3: subtrahend_of = 35'd60807040;
            5'd4: subtrahend_of = 35'd34358295425;
            5'd5: subtrahend_of = 35'd34358296705;
            5'd6: subtrahend_of = 35'd33553536;
            5'd7: subtrahend_of = 35'd33553536;
            5'd8: subtrahend_of = 35'd34356854825;
            5'd9: subtrahend_of = 35'd34356854825;
            5'd10: subtrahend_of = 35'd67107968;
            5'd11: subtrahend_of = 35'd67107968;
            5'd12: subtrahend_of = 35'd34357519521;
            5'd13: subtrahend_of = 35'd34357520945;
            5'd14: subtrahend_of = 35'd51622144;
            5'd15: subtrahend_of = 35'd51622144;
            5'd16: subtrahend_of = 35'd34358936897;
            5'd17: subtrahend_of = 35'd34358937857;
            5'd18: subtrahend_of = 35'd18641280;
            5'd19: subtrahend_of = 35'd18641280;
            5'd20: subtrahend_of = 35'd34359082049;
            5'd21: subtrahend_of = 35'd34359083969;
            5'd22: subtrahend_of = 35'd15251968;
            5'd23: subtrahend_of = 35'd15251968;
            5'd24: subtrahend_of = 35'd34359733248;
            5'd25: subtrahend_of = 35'd34359733248;
            5'd26: subtrahend_of = 35'd131072;
            5'd27: subtrahend_of = 35'd131072;
            5'd28: subtrahend_of = 35'd34357815297;
            5'd29: subtrahend_of = 35'd34357816353;
            5'd30: subtrahend_of = 35'd44738944;
            default: subtrahend_of = 35'd44738944;
        endcase
    endfunction

    wire [34:0] subtrahend = subtrahend_of(busy ? {own_channel, 2'd2} : {channel, 1'b0, acc[19]});

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

    always @(posedge clk) begin
        weight <= subtrahend;
        if (!busy)
            own_channel <= channel;
    end

    wire below_zero = rest[34];
    wire subtracts = first | ~below_zero;
    wire [34:0] next =
        {rest[33:0], 1'b0} + (subtracts ? ~weight : weight) + {34'd0, subtracts};
    wire [7:0] code_index = {digits[6:0], ~next[34]};

    always @(posedge clk) begin
        if (rst) begin
            busy <= 1'b0;
            done <= 1'b0;
            out  <= 8'd0;
        end else if (!busy) begin
            done <= 1'b0;
            if (start) begin
                busy   <= 1'b1;
                rest   <= is_constant ? 35'd0 : {{8{acc[19]}}, acc[17:0], 9'd0};
                digits <= 8'd1;
                first  <= 1'b1;
                negative <= acc[19];
                outside  <= is_constant ? 1'b0 : (|acc[19:17]) & ~(&acc[19:17]);
            end
        end else begin
            rest   <= next;
            digits <= code_index;
            first  <= 1'b0;
            if (digits[7]) begin
                busy <= 1'b0;
                done <= 1'b1;
                out  <= $signed(outside ? (negative ? 8'd128 : 8'd127) :
                    {~code_index[7], code_index[6:0]});
            end
        end
    end
endmodule

`default_nettype wire
