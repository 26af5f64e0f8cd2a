using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Weir.Perf.Data;

/// <summary>A generated file.</summary>
internal sealed record DataSet(DataKind Kind, int Megabytes, string Path, DataFacts Facts)
{
    /// <summary>Raise it with every change of a recipe: files of another version are not reused.</summary>
    public const int Version = 1;

    private const ulong Seed = 1;
    private const int FlushBytes = 1 << 20;

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The text that a packed file was made of; the file itself where it is text.</summary>
    public string Unpacked { get; init; } = Path;

    public static IRecipe Recipe(DataKind kind) => kind switch
    {
        DataKind.Narrow => new NarrowRecipe(Seed),
        DataKind.Columns => new ColumnsRecipe(Seed),
        DataKind.Cells => new CellsRecipe(Seed),
        _ => new WideRecipe(Seed, kind == DataKind.Growing),
    };

    /// <summary>The file of this kind and size (1 MB = 1,000,000 bytes; the last row runs over it), generated unless it is there.</summary>
    public static DataSet Ensure(string folder, DataKind kind, int megabytes)
    {
        Directory.CreateDirectory(folder);
        if (kind is DataKind.Ndjson or DataKind.Gzip)
            return Derived.Ensure(Ensure(folder, DataKind.Wide, megabytes), kind);
        if (kind == DataKind.Small)
            return SmallFiles.Ensure(folder);
        string path = System.IO.Path.Combine(folder, $"{kind.ToString().ToLowerInvariant()}{megabytes}.csv"), facts = path + ".facts.json";
        if (File.Exists(path) && File.Exists(facts) && Read(facts) is { } known
            && known.Version == Version && known.Seed == Seed && known.Bytes == new FileInfo(path).Length)
        {
            return new DataSet(kind, megabytes, path, known);
        }

        Console.Error.WriteLine($"generating {System.IO.Path.GetFileName(path)} ...");
        File.Delete(facts);   // a file without its facts is never reused, so neither is one that was cut short
        var clock = Stopwatch.StartNew();
        var made = Write(path, Recipe(kind), (_, bytes) => bytes < megabytes * 1_000_000L);
        File.WriteAllText(facts, JsonSerializer.Serialize(made, Json.Indented));
        Console.Error.WriteLine($"  {made.Rows:N0} rows, {made.Bytes:N0} bytes, {made.QuoteShare:P1} quotes, {made.Bytes / 1e6 / clock.Elapsed.TotalSeconds:F0} MB/s");
        return new DataSet(kind, megabytes, path, made);
    }

    private static DataFacts? Read(string facts)
    {
        try
        {
            return JsonSerializer.Deserialize<DataFacts>(File.ReadAllText(facts), Json.Indented);
        }
        catch (JsonException)
        {
            return null;   // made anew
        }
    }

    /// <summary>Writes a header and rows as long as another is wanted of what is known so far: rows and bytes.</summary>
    public static DataFacts Write(string path, IRecipe recipe, Func<long, long, bool> more)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var text = new Utf8Text(FlushBytes + recipe.RowBytes);
        long rows = 0, written = 0, quotes = 0;
        recipe.WriteHeader(text);
        while (more(rows, written + text.Length))
        {
            recipe.WriteRow(text);
            rows++;
            if (text.Length >= FlushBytes)
                Flush();
        }

        Flush();
        return new DataFacts(Version, Seed, rows, written, quotes, Convert.ToHexStringLower(hash.GetHashAndReset()));

        void Flush()
        {
            hash.AppendData(text.Written);
            file.Write(text.Written);
            quotes += text.Written.Count((byte)'"');
            written += text.Length;
            text.Clear();
        }
    }
}
