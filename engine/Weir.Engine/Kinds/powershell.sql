-- PowerShell: script blocks (4104), modules and pipelines (4103, 800, 4100): Splunk's XML and classic events, JSON of NXLog, Winlogbeat and collectors (OTRF).
-- Facts: learn.microsoft.com, "about_Logging_Windows".

-- sourcetypes: xmlwineventlog:microsoft-windows-powershell/operational, wineventlog:microsoft-windows-powershell/operational, wineventlog:windows powershell, xmlwineventlog, wineventlog
-- columns: event_id|event_code & channel|source_name|provider_name|log_name|provider
-- columns: _raw_system_event_id & _raw_system_channel|_raw_system_provider_name
-- columns: winlog_channel & winlog_event_id
-- rows: CASE WHEN $(channel, event_log, log_name, _raw_system_channel, provider, provider_name, source_name, event_source_name, _raw_system_provider_name) IS NOT NULL
--   THEN concat_ws(' ', $(channel, event_log, log_name, _raw_system_channel), $(provider, provider_name, source_name, event_source_name, _raw_system_provider_name)) ILIKE '%powershell%'
--   ELSE concat_ws(' ', $source, $sourcetype) ILIKE '%wineventlog:%powershell%' OR $sourcetype ILIKE '%powershell%' END
-- prefix: winlog_
-- time: _raw_system_time_created_system_time, time_created, timestamp, time_generated, event_time, _time
-- xml: _raw if '<Event' 'PowerShell': System.EventID:column, System.Channel:column, System.Computer, System.EventRecordID, System.Provider.Name:column, System.TimeCreated.SystemTime:time, EventData.ScriptBlockText, EventData.ScriptBlockId, EventData.MessageNumber,
--   EventData.MessageTotal, EventData.Path, EventData.Payload, EventData.ContextInfo

-- view: timeline
SELECT
    $(user, account_name, user_id) AS user,
    $(hostname, computer, computer_name, host, _raw_system_computer) AS host,
    CASE $(event_id, event_code, _raw_system_event_id) WHEN '4104' THEN 'script block' WHEN '4103' THEN 'command' WHEN '4100' THEN 'error' WHEN '400' THEN 'engine start' WHEN '600' THEN 'provider start' WHEN '800' THEN 'pipeline'
        ELSE 'powershell ' || $(event_id, event_code, _raw_system_event_id) END AS action,
    left(regexp_replace($(script_block_text, _raw_event_data_script_block_text, event_data_script_block_text, payload, _raw_event_data_payload, message, _raw), '\s+', ' ', 'g'), 1000) AS detail;
