-- Calls to AWS: CloudTrail's Records, Splunk's aws:cloudtrail.
-- Facts: docs.aws.amazon.com, "CloudTrail record contents".

-- sourcetypes: aws:cloudtrail
-- columns: event_source & event_name & aws_region
-- prefix: _raw_
-- time: event_time, _time
-- address: source_ip_address
-- identity: $(event_id)
-- json: _raw if '"eventSource"' '"awsRegion"' unless event_source & event_name & event_time & event_id: eventID:stored, eventTime:time, eventSource:stored, eventName:stored, eventType, awsRegion:stored, sourceIPAddress:address, userAgent, errorCode, errorMessage, requestID,
--   userIdentity.type, userIdentity.userName:stored, userIdentity.arn:stored, userIdentity.principalId, userIdentity.invokedBy, userIdentity.accessKeyId, userIdentity.sessionContext.sessionIssuer.userName,
--   requestParameters.bucketName, requestParameters.userName, requestParameters.roleName, requestParameters.instanceId, requestParameters.keyId

-- view: audits
SELECT
    $(user_identity_user_name, user_identity_session_context_session_issuer_user_name, user_identity_arn, user_identity_principal_id, user_identity_invoked_by, user_identity_type) AS user,
    $(event_name) AS operation,
    $(event_source) AS workload,
    $(event_type) AS record_type,
    $(request_parameters_bucket_name, request_parameters_user_name, request_parameters_role_name, request_parameters_instance_id, request_parameters_key_id, resources) AS object,
    coalesce($(error_code), 'success') AS result,
    $(user_agent) AS user_agent,
    $(user_identity_type) AS user_type,
    $(user_identity_arn, user_identity_principal_id) AS user_id,
    $(event_id) AS record_id,
    $(user_identity_access_key_id) AS session_id,
    $(request_id) AS request_id,
    $(event_name) AS action,
    concat_ws(' ', $(event_name), $(event_source), $(request_parameters_bucket_name, request_parameters_user_name, request_parameters_role_name, request_parameters_instance_id), $(error_code), $(error_message)) AS detail;
