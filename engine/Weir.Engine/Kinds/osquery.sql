-- osquery: results of scheduled queries (osqueryd.results.log, Splunk's osquery:results).
-- Facts: osquery.readthedocs.io, "Logging".

-- sourcetypes: osquery:results, osquery_results, osquery:*
-- columns: host_identifier & calendar_time|unix_time & name & action
-- prefix: _raw_
-- time: calendar_time, unix_time, _time
-- json: columns: cmdline, path, pid, parent, uid, username, name, cwd, port, address, remote_address, remote_port, owner_uid
-- json: _raw if '"hostIdentifier"' '"columns"' unless host_identifier & calendar_time & name & action: hostIdentifier:stored, calendarTime:time, unixTime:time, name:stored, action:stored, columns.cmdline, columns.path:stored, columns.name, columns.pid, columns.parent, columns.pcmdline, columns.cwd,
--   columns.username:stored, columns.port, columns.remote_address, columns.target_path, decorations.username

-- view: processes
SELECT
    $(columns_username, decorations_username) AS user,
    $(columns_path, columns_name) AS process,
    $(columns_pid) AS pid,
    $(columns_cmdline) AS command_line,
    $(columns_cwd) AS directory,
    $(columns_parent) AS parent_pid,
    $(columns_pcmdline) AS parent_command_line,
    $(host_identifier, host) AS host,
    'process ' || $(action) AS action,
    left(coalesce($(columns_cmdline), $(columns_path, columns_name)), 1000) AS detail
WHERE $(columns_cmdline) IS NOT NULL AND $(action) IS DISTINCT FROM 'removed';

-- view: timeline
SELECT
    $(columns_username, decorations_username) AS user,
    $(host_identifier, host) AS host,
    concat_ws(' ', $(name), $(action)) AS action,
    left(concat_ws(' ', $(columns_path, columns_name, columns_target_path), 'pid ' || $(columns_pid), 'port ' || $(columns_port), $(columns_remote_address)), 1000) AS detail
WHERE NOT ($(columns_cmdline) IS NOT NULL AND $(action) IS DISTINCT FROM 'removed');
