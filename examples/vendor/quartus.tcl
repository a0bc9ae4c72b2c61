# Compilation of a generated module: quartus_sh -t quartus.tcl int8_mac 10CX085YU484I6G
# Written from the tool's manual; not run here, because the tool is not available to this project's tests.
package require ::quartus::project
package require ::quartus::flow
set module [lindex $argv 0]
set part [lindex $argv 1]
project_new $module -overwrite
set_global_assignment -name DEVICE $part
set_global_assignment -name TOP_LEVEL_ENTITY $module
set_global_assignment -name VERILOG_FILE $module.v
set constraints [open $module.sdc w]
puts $constraints "create_clock -name clk -period 5.0 \[get_ports clk\]"
close $constraints
set_global_assignment -name SDC_FILE $module.sdc
# Pins that no board assigns stay inside the device.
set_instance_assignment -name VIRTUAL_PIN ON -to *
execute_flow -compile
project_close
