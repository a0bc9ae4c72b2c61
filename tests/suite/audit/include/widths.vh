`define ACC_W 20
`define CODE_W 10
`ifndef RIGHT
`define RIGHT 5'd4
`endif
