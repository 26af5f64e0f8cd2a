using System.Collections.Concurrent;
using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>Finds indicators in the text of a batch and in what is encoded in it.</summary>
/// <remarks>
/// <para>Stands behind <see cref="ParseStage"/>. The finds ride as side tables: <c>weir.ioc_values</c> (distinct <c>type_id</c>, <c>value</c>), <c>weir.ioc_spellings</c> (distinct <c>original</c>, where it is not the value,
/// and <c>layers</c>), <c>weir.ioc_links</c> (<c>row_id</c>, 0 for none; <c>place</c>, an event's, a remark's or a reject's column; <c>ordinal</c> in a list, 1-based, 0 for none; <c>byte_offset</c>, <c>byte_length</c>;
/// <c>value_at</c>, <c>part_of_at</c>, <c>spelling_at</c>: rows of the tables before, -1 for none) and <c>weir.decoded</c> (the same place, <c>layers</c>, <c>text</c>). Remarks and rejects are looked at too, so that breaking a row hides nothing.</para>
/// <para>A bound that was met (<c>decode-depth</c>, <c>decode-bytes</c>, <c>decode-texts</c>, <c>url-cut</c>, <c>nested-urls</c>) is told in a remark on its cell.</para>
/// </remarks>
public sealed class ExtractIocsStage : IStage
{
    /// <summary>The field that repeats others.</summary>
    internal const string Raw = "_raw";

    private readonly ConcurrentBag<(IndicatorExtractor, IndicatorTables)> idle = [];

    /// <param name="options">Where to look; the defaults where null.</param>
    public ExtractIocsStage(IocOptions? options = null) => Options = options ?? new IocOptions();

    /// <inheritdoc/>
    public string Name => "indicators";

    /// <summary>Where to look.</summary>
    public IocOptions Options { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No parse stage came before.</exception>
    public Batch Process(Batch batch)
    {
        _ = batch.Cells ?? throw new InvalidOperationException("The indicator stage needs the cells that the parse stage keeps: put it behind one.");
        if (!idle.TryTake(out (IndicatorExtractor, IndicatorTables) found))
            found = (new IndicatorExtractor(), new IndicatorTables());
        var (extractor, tables) = found;
        var remarks = new List<Remark>();
        var rows = (Int64Array)batch.Events.Column(0);
        for (int i = 0; i < batch.Tallies.Count; i++)
        {
            ColumnTally tally = batch.Tallies[i];
            if (tally.Values == 0 || tally.Lists is { TwinOf: >= 0 } || !IsWanted(tally.Hint.Name))
                continue;
            tally.Look = Options.All || Options.Columns is not null ? IocLook.Every : IocLook.BesideRaw;
            ParsedColumn parsed = ParsedColumn.Find(batch.Events, i)!.Value;
            new IndicatorScan(extractor, tables, rows, i, remarks).Column(parsed.Values, parsed.Text, RawBeside(batch, i));
        }

        new IndicatorScan(extractor, tables, rows, -1, remarks).Faults(batch.Remarks, batch.Rejects);
        IReadOnlyList<SideTable> side = tables.Build();
        idle.Add(found);
        return batch.Derive(batch.ShareEvents(), remarks, side);
    }

    /// <summary>The cells of <c>_raw</c>, where a column is looked at beside it.</summary>
    internal static StringArray? RawBeside(Batch batch, int position)
    {
        if (batch.Tallies[position].Look != IocLook.BesideRaw || batch.Tallies[position].Hint.Name == Raw)
            return null;
        for (int i = 0; i < batch.Tallies.Count; i++)
        {
            if (batch.Tallies[i].Hint.Name == Raw)
                return (StringArray)batch.Cells!.Column(i);
        }

        return null;
    }

    private bool IsWanted(string name) => Options.Columns?.Any(wanted => ColumnHint.IsNamed(name, wanted)) != false;
}
