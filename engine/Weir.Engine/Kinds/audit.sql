-- The unified audit log of Microsoft 365: Splunk's o365:management:activity and ms:o365:management, the CSV of Purview and Search-UnifiedAuditLog (one record as JSON in AuditData),
-- JSON of the Management Activity API, Sentinel's OfficeActivity.
-- Facts: learn.microsoft.com, "Office 365 Management Activity API schema"; CreationTime is UTC and has no zone.

-- sourcetypes: o365:management:activity, ms:o365:management
-- columns: audit_data & operations|operation|record_type|creation_date|user_ids|user_id
-- columns: audit_data_operation
-- columns: creation_time & operation & record_type & workload
-- columns: operation & office_workload|record_type & time_generated|time_generated_utc & user_id
-- columns: time_generated|creation_time & operation & parameters & user_id & client_ip
-- columns: operation & workload & user_id & creation_time
-- columns: _raw_operation & _raw_creation_time
-- time: audit_data_creation_time, creation_time, _raw_creation_time, time_generated_utc, time_generated, creation_date, _time
-- address: audit_data_client_ip, audit_data_client_ip_address, audit_data_actor_ip_address, audit_data_user_ip, audit_data_sender_ip, client_ip, client_ip_address, actor_ip_address, user_ip, sender_ip, _raw_client_ip, _raw_client_ip_address, _raw_actor_ip_address, _raw_user_ip, _raw_sender_ip, src_ip, src
-- identity: $(audit_data_id, id, _raw_id, office_id, source_record_id, identity)
-- content: audit_data
-- artefacts: time_generated, time_generated_utc, tenant_id, source_system, type, creation_date
-- same-user: audit_data_user_id, audit_data_user_object_id
-- json: audit_data: CreationTime:time, Id:stored, Operation:stored, Workload, RecordType, ResultStatus, UserId:stored, UserKey, UserType, ObjectId, ClientIP:address, ClientIPAddress:address, ActorIpAddress:address, UserIp:address, SenderIp:address, Url, UserAgent, SourceFileName,
--   SiteUrl, Parameters:pairs, Parameters[Name], Parameters[Identity], ModifiedProperties:pairs, ExtendedProperties[UserAgent], ExtendedProperties[RequestType], DeviceProperties[SessionId], DeviceProperties[OS], DeviceProperties[BrowserType], SessionId,
--   AppAccessContext.AADSessionId, AppAccessContext.CorrelationId, AppAccessContext.ClientAppId, AppAccessContext.UniqueTokenId, CorrelationId, InterSystemsId, ClientAppId, AppId, ApplicationId, ClientInfoString,
--   MailboxOwnerUPN, Item.InternetMessageId, Item.Subject, OperationProperties:pairs, ErrorNumber, LogonError,
--   AffectedItems.Subject, AffectedItems.InternetMessageId, Folders.Path, Folders.FolderItems.InternetMessageId
-- json: _raw if '"CreationTime"' '"Operation"': CreationTime:time, Id:stored, Operation:stored, Workload, RecordType, ResultStatus, UserId:stored, UserKey, UserType, ObjectId, ClientIP:address, ClientIPAddress:address, ActorIpAddress:address, UserIp:address, SenderIp:address, Url,
--   UserAgent, SourceFileName, Parameters:pairs, Parameters[Name], Parameters[Identity], ModifiedProperties:pairs, ExtendedProperties[UserAgent], DeviceProperties[SessionId], SessionId, AppAccessContext.AADSessionId, AppAccessContext.CorrelationId,
--   CorrelationId, InterSystemsId, ClientAppId, ApplicationId, ClientInfoString, MailboxOwnerUPN, Item.InternetMessageId, Item.Subject, SiteUrl, ErrorNumber, LogonError, DeviceProperties[OS], DeviceProperties[BrowserType], AppAccessContext.ClientAppId, AppAccessContext.UniqueTokenId, AppId,
--   OperationProperties:pairs, AffectedItems.Subject, AffectedItems.InternetMessageId, Folders.Path, Folders.FolderItems.InternetMessageId
-- json: parameters: *:pairs, [Name], [Identity]
-- json: modified_properties: *:pairs
-- json: operation_properties: *:pairs
-- json: extended_properties: [UserAgent], [RequestType]
-- json: device_properties: [SessionId], [OS], [BrowserType]
-- json: app_access_context: AADSessionId, CorrelationId, ClientAppId, UniqueTokenId
-- json: item: InternetMessageId, Subject
-- json: affected_items: Subject, InternetMessageId
-- json: folders: Path, FolderItems.InternetMessageId

-- view: audits
SELECT
    $(audit_data_user_id, user_id, _raw_user_id, user_ids, user) AS user,
    $(audit_data_operation, operation, _raw_operation, operations, command) AS operation,
    $(audit_data_workload, workload, office_workload, _raw_workload, authentication_service) AS workload,
    $(record_type, audit_data_record_type, _raw_record_type) AS record_type,
    $(audit_data_object_id, object_id, office_object_id, _raw_object_id, object) AS object,
    $(audit_data_source_file_name, source_file_name, _raw_source_file_name, file_name) AS file_name,
    $(audit_data_result_status, result_status, _raw_result_status, action, status) AS result,
    $(audit_data_parameters, parameters_pairs, _raw_parameters, parameters, audit_data_modified_properties, modified_properties_pairs, _raw_modified_properties, audit_data_operation_properties, operation_properties_pairs, _raw_operation_properties) AS parameters,
    $(audit_data_user_agent, user_agent, _raw_user_agent, audit_data_extended_properties_user_agent, extended_properties_user_agent, _raw_extended_properties_user_agent, http_user_agent, audit_data_client_info_string, client_info_string) AS user_agent,
    $(audit_data_user_type, user_type, _raw_user_type) AS user_type,
    $(audit_data_user_key, user_key, _raw_user_key) AS user_id,
    $(audit_data_id, id, _raw_id, office_id, source_record_id, identity) AS record_id,
    $(audit_data_session_id, session_id, _raw_session_id, audit_data_device_properties_session_id, device_properties_session_id, _raw_device_properties_session_id,
        audit_data_app_access_context_aad_session_id, app_access_context_aad_session_id, _raw_app_access_context_aad_session_id) AS session_id,
    $(audit_data_correlation_id, correlation_id, _raw_correlation_id, audit_data_app_access_context_correlation_id, app_access_context_correlation_id, _raw_app_access_context_correlation_id, audit_data_inter_systems_id, inter_systems_id, _raw_inter_systems_id) AS correlation_id,
    $(audit_data_app_access_context_unique_token_id, app_access_context_unique_token_id, _raw_app_access_context_unique_token_id) AS request_id,
    $(audit_data_client_app_id, client_app_id, _raw_client_app_id, audit_data_app_access_context_client_app_id, app_access_context_client_app_id, _raw_app_access_context_client_app_id, audit_data_application_id, application_id, _raw_application_id, audit_data_app_id, app_id, _raw_app_id) AS client_app_id,
    $(audit_data_item_internet_message_id, item_internet_message_id, _raw_item_internet_message_id, message_id,
        audit_data_affected_items_internet_message_id, affected_items_internet_message_id, _raw_affected_items_internet_message_id,
        audit_data_folders_folder_items_internet_message_id, folders_folder_items_internet_message_id, _raw_folders_folder_items_internet_message_id) AS message_id,
    $(audit_data_operation, operation, _raw_operation, operations, command) AS action,
    left(regexp_replace(concat_ws(' ', $(audit_data_operation, operation, _raw_operation, operations, command),
        CASE WHEN $(audit_data_parameters, parameters_pairs, _raw_parameters, parameters) IS NULL THEN $(audit_data_source_file_name, source_file_name, _raw_source_file_name, file_name, audit_data_item_subject, item_subject, _raw_item_subject,
            audit_data_affected_items_subject, affected_items_subject, _raw_affected_items_subject, audit_data_object_id, object_id, office_object_id, _raw_object_id, audit_data_folders_path, folders_path, _raw_folders_path, audit_data_url, url, _raw_url)
            ELSE '"' || coalesce($(audit_data_parameters_name, _raw_parameters_name), CASE WHEN $parameters_pairs IS NOT NULL THEN $(parameters_name, parameters_identity) END,
                $(audit_data_parameters_identity, _raw_parameters_identity, audit_data_object_id, object_id, office_object_id, _raw_object_id, object)) || '"' END,
        $(audit_data_parameters, parameters_pairs, _raw_parameters, parameters, audit_data_modified_properties, modified_properties_pairs, _raw_modified_properties),
        $(audit_data_logon_error, logon_error, _raw_logon_error)), '\s+', ' ', 'g'), 1000) AS detail;
