-- Requests seen on the wire: Splunk's stream:http, Zeek's http.log.
-- Facts: docs.splunk.com, "Splunk Stream: HTTP fields"; docs.zeek.org, "http.log".

-- sourcetypes: stream:http, bro:http:json, zeek:http*, bro_http
-- columns: id_orig_h & method|uri & status_code|host|user_agent
-- columns: http_method & uri_path|uri & src_ip & dest_ip
-- time: ts, endtime, timestamp, _time
-- address: src_ip, id_orig_h, c_ip
-- json: _raw if '"http_method"' '"src_ip"': timestamp:time, src_ip:address, dest_ip:address, dest_port, http_method:stored, uri_path, uri, site, status:stored, http_user_agent, http_referrer, form_data, bytes_in, bytes_out, http_content_type

-- view: web
SELECT
    $(username, user) AS user,
    $(http_method, method, _raw_http_method) AS method,
    $(site, host_header, id_resp_h, _raw_site) AS site,
    $(uri, url, uri_path, _raw_uri, _raw_uri_path) AS url,
    $(status, status_code, _raw_status) AS status,
    $(bytes, bytes_out, response_body_len, _raw_bytes_out) AS bytes,
    $(http_user_agent, user_agent, _raw_http_user_agent) AS user_agent,
    $(http_referrer, referrer, _raw_http_referrer) AS referer,
    $(http_content_type, resp_mime_types, _raw_http_content_type) AS content_type,
    $(form_data, _raw_form_data) AS form_data,
    $(dest_ip, id_resp_h, _raw_dest_ip) AS dest_ip,
    $(dest_port, id_resp_p, _raw_dest_port) AS dest_port,
    $(host) AS host,
    $(http_method, method, _raw_http_method) AS action,
    left(concat_ws(' ', $(http_method, method, _raw_http_method), $(dest_ip, id_resp_h, _raw_dest_ip) || coalesce(':' || $(dest_port, id_resp_p, _raw_dest_port), ''), $(uri, url, uri_path, _raw_uri, _raw_uri_path),
        '→ ' || $(status, status_code, _raw_status), $(form_data, _raw_form_data)), 1000) AS detail;
