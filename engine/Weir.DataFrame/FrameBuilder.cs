using System.Globalization;
using Apache.Arrow;
using Microsoft.Data.Analysis;

namespace Weir.Engine.Store;

/// <summary>A frame that grows batch by batch.</summary>
internal sealed class FrameBuilder
{
    private readonly FrameColumn[] columns;
    private readonly long maxBytes;
    private long rows, bytes;

    public FrameBuilder(Schema schema, long maxBytes)
    {
        this.maxBytes = maxBytes;
        string[] names = Names(schema);
        columns = [.. schema.FieldsList.Select((field, i) => FrameColumn.Create(names[i], field))];
    }

    public void Append(RecordBatch batch)
    {
        if (batch.ColumnCount != columns.Length)
            throw new ArgumentException($"A batch has {batch.ColumnCount} columns, those before it {columns.Length}: the batches are not of one result.", nameof(batch));
        for (int i = 0; i < columns.Length; i++)
            bytes += columns[i].Size(batch.Column(i));
        if (bytes > maxBytes)
        {
            throw new WeirException(
                "ToDataFrameAsync", string.Create(CultureInfo.InvariantCulture, $"the result takes more than {bytes - 1 >> 20:N0} MiB as a frame after {rows + batch.Length:N0} rows"), string.Create(CultureInfo.InvariantCulture, $"at most {maxBytes >> 20:N0} MiB"),
                "Aggregate or LIMIT in the query, read the batches of QueryAsync one at a time, or give more with maxBytes.");
        }

        for (int i = 0; i < columns.Length; i++)
            columns[i].Append(batch.Column(i), rows);
        rows += batch.Length;
    }

    public DataFrame Build() => new(columns.Select(c => c.Column));

    /// <summary>A frame refuses a name that stands twice; SQL does not.</summary>
    private static string[] Names(Schema schema)
    {
        string[] names = [.. schema.FieldsList.Select(f => f.Name)];
        HashSet<string> taken = [.. names], used = [];
        for (int i = 0; i < names.Length; i++)
        {
            string name = names[i];
            for (int n = 2; !used.Add(names[i]); n++)
            {
                string next = $"{name}_{n.ToString(CultureInfo.InvariantCulture)}";
                if (taken.Add(next))
                    names[i] = next;
            }
        }

        return names;
    }
}
