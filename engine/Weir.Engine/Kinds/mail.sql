-- Mails: Exchange Online's message trace as Splunk's ms:o365:reporting:messagetrace, CSV (also the historical one), JSON of the reporting web service, and Get-MessageTraceV2; the identity is trace and recipient.
-- Facts: learn.microsoft.com, "Get-MessageTrace", "Get-MessageTraceV2", "MessageTrace report".

-- sourcetypes: ms:o365:reporting:messagetrace, o365:reporting:messagetrace, ms:o365:messagetrace
-- columns: message_trace_id & recipient_address|orig_recipient|recipient|recipients|sender_address|orig_src
-- columns: message_id & sender_address|sender & recipient_address|recipient|recipients|recipient_status & subject|message_subject & status|recipient_status|event_id|delivery_status|received|origin_timestamp|origin_timestamp_utc
-- columns: origin_timestamp_utc|origin_timestamp & sender_address & recipient_status
-- columns: message_trace_id & subject
-- prefix: _raw_
-- time: received, date_received, received_utc, origin_timestamp_utc, origin_timestamp, date_time_utc, date_time, timestamp, _time
-- address: from_ip, src_ip, src, client_ip, original_client_ip
-- let: cell = $(recipient_address, orig_recipient, recipient, recipients, recipient_status)
-- let: recipients = CASE WHEN contains(@cell, '##') OR contains(@cell, ';') THEN string_split(regexp_replace(trim(@cell, '; '), ';[;\s]*', ';', 'g'), ';') WHEN regexp_matches(@cell, '(?s)@.*[,\n].*@') THEN string_split_regex(regexp_replace(@cell, '[,\s]+$', ''), '[,\n][,\s]*') ELSE [@cell] END
-- identity: $(message_trace_id, network_message_id, message_id) || '>' || lower(@cell)
-- json: _raw if '"MessageTraceId"' unless message_trace_id & recipient_address & sender_address & received: MessageTraceId:stored, Received:time, SenderAddress:stored, RecipientAddress:stored, Subject, Status:stored, Size, MessageId, FromIP:address, ToIP
-- artefacts: start_date, end_date, index, runspace_id, ps_computer_name, ps_show_computer_name, metadata_id, metadata_uri, metadata_type, __metadata_id, __metadata_uri, __metadata_type

-- view: mails
SELECT
    lower($(sender_address, orig_src, sender, src_user)) AS user,
    $(sender_address, orig_src, sender, src_user) AS sender,
    -- The historical trace names all recipients in one cell, with what became of each: a@b.c##Receive, Send;d@e.f##Receive, Deliver.
    -- Lists are taken apart, never picked from: what is no address (X.500, a guest's #EXT#) is a recipient too.
    trim(regexp_replace(coalesce(nullif(regexp_extract(unnest(@recipients), '<([^<>\s]+@[^<>\s]+)>', 1), ''), unnest(@recipients)), '##[^#]*$', ''), ' "[]{}<>') AS recipient,
    $(subject, message_subject) AS subject,
    coalesce($(status, action, event_id, delivery_status), nullif(regexp_extract(unnest(@recipients), '##([^#]*)$', 1), '')) AS status,
    $(size, message_size, total_bytes) AS size,
    $(to_ip, dest_ip, server_ip) AS dest_ip,
    $(directionality, direction) AS direction,
    $(message_trace_id, network_message_id) AS trace_id,
    $(message_id, internet_message_id) AS message_id,
    coalesce($(status, action, event_id, delivery_status), nullif(regexp_extract(unnest(@recipients), '##([^#]*)$', 1), ''), 'mail') AS action,
    -- The size stands first: it is what changes between two mails of one subject, and a table cuts the end.
    concat_ws(' ', $(size, message_size, total_bytes) || ' bytes', '"' || $(subject, message_subject) || '"', 'to ' || regexp_replace(@cell, '##[^;#]*(;|$)', '\1', 'g')) AS detail;
