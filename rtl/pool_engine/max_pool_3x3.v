// SPDX-License-Identifier: 0BSD
// max_pool_3x3: average or max pool of int8 codes, stream to stream.
// 6 x 5 x 4 codes in, 3 x 3 x 4 codes out; window 3 x 3.
// Channels at once: 4. Clock cycles of a frame: 120. Memory: 100 bytes of rows.
//
// Made by qrtl 0.1.0 with: qrtl generate pool_engine --preset max_pool_3x3
// Config digest: 5b980f3f7f20c249

`default_nettype none

module max_pool_3x3 (
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
    reg [31:0] line [0:24];
    reg [4:0] write_address;
    reg [2:0] write_column;
    reg [1:0] write_lane;
    reg [23:0] partial; // codes of a word that is not complete
    wire enable; // whether a step may be made
    reg signed [5:0] vacant;  // rows that can still be written, less one
    reg signed [5:0] surplus; // complete rows beyond those that the window needs

    assign s_axis_tready = vacant >= 6'sd0;

    wire accepts = s_axis_tvalid && s_axis_tready;
    wire [31:0] word_in = {s_axis_tdata, partial};
    wire word_written = accepts && write_lane == 2'd3;
    wire row_written = word_written && write_column == 3'd4;

    always @(posedge clk)
        if (word_written)
            line[write_address] <= word_in;

    // The walk of the window, from the innermost loop to the outermost.
    reg [1:0] kernel_column;
    reg [1:0] kernel_row;
    reg [1:0] column;
    reg [1:0] row;
    wire kernel_column_end = kernel_column == 2'd2;
    wire kernel_row_end = kernel_column_end && kernel_row == 2'd2;
    wire column_end = kernel_row_end && column == 2'd2;
    wire row_end = column_end && row == 2'd2;
    reg [4:0] pixel;
    reg [4:0] offset;
    reg [4:0] window;
    reg [4:0] tap_base;
    reg signed [4:0] left;
    reg signed [4:0] tap_column;
    reg signed [5:0] top;
    reg signed [5:0] tap_row;
    reg signed [5:0] row_end_rows; // added to surplus at the end of the row of outputs
    wire step = enable && surplus >= 6'sd0;
    wire row_ends = step && column_end;
    wire signed [5:0] vacated = row_ends ? 6'sd2 : 6'sd0;
    wire signed [5:0] surplus_change = row_ends ?
        (row_written ? row_end_rows + 6'sd1 : row_end_rows) :
        (row_written ? 6'sd1 : 6'sd0);

    always @(posedge clk) begin
        if (rst) begin
            vacant        <= 6'sd4;
            surplus       <= -6'sd3;
            row_end_rows  <= -6'sd2;
            write_address <= 5'd0;
            write_column  <= 3'd0;
            write_lane    <= 2'd0;
        end else begin
            vacant  <= vacant + vacated - (row_written ? 6'sd1 : 6'sd0);
            surplus <= surplus + surplus_change;
            if (row_ends)
                row_end_rows <= row == 2'd1 ? -6'sd3 : row == 2'd2 ? -6'sd2 : -6'sd1;
            if (accepts)
                write_lane <= word_written ? 2'd0 : write_lane + 2'd1;
            if (word_written) begin
                write_address <= write_address == 5'd24 ? 5'd0 : write_address + 5'd1;
                write_column  <= row_written ? 3'd0 : write_column + 3'd1;
            end
        end
    end

    always @(posedge clk)
        if (accepts)
            partial <= word_in[31:8];

    always @(posedge clk) begin
        if (rst) begin
            kernel_column <= 2'd0;
            kernel_row <= 2'd0;
            column <= 2'd0;
            row <= 2'd0;
            pixel <= 5'd31;
            offset <= 5'd31;
            window <= 5'd0;
            tap_base <= 5'd0;
            left <= -5'sd1;
            tap_column <= -5'sd1;
            top <= 6'sd0;
            tap_row <= 6'sd0;
        end else if (step) begin
            kernel_column <= kernel_column_end ? 2'd0 : kernel_column + 2'd1;
            if (kernel_column_end)
                kernel_row <= kernel_row_end ? 2'd0 : kernel_row + 2'd1;
            if (kernel_row_end)
                column <= column_end ? 2'd0 : column + 2'd1;
            if (column_end)
                row <= row_end ? 2'd0 : row + 2'd1;
            pixel <= column_end ? 5'd31 : kernel_row_end ? pixel + 5'd2 : pixel;
            offset <= column_end ? 5'd31 : kernel_row_end ? pixel + 5'd2 : kernel_column_end ?
                pixel : offset + 5'd1;
            window <= column_end ? ((window < 5'd15 ? window + 5'd10 : window + 5'd17)) : window;
            tap_base <= column_end ? ((window < 5'd15 ? window + 5'd10 : window + 5'd17)) :
                kernel_row_end ? window : kernel_column_end ?
                (tap_base < 5'd20 ? tap_base + 5'd5 : tap_base + 5'd12) : tap_base;
            left <= column_end ? -5'sd1 : kernel_row_end ? left + 5'sd2 : left;
            tap_column <= column_end ? -5'sd1 : kernel_row_end ? left + 5'sd2 : kernel_column_end ?
                left : tap_column + 5'sd1;
            top <= column_end ? ((row_end ? 6'sd0 : top + 6'sd2)) : top;
            tap_row <= column_end ? (row_end ? 6'sd0 : top + 6'sd2) : kernel_row_end ? top :
                kernel_column_end ? tap_row + 6'sd1 : tap_row;
        end
    end

    // A step reads codes, which get a register of their own, as memories are slow; accumulators
    // follow. All wait while earlier results are leaving.
    reg  read_valid, operand_valid;
    reg  read_last, operand_last;
    reg [31:0] codes, operands;
    reg  read_outside;

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
            read_outside <= tap_column < 5'sd0 || tap_column >= 5'sd5 || tap_row < 6'sd0 ||
                tap_row >= 6'sd6;
            operands     <= read_outside ? 32'h80808080 : codes;
            read_last    <= kernel_row_end;
            operand_last <= read_last;
        end

    wire [31:0] totals;
    reg [31:0] accs;

    genvar output_index;
    generate
        for (output_index = 0; output_index < 4; output_index = output_index + 1) begin : gen_totals
            assign totals[8*output_index +: 8] =
                $signed(operands[8*output_index +: 8]) > $signed(accs[8*output_index +: 8]) ?
                operands[8*output_index +: 8] : accs[8*output_index +: 8];
        end
    endgenerate

    // The steps of a window follow each other: a gap lies between two windows.
    always @(posedge clk)
        if (enable) begin
            if (!operand_valid || operand_last)
                accs <= 32'h80808080;
            else
                accs <= totals;
        end

    // Results leave one by one.
    reg [2:0] unsent;
    reg [31:0] leaving;
    wire done = operand_valid && operand_last;
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

    wire [7:0] next_sum;

    genvar sum_bit;
    generate
        for (sum_bit = 0; sum_bit < 8; sum_bit = sum_bit + 1) begin : gen_next_sum
            wire [3:0] candidates = {leaving[8 + sum_bit], leaving[16 + sum_bit],
                leaving[24 + sum_bit], leaving[0 + sum_bit]};

            assign next_sum[sum_bit] = candidates[unsent[1:0]];
        end
    endgenerate

    wire [7:0] unclamped = next_sum[7:0];
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
            code <= $signed(unclamped) > 8'sh64 ? 8'h64 : unclamped;

    assign m_axis_tdata  = code;
    assign m_axis_tvalid = code_valid;

    reg [5:0] beat;

    always @(posedge clk) begin
        if (rst)
            beat <= 6'd0;
        else if (m_axis_tvalid && m_axis_tready)
            beat <= m_axis_tlast ? 6'd0 : beat + 6'd1;
    end

    assign m_axis_tlast = beat == 6'd35;
endmodule

`default_nettype wire
