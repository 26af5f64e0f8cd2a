-- Sign-ins to Entra ID (Azure AD): Splunk's ms:aad:signin (v1.0 and beta), the portal's CSV, Sentinel's SigninLogs and the tables of non-interactive, service principal and managed identity
-- sign-ins, Azure Monitor's diagnostic JSON, Microsoft Graph's auditLogs/signIns.
-- Facts: learn.microsoft.com, "signIn resource type" (Graph), "SigninLogs" (Azure Monitor reference), "Microsoft Entra authentication and authorization error codes".

-- sourcetypes: ms:aad:signin, azure:aad:signin, azure:monitor:aad, ms:aad:signin:*
-- columns: conditional_access_status|token_issuer_type|is_interactive|client_app_used|authentication_requirement|conditional_access & ip_address|caller_ip_address & app_id|app_display_name|application|application_id|resource_display_name|resource_id
-- columns: login_status & src_ip|ip_address & user|user_principal_name
-- columns: sign_in_error_code & ip_address
-- columns: service_principal_id|service_principal_name & resource_display_name|resource_id|resource_identity & category|sign_in_event_types|unique_token_identifier & result_type|status_error_code|created_date_time|created_date_time_utc
-- columns: user_principal_name & ip_address|caller_ip_address & app_display_name|resource_display_name & created_date_time|created_date_time_utc|result_type|status_error_code|status_failure_reason
-- rows: coalesce($category, '') = '' OR $category ILIKE '%sign%in%'
-- prefix: properties_, _raw_, _raw_properties_
-- time: created_date_time, created_date_time_utc, date_utc, time, time_generated_utc, time_generated, _time
-- address: ip_address, src_ip, caller_ip_address, src
-- let: code = $(status_error_code, sign_in_error_code, signin_error_code, error_code, status_string_error_code, status_dynamic_error_code, result_type)
-- let: said = lower($(login_status, sign_in_status, status))
-- identity: $(id, request_id, unique_token_identifier)
-- artefacts: time_generated, time_generated_utc, tenant_id, source_system, type
-- same-user: user_principal_name, username, user_id
-- json: device_detail, device_detail_string, device_detail_dynamic: displayName, operatingSystem, browser, deviceId
-- json: location_details, location_details_string, location_details_dynamic: countryOrRegion, city
-- json: status, status_string, status_dynamic: errorCode:stored, failureReason, additionalDetails
-- json: _raw if '"createdDateTime"' '"ipAddress"' unless user_principal_name|user & ip_address|src_ip & created_date_time & app_display_name|app: id:stored, createdDateTime:time, time:time, category:column, userPrincipalName:stored, userDisplayName,
--   userId:stored, servicePrincipalId, servicePrincipalName, appId, appDisplayName:stored, resourceId, resourceDisplayName, ipAddress:address, clientAppUsed, userAgent, conditionalAccessStatus:stored, isInteractive, signInEventTypes, sessionId, correlationId, originalRequestId,
--   uniqueTokenIdentifier, autonomousSystemNumber, riskLevelDuringSignIn, riskLevelAggregated, loginStatus, signinErrorCode, failureReason, status.errorCode, status.failureReason, status.additionalDetails,
--   deviceDetail.displayName, deviceDetail.deviceId, deviceDetail.operatingSystem, deviceDetail.browser, location.city, location.countryOrRegion,
--   properties.id:stored, properties.createdDateTime:time, properties.userPrincipalName:stored, properties.userDisplayName, properties.userId:stored, properties.servicePrincipalId, properties.servicePrincipalName, properties.appId, properties.appDisplayName:stored,
--   properties.resourceId, properties.resourceDisplayName, properties.ipAddress:address, properties.clientAppUsed, properties.userAgent, properties.isInteractive, properties.signInEventTypes, properties.sessionId, properties.correlationId,
--   properties.originalRequestId, properties.autonomousSystemNumber, properties.riskLevelDuringSignIn, properties.riskLevelAggregated, properties.status.errorCode, properties.status.failureReason, properties.deviceDetail.displayName,
--   properties.deviceDetail.deviceId, properties.deviceDetail.operatingSystem, properties.deviceDetail.browser, properties.location.city, properties.location.countryOrRegion

-- view: signins
SELECT
    $(user_principal_name, username, user, sign_in_identifier, alternate_sign_in_name, service_principal_name, managed_service_identity_associated_resource_id, user_display_name, identity, service_principal_id, user_id, app_display_name) AS user,
    CASE
        WHEN @said IN ('success', 'failure', 'interrupted') THEN @said
        WHEN @code = '0' THEN 'success'
        -- More was asked of the user: a second factor, a new password, to stay signed in, consent.
        WHEN @code
            IN ('16000', '16003', '50055', '50058', '50072', '50074', '50076', '50079', '50097', '50125', '50127', '50129', '50140', '50143', '50158', '50199', '51006', '52004', '65001', '81010', '81012', '81014') THEN 'interrupted'
        WHEN @code IS NOT NULL THEN 'failure'
    END AS status,
    @code AS error_code,
    $(status_failure_reason, failure_reason, status_string_failure_reason, status_dynamic_failure_reason, result_description, status_additional_details) AS reason,
    $(app_display_name, application, app) AS app,
    $(resource_display_name, resource) AS resource,
    $(client_app_used, client_app) AS client_app,
    $(device_detail_display_name, device_detail_string_display_name, device_detail_dynamic_display_name, device_name, device_information, device_detail_device_id, device_id) AS device,
    $(device_detail_operating_system, device_detail_string_operating_system, device_detail_dynamic_operating_system, operating_system) AS os,
    $(device_detail_browser, device_detail_string_browser, device_detail_dynamic_browser, browser) AS browser,
    $(user_agent, http_user_agent) AS user_agent,
    coalesce($(location_country_or_region, location_country, location_details_country_or_region, location_details_string_country_or_region, location_details_dynamic_country_or_region, country), trim(split_part($location, ',', -1))) AS country,
    coalesce($(location_city, location_details_city, location_details_string_city, location_details_dynamic_city, city), CASE WHEN contains($location, ',') THEN trim(split_part($location, ',', 1)) END) AS city,
    $(autonomous_system_number, asn) AS log_asn,
    $(user_id, service_principal_id) AS user_id,
    CASE
        WHEN $category ILIKE 'NonInteractive%' OR $is_interactive ILIKE 'false' AND $category IS NULL AND $service_principal_id IS NULL THEN 'non-interactive'
        WHEN $category ILIKE 'ServicePrincipal%' THEN 'service-principal'
        WHEN $category ILIKE 'ManagedIdentity%' THEN 'managed-identity'
        WHEN $sign_in_event_types ILIKE '%managedIdentity%' THEN 'managed-identity'
        WHEN $sign_in_event_types ILIKE '%servicePrincipal%' THEN 'service-principal'
        WHEN $sign_in_event_types ILIKE '%nonInteractive%' THEN 'non-interactive'
        WHEN $(user_principal_name, username, user, user_id) IS NULL AND $(service_principal_name, service_principal_id) IS NOT NULL THEN 'service-principal'
        WHEN $is_interactive ILIKE 'true' OR $category ILIKE 'SignInLogs' OR $sign_in_event_types ILIKE '%interactiveUser%' THEN 'interactive'
    END AS sign_in_type,
    CASE WHEN $(risk_level_during_sign_in, risk_level_aggregated, risk_level) NOT IN ('none', 'hidden') THEN $(risk_level_during_sign_in, risk_level_aggregated, risk_level) END AS risk,
    $(id, request_id) AS record_id,
    $(session_id) AS session_id,
    $(correlation_id) AS correlation_id,
    $(original_request_id, request_id, id) AS request_id,
    $(app_id, application_id) AS client_app_id,
    'sign-in' AS action,
    concat_ws(' ',
        CASE WHEN @said = 'success' OR @code = '0' THEN 'success'
            WHEN $(login_status, sign_in_status, status, status_error_code, sign_in_error_code, signin_error_code, error_code, status_string_error_code, status_dynamic_error_code, result_type) IS NOT NULL THEN concat_ws(' ', 'no success:', @code, $(status_failure_reason, failure_reason, status_string_failure_reason, status_dynamic_failure_reason, result_description)) END,
        'to ' || $(app_display_name, application, app, resource_display_name, resource),
        'from ' || $(location_country_or_region, location_country, location_details_country_or_region, location_details_string_country_or_region, location_details_dynamic_country_or_region, country, location),
        'with ' || nullif(concat_ws(', ', $(device_detail_operating_system, device_detail_string_operating_system, device_detail_dynamic_operating_system, operating_system, device_information),
            $(device_detail_browser, device_detail_string_browser, device_detail_dynamic_browser, browser, client_app_used, client_app)), '')) AS detail;
