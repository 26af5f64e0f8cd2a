-- Windows' security log: Splunk's XML and classic events, JSON of NXLog, Winlogbeat and collectors (OTRF), Sentinel's SecurityEvent.
-- Facts: learn.microsoft.com, "Appendix L: Events to Monitor", event 4688.

-- sourcetypes: wineventlog:security, xmlwineventlog:security, xmlwineventlog, wineventlog
-- columns: event_id|event_code & channel|event_log|source_name|provider_name|event_source_name|log_name|provider
-- columns: event_id & new_process_name & subject_user_name|account
-- columns: event_id & account|subject_user_name|target_user_name & computer
-- columns: _raw_system_event_id & _raw_system_channel|_raw_system_provider_name
-- columns: winlog_channel & winlog_event_id
-- rows: CASE WHEN coalesce($channel, $event_log, $log_name, $_raw_system_channel) IS NOT NULL THEN coalesce($channel, $event_log, $log_name, $_raw_system_channel) ILIKE 'security'
--   WHEN coalesce($provider, $source_name, $provider_name, $event_source_name, $_raw_system_provider_name) IS NOT NULL THEN coalesce($provider, $source_name, $provider_name, $event_source_name, $_raw_system_provider_name) ILIKE '%security-auditing%'
--   WHEN $source ILIKE '%wineventlog%' THEN $source ILIKE '%:security'
--   ELSE $sourcetype IS NULL OR $sourcetype ILIKE '%security%' END
-- prefix: winlog_
-- time: _raw_system_time_created_system_time, time_created_utc, time_created, timestamp, time_generated_utc, time_generated, event_time, _time
-- address: ip_address, source_network_address, source_address, src_ip, _raw_event_data_ip_address, event_data_ip_address
-- xml: _raw if '<Event' 'Security-Auditing': System.EventID:column, System.Channel:column, System.Computer, System.EventRecordID, System.Provider.Name:column, System.TimeCreated.SystemTime:time, EventData.SubjectUserName:stored, EventData.SubjectDomainName, EventData.SubjectLogonId,
--   EventData.TargetUserName:stored, EventData.TargetDomainName, EventData.TargetLogonId, EventData.LogonType, EventData.IpAddress:address, EventData.WorkstationName, EventData.NewProcessName, EventData.NewProcessId, EventData.CommandLine,
--   EventData.ParentProcessName, EventData.ProcessId, EventData.Status, EventData.SubStatus, EventData.ServiceName, EventData.ObjectName, EventData.MemberName

-- view: processes
SELECT
    $(subject_user_name, account, _raw_event_data_subject_user_name, event_data_subject_user_name, account_name) AS user,
    $(new_process_name, _raw_event_data_new_process_name, event_data_new_process_name) AS process,
    $(new_process_id, _raw_event_data_new_process_id, event_data_new_process_id) AS pid,
    $(command_line, process_command_line, _raw_event_data_command_line, event_data_command_line) AS command_line,
    $(parent_process_name, creator_process_name, _raw_event_data_parent_process_name, event_data_parent_process_name) AS parent_process,
    $(process_id, creator_process_id, _raw_event_data_process_id, event_data_process_id) AS parent_pid,
    $(subject_logon_id, logon_id, _raw_event_data_subject_logon_id, event_data_subject_logon_id) AS logon_id,
    $(hostname, computer, computer_name, host, _raw_system_computer) AS host,
    'process start' AS action,
    left(coalesce($(command_line, process_command_line, _raw_event_data_command_line, event_data_command_line), $(new_process_name, _raw_event_data_new_process_name, event_data_new_process_name)), 1000) AS detail
WHERE $(event_id, event_code, _raw_system_event_id) = '4688';

-- view: timeline
SELECT
    -- Events as text say the account under a heading; a member of a group may have no name but DOMAIN\name. Where a group is the target, the user is the member, or who added it.
    nullif(CASE WHEN $(event_id, event_code, _raw_system_event_id) IN ('4728', '4729', '4732', '4733', '4756', '4757')
        THEN coalesce(nullif(regexp_extract($(message, _raw), '\nMember:\s+Security ID:\s*(?:[^\r\n\\]*\\)?([^\r\n]+)', 1), ''), nullif($(member_name, _raw_event_data_member_name, event_data_member_name), '-'),
            $(subject_user_name, account, _raw_event_data_subject_user_name, event_data_subject_user_name, account_name, user))
        ELSE coalesce(nullif($(target_user_name, target_account, _raw_event_data_target_user_name, event_data_target_user_name), '-'),
            nullif(regexp_extract($(message, _raw), '\n(?:New Account|New Logon|Target Account|Account For Which Logon Failed):\s+Security ID:[^\n]*\s+Account Name:\s*([^\r\n]+)', 1), ''),
            $(subject_user_name, account, _raw_event_data_subject_user_name, event_data_subject_user_name, account_name, user)) END, '-') AS user,
    $(hostname, computer, computer_name, host, _raw_system_computer) AS host,
    CASE $(event_id, event_code, _raw_system_event_id)
        WHEN '1102' THEN 'log cleared' WHEN '4624' THEN 'logon' WHEN '4625' THEN 'logon failed' WHEN '4634' THEN 'logoff' WHEN '4647' THEN 'logoff' WHEN '4648' THEN 'logon with other credentials' WHEN '4672' THEN 'special privileges'
        WHEN '4697' THEN 'service installed' WHEN '4698' THEN 'task created' WHEN '4720' THEN 'user created' WHEN '4722' THEN 'user enabled' WHEN '4724' THEN 'password reset' WHEN '4726' THEN 'user deleted' WHEN '4728' THEN 'added to group'
        WHEN '4732' THEN 'added to group' WHEN '4738' THEN 'user changed' WHEN '4756' THEN 'added to group' WHEN '4768' THEN 'ticket asked' WHEN '4769' THEN 'service ticket asked' WHEN '4771' THEN 'pre-authentication failed' WHEN '4776' THEN 'credentials checked'
        WHEN '5140' THEN 'share access' WHEN '5145' THEN 'share access' WHEN '5156' THEN 'connection' WHEN '5158' THEN 'port bound'
        ELSE 'event ' || $(event_id, event_code, _raw_system_event_id) END AS action,
    left(regexp_replace(concat_ws(' ', $(activity), 'type ' || $(logon_type, _raw_event_data_logon_type, event_data_logon_type), $(workstation_name, _raw_event_data_workstation_name), $(service_name, _raw_event_data_service_name),
        $(object_name, _raw_event_data_object_name, share_name), $(member_name, _raw_event_data_member_name), coalesce($(application, process_name), nullif(regexp_extract($(message, _raw), '\nMessage=([^\r\n]*)', 1), ''), split_part($(message, _raw), chr(10), 1)),
        'group ' || nullif(regexp_extract($(message, _raw), '\nGroup:\s+Security ID:[^\n]*\s+(?:Group|Account) Name:\s*([^\r\n]+)', 1), '')), '\s+', ' ', 'g'), 1000) AS detail
WHERE coalesce($(event_id, event_code, _raw_system_event_id), '') <> '4688';
