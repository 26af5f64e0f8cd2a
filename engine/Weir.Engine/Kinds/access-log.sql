-- Requests in the common or combined format of Apache, nginx and relatives, one a line.
-- Facts: httpd.apache.org, "Log Files".

-- sourcetypes: access_combined, access_combined_wcookie, access_common, apache:access*, nginx:plus:access, nginx:access*, *access_log
-- columns: _raw
-- without: sourcetype
-- shape: regexp_matches($_raw, '^\S+ \S+ .+ \[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9:]{8} [-+][0-9]{4}\] ')
-- time: _raw_time, _time
-- address: _raw_client, clientip, src_ip
-- pattern: _raw if '/' ':' '[': client:address, user, time:time, method, url, status, bytes, referer, agent | ^(?:[^\s,]+ (?<client>(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)(?:, ?[^\s,]+)*)|(?<client>(?:[^\s,]+, ?)*[^\s,]+)) \S+ (?<user>.+?) \[(?<time>[^\]]{26})\] "(?:(?<method>[A-Z]{3,20}) (?<url>\S+)[^"]*|[^"]*)(?:"|$)(?: (?<status>\d{3}) (?:(?<bytes>\d+)|-))?(?: "(?<referer>[^"]*)" "(?<agent>[^"]*)")?

-- view: web
SELECT
    nullif($(_raw_user, user), '-') AS user,
    $(_raw_method, method) AS method,
    $(_raw_url, uri, uri_path) AS url,
    $(_raw_status, status) AS status,
    $(_raw_bytes, bytes) AS bytes,
    $(_raw_agent, useragent, http_user_agent) AS user_agent,
    nullif($(_raw_referer, referer), '-') AS referer,
    $(host) AS host,
    $(_raw_method, method) AS action,
    coalesce(concat_ws(' ', $(_raw_method, method), $(_raw_url, uri, uri_path), '→ ' || $(_raw_status, status)), left($_raw, 200)) AS detail;
