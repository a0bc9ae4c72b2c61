// SPDX-License-Identifier: 0BSD
// pad_engine: padding of int8 codes, stream to stream.
// (T15) 4 x 5 x 3 codes in, 7 x 6 x 3 codes out; padding is -128.
// One code a clock cycle; the padding at the end of a frame delays the next.
//
// Made by qrtl 0.1.0 with: qrtl generate pad_engine --preset pad_engine
// Config digest: c75d7de6533bb0be

`default_nettype none

module pad_engine (
    input  wire       clk,           // acts on the rising edge
    input  wire       rst,           // synchronous, drops all frames
    input  wire [7:0] s_axis_tdata,  // code of the tensor
    input  wire       s_axis_tvalid, // there is a beat
    output wire       s_axis_tready, // a beat moves on an edge with both valid and ready
    output wire [7:0] m_axis_tdata,  // code of the padded tensor
    output wire       m_axis_tlast,  // the beat ends a frame
    output wire       m_axis_tvalid, // there is a beat
    input  wire       m_axis_tready  // a beat moves on an edge with both valid and ready
);

    // The code that waits for its position.
    reg code_valid;
    reg [7:0] code;
    // Padding before the first code waits for it, so that nothing leaves before a frame arrives.
    reg begun;
    reg valid;
    reg [7:0] data;

    reg [4:0] column;
    wire column_end = column == 5'd17;
    reg [2:0] row;
    wire row_end = row == 3'd6;

    wire is_inside = column >= 5'd3 && row >= 3'd1 && row < 3'd5;
    wire is_end    = column_end && row_end;
    wire enable    = !valid || m_axis_tready;
    wire moves     = enable && (code_valid || (begun && !is_inside));
    wire is_taken  = moves && is_inside;

    assign s_axis_tready = !code_valid || is_taken;
    assign m_axis_tvalid = valid;
    assign m_axis_tdata  = data;

    always @(posedge clk) begin
        if (rst) begin
            code_valid <= 1'b0;
            begun      <= 1'b0;
            valid      <= 1'b0;
            column <= 5'd0;
            row <= 3'd0;
        end else begin
            if (s_axis_tready)
                code_valid <= s_axis_tvalid;
            if (enable)
                valid <= moves;
            if (moves)
                begun <= !is_end;
            if (moves)
                column <= column_end ? 5'd0 : column + 5'd1;
            if (moves && column_end)
                row <= row_end ? 3'd0 : row + 3'd1;
        end
    end

    always @(posedge clk) begin
        if (s_axis_tready)
            code <= s_axis_tdata;
        if (enable)
            data <= is_inside ? code : 8'h80;
    end

    reg [6:0] beat;

    always @(posedge clk) begin
        if (rst)
            beat <= 7'd0;
        else if (m_axis_tvalid && m_axis_tready)
            beat <= m_axis_tlast ? 7'd0 : beat + 7'd1;
    end

    assign m_axis_tlast = beat == 7'd125;
endmodule

`default_nettype wire
