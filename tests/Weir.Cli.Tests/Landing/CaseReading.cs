using System.Globalization;
using System.Text.Json;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Cli.Tests.Landing;

/// <summary>Reads a case as somebody would who knows weir.columns and nothing else, and compares it with what was generated.</summary>
internal static class CaseReading
{
    private sealed record Column(string Name, string Original, int? Position, string Type, string? Format, string Role, string? Of, long? Filled, long Misfits, bool Aside);

    /// <summary>What is wrong with one landed source: rows, cells, columns, remarks, rejects.</summary>
    public static IEnumerable<string> Differences(CaseDatabase database, int id, string table, RandomSource source)
    {
        List<Column> columns = ColumnsOf(database, id);
        Column[] own = [.. columns.Where(c => c.Role is "source" or "twin")];
        if (!own.Select(c => c.Original).SequenceEqual(source.Header))
        {
            yield return $"weir.columns names {Json(own.Select(c => c.Original))} for {Json(source.Header)}";
            yield break;
        }

        if (own.Where(c => c.Role == "source").GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).Any(g => g.Count() > 1))
            yield return $"columns of one source share a place: {Json(own.Select(c => c.Name))}";
        Dictionary<string, Column> companions = columns.Where(c => c.Role == "companion").ToDictionary(c => c.Of!, StringComparer.OrdinalIgnoreCase);
        string? extra = columns.SingleOrDefault(c => c.Role == "extra")?.Name;
        List<(long Row, string[] Cells)> rows = RowsOf(database, id, table, own, companions, extra);
        if (rows.Count != source.Rows.Count)
            yield return $"{rows.Count} rows for {source.Rows.Count}";
        foreach (var ((found, cells), (row, expected)) in rows.Zip(source.Rows))
        {
            if (found == row && cells.SequenceEqual(expected))
                continue;
            int at = cells.Zip(expected).TakeWhile(p => p.First == p.Second).Count();
            yield return $"row {found} for {row}, cell {at}: {Json(cells.Skip(at).Take(1))} for {Json(expected.Skip(at).Take(1))} ({(at < own.Length ? own[at] : "extra field")})";
            break;
        }

        for (int i = 0; i < own.Length; i++)
        {
            if (own[i].Role == "twin")
                continue;
            if (own[i].Filled != source.Filled[i])
                yield return $"column {own[i].Name}: filled {own[i].Filled} for {source.Filled[i]}";
            if (own[i].Aside)
                yield return $"column {own[i].Name} lies aside";
            long misfits = companions.TryGetValue(own[i].Name, out Column? companion)
                ? database.Count($"SELECT count({Sql.Name(companion.Name)}) FROM main.{Sql.Name(table)} WHERE source_id = ?", id) : 0;
            if (own[i].Misfits != misfits)
                yield return $"column {own[i].Name}: misfits {own[i].Misfits}, {misfits} in {companion?.Name ?? "no companion"}";
        }

        foreach (string fault in Addresses(database, id, table, columns, companions))
            yield return fault;
        foreach (string fault in Indicators(database, id, table, columns, companions))
            yield return fault;
        // What the kinds of logs make of rows is held against the undisturbed case.
        string remarks = Json(database.Rows("SELECT row_id, code FROM weir.remarks WHERE source_id = ? AND code NOT IN ('payload-cut', 'id-shared')", r => $"{r.GetValue(0)} {r.GetString(1)}", id).Order(StringComparer.Ordinal));
        string expectedRemarks = Json(source.Remarks.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Row} {r.Code}")).Order(StringComparer.Ordinal));
        if (remarks != expectedRemarks)
            yield return $"remarks {remarks} for {expectedRemarks}";
        string rejects = Json(database.Rows("SELECT row_id, sum(octet_length(raw))::BIGINT FROM weir.rejects WHERE source_id = ? GROUP BY ALL ORDER BY 1", r => $"{r.GetInt64(0)} {r.GetInt64(1)}", id));
        string expectedRejects = Json(source.Rejects.Select(r => $"{r.Row} {r.Bytes}"));
        if (rejects != expectedRejects)
            yield return $"rejects {rejects} for {expectedRejects}";
    }

    /// <summary>The cells of a source as text, by original name; empty and NULL are one.</summary>
    public static List<(long Row, Dictionary<string, string> Cells)> CellsOf(CaseDatabase database, int id, string table)
    {
        List<Column> columns = ColumnsOf(database, id);
        Column[] own = [.. columns.Where(c => c.Role is "source")];
        Dictionary<string, Column> companions = columns.Where(c => c.Role == "companion").ToDictionary(c => c.Of!, StringComparer.OrdinalIgnoreCase);
        return [.. RowsOf(database, id, table, own, companions, null).Select(r => (r.Row, own.Zip(r.Cells).ToDictionary(c => c.First.Original, c => c.Second)))];
    }

    private static List<Column> ColumnsOf(CaseDatabase database, int id) => database.Rows(
        "SELECT column_name, original_name, position, type, format, role, of_column, filled, misfits, aside FROM weir.columns WHERE source_id = ? ORDER BY position",
        r => new Column(
            r.GetString(0), r.GetString(1), r.IsDBNull(2) ? null : r.GetInt32(2), r.GetString(3), r.IsDBNull(4) ? null : r.GetString(4), r.GetString(5), r.IsDBNull(6) ? null : r.GetString(6),
            r.IsDBNull(7) ? null : r.GetInt64(7), r.GetInt64(8), r.GetBoolean(9)),
        id);

    private static List<(long Row, string[] Cells)> RowsOf(CaseDatabase database, int id, string table, Column[] own, Dictionary<string, Column> companions, string? extra)
    {
        string list = string.Join(", ", own.Select(c => Text(c, companions.GetValueOrDefault(c.Name)?.Name)));
        return database.Rows(
            $"SELECT row_id, {(extra is null ? "NULL" : $"to_json({Sql.Name(extra)})::VARCHAR")}, {list} FROM main.{Sql.Name(table)} AS landed WHERE source_id = ? ORDER BY row_id",
            r => (r.GetInt64(0), (string[])
            [
                .. own.Select((_, i) => r.IsDBNull(i + 2) ? "" : r.GetString(i + 2)),
                .. r.IsDBNull(1) ? [] : JsonSerializer.Deserialize<string?[]>(r.GetString(1))!.Select(c => c ?? ""),
            ]),
            id);
    }

    /// <summary>Columns of the tables that weir.columns does not account for, and the other way round.</summary>
    public static IEnumerable<string> Unaccounted(CaseDatabase database, bool orphans)
    {
        const string landed =
            "(SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = ? AND schema_name = 'main' AND table_name NOT IN (SELECT view_name FROM duckdb_views() WHERE NOT internal) AND column_name NOT IN ('source_id', 'row_id'))";
        const string told = "(SELECT DISTINCT table_name, column_name, type FROM weir.columns WHERE role <> 'payload' OR format IS NULL)"; // a value with a format is found in other columns
        foreach (string missing in database.Rows($"{told} EXCEPT {landed}", Line, CaseDatabase.Alias))
            yield return $"weir.columns tells of {missing}, which is not there";
        foreach (string orphan in orphans ? database.Rows($"{landed} EXCEPT {told}", Line, CaseDatabase.Alias) : [])
            yield return $"no source refers to {orphan}";
        foreach (string astray in database.Rows("SELECT DISTINCT table_name, column_name, source_id FROM weir.columns WHERE source_id NOT IN (SELECT source_id FROM weir.sources)", Line))
            yield return $"{astray} is told of a source that is not there";

        static string Line(System.Data.Common.DbDataReader r) => $"{r.GetString(0)}.{r.GetString(1)} {r.GetValue(2)}";
    }

    /// <summary>What stands in weir.ioc_hits and weir.decoded is what the landed cells give, one by one.</summary>
    private static IEnumerable<string> Indicators(CaseDatabase database, int id, string table, List<Column> columns, Dictionary<string, Column> companions)
    {
        var expected = new List<string>();
        var extractor = new IndicatorExtractor();
        Column? raw = columns.FirstOrDefault(c => c is { Role: "source", Original: "_raw" });
        foreach (Column column in columns.Where(c => c.Role == "source"))
        {
            string name = Sql.Name(column.Name), text = companions.GetValueOrDefault(column.Name) is { } companion ? Sql.Name(companion.Name) : "NULL";
            // A second column of the name is no other than the first: the field that repeats others.
            string around = raw is null || column.Original == "_raw" ? "NULL" : Text(raw, companions.GetValueOrDefault(raw.Name)?.Name);
            string value = column.Type is "VARCHAR[]" ? $"to_json({name})::VARCHAR" : column.Type == "VARCHAR" ? $"to_json([{name}])::VARCHAR" : "NULL";
            foreach (var (row, cell, exact, within) in database.Rows(
                $"SELECT row_id, {value}, {text}, {around} FROM main.{Sql.Name(table)} AS landed WHERE source_id = ?",
                r => (r.GetInt64(0), r.IsDBNull(1) ? null : r.GetString(1), r.IsDBNull(2) ? null : r.GetString(2), r.IsDBNull(3) ? null : r.GetString(3)), id))
            {
                string?[] values = cell is null ? [exact] : JsonSerializer.Deserialize<string?[]>(cell)!;
                for (int i = 0; i < values.Length; i++)
                {
                    if (string.IsNullOrEmpty(values[i]) || within?.Contains(values[i]!, StringComparison.Ordinal) == true)
                        continue;
                    byte[] bytes = System.Text.Encoding.UTF8.GetBytes(values[i]!);
                    extractor.Clear();
                    extractor.Extract(bytes, 0, bytes.Length, 0);
                    string place = $"{row} {column.Name} {(column.Type == "VARCHAR[]" && cell is not null ? i + 1 : null)}";
                    for (int h = 0; h < extractor.Hits.Count; h++)
                    {
                        IndicatorHit hit = extractor.Hits[h];
                        expected.Add($"{place} {hit.Type.Name()} {extractor.Hits.ValueText(h)} {extractor.TextOf(h)?.Offset ?? hit.Offset}+{extractor.TextOf(h)?.Length ?? hit.Length} {extractor.TextOf(h)?.Layers} {extractor.Hits.PartOf(h)}");
                    }

                    expected.AddRange(extractor.Texts.Select(t => $"{place} {t.Layers} = {System.Text.Encoding.UTF8.GetString(t.Bytes)}"));
                }
            }
        }

        List<string> found = database.Rows(
            "SELECT concat_ws(' ', row_id, column_name, coalesce(ordinal::VARCHAR, ''), type, value, byte_offset || '+' || byte_length, coalesce(layers, ''), coalesce(part_of, '')) FROM weir.ioc_hits WHERE source_id = ? AND table_name = ?", r => r.GetString(0), id, table);
        found.AddRange(database.Rows("SELECT concat_ws(' ', row_id, column_name, coalesce(ordinal::VARCHAR, ''), layers || ' = ' || text) FROM weir.decoded WHERE source_id = ? AND table_name = ?", r => r.GetString(0), id, table));
        string one = Json(expected.Order(StringComparer.Ordinal)), other = Json(found.Order(StringComparer.Ordinal));
        if (one != other)
            yield return $"indicators: missing {Json(expected.Except(found).Take(3))}, too many {Json(found.Except(expected).Take(3))} ({found.Count} for {expected.Count})";
    }

    /// <summary>Columns of addresses have what the table knows of each, and no others have.</summary>
    private static IEnumerable<string> Addresses(CaseDatabase database, int id, string table, List<Column> columns, Dictionary<string, Column> companions)
    {
        string[] landed = [.. database.Rows("SELECT column_name FROM duckdb_columns() WHERE database_name = ? AND schema_name = 'main' AND table_name = ?", r => r.GetString(0), CaseDatabase.Alias, table)];
        foreach (Column column in columns.Where(c => c.Role == "source"))
        {
            string? asn = columns.SingleOrDefault(c => c.Role == "asn" && c.Of == column.Name)?.Name, organisation = columns.SingleOrDefault(c => c.Role == "as_org" && c.Of == column.Name)?.Name;
            string? text = companions.GetValueOrDefault(column.Name)?.Name;
            var rows = database.Rows(
                $"SELECT to_json({Sql.Name(column.Name)})::VARCHAR, {(text is null ? "NULL" : Sql.Name(text))}, {(asn is null ? "NULL" : $"to_json({Sql.Name(asn)})::VARCHAR, to_json({Sql.Name(organisation!)})::VARCHAR")} FROM main.{Sql.Name(table)} WHERE source_id = ?",
                r => (Value: r.IsDBNull(0) ? null : r.GetString(0), Text: r.IsDBNull(1) ? null : r.GetString(1), Asn: r.IsDBNull(2) ? null : r.GetString(2), Org: asn is null || r.IsDBNull(3) ? null : r.GetString(3)), id);
            long filled = 0, addresses = 0;
            foreach (var (value, companion, number, name) in rows)
            {
                JsonElement? json = value is null ? null : JsonDocument.Parse(value).RootElement;
                string?[] values = json is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(v => v.GetString())]
                    : json is { ValueKind: JsonValueKind.String } single && column.Type == "VARCHAR" ? [single.GetString()] : [companion];
                filled += value is not null && value != "\"\"" || !string.IsNullOrEmpty(companion) ? 1 : 0;
                string?[] counted = (column.Type == "VARCHAR" || column.Format == "single") && values.Length == 1 && JsonList.Is(System.Text.Encoding.UTF8.GetBytes(values[0] ?? ""), out _) ? [.. JsonDocument.Parse(values[0]!).RootElement.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String ? v.GetString() : v.GetRawText() == "null" ? null : v.GetRawText())] : values;
                counted = [.. counted.Where(v => !string.IsNullOrEmpty(v))];
                addresses += counted.Length > 0 && counted.All(v => AddressText.TryReadCell(System.Text.Encoding.UTF8.GetBytes(v!), out _)) ? 1 : 0;
                if (asn is null)
                    continue;
                (long? Asn, string? Name)[] known = [.. values.Select(v => AsnTable.Embedded.TryFind(System.Text.Encoding.UTF8.GetBytes(v ?? ""), out AsnEntry entry) ? ((long?)entry.Asn, entry.Organisation) : (null, null))];
                string? expected = known.All(k => k.Asn is null) ? null : column.Type == "VARCHAR[]" ? JsonSerializer.Serialize(known.Select(k => k.Asn)) : JsonSerializer.Serialize(known[0].Asn);
                string? organisations = known.All(k => k.Asn is null) || column.Type != "VARCHAR[]" && known[0].Name is null ? null : JsonSerializer.Serialize<object?>(column.Type == "VARCHAR[]" ? known.Select(k => k.Name) : known[0].Name, Plain);
                if (expected == number && organisations == name)
                    continue;
                yield return $"{asn} of {value ?? companion}: {number} {name} for {expected} {organisations}";
                break;
            }

            if ((asn is not null) != (addresses > 0 && addresses * 10 >= filled * 9))
                yield return $"{column.Name}: {addresses} addresses of {filled}, and {asn ?? "no numbers"}";
            if (asn is null && landed.Contains(column.Name + "_asn") && columns.TrueForAll(c => c.Name != column.Name + "_asn")
                && database.Count($"SELECT count({Sql.Name(column.Name + "_asn")}) FROM main.{Sql.Name(table)} WHERE source_id = ?", id) > 0)
                yield return $"{column.Name}_asn holds values of a source without addresses";
        }
    }

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Text(Column column, string? companion)
    {
        string name = Sql.Name(column.Name);
        if (column.Role == "twin")
        {
            string values = column.Type == "VARCHAR[]"
                ? $"CASE WHEN len({name}) > 1 THEN '$' || array_to_string(list_transform({name}, lambda v: replace(v, '$', '$$')), '$;$') || '$' END" : "NULL::VARCHAR";
            return $"coalesce((SELECT decode(r.raw) FROM weir.remarks r WHERE r.code = 'mv-twin' AND r.source_id = landed.source_id AND r.row_id = landed.row_id AND r.column_name = '{column.Name.Replace("'", "''", StringComparison.Ordinal)}'), {values})";
        }

        if (column.Type == "VARCHAR")
            return name;
        ColumnType type = Enum.GetValues<ColumnType>().Single(t => TypedSql.Name(t) == column.Type);
        string written = TypedSql.Write(name, type, column.Format);
        return companion is null ? written : $"coalesce({Sql.Name(companion)}, {written})";
    }

    private static string Json(IEnumerable<string> values) => JsonSerializer.Serialize(values);
}
