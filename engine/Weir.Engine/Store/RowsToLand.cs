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
        var typed = new Dictionary<ColumnBinding, (IArrowArray? Values, StringArray? Text)>[batches.Length];
        Parallel.For(0, batches.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
            typed[i] = model.Bindings(batches[i].Landing.SourceId).ToDictionary(b => b, b => Pick(batches[i].Batch, b)));

        for (int i = 0; i < typed.Length; i++)
        {
            foreach (var (binding, (_, text)) in typed[i])
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

        Dictionary<TableColumn, int> places = model.Columns.Select((c, i) => (c, i)).ToDictionary(p => p.c, p => p.i);
        var landed = new LandedRows[batches.Length];
        for (int i = 0; i < batches.Length; i++)
        {
            var columns = new IArrowArray?[model.Columns.Count];
            foreach (var (binding, (values, text)) in typed[i])
            {
                columns[places[binding.Column]] = values;
                if (text is not null)
                    columns[places[binding.Column.Companion!]] = text;
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

    private (IArrowArray? Values, StringArray? Text) Pick(Batch batch, ColumnBinding binding)
    {
        if (binding.Position < 0)
            return (batch.Cells!.ColumnCount > batch.Tallies.Count ? batch.Cells.Column(batch.Tallies.Count) : null, null);
        StringArray cells = SourceLanding.Cells(batch, binding.Position);
        if (binding.IsText)
            return (cells, null);
        if (binding.Aside)
            return (null, cells.NullCount == cells.Length ? null : cells);
        ColumnTally tally = batch.Tallies[binding.Position];
        bool keepEmpty = open && tally.Empty > 0;
        if (!keepEmpty && ParsedColumn.Find(batch.Events, binding.Position) is { } parsed && parsed.Verdict.ReadsLike(binding.Verdict))
            return (parsed.Values, parsed.Text);
        StringArray? twin = binding.Twin is { } other ? SourceLanding.Cells(batch, other.Position) : null;
        TypedColumn typed = Typer.Convert(cells, tally.Hint, binding.Verdict, keepEmpty, twin);
        lock (made)
        {
            made.Add(typed.Values);
            if (typed.Text is not null)
                made.Add(typed.Text);
        }

        return (typed.Values, typed.Text);
    }
}
