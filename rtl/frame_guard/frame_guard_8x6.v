// SPDX-License-Identifier: 0BSD
// frame_guard_8x6: frames of equal length from a stream whose tlast may be wrong.
// 6 beats of a frame.
//
// Made by qrtl 0.1.0 with: qrtl generate frame_guard --preset frame_guard_8x6
// Config digest: e00a84066d15272c

`default_nettype none

module frame_guard_8x6 (
    input  wire       clk,                    // acts on the rising edge
    input  wire       rst,                    // synchronous, drops all frames
    input  wire [7:0] s_axis_tdata,           // beat
    input  wire       s_axis_tlast,           // the beat ends a frame
    input  wire       s_axis_tvalid,          // there is a beat
    output wire       s_axis_tready,          // a beat moves on an edge with both valid and ready
    output wire [7:0] m_axis_tdata,           // beat of a frame, 0 where the input ended early
    output wire       m_axis_tlast,           // the beat ends a frame
    output wire       m_axis_tvalid,          // there is a beat
    input  wire       m_axis_tready,          // a beat moves on an edge with both valid and ready
    output wire       event_tlast_unexpected, // the beat before ended its frame early
    output wire       event_tlast_missing     // the beat before should have ended its frame
);

    reg [2:0] position; // in the frame
    reg filling;  // the frame ended early: the rest of it is 0
    reg dropping; // the frame did not end in time: beats are dropped up to the next tlast
    reg valid, last, unexpected, missing;
    reg [7:0] data;

    wire enable = !valid || m_axis_tready;
    wire ends   = position == 3'd5;
    wire accept = s_axis_tvalid && s_axis_tready;
    wire emits  = enable && (filling || (s_axis_tvalid && !dropping));
    wire begins_filling  = accept && !dropping && !ends && s_axis_tlast;
    wire begins_dropping = accept && !dropping && ends && !s_axis_tlast;

    assign s_axis_tready = dropping || (enable && !filling);
    assign m_axis_tdata  = data;
    assign m_axis_tlast  = last;
    assign m_axis_tvalid = valid;
    assign event_tlast_unexpected = unexpected;
    assign event_tlast_missing    = missing;

    always @(posedge clk) begin
        if (rst) begin
            position   <= 3'd0;
            filling    <= 1'b0;
            dropping   <= 1'b0;
            valid      <= 1'b0;
            unexpected <= 1'b0;
            missing    <= 1'b0;
        end else begin
            if (emits)
                position <= ends ? 3'd0 : position + 3'd1;
            if (begins_filling)
                filling <= 1'b1;
            else if (emits && ends)
                filling <= 1'b0;
            if (begins_dropping)
                dropping <= 1'b1;
            else if (accept && s_axis_tlast)
                dropping <= 1'b0;
            if (enable)
                valid <= emits;
            unexpected <= begins_filling;
            missing    <= begins_dropping;
        end
    end

    always @(posedge clk)
        if (enable) begin
            data <= filling ? 8'd0 : s_axis_tdata;
            last <= ends;
        end
endmodule

`default_nettype wire
