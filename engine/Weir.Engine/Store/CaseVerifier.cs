using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Apache.Arrow;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>Recounts and rehashes what landed and compares it with the ledger.</summary>
/// <remarks>Cells are written back to text by the formats of <c>weir.columns</c>, so this also proves that every type is reversible.</remarks>
internal sealed class CaseVerifier(CaseFile caseFile, CaseDatabase database)
{
    public async IAsyncEnumerable<SourceVerification> VerifyAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sources = database.Rows(
            """
            SELECT s.source_id, s.uri, s.table_name, s.rows_read, s.rows_landed, s.rows_rejected, coalesce(r.rejected, 0), coalesce(b.rows, 0), b.hash
            FROM weir.sources s
            LEFT JOIN (SELECT source_id, count(DISTINCT row_id) AS rejected FROM weir.rejects GROUP BY source_id) r USING (source_id)
            LEFT JOIN (SELECT source_id, sum(rows)::BIGINT AS rows, (sum(rows_hash::HUGEINT) % 18446744073709551616::HUGEINT)::UBIGINT AS hash FROM weir.batches GROUP BY source_id) b USING (source_id)
            WHERE s.state <> 'failed' ORDER BY s.source_id
            """,
            r => (Id: r.GetInt32(0), Uri: r.GetString(1), Table: r.GetString(2), Read: r.GetInt64(3), Landed: r.GetInt64(4), Rejected: r.GetInt64(5),
                Rejects: r.GetInt64(6), Indexed: r.GetInt64(7), Hash: r.IsDBNull(8) ? 0UL : Convert.ToUInt64(r.GetValue(8), CultureInfo.InvariantCulture)));
        Dictionary<(int, long, string), byte[]> twins = database.Rows(
            "SELECT source_id, row_id, column_name, raw FROM weir.remarks WHERE code = ?", r => (r.GetInt32(0), r.GetInt64(1), r.GetString(2), CaseFile.Bytes(r, 3)), UnnestStage.TwinRemark)
            .ToDictionary(t => (t.Item1, t.Item2, t.Item3), t => t.Item4);
        foreach (var table in sources.GroupBy(s => s.Table, StringComparer.OrdinalIgnoreCase))
        {
            Dictionary<int, Recount> found = await RecountAsync(table.Key, twins, cancellationToken);
            foreach (var source in table)
            {
                Recount recount = found.GetValueOrDefault(source.Id) ?? new Recount();
                var faults = new List<string>();
                Compare(faults, "rows read", source.Read, source.Landed + source.Rejected);
                Compare(faults, "rows landed", source.Landed, recount.Rows);
                Compare(faults, "distinct row numbers", source.Landed, recount.DistinctRows);
                Compare(faults, "rows rejected", source.Rejected, source.Rejects);
                Compare(faults, "rows in the batch index", source.Read, source.Indexed);
                if (source.Hash != recount.Hash)
                    faults.Add(string.Create(CultureInfo.InvariantCulture, $"hash of the cells: the ledger has {source.Hash:x16}, the table {recount.Hash:x16}"));
                yield return new SourceVerification(source.Id, source.Uri, source.Table, recount.Rows, faults);
            }
        }
    }

    private static void Compare(List<string> faults, string what, long ledger, long found)
    {
        if (ledger != found)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: the ledger has {ledger}, the table {found}"));
    }

    private async Task<Dictionary<int, Recount>> RecountAsync(string table, Dictionary<(int, long, string), byte[]> twins, CancellationToken cancellationToken)
    {
        var found = new Dictionary<int, Recount>();
        TableModel model = TableModel.Load(database, table);
        if (model.Columns.Count == 0)
            return found;
        foreach (var (source, distinct) in database.Rows(
            $"SELECT source_id, count(DISTINCT row_id) FROM {model.QualifiedName} GROUP BY source_id", r => (r.GetInt32(0), r.GetInt64(1))))
            found[source] = new Recount { DistinctRows = distinct };

        TableColumn[] columns = [.. model.Stored];
        Dictionary<TableColumn, int> places = columns.Select((c, i) => (c, i)).ToDictionary(p => p.c, p => p.i + 2);
        string list = string.Join(", ", columns.Select(c => Sql.Name(c.Name)).Prepend("row_id").Prepend("source_id"));
        await foreach (RecordBatch batch in caseFile.QueryAsync($"SELECT {list} FROM {model.QualifiedName}", [], cancellationToken))
        {
            using (batch)
            {
                var ids = (Int32Array)batch.Column(0);
                foreach (int source in ids.Values.ToArray().Distinct())
                    Add(found[source], batch, source, model.Bindings(source), places, twins);
            }
        }

        return found;
    }

    private static void Add(
        Recount recount, RecordBatch batch, int source, IReadOnlyList<ColumnBinding> bindings, Dictionary<TableColumn, int> places, Dictionary<(int Source, long Row, string Column), byte[]> twins)
    {
        var ids = (Int32Array)batch.Column(0);
        ReadOnlySpan<long> rowIds = ((Int64Array)batch.Column(1)).Values;
        int[] rows = [.. Enumerable.Range(0, batch.Length).Where(i => ids.Values[i] == source)];
        var sums = new ulong[rows.Length];
        foreach (ColumnBinding binding in bindings)
        {
            IArrowArray values = batch.Column(places[binding.Column]);
            long seed = RowHash.Seed(binding.Original);
            if (binding.Position < 0)
            {
                for (int i = 0; i < rows.Length; i++)
                    sums[i] += List((ListArray)values, rows[i], seed);
                continue;
            }

            var companion = binding.Column.Companion is null ? null : (StringArray)batch.Column(places[binding.Column.Companion]);
            for (int i = 0; i < rows.Length; i++)
                sums[i] += Cell(values, companion, binding, rows[i], seed);
            if (binding.Twin is not { } twin)
                continue;
            long twinSeed = RowHash.Seed(twin.Original);
            for (int i = 0; i < rows.Length; i++)
            {
                byte[]? text = twins.GetValueOrDefault((source, rowIds[rows[i]], binding.Column.Name)) ?? (values is ListArray lists ? ListText.WriteTwin(lists, rows[i]) : null);
                sums[i] += RowHash.Cell(twinSeed, text);
            }
        }

        recount.Rows += rows.Length;
        recount.Hash += RowHash.Sum(sums);
    }

    private static ulong Cell(IArrowArray values, StringArray? companion, ColumnBinding binding, int row, long seed)
    {
        if (companion is not null && !companion.IsNull(row))
            return RowHash.Cell(seed, companion.GetBytes(row));
        if (values.IsNull(row))
            return 0;
        return values is StringArray text
            ? RowHash.Cell(seed, text.GetBytes(row))
            : values is ListArray lists ? RowHash.Cell(seed, ListText.Write(lists, row, binding.Verdict.Format!))
            : RowHash.Cell(seed, Encoding.UTF8.GetBytes(Typer.Write(values, row, binding.Verdict.Format)));
    }

    private static ulong List(ListArray lists, int row, long seed)
    {
        if (lists.IsNull(row))
            return 0;
        var items = (StringArray)lists.Values;
        ulong sum = 0;
        int from = lists.ValueOffsets[row];
        for (int i = from; i < lists.ValueOffsets[row + 1]; i++)
            sum += RowHash.Cell(RowHash.ItemSeed(seed, i - from), items.GetBytes(i));
        return sum;
    }

    private sealed class Recount
    {
        public long Rows;
        public long DistinctRows;
        public ulong Hash;
    }
}
