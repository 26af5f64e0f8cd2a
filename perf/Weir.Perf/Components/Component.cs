namespace Weir.Perf.Components;

/// <summary>One part of the work over one file, timed inside its process. A further one is one class and one entry in <see cref="All"/>.</summary>
internal abstract class Component
{
    /// <summary>Those that read CSV alone, ours and our peers'.</summary>
    public static IReadOnlyList<Component> Csv { get; } =
        [new WeirCsv(), new WeirTyped(), new CsvHelperSpans(), new SepSpans(), new SylvanSpans(), new DuckDbLengths(), new ByteCount(), new StructureCopy()];

    /// <summary>Further parts of weir's.</summary>
    public static IReadOnlyList<Component> Engine { get; } = [new WeirIndicators(), new WeirStages(), new WeirLanding(), new WeirClose()];

    public static IReadOnlyList<Component> Others { get; } = [new Inflation()];

    public static IEnumerable<Component> All => [.. Csv, .. Engine, .. Others];

    /// <summary>Short, lower-case: for tables and for the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What is within the clock, in one sentence.</summary>
    public abstract string Description { get; }

    /// <summary>It is part of weir.</summary>
    public virtual bool IsOurs => false;

    /// <summary>What <see cref="Tally.Size"/> counts.</summary>
    public virtual TextUnit Unit => TextUnit.Bytes;

    /// <summary>It can make use of several threads.</summary>
    public virtual bool IsParallel => false;

    /// <summary>What comes before the clock.</summary>
    public virtual void Prepare(string file, int threads)
    {
    }

    /// <summary>The work.</summary>
    public abstract Tally Run(string file, int threads);
}

/// <summary>What a component saw.</summary>
/// <param name="Rows">Rows without the header.</param>
/// <param name="Size">Summed length of all fields, or what <see cref="Component.Unit"/> says.</param>
internal readonly record struct Tally(long Rows, long Size);

/// <summary>In what a component counts text.</summary>
internal enum TextUnit
{
    /// <summary>UTF-8 bytes of fields, unquoted.</summary>
    Bytes,

    /// <summary>UTF-16 characters of fields, unquoted.</summary>
    Characters,

    /// <summary>Bytes of the file, rows unknown.</summary>
    File,

    /// <summary>Rows alone.</summary>
    Rows,
}
