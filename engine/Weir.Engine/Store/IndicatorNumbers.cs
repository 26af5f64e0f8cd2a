using DuckDB.NET.Data;
using Weir.Engine.Buffers;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>Gives values, spellings and places of indicators their numbers.</summary>
/// <remarks>
/// Numbers need not be dense, only never be given twice, so counters are kept through failed commits. What has a number is remembered over commits, up to a bound: a value may stand in the case
/// several times, and seldom does.
/// </remarks>
internal sealed class IndicatorNumbers(CaseDatabase database)
{
    // Guess: some 20 MB with their table. A commit of 25,000 rows brought 5,000 to 40,000 new ones.
    private const int MostKnown = 1 << 18;

    private readonly Known values = new(database, "ioc_values", "value_id"), spellings = new(database, "ioc_spellings", "spelling_id");
    private readonly Dictionary<(int Source, int Place), int> places = [];
    private readonly List<(int Id, int Source, string Table, string Column)> fresh = [];
    private int? lastPlace;

    /// <summary>Number of a value, and whether it was given now.</summary>
    public (long Id, bool IsNew) Value(ReadOnlySpan<byte> text, int type) => values.Number(text, type);

    /// <summary>Number of a spelling, and whether it was given now.</summary>
    public (long Id, bool IsNew) Spelling(ReadOnlySpan<byte> layers, ReadOnlySpan<byte> original, bool hasOriginal) =>
        spellings.Number([.. layers, .. original], (layers.Length << 1) | (hasOriginal ? 1 : 0));

    /// <summary>Number of a column of a source, or of what was wrong with its rows.</summary>
    /// <param name="place">A <see cref="FoundIn.Number"/>.</param>
    public int Place(int source, TableModel model, int place)
    {
        if (places.TryGetValue((source, place), out int known))
            return known;
        var (kind, position) = FoundIn.Of(place);
        string table = kind switch
        {
            FoundPlace.Remarks => "weir.remarks",
            FoundPlace.Rejects => "weir.rejects",
            _ => model.Name,
        };
        string column = position < 0 ? "raw" : model.Bindings(source).FirstOrDefault(b => b.Position == position || b.Twin?.Position == position)?.Column.Name ?? "raw";
        int id = (int)database.Count("SELECT coalesce(max(place_id), 0) FROM weir.ioc_places WHERE source_id = ? AND table_name = ? AND column_name = ?", source, table, column);
        if (id == 0 && fresh.Find(f => (f.Source, f.Table, f.Column) == (source, table, column)) is { Id: > 0 } given)
            id = given.Id;
        if (id == 0)
        {
            id = (int)(lastPlace = (lastPlace ?? (int)database.Count("SELECT coalesce(max(place_id), 0) FROM weir.ioc_places")) + 1);
            fresh.Add((id, source, table, column));
        }

        return places[(source, place)] = id;
    }

    /// <summary>Writes the places that the case does not have yet.</summary>
    public void StorePlaces()
    {
        if (fresh.Count == 0)
            return;
        using DuckDBAppender appender = database.Connection.CreateAppender(CaseDatabase.Alias, "weir", "ioc_places");
        foreach (var (id, source, table, column) in fresh)
            appender.CreateRow().AppendValue(id).AppendValue(source).AppendText(table).AppendText(column).EndRow();
        appender.Close();
        fresh.Clear();
    }

    /// <summary>Keeps what is remembered within its bound; between commits.</summary>
    public void Trim()
    {
        if (values.Count + spellings.Count > MostKnown || places.Count > MostKnown / 16)
            Forget();
    }

    /// <summary>Forgets all numbers: a commit failed, or a source was removed with what only it had.</summary>
    public void Forget()
    {
        values.Clear();
        spellings.Clear();
        places.Clear();
        fresh.Clear();
    }

    /// <summary>Texts that have a number.</summary>
    private sealed class Known(CaseDatabase database, string table, string column)
    {
        private readonly Utf8Index texts = new();
        private readonly List<long> ids = [];
        private long? last;

        public int Count => texts.Count;

        public (long Id, bool IsNew) Number(ReadOnlySpan<byte> text, int tag)
        {
            int index = texts.Add(text, tag);
            if (index < ids.Count)
                return (ids[index], false);
            last ??= database.Count($"SELECT coalesce(max({column}), 0) FROM weir.{table}");
            ids.Add((long)++last);
            return ((long)last, true);
        }

        public void Clear()
        {
            texts.Clear();
            ids.Clear();
        }
    }
}
