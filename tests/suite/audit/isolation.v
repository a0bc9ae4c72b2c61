// Multipliers whose models misbehave, in ways that the C++ compiler cannot remove.

module recursive (input wire signed [7:0] a, b, output wire signed [15:0] p);
    function automatic integer sum(input integer x);
        sum = x == 1000 ? 0 : sum(x) + x;
    endfunction
    assign p = a == 100 ? sum(b) : a * b;
endmodule

module hungry (input wire signed [7:0] a, b, output wire signed [15:0] p);
    reg [63:0] memory [0:(1 << 28) - 1];
    assign p = a * b + memory[{12'd0, a, b}][15:0];
    always @(a) memory[{20'd0, a}] = 0;
endmodule

module talkative (input wire signed [7:0] a, b, output wire signed [15:0] p);
    assign p = a * b;
    always @(a) $display("%s", {100{"0123456789"}});
endmodule

module printing (input wire signed [7:0] a, b, output wire signed [15:0] p);
    assign p = a * b;
    initial begin
        $fdisplay(1, "into a channel");
        $fdisplay(32'h8000_0001, "into stdout");
        $fclose(32'h8000_0001);
        $fclose(32'h8000_0002);
    end
endmodule

module endless_at_time_zero (input wire signed [7:0] a, b, output wire signed [15:0] p);
    integer steps;
    assign p = a * b + steps;
    always @(a) begin
        steps = 0;
        while (steps >= 0) steps = (steps + 1) & 1023;
    end
endmodule

module listening (input wire signed [7:0] a, b, output wire signed [15:0] p);
    integer character;
    assign p = a * b + character + 1;
    initial character = $fgetc(32'h8000_0000);
endmodule

module reading (input wire signed [7:0] a, b, output wire signed [15:0] p);
    reg [7:0] memory [0:0];
    assign p = a * b + memory[0];
    initial $readmemh(`FILE, memory);
endmodule

module naming (input wire signed [7:0] a, b, output wire signed [15:0] p);
    reg [7:0] memory [0:0];
    reg [8*40:1] name;
    assign p = a * b + memory[0];
    initial begin
        name = {"/etc/", "pass", "wd"};
        if (memory[0] == 0) name = {name, "x"};
        $readmemh(name, memory);
    end
endmodule

module opening (input wire signed [7:0] a, b, output wire signed [15:0] p);
    integer file;
    assign p = a * b;
    initial file = $fopen("/etc/passwd", "r");
endmodule

module nesting (input wire signed [7:0] a, b, output wire signed [15:0] p);
    integer file;
    assign p = a * b;
    initial file = $fopen($sformatf("/tmp/qrtl_nesting_%0d", $fopen("none", "r")), "w");
endmodule

module bound (input wire signed [7:0] a, b, output wire signed [15:0] p);
    assign p = a * b;
endmodule

module spy (input wire signed [7:0] a);
    initial $system("true");
endmodule

bind bound spy inner(.a(a));
