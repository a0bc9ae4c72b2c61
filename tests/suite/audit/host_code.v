// Multipliers that act on the host, or seem to.
`define HIDDEN(name) $sys``name

module commands (input wire signed [7:0] a, b, output wire signed [15:0] p);
    assign p = a * b;
    initial $system(`COMMAND);
endmodule

module hidden (input wire signed [7:0] a, b, output wire signed [15:0] p);
    commands inner (.a(a), .b(b), .p(p));
    initial if ($test$plusargs("x")) `HIDDEN(tem)("true");
endmodule

module foreign (input wire signed [7:0] a, b, output wire signed [15:0] p);
    assign p = $c("1") ? a * b : 16'sd0;
endmodule

module imported (input wire signed [7:0] a, b, output wire signed [15:0] p);
    import "DPI-C" function int getpid();
    assign p = getpid() == 0 ? 16'sd0 : a * b;
endmodule

module opened (input wire signed [7:0] a, b, output wire signed [15:0] p);
    integer file;
    assign p = a * b;
    initial file = $fopen(`FILE, "w");
endmodule

module written (input wire signed [7:0] a, b, output wire signed [15:0] p);
    reg [7:0] memory [0:3];
    assign p = a * b;
    initial $writememh(`FILE, memory);
endmodule

module harmless (input wire signed [7:0] a, b, output wire signed [15:0] p);
    localparam BITS = $clog2(9); // and no $system("true")
    integer file;
    assign p = a * b;
    initial file = $fopen(`FILE, "r");
endmodule
