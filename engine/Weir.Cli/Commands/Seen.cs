using Apache.Arrow;
using Apache.Arrow.Types;
using Weir.Cli.Output;

namespace Weir.Cli.Commands;

/// <summary>What an answer held, taken down while it was printed: rows, events and their span of time.</summary>
internal sealed class Seen
{
    private long? events;
    private long first = long.MaxValue, last = long.MinValue;

    public long Rows { get; private set; }

    /// <summary>There are more, which were not asked for.</summary>
    public bool IsCut { get; set; }

    /// <summary>The sum of the column <c>events</c>; without one, a row is an event.</summary>
    public long Events => events ?? Rows;

    /// <summary>From the columns <c>first</c> and <c>last</c>, else <c>time</c>; empty where nothing has a time.</summary>
    public string Span(TimeZoneInfo zone) => first > last ? ""
        : first == last ? Times.Instant(first, TimeUnit.Microsecond, zone) : $"{Times.Instant(first, TimeUnit.Microsecond, zone)} to {Times.Instant(last, TimeUnit.Microsecond, zone)}";

    /// <param name="batch">Rows of the answer.</param>
    /// <param name="rows">How many of them are printed, from the first.</param>
    public void Add(RecordBatch batch, int rows)
    {
        Rows += rows;
        if (Column(batch, "events") is Int64Array counts)
        {
            long sum = events ?? 0;
            foreach (long count in counts.Values[..rows])
                sum += count;
            events = sum;
        }

        if (Column(batch, "first") is TimestampArray earliest && Column(batch, "last") is TimestampArray latest)
        {
            Add(earliest, rows);
            Add(latest, rows);
        }
        else if (Column(batch, "time") is TimestampArray times)
        {
            Add(times, rows);
        }
    }

    private void Add(TimestampArray times, int rows)
    {
        if (times.Data.DataType is not TimestampType { Unit: TimeUnit.Microsecond })
            return;
        for (int i = 0; i < rows; i++)
        {
            if (times.IsNull(i))
                continue;
            first = Math.Min(first, times.Values[i]);
            last = Math.Max(last, times.Values[i]);
        }
    }

    private static IArrowArray? Column(RecordBatch batch, string name) => batch.Schema.GetFieldIndex(name) is >= 0 and int at ? batch.Column(at) : null;
}
