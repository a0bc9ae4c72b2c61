// SPDX-License-Identifier: 0BSD
// average_pool_6x3: average or max pool of int8 codes, stream to stream.
// 6 x 3 x 4 codes in, 1 x 1 x 4 codes out; window 6 x 3.
// average = (sum * 455 + (sum < 0 ? 3840 : 4349)) >> 13: half away from zero.
// Channels at once: 2. Clock cycles of a frame: 72. Memory: 144 bytes of rows.
//
// Made by qrtl 0.1.0 with: qrtl generate pool_engine --preset average_pool_6x3
// Config digest: 416d475b68fd1eb7

`default_nettype none

module average_pool_6x3 (
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

    // A ring of 12 rows; those of all frames follow each other.
    reg [15:0] line [0:71];
    reg [6:0] write_address;
    reg [2:0] write_column;
    reg write_lane;
    reg [7:0] partial; // codes of a word that is not complete
    reg signed [5:0] ahead; // complete rows from the first of the window on

    assign s_axis_tready = ahead < 6'sd12;

    wire accepts = s_axis_tvalid && s_axis_tready;
    wire [15:0] word_in = {s_axis_tdata, partial};
    wire word_written = accepts && write_lane == 1'd1;
    wire row_written = word_written && write_column == 3'd5;

    always @(posedge clk)
        if (word_written)
            line[write_address] <= word_in;

    // The walk of the window, from the innermost loop to the outermost.
    reg [1:0] kernel_column;
    reg [2:0] kernel_row;
    reg group;
    wire kernel_column_end = kernel_column == 2'd2;
    wire kernel_row_end = kernel_column_end && kernel_row == 3'd5;
    wire group_end = kernel_row_end && group == 1'd1;
    reg [6:0] pixel;
    reg [6:0] offset;
    reg [6:0] window;
    reg [6:0] tap_base;
    wire step = enable && ahead >= 6'sd6;
    wire row_ends = step && group_end;
    wire signed [5:0] row_step = row_ends ? 6'sd6 : 6'sd0;

    always @(posedge clk) begin
        if (rst) begin
            ahead         <= 6'sd0;
            write_address <= 7'd0;
            write_column  <= 3'd0;
            write_lane    <= 1'd0;
        end else begin
            ahead <= ahead + (row_written ? 6'sd1 : 6'sd0) - row_step;
            if (accepts)
                write_lane <= word_written ? 1'd0 : write_lane + 1'd1;
            if (word_written) begin
                write_address <= write_address == 7'd71 ? 7'd0 : write_address + 7'd1;
                write_column  <= row_written ? 3'd0 : write_column + 3'd1;
            end
        end
    end

    always @(posedge clk)
        if (accepts)
            partial <= word_in[15:8];

    always @(posedge clk) begin
        if (rst) begin
            kernel_column <= 2'd0;
            kernel_row <= 3'd0;
            group <= 1'd0;
            pixel <= 7'd0;
            offset <= 7'd0;
            window <= 7'd0;
            tap_base <= 7'd0;
        end else if (step) begin
            kernel_column <= kernel_column_end ? 2'd0 : kernel_column + 2'd1;
            if (kernel_column_end)
                kernel_row <= kernel_row_end ? 3'd0 : kernel_row + 3'd1;
            if (kernel_row_end)
                group <= group_end ? 1'd0 : group + 1'd1;
            pixel <= group_end ? 7'd0 : kernel_row_end ? pixel + 7'd1 : pixel;
            offset <= group_end ? 7'd0 : kernel_row_end ? pixel + 7'd1 : kernel_column_end ? pixel :
                offset + 7'd2;
            window <= group_end ? ((window < 7'd36 ? window + 7'd36 : window + 7'd92)) : window;
            tap_base <= group_end ? ((window < 7'd36 ? window + 7'd36 : window + 7'd92)) :
                kernel_row_end ? window : kernel_column_end ?
                (tap_base < 7'd66 ? tap_base + 7'd6 : tap_base + 7'd62) : tap_base;
        end
    end

    // A step reads codes; accumulators follow. All wait while earlier results are leaving.
    wire enable;
    reg  read_valid, read_last;
    reg  first, read_first;
    reg [15:0] codes;

    always @(posedge clk) begin
        if (rst)
            read_valid <= 1'b0;
        else if (enable)
            read_valid <= step;
    end

    always @(posedge clk) begin
        if (rst)
            first <= 1'b1;
        else if (step)
            first <= kernel_row_end;
    end

    always @(posedge clk)
        if (enable) begin
            codes        <= line[tap_base + offset];
            read_last    <= kernel_row_end;
            read_first   <= first;
        end

    reg [25:0] totals;
    reg [25:0] accs;

    always @* begin : accumulate
        integer index;
        for (index = 0; index < 2; index = index + 1)
            totals[13*index +: 13] =
                (read_first ? 13'd0 : accs[13*index +: 13]) +
                    {{5{codes[8*index + 7]}}, codes[8*index +: 8]};
    end

    // The steps of a window follow each other, so that a valid bit would change nothing.
    always @(posedge clk)
        if (enable)
            accs <= totals;

    // Results leave one by one.
    reg [1:0] unsent;
    reg [25:0] leaving;
    wire done = read_valid && read_last;
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
        else if (leaves)
            leaving <= {13'd0, leaving[25:13]};

    reg scaled_valid;
    reg [20:0] scaled;
    reg is_negative;

    always @(posedge clk) begin
        if (rst)
            scaled_valid <= 1'b0;
        else if (output_enable)
            scaled_valid <= leaves;
    end

    always @(posedge clk)
        if (output_enable) begin
            scaled      <= $signed({{8{leaving[12]}}, leaving[12:0]}) * 21'sd455;
            is_negative <= leaving[12];
        end

    // A sum over the number of taps, half away from zero.
    wire [20:0] rounded = scaled + (is_negative ? 21'd3840 : 21'd4349);
    wire signed [7:0] unclamped = rounded[20:13];
    reg code_valid;
    reg [7:0] code;

    always @(posedge clk) begin
        if (rst)
            code_valid <= 1'b0;
        else if (output_enable)
            code_valid <= scaled_valid;
    end

    always @(posedge clk)
        if (output_enable)
            code <= unclamped < 8'sha6 ? 8'sha6 : unclamped;

    assign m_axis_tdata  = code;
    assign m_axis_tvalid = code_valid;

    wire unused = &{1'b0, rounded[12:0]};

    reg [1:0] beat;

    always @(posedge clk) begin
        if (rst)
            beat <= 2'd0;
        else if (m_axis_tvalid && m_axis_tready)
            beat <= m_axis_tlast ? 2'd0 : beat + 2'd1;
    end

    assign m_axis_tlast = beat == 2'd3;
endmodule

`default_nettype wire
