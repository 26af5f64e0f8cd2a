-- Changes in Entra ID (Azure AD): Sentinel's AuditLogs, Azure Monitor's diagnostic JSON of category AuditLogs, the portal's CSV, Splunk's ms:aad:audit, Graph's auditLogs/directoryAudits.
-- Facts: learn.microsoft.com, "directoryAudit resource type" (Graph), "AuditLogs" (Azure Monitor reference).

-- sourcetypes: ms:aad:audit, azure:aad:audit, azure:monitor:aad
-- columns: activity_display_name & initiated_by|initiated_by_user_user_principal_name|initiated_by_app_display_name|initiated_by_user_id|initiated_by_user_ip_address|target_resources
-- columns: operation_name & initiated_by & target_resources
-- columns: date_utc & activity & initiated_by_actor|actor_user_principal_name|initiated_by_actor_user_principal_name|actor_type & target_1_display_name|target1_display_name|target_1_object_id|target1_object_id
-- rows: coalesce($category, '') NOT ILIKE '%sign%in%' AND ($category ILIKE 'auditlogs' OR $(activity_display_name, activity, initiated_by, initiated_by_user_user_principal_name, initiated_by_app_display_name, initiated_by_user_id) IS NOT NULL)
-- prefix: properties_, _raw_, _raw_properties_
-- time: activity_date_time, activity_date_time_utc, date_utc, time, time_generated_utc, time_generated, _time
-- address: initiated_by_user_ip_address, initiated_by_app_ip_address, ip_address, caller_ip_address, initiated_by_actor_ip_address
-- identity: $(id)
-- artefacts: time_generated, time_generated_utc, tenant_id, source_system, type
-- same-user: initiated_by_user_user_principal_name, initiated_by_user_id
-- json: initiated_by: user.userPrincipalName:stored, user.id:stored, user.ipAddress:address, app.displayName:stored, app.servicePrincipalId
-- json: target_resources: *:pairs
-- json: additional_details: *:pairs, [User-Agent]
-- json: _raw if '"activityDisplayName"' unless activity_display_name & activity_date_time & id: id:stored, activityDateTime:time, time:time, activityDisplayName:stored, operationName:stored, category:column, correlationId, result, resultReason, loggedByService,
--   initiatedBy.user.userPrincipalName:stored, initiatedBy.user.id:stored, initiatedBy.user.ipAddress:address, initiatedBy.app.displayName:stored, targetResources:pairs, additionalDetails:pairs,
--   properties.id:stored, properties.activityDateTime:time, properties.activityDisplayName:stored, properties.category:column, properties.correlationId, properties.result, properties.resultReason, properties.loggedByService,
--   properties.initiatedBy.user.userPrincipalName:stored, properties.initiatedBy.user.id:stored, properties.initiatedBy.user.ipAddress:address, properties.initiatedBy.app.displayName:stored, properties.targetResources:pairs, properties.additionalDetails:pairs

-- view: audits
SELECT
    $(initiated_by_user_user_principal_name, initiated_by_actor_user_principal_name, actor_user_principal_name, initiated_by_app_display_name, initiated_by_actor_display_name, identity, initiated_by_user_id) AS user,
    $(activity_display_name, operation_name, activity) AS operation,
    coalesce($(logged_by_service, service), 'AzureActiveDirectory') AS workload,
    $(category) AS record_type,
    $(target_resources_pairs, _raw_target_resources, _raw_properties_target_resources, target_1_display_name, target1_display_name, target_1_user_principal_name, target1_user_principal_name) AS object,
    $(result, result_type, status) AS result,
    $(additional_details_pairs, _raw_additional_details, _raw_properties_additional_details) AS parameters,
    $(additional_details_user_agent, user_agent) AS user_agent,
    $(initiated_by_user_id) AS user_id,
    $(id) AS record_id,
    $(correlation_id) AS correlation_id,
    $(activity_display_name, operation_name, activity) AS action,
    concat_ws(' ', $(activity_display_name, operation_name, activity), $(target_resources_pairs, _raw_target_resources, _raw_properties_target_resources, target_1_display_name, target1_display_name), $(result_reason, result_description)) AS detail;
