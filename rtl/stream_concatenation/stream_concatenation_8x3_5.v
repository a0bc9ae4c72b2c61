// SPDX-License-Identifier: 0BSD
// stream_concatenation_8x3_5: concatenation of two streams, group by group.
// 4 groups of 3 beats of s0 and 5 of s1.
//
// Made by qrtl 0.1.0 with: qrtl generate stream_concatenation --preset stream_concatenation_8x3_5
// Config digest: 3c8c55f106e7885d

`default_nettype none

module stream_concatenation_8x3_5 (
    input  wire       clk,            // acts on the rising edge
    input  wire       rst,            // synchronous, drops all frames
    input  wire [7:0] s0_axis_tdata,  // beat of the first tensor
    input  wire       s0_axis_tvalid, // there is a beat
    output wire       s0_axis_tready, // a beat moves on an edge with both valid and ready
    input  wire [7:0] s1_axis_tdata,  // beat of the second tensor
    input  wire       s1_axis_tvalid, // there is a beat
    output wire       s1_axis_tready, // a beat moves on an edge with both valid and ready
    output wire [7:0] m_axis_tdata,   // beat of the concatenation
    output wire       m_axis_tlast,   // the beat ends a frame
    output wire       m_axis_tvalid,  // there is a beat
    input  wire       m_axis_tready   // a beat moves on an edge with both valid and ready
);

    // Position in a group: the beats of s0, then those of s1.
    reg [2:0] position;
    reg valid;
    reg [7:0] data;

    wire enable    = !valid || m_axis_tready;
    wire is_second = position >= 3'd3;
    wire arrives   = is_second ? s1_axis_tvalid : s0_axis_tvalid;

    assign s0_axis_tready = enable && !is_second;
    assign s1_axis_tready = enable && is_second;
    assign m_axis_tvalid  = valid;
    assign m_axis_tdata   = data;

    always @(posedge clk) begin
        if (rst) begin
            position <= 3'd0;
            valid    <= 1'b0;
        end else if (enable) begin
            valid <= arrives;
            if (arrives)
                position <= position == 3'd7 ? 3'd0 : position + 3'd1;
        end
    end

    always @(posedge clk)
        if (enable)
            data <= is_second ? s1_axis_tdata : s0_axis_tdata;

    reg [4:0] beat;

    always @(posedge clk) begin
        if (rst)
            beat <= 5'd0;
        else if (m_axis_tvalid && m_axis_tready)
            beat <= m_axis_tlast ? 5'd0 : beat + 5'd1;
    end

    assign m_axis_tlast = beat == 5'd31;
endmodule

`default_nettype wire
