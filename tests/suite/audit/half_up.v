// Combinational requantizer with constant parameters: adds one half and shifts; unsigned codes with a zero point.
module half_up (input [19:0] x, output [7:0] y);
    localparam signed [31:0] MULTIPLIER = 32'sd805306368; // 3 * 2^28
    localparam integer       RIGHT      = 35;

    function [7:0] rescale(input signed [19:0] acc);
        reg signed [63:0] t;
        begin
            t = acc * MULTIPLIER;
            t = (t + (64'sd1 <<< (RIGHT - 1))) >>> RIGHT;
            t = t + 64'sd131;
            if (t < 0) rescale = 8'd0;
            else if (t > 255) rescale = 8'd255;
            else rescale = t[7:0];
        end
    endfunction

    assign y = rescale(x);
endmodule
