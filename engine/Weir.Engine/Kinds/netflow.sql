-- Flows of network security groups as Azure's traffic analytics gives them.
-- Facts: learn.microsoft.com, "Traffic analytics schema".

-- columns: flow_type & src_ip|vmip_address|vm_ip_address & dest_ip|all_ext_ips|public_ips & l4_protocol|l7_protocol|allowed_out_flows
-- time: flow_start_time, flow_start_time_utc, time_generated, time_generated_utc
-- address: src_ip, vmip_address, vm_ip_address

-- view: timeline
SELECT
    $(vm_name, vm, computer) AS host,
    concat_ws(' ', 'flow', lower($(flow_direction))) AS action,
    concat_ws(' ', $(l7_protocol, l4_protocol), '→ ' || coalesce($(dest_ip), $(all_ext_ips, public_ips)), 'port ' || $(dest_port), $(vm_name, vm)) AS detail;
