// SPDX-License-Identifier: 0BSD
// stream_fork_8: two copies of a stream.
// Each output takes a beat when it is ready; the ready inputs go to s_axis_tready without a
//     register.
//
// Made by qrtl 0.1.0 with: qrtl generate stream_fork --preset stream_fork_8
// Config digest: 241495601327c548

`default_nettype none

module stream_fork_8 (
    input  wire       clk,            // acts on the rising edge
    input  wire       rst,            // synchronous, drops all frames
    input  wire [7:0] s_axis_tdata,   // beat
    input  wire       s_axis_tlast,   // the beat ends a frame
    input  wire       s_axis_tvalid,  // there is a beat
    output wire       s_axis_tready,  // a beat moves on an edge with both valid and ready
    output wire [7:0] m0_axis_tdata,  // the same beat
    output wire       m0_axis_tlast,  // the beat ends a frame
    output wire       m0_axis_tvalid, // there is a beat
    input  wire       m0_axis_tready, // a beat moves on an edge with both valid and ready
    output wire [7:0] m1_axis_tdata,  // the same beat
    output wire       m1_axis_tlast,  // the beat ends a frame
    output wire       m1_axis_tvalid, // there is a beat
    input  wire       m1_axis_tready  // a beat moves on an edge with both valid and ready
);

    // The beat, and which output has not taken it yet.
    reg [8:0] beat; // tlast and tdata
    reg m0_valid, m1_valid;

    wire m0_free = !m0_valid || m0_axis_tready;
    wire m1_free = !m1_valid || m1_axis_tready;

    assign s_axis_tready  = m0_free && m1_free;
    assign m0_axis_tvalid = m0_valid;
    assign m1_axis_tvalid = m1_valid;
    assign {m0_axis_tlast, m0_axis_tdata} = beat;
    assign {m1_axis_tlast, m1_axis_tdata} = beat;

    always @(posedge clk) begin
        if (rst) begin
            m0_valid <= 1'b0;
            m1_valid <= 1'b0;
        end else if (s_axis_tready) begin
            m0_valid <= s_axis_tvalid;
            m1_valid <= s_axis_tvalid;
        end else begin
            m0_valid <= !m0_free;
            m1_valid <= !m1_free;
        end
    end

    always @(posedge clk)
        if (s_axis_tready)
            beat <= {s_axis_tlast, s_axis_tdata};
endmodule

`default_nettype wire
