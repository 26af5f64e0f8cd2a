using Apache.Arrow;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>The batches of a commit as they land under the plan of their table.</summary>
/// <param name="open">Their source goes on behind this commit: empty text is kept, as the column may still become text.</param>
internal sealed class RowsToLand(bool open) : IDisposable
{
    private readonly List<IDisposable> made = [];

    /// <summary>Picks or makes an array for every column of the table. Companions that turn out to be needed are added to the plan.</summary>
    public IReadOnlyList<LandedRows> Prepare(TableModel model, IReadOnlyList<SourceLanding> landings, int threads)
    {
        (SourceLanding Landing, Batch Batch)[] batches = [.. landings.SelectMany(l => l.Batches.Select(b => (l, b)))];
        var typed = new Dictionary<ColumnBinding, Landed>[batches.Length];
        Parallel.For(0, batches.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
            typed[i] = model.Bindings(batches[i].Landing.SourceId).ToDictionary(b => b, b => Pick(batches[i].Batch, b)));

        for (int i = 0; i < typed.Length; i++)
        {
            foreach (var (binding, (_, text, _)) in typed[i])
            {
                if (text is null)
                    continue;
                model.CompanionOf(binding.Column);
                if (!open || binding.Verdict.Misfits > 0 || binding.Aside)
                    continue;

                // Another source may close before this one goes on: it must know that the companion is in use.
                binding.Verdict = binding.Verdict with { Misfits = 1 };
                model.Touch(batches[i].Landing.SourceId);
            }
        }

        foreach (SourceLanding landing in model.Exists ? [] : landings)
            model.PutDerivedColumnsInOrder(landing.SourceId); // costs nothing yet
        Dictionary<TableColumn, int> places = model.Stored.Select((c, i) => (c, i)).ToDictionary(p => p.c, p => p.i);
        var landed = new LandedRows[batches.Length];
        for (int i = 0; i < batches.Length; i++)
        {
            var columns = new IArrowArray?[places.Count];
            foreach (var (binding, (values, text, asns)) in typed[i])
            {
                columns[places[binding.Column]] = values;
                if (text is not null)
                    columns[places[binding.Column.Companion!]] = text;
                if (asns is null || binding.Column.Asn is not var (number, organisation))
                    continue;
                columns[places[number]] = asns.Asn;
                columns[places[organisation]] = asns.Organisation;
            }

            Batch batch = batches[i].Batch;
            foreach ((PayloadColumn payload, int index) in PayloadColumn.In(batch.Events))
            {
                if (payload.Derivation is not null)
                    continue;
                ColumnBinding holder = model.Bindings(batches[i].Landing.SourceId).First(b => b.Position == payload.Position);
                columns[places[PayloadPlaces.Find(holder, holder.Payload, payload)!]] = batch.Events.Column(index);
            }

            landed[i] = new LandedRows(batches[i].Landing.SourceId, (Int64Array)batches[i].Batch.Events.Column(0), columns);
        }

        return landed;
    }

    public void Dispose()
    {
        foreach (IDisposable array in made)
            array.Dispose();
    }

    private Landed Pick(Batch batch, ColumnBinding binding)
    {
        if (binding.Position < 0)
            return new Landed(batch.Cells!.ColumnCount > batch.Tallies.Count ? batch.Cells.Column(batch.Tallies.Count) : null, null, null);
        if (binding.Position >= batch.Tallies.Count)
            return new Landed(null, null, null); // the column came later
        StringArray cells = SourceLanding.Cells(batch, binding.Position);
        AsnColumns? asns = binding.HasAddresses ? Addresses(batch, binding, cells) : null;
        if (binding.IsText)
            return new Landed(cells, null, asns);
        if (binding.Aside)
            return new Landed(null, cells.NullCount == cells.Length ? null : cells, asns);
        ColumnTally tally = batch.Tallies[binding.Position];
        bool keepEmpty = open && tally.Empty > 0;
        if (!keepEmpty && ParsedColumn.Find(batch.Events, binding.Position) is { } parsed && parsed.Verdict.ReadsLike(binding.Verdict))
            return new Landed(parsed.Values, parsed.Text, asns);
        StringArray? twin = binding.Twin is { } other && other.Position < batch.Tallies.Count ? SourceLanding.Cells(batch, other.Position) : null;
        TypedColumn typed = Typer.Convert(cells, tally.Hint, binding.Verdict, keepEmpty, twin);
        Keep(typed.Values, typed.Text);
        return new Landed(typed.Values, typed.Text, asns);
    }

    /// <summary>What the batch knows of a column's addresses, in the form that the table has.</summary>
    private AsnColumns? Addresses(Batch batch, ColumnBinding binding, StringArray cells)
    {
        if (ParsedColumn.Find(batch.Events, binding.Position) is not { Asn: { } asn, Organisation: { } organisation } || binding.Column.Asn is not var (number, _))
            return null;
        if (asn is ListArray lists && !open && !binding.IsList)
        {
            AsnColumns single = AsnColumns.AsSingle(lists, (ListArray)organisation, cells);
            Keep(single.Asn, single.Organisation);
            (asn, organisation) = (single.Asn, single.Organisation);
        }

        if (number.Type != ColumnType.BigIntList || asn is ListArray)
            return new AsnColumns(asn, organisation);
        AsnColumns listed = AsnColumns.AsLists((Int64Array)asn, (StringArray)organisation);
        Keep(listed.Asn, listed.Organisation);
        return listed;
    }

    private void Keep(params IDisposable?[] arrays)
    {
        lock (made)
            made.AddRange(arrays.OfType<IDisposable>());
    }

    /// <summary>One column of one batch: values, the companion's text, what is known of its addresses.</summary>
    private sealed record Landed(IArrowArray? Values, StringArray? Text, AsnColumns? Asns);
}
