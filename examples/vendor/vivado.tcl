# Out-of-context synthesis of a generated module: vivado -mode batch -source vivado.tcl -tclargs int8_mac xc7a35tcpg236-1
# Written from the tool's manual; not run here, because the tool is not available to this project's tests.
set module [lindex $argv 0]
set part [lindex $argv 1]
read_verilog $module.v
synth_design -top $module -part $part -mode out_of_context
create_clock -name clk -period 5.0 [get_ports clk]
opt_design
place_design
route_design
report_utilization -file ${module}_utilization.rpt
report_timing_summary -file ${module}_timing.rpt
