-- The whole job in SQL as somebody who knows DuckDB would write it: typed load, lists as rows, AS numbers, indicators, encoded commands.
-- $file, $asn (start_ip, end_ip, asn; IPv4 as text) and $threads are replaced. rowid, not row_number(), which would serialise the load.
SET threads = $threads;
CREATE TABLE t AS SELECT * FROM read_csv($file, header = true);
CREATE TABLE t_user AS SELECT rowid AS id, unnest(string_split("values(user)", chr(10))) AS "user" FROM t WHERE "values(user)" IS NOT NULL;

CREATE MACRO number(ip) AS (split_part(ip, '.', 1)::BIGINT << 24) + (split_part(ip, '.', 2)::BIGINT << 16) + (split_part(ip, '.', 3)::BIGINT << 8) + split_part(ip, '.', 4)::BIGINT;
CREATE TABLE range4 AS SELECT number(start_ip) AS first, number(end_ip) AS last, asn FROM read_csv($asn, header = true, all_varchar = true) WHERE start_ip NOT LIKE '%:%' ORDER BY first;
CREATE TABLE address AS SELECT src_ip, number(src_ip) AS n FROM (SELECT DISTINCT src_ip FROM t WHERE src_ip LIKE '%.%.%.%');
CREATE TABLE address_asn AS SELECT src_ip, asn FROM address ASOF JOIN range4 ON address.n >= range4.first WHERE address.n <= range4.last;
CREATE TABLE t_asn AS SELECT t.rowid AS id, asn FROM t LEFT JOIN address_asn USING (src_ip);

CREATE TABLE ioc_ipv4 AS SELECT rowid AS id, unnest(regexp_extract_all(_raw, '\b(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\b')) AS v FROM t;
CREATE TABLE ioc_url AS SELECT rowid AS id, unnest(regexp_extract_all(_raw, '[hH][tT][tT][pP][sS]?://[^\s"''<>)]+')) AS v FROM t;
CREATE TABLE ioc_email AS SELECT rowid AS id, unnest(regexp_extract_all(_raw, '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,24}')) AS v FROM t;
CREATE TABLE ioc_domain AS SELECT rowid AS id, unnest(regexp_extract_all(_raw, '\b(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+(?:com|net|org|info|xyz|top|ru|io|co\.uk|biz|de)\b')) AS v FROM t;
CREATE TABLE ioc_hash AS SELECT rowid AS id, unnest(regexp_extract_all(_raw, '\b(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})\b')) AS v FROM t;

CREATE TABLE encoded AS SELECT rowid AS id, unnest(regexp_extract_all(_raw, '[A-Za-z0-9+/]{24,}={0,2}')) AS v FROM t;
CREATE TABLE decoded AS SELECT id, replace(regexp_replace(TRY(from_base64(v))::VARCHAR, '\\x00', '', 'g'), chr(0), '') AS v FROM encoded
    WHERE length(v) % 4 = 0 AND regexp_matches(v, '[a-z]') AND regexp_matches(v, '[A-Z]') AND substr(v, 2, 1) IN ('A', 'Q', 'g', 'w');
CREATE TABLE decoded_url AS SELECT id, unnest(regexp_extract_all(v, '[hH][tT][tT][pP][sS]?://[^\s"''<>)]+')) AS v FROM decoded;
