using System.Globalization;
using System.Text;

namespace Weir.Botsv3;

/// <summary>One export as Splunk writes it: every field quoted, newest event first.</summary>
/// <param name="name">File name.</param>
/// <param name="columns">Columns behind those that every event has.</param>
internal sealed class Export(string name, params string[] columns)
{
    private static readonly string[] Every = ["_time", "host", "source", "sourcetype", "provenance"];

    private readonly List<(DateTime Time, int Order, string[] Cells)> events = [];

    public string Name { get; } = name;

    /// <summary>All columns, in order.</summary>
    public IReadOnlyList<string> Columns { get; } = [.. Every, .. columns];

    /// <summary>Events in the order in which they were made; a cell a column.</summary>
    public IEnumerable<(DateTime Time, string[] Cells)> Events => events.Select(e => (e.Time, e.Cells));

    /// <param name="quoted">The event is one of the real ones, as published; else it is made from the facts.</param>
    public void Add(string time, string host, string source, string sourcetype, bool quoted, params string[] cells)
    {
        if (cells.Length != columns.Length)
            throw new ArgumentException($"{Name}: {cells.Length} cells for {columns.Length} columns.", nameof(cells));
        var at = DateTime.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
        string shown = at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture);
        events.Add((at, events.Count, [shown, host, source, sourcetype, quoted ? "quoted" : "reconstructed", .. cells]));
    }

    public byte[] Render()
    {
        var text = new StringBuilder();
        Line(text, [.. Columns]);
        foreach (var (_, _, cells) in events.OrderByDescending(e => e.Time).ThenBy(e => e.Order))
            Line(text, cells);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Line(StringBuilder text, string[] cells) =>
        text.AppendJoin(',', cells.Select(c => $"\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append('\n');
}
