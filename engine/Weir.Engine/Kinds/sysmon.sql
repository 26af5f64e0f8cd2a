-- Sysmon: Splunk's XML events, JSON of NXLog, Winlogbeat and collectors (OTRF), Sentinel's WindowsEvent with EventData as JSON.
-- Facts: learn.microsoft.com, "Sysmon", events 1 to 29; UtcTime is UTC and has no zone.

-- sourcetypes: xmlwineventlog:microsoft-windows-sysmon/operational, wineventlog:microsoft-windows-sysmon/operational, xmlwineventlog, wineventlog, *sysmon*
-- columns: channel|event_log|provider|source_name|provider_name|log_name & event_id|event_code & image|event_data|utc_time|message|process_guid|event_data_utc_time|event_data_image
-- columns: _raw_system_event_id & _raw_system_provider_name|_raw_event_data_image|_raw_event_data_utc_time
-- columns: winlog_channel & winlog_event_id
-- rows: CASE WHEN $(channel, event_log, log_name, _raw_system_channel, provider, provider_name, source_name, event_source_name, _raw_system_provider_name) IS NOT NULL
--   THEN concat_ws(' ', $(channel, event_log, log_name, _raw_system_channel), $(provider, provider_name, source_name, event_source_name, _raw_system_provider_name)) ILIKE '%microsoft-windows-sysmon%'
--   ELSE concat_ws(' ', $source, $sourcetype) ILIKE '%wineventlog:microsoft-windows-sysmon/%' OR $sourcetype ILIKE '%sysmon%' END
-- prefix: winlog_
-- time: _raw_event_data_utc_time, event_data_utc_time, utc_time, _raw_system_time_created_system_time, time_created, timestamp, time_generated, event_time, _time
-- address: source_ip, _raw_event_data_source_ip, event_data_source_ip, src_ip
-- xml: _raw if '<Event': System.EventID:column, System.Channel:column, System.Computer, System.EventRecordID, System.Provider.Name:column, System.TimeCreated.SystemTime:time, System.Security.UserID, EventData.UtcTime:time, EventData.Image:stored,
--   EventData.CommandLine, EventData.CurrentDirectory, EventData.User:stored, EventData.LogonId, EventData.IntegrityLevel, EventData.Hashes, EventData.ProcessGuid, EventData.ProcessId, EventData.ParentImage, EventData.ParentCommandLine,
--   EventData.ParentProcessId, EventData.TargetFilename, EventData.TargetObject, EventData.Details, EventData.SourceIp:address, EventData.SourcePort, EventData.DestinationIp:address, EventData.DestinationPort,
--   EventData.DestinationHostname, EventData.QueryName, EventData.QueryResults, EventData.ImageLoaded, EventData.SourceImage, EventData.TargetImage, EventData.PipeName
-- json: event_data if '"UtcTime"': UtcTime:time, Image:stored, CommandLine, CurrentDirectory, User:stored, LogonId, IntegrityLevel, Hashes, ProcessGuid, ProcessId, ParentImage, ParentCommandLine, ParentProcessId, TargetFilename, TargetObject, Details,
--   SourceIp:address, SourcePort, DestinationIp:address, DestinationPort, DestinationHostname, QueryName, QueryResults, ImageLoaded, SourceImage, TargetImage, PipeName

-- view: processes
SELECT
    $(_raw_event_data_user, event_data_user, user) AS user,
    $(_raw_event_data_image, event_data_image, image, process_path) AS process,
    $(_raw_event_data_process_id, event_data_process_id, process_id) AS pid,
    $(_raw_event_data_command_line, event_data_command_line, command_line) AS command_line,
    $(_raw_event_data_current_directory, event_data_current_directory, current_directory) AS directory,
    $(_raw_event_data_parent_image, event_data_parent_image, parent_image) AS parent_process,
    $(_raw_event_data_parent_process_id, event_data_parent_process_id, parent_process_id) AS parent_pid,
    $(_raw_event_data_parent_command_line, event_data_parent_command_line, parent_command_line) AS parent_command_line,
    $(_raw_event_data_hashes, event_data_hashes, hashes) AS hashes,
    $(_raw_event_data_integrity_level, event_data_integrity_level, integrity_level) AS integrity,
    $(_raw_event_data_logon_id, event_data_logon_id, logon_id) AS logon_id,
    $(_raw_event_data_process_guid, event_data_process_guid, process_guid) AS process_guid,
    $(hostname, computer, computer_name, host, _raw_system_computer) AS host,
    'process start' AS action,
    left(coalesce($(_raw_event_data_command_line, event_data_command_line, command_line), $(_raw_event_data_image, event_data_image, image)), 1000) AS detail
WHERE $(event_id, event_code, _raw_system_event_id) = '1';

-- view: timeline
SELECT
    $(_raw_event_data_user, event_data_user, user) AS user,
    $(hostname, computer, computer_name, host, _raw_system_computer) AS host,
    CASE $(event_id, event_code, _raw_system_event_id)
        WHEN '2' THEN 'file time changed' WHEN '3' THEN 'connection' WHEN '5' THEN 'process end' WHEN '6' THEN 'driver loaded' WHEN '7' THEN 'image loaded' WHEN '8' THEN 'remote thread' WHEN '9' THEN 'raw disk read'
        WHEN '10' THEN 'process access' WHEN '11' THEN 'file created' WHEN '12' THEN 'registry key' WHEN '13' THEN 'registry value' WHEN '14' THEN 'registry rename' WHEN '15' THEN 'file stream' WHEN '17' THEN 'pipe created'
        WHEN '18' THEN 'pipe connected' WHEN '19' THEN 'wmi filter' WHEN '20' THEN 'wmi consumer' WHEN '21' THEN 'wmi binding' WHEN '22' THEN 'dns query' WHEN '23' THEN 'file deleted' WHEN '25' THEN 'process tampering' WHEN '26' THEN 'file deleted'
        ELSE 'sysmon ' || $(event_id, event_code, _raw_system_event_id) END AS action,
    left(concat_ws(' ', $(_raw_event_data_image, event_data_image, image, _raw_event_data_source_image, event_data_source_image, source_image),
        '→ ' || $(_raw_event_data_destination_ip, event_data_destination_ip, destination_ip) || coalesce(':' || $(_raw_event_data_destination_port, event_data_destination_port, destination_port), ''),
        $(_raw_event_data_query_name, event_data_query_name, query_name, _raw_event_data_target_filename, event_data_target_filename, target_filename, _raw_event_data_target_object, event_data_target_object, target_object,
            _raw_event_data_image_loaded, event_data_image_loaded, image_loaded, _raw_event_data_target_image, event_data_target_image, target_image, _raw_event_data_pipe_name, event_data_pipe_name, pipe_name),
        $(_raw_event_data_details, event_data_details, details)), 1000) AS detail
WHERE coalesce($(event_id, event_code, _raw_system_event_id), '') <> '1';
