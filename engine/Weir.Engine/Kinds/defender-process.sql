-- Process events of Microsoft Defender for Endpoint: DeviceProcessEvents of advanced hunting, and the older export with CreatedProcess… columns.
-- Facts: learn.microsoft.com, "DeviceProcessEvents".

-- columns: created_process_name & initiating_process_name & machine_id|computer_dns_name
-- columns: initiating_process_file_name & process_command_line & device_name|device_id & file_name
-- rows: coalesce($action_type, 'ProcessCreated') ILIKE 'ProcessCreated%'
-- time: report_time, timestamp, timestamp_utc, time_generated_utc, time_generated, _time
-- identity: coalesce($report_guid, $device_id || '/' || $report_id || '/' || $(timestamp, timestamp_utc, time_generated, time_generated_utc))
-- artefacts: column_1

-- view: processes
SELECT
    $(created_process_account_upn, created_process_account_name, account_upn, account_name) AS user,
    coalesce(CASE WHEN ends_with(lower($(created_process_file_path, folder_path)), '\' || lower($created_process_name)) THEN $(created_process_file_path, folder_path) ELSE $(created_process_file_path, folder_path) || '\' || $created_process_name END, $(folder_path, created_process_name, file_name)) AS process,
    $(created_process_id, process_id) AS pid,
    $(created_process_command_line, process_command_line) AS command_line,
    $(initiating_process_folder_path, initiating_process_name, initiating_process_file_name) AS parent_process,
    $(initiating_process_id) AS parent_pid,
    CASE WHEN $file_name IS NOT NULL THEN $initiating_process_command_line ELSE $(process_command_line, initiating_process_command_line) END AS parent_command_line,
    $(created_process_file_sha256, sha256, created_process_file_sha1, sha1) AS hashes,
    $(created_process_integrity_level, process_integrity_level) AS integrity,
    $(logon_id) AS logon_id,
    $(computer_dns_name, device_name, machine_id) AS host,
    'process start' AS action,
    left(coalesce($(created_process_command_line, process_command_line), $(created_process_name, file_name)), 1000) AS detail;
