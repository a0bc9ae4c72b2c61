// SPDX-License-Identifier: 0BSD
// average_pool_4x4: average or max pool of int8 codes, stream to stream.
// 8 x 8 x 4 codes in, 2 x 2 x 4 codes out; window 4 x 4.
// average = (sum + (sum < 0 ? 7 : 8)) >> 4: half away from zero.
// Channels at once: 2. Clock cycles of a frame: 256. Memory: 256 bytes of rows.
//
// Made by qrtl 0.1.0 with: qrtl generate pool_engine --preset average_pool_4x4
// Config digest: 3360b3089b96335e

`default_nettype none

module average_pool_4x4 (
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

    // A ring of 8 rows; those of all frames follow each other. No code that counts is read while it
    //     is written.
    (* no_rw_check *)
    reg [15:0] line [0:127];
    reg [6:0] write_address;
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
    wire row_written = word_written && write_column == 4'd15;

    always @(posedge clk)
        if (word_written)
            line[write_address] <= word_in;

    // The walk of the window, from the innermost loop to the outermost.
    reg [1:0] kernel_column;
    reg [1:0] kernel_row;
    reg group;
    reg column;
    reg row;
    wire kernel_column_end = kernel_column == 2'd3;
    wire kernel_row_end = kernel_column_end && kernel_row == 2'd3;
    wire group_end = kernel_row_end && group == 1'd1;
    wire column_end = group_end && column == 1'd1;
    wire row_end = column_end && row == 1'd1;
    reg [6:0] pixel;
    reg [6:0] offset;
    reg [6:0] window;
    reg [6:0] tap_base;
    wire step = enable && surplus >= 6'sd0;
    wire row_ends = step && column_end;
    wire signed [5:0] vacated = row_ends ? 6'sd4 : 6'sd0;
    wire signed [5:0] surplus_change = row_ends ?
        (row_written ? -6'sd3 : -6'sd4) :
        (row_written ? 6'sd1 : 6'sd0);

    always @(posedge clk) begin
        if (rst) begin
            vacant        <= 6'sd7;
            surplus       <= -6'sd4;
            write_address <= 7'd0;
            write_column  <= 4'd0;
            write_lane    <= 1'd0;
        end else begin
            vacant  <= vacant + vacated - (row_written ? 6'sd1 : 6'sd0);
            surplus <= surplus + surplus_change;
            if (accepts)
                write_lane <= word_written ? 1'd0 : write_lane + 1'd1;
            if (word_written) begin
                write_address <= write_address == 7'd127 ? 7'd0 : write_address + 7'd1;
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
            column <= 1'd0;
            row <= 1'd0;
            pixel <= 7'd0;
            offset <= 7'd0;
            window <= 7'd0;
            tap_base <= 7'd0;
        end else if (step) begin
            kernel_column <= kernel_column_end ? 2'd0 : kernel_column + 2'd1;
            if (kernel_column_end)
                kernel_row <= kernel_row_end ? 2'd0 : kernel_row + 2'd1;
            if (kernel_row_end)
                group <= group_end ? 1'd0 : group + 1'd1;
            if (group_end)
                column <= column_end ? 1'd0 : column + 1'd1;
            if (column_end)
                row <= row_end ? 1'd0 : row + 1'd1;
            pixel <= column_end ? 7'd0 : group_end ? pixel + 7'd7 : kernel_row_end ? pixel + 7'd1 :
                pixel;
            offset <= column_end ? 7'd0 : group_end ? pixel + 7'd7 : kernel_row_end ? pixel + 7'd1 :
                kernel_column_end ? pixel : offset + 7'd2;
            window <= column_end ? (window + 7'd64) : window;
            tap_base <= column_end ? (window + 7'd64) : kernel_row_end ? window :
                kernel_column_end ? tap_base + 7'd16 : tap_base;
        end
    end

    // A step reads codes, which get a register of their own, as memories are slow; accumulators
    // follow. All wait while earlier results are leaving.
    reg  read_valid, operand_valid;
    reg  read_last, operand_last;
    reg [15:0] codes, operands;

    always @(posedge clk) begin
        if (rst) begin
            read_valid    <= 1'b0;
            operand_valid <= 1'b0;
        end else if (enable) begin
            read_valid    <= step;
            operand_valid <= read_valid;
        end
    end

    always @(posedge clk)
        if (enable) begin
            codes        <= line[tap_base + offset];
            operands     <= codes;
            read_last    <= kernel_row_end;
            operand_last <= read_last;
        end

    wire [23:0] totals;
    reg [23:0] accs;

    genvar output_index;
    generate
        for (output_index = 0; output_index < 2; output_index = output_index + 1) begin : gen_totals
            assign totals[12*output_index +: 12] =
                accs[12*output_index +: 12] + {{4{operands[8*output_index + 7]}},
                    operands[8*output_index +: 8]};
        end
    endgenerate

    // The steps of a window follow each other: a gap lies between two windows.
    always @(posedge clk)
        if (enable) begin
            if (!operand_valid || operand_last)
                accs <= 24'd0;
            else
                accs <= totals;
        end

    // Results leave one by one.
    reg [1:0] unsent;
    reg [23:0] leaving;
    wire done = operand_valid && operand_last;
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

    wire [11:0] next_sum;

    genvar sum_bit;
    generate
        for (sum_bit = 0; sum_bit < 12; sum_bit = sum_bit + 1) begin : gen_next_sum
            wire [1:0] candidates = {leaving[12 + sum_bit], leaving[0 + sum_bit]};

            assign next_sum[sum_bit] = candidates[unsent[0:0]];
        end
    endgenerate

    // A sum over the number of taps, half away from zero.
    wire [11:0] rounded = next_sum[11:0] + (next_sum[11] ? 12'd7 : 12'd8);
    wire [7:0] unclamped = rounded[11:4];
    reg code_valid;
    reg [7:0] code;

    always @(posedge clk) begin
        if (rst)
            code_valid <= 1'b0;
        else if (output_enable)
            code_valid <= leaves;
    end

    always @(posedge clk)
        if (output_enable)
            code <= unclamped;

    assign m_axis_tdata  = code;
    assign m_axis_tvalid = code_valid;

    wire unused = &{1'b0, rounded[3:0]};

    reg [3:0] beat;

    always @(posedge clk) begin
        if (rst)
            beat <= 4'd0;
        else if (m_axis_tvalid && m_axis_tready)
            beat <= m_axis_tlast ? 4'd0 : beat + 4'd1;
    end

    assign m_axis_tlast = beat == 4'd15;
endmodule

`default_nettype wire
