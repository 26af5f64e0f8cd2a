using System.Text;
using Apache.Arrow;
using Weir.Engine.Buffers;

namespace Weir.Engine.Stages;

/// <summary>Joins the values of multi-value fields to one text. Stands before <see cref="ParseStage"/>: what lands is the joined text, and nothing gives the values back.</summary>
/// <remarks>Joined are the values of <c>__mv_</c> twins, whose cells become empty, and the lines of <c>values(…)</c>, <c>list(…)</c>, Splunk's own multi-value fields and columns given by name, of these also JSON arrays.
/// Other JSON arrays stay as they are. A twin that is no list of values stays with its field.</remarks>
public sealed class CollapseStage : IStage
{
    private readonly byte[] between;
    private readonly IReadOnlyList<string> multiValue;

    /// <param name="between">Text between two values.</param>
    /// <param name="multiValue">Further columns that hold one value a line, or JSON arrays; none where null.</param>
    public CollapseStage(string between, IReadOnlyList<string>? multiValue = null)
    {
        ArgumentNullException.ThrowIfNull(between);
        this.between = Encoding.UTF8.GetBytes(between);
        this.multiValue = multiValue ?? [];
    }

    /// <inheritdoc/>
    public string Name => "collapse";

    /// <inheritdoc/>
    public Batch Process(Batch batch)
    {
        RecordBatch events = batch.Events;
        IArrowArray[] columns = [.. Enumerable.Range(0, events.ColumnCount).Select(c => Batch.Share(events.Column(c)))];
        string[] names = [.. events.Schema.FieldsList.Select(f => f.Name)];
        for (int i = 1; i < columns.Length; i++)
        {
            if (columns[i] is not StringArray field || names[i] == "_time")
                continue;
            bool given = multiValue.Any(wanted => ColumnHint.IsNamed(names[i], wanted));
            int twin = System.Array.IndexOf(names, ListFormat.TwinPrefix + names[i]);
            if (twin > 0 && columns[twin] is StringArray twins)
            {
                if (twins.Values.Length == 0)
                    continue;
                (columns[i], columns[twin]) = (Join(field, twins), Rest(field, twins));
                twins.Dispose();
            }
            else if (given || ListFormat.IsNamedSo(names[i]))
            {
                columns[i] = Join(field, null);
            }
            else
            {
                continue;
            }

            field.Dispose();
        }

        return batch.Derive(new RecordBatch(events.Schema, columns, events.Length));
    }

    private StringArray Join(StringArray field, StringArray? twins)
    {
        TextCells cells = new(field), twin = twins is null ? default : new TextCells(twins);
        using var joined = new Utf8Builder(cells.Count, field.Values.Length + 64);
        using var values = new Utf8Builder(16, 256);
        for (int i = 0; i < cells.Count; i++)
        {
            values.TruncateTo(0);
            ReadOnlySpan<byte> text = cells[i];
            if (cells.IsNull(i))
            {
                joined.AppendNull();
                continue;
            }

            if (twins is not null && IsRead(text, twin[i]))
                MvTwin.Append(twin[i], values);
            else if (twins is null && JsonList.Is(text, out _))
                JsonList.Append(text, values);
            else if (twins is null)
                AppendLines(text, values);
            else
                values.Append(text);
            Append(joined, values);
        }

        return joined.Build();
    }

    /// <summary>The twin without what was joined.</summary>
    private static StringArray Rest(StringArray field, StringArray twins)
    {
        TextCells cells = new(field), twin = new(twins);
        using var rest = new Utf8Builder(cells.Count, 64);
        for (int i = 0; i < cells.Count; i++)
        {
            if (twin.IsNull(i))
                rest.AppendNull();
            else
                rest.Append(IsRead(cells[i], twin[i]) ? default : twin[i]);
        }

        return rest.Build();
    }

    private static bool IsRead(ReadOnlySpan<byte> field, ReadOnlySpan<byte> twin) => !field.IsEmpty && !twin.IsEmpty && MvTwin.Count(twin) > 0;

    private static void AppendLines(ReadOnlySpan<byte> text, Utf8Builder values)
    {
        foreach (Range line in text.Split((byte)'\n'))
            values.Append(text[line]);
    }

    private unsafe void Append(Utf8Builder joined, Utf8Builder values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (i > 0)
                Add(between);
            Add(values.Cell(i));
        }

        joined.EndCell();

        void Add(ReadOnlySpan<byte> text)
        {
            text.CopyTo(new Span<byte>(joined.Reserve(text.Length), text.Length));
            joined.Advance(text.Length);
        }
    }
}
