// SPDX-License-Identifier: 0BSD
// stream_fifo_8x12: first-in first-out buffer between two streams.
// 12 beats in the memory and one in the register behind it.
//
// Made by qrtl 0.1.0 with: qrtl generate stream_fifo --preset stream_fifo_8x12
// Config digest: 0ebbfe48062e6fee

`default_nettype none

module stream_fifo_8x12 (
    input  wire       clk,           // acts on the rising edge
    input  wire       rst,           // synchronous, drops all frames
    input  wire [7:0] s_axis_tdata,  // beat
    input  wire       s_axis_tlast,  // the beat ends a frame
    input  wire       s_axis_tvalid, // there is a beat
    output wire       s_axis_tready, // a beat moves on an edge with both valid and ready
    output wire [7:0] m_axis_tdata,  // the oldest beat
    output wire       m_axis_tlast,  // the beat ends a frame
    output wire       m_axis_tvalid, // there is a beat
    input  wire       m_axis_tready  // a beat moves on an edge with both valid and ready
);

    // tlast and tdata of a beat. No beat is read while it is written.
    (* no_rw_check *)
    reg [8:0] memory [0:11];
    reg [8:0] oldest;
    reg                    valid;
    reg [3:0] write_address, read_address;
    reg [3:0] count; // beats in the memory

    wire write = s_axis_tvalid && s_axis_tready;
    wire read  = count != 4'd0 && (!valid || m_axis_tready);

    assign s_axis_tready = count != 4'd12;
    assign m_axis_tvalid = valid;
    assign {m_axis_tlast, m_axis_tdata} = oldest;

    always @(posedge clk) begin
        if (rst) begin
            valid         <= 1'b0;
            write_address <= 4'd0;
            read_address  <= 4'd0;
            count         <= 4'd0;
        end else begin
            if (read)
                valid <= 1'b1;
            else if (m_axis_tready)
                valid <= 1'b0;
            if (write)
                write_address <= write_address == 4'd11 ? 4'd0 : write_address + 4'd1;
            if (read)
                read_address <= read_address == 4'd11 ? 4'd0 : read_address + 4'd1;
            if (write && !read)
                count <= count + 4'd1;
            else if (read && !write)
                count <= count - 4'd1;
        end
    end

    always @(posedge clk)
        if (write)
            memory[write_address] <= {s_axis_tlast, s_axis_tdata};

    always @(posedge clk)
        if (read)
            oldest <= memory[read_address];
endmodule

`default_nettype wire
