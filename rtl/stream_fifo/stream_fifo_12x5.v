// SPDX-License-Identifier: 0BSD
// stream_fifo_12x5: first-in first-out buffer between two streams.
// 5 beats in the memory and one in the register behind it.
//
// Made by qrtl 0.1.0 with: qrtl generate stream_fifo --preset stream_fifo_12x5
// Config digest: 72faafec22313c59

`default_nettype none

module stream_fifo_12x5 (
    input  wire        clk,           // acts on the rising edge
    input  wire        rst,           // synchronous, drops all frames
    input  wire [11:0] s_axis_tdata,  // beat
    input  wire        s_axis_tlast,  // the beat ends a frame
    input  wire        s_axis_tvalid, // there is a beat
    output wire        s_axis_tready, // a beat moves on an edge with both valid and ready
    output wire [11:0] m_axis_tdata,  // the oldest beat
    output wire        m_axis_tlast,  // the beat ends a frame
    output wire        m_axis_tvalid, // there is a beat
    input  wire        m_axis_tready  // a beat moves on an edge with both valid and ready
);

    // tlast and tdata of a beat.
    reg [12:0] memory [0:4];
    reg [12:0] oldest;
    reg                    valid;
    reg [2:0] write_address, read_address;
    reg [2:0] count; // beats in the memory

    wire write = s_axis_tvalid && s_axis_tready;
    wire read  = count != 3'd0 && (!valid || m_axis_tready);

    assign s_axis_tready = count != 3'd5;
    assign m_axis_tvalid = valid;
    assign {m_axis_tlast, m_axis_tdata} = oldest;

    always @(posedge clk) begin
        if (rst) begin
            valid         <= 1'b0;
            write_address <= 3'd0;
            read_address  <= 3'd0;
            count         <= 3'd0;
        end else begin
            if (read)
                valid <= 1'b1;
            else if (m_axis_tready)
                valid <= 1'b0;
            if (write)
                write_address <= write_address == 3'd4 ? 3'd0 : write_address + 3'd1;
            if (read)
                read_address <= read_address == 3'd4 ? 3'd0 : read_address + 3'd1;
            if (write && !read)
                count <= count + 3'd1;
            else if (read && !write)
                count <= count - 3'd1;
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
