-- Syslog: lines of RFC 3164 (no year, no zone: their time stays unknown unless a collector gave one) and RFC 5424, Sentinel's Syslog, Splunk's syslog and linux_secure.
-- Facts: RFC 3164, RFC 5424.

-- sourcetypes: syslog, linux_secure, linux_messages_syslog, linux_audit, cisco:asa
-- columns: syslog_message & facility|severity_level|process_name
-- columns: _raw
-- without: sourcetype
-- shape: regexp_matches(coalesce($(syslog_message), 'x'), '.') AND $_raw IS NULL OR regexp_matches($_raw, '^(<[0-9]{1,3}>)?(1 )?([A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} \S+ |[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[-+][0-9:]{5}) \S+ )')
-- time: _raw_time, time_generated, time_generated_utc, event_time, _time
-- pattern: _raw if ':': time:time, host, process, pid, message | ^(?:<\d{1,3}>)?(?:1 )?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|(?<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[-+]\d\d:\d\d))) (?<host>\S+) (?<process>[^\s:\[]{1,100})(?:\[(?<pid>\d+)\]| (?<pid>\d+))?:? (?<message>.*)$

-- view: timeline
SELECT
    $(user, src_user) AS user,
    $(_raw_host, host_name, computer, host) AS host,
    $(_raw_process, process_name, process) AS action,
    left($(_raw_message, syslog_message, message, _raw), 1000) AS detail;
