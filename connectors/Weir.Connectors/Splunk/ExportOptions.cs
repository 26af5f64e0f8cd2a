using Weir.Engine;

namespace Weir.Connectors;

/// <summary>How the rows of a slice are fetched.</summary>
internal enum FetchMethod
{
    /// <summary>A search job, whose results are paged.</summary>
    Job,

    /// <summary>The export endpoint, whose rows are compared with a count over the same bounds.</summary>
    Export,
}

/// <summary>What is exported, and how.</summary>
internal sealed record ExportOptions
{
    /// <summary>The search as the user gave it, range lifted out.</summary>
    public required SplText Spl { get; init; }

    /// <summary>Range as asked for, in Splunk's forms.</summary>
    public required string Earliest { get; init; }

    /// <inheritdoc cref="Earliest"/>
    public required string Latest { get; init; }

    /// <summary>Zone in which <c>@d</c> snaps, and times without one are meant; UTC by default.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Table that the rows go to.</summary>
    public required string Table { get; init; }

    public FetchMethod Method { get; init; } = FetchMethod.Job;

    /// <summary>Length of a slice; null (the default): by the number of events.</summary>
    public TimeSpan? Slice { get; init; }

    /// <summary>Rows that a slice is planned to have at most.</summary>
    /// <value>1 to 400,000; 50,000 by default: a page of results (limits.conf, maxresultrows).</value>
    public int SliceRows { get; init => field = Check.Within(value, 1, 400_000); } = 50_000;

    /// <summary>Slices fetched at once.</summary>
    /// <value>1 to 16; 2 by default: a user's role has 3 searches (authorize.conf).</value>
    public int Concurrency { get; init => field = Check.Within(value, 1, 16); } = 2;

    /// <summary>How often a slice is tried before it is cut in two, or given up.</summary>
    public int Attempts { get; init => field = Check.Within(value, 1, 100); } = 3;

    /// <summary>Bytes beside the case that slices may take while they are fetched.</summary>
    /// <value>16 MiB to 1 TiB; 4 GiB by default.</value>
    public long SpoolLimit { get; init => field = Check.Bytes(value, 16L << 20, 1L << 40); } = 4L << 30;

    /// <summary>How long events may take from the server's index to its searches: later ones belong to a later run.</summary>
    /// <value>0 to 7 days; 60 seconds by default.</value>
    public TimeSpan IndexLag { get; init => field = Check.Within(value, TimeSpan.Zero, TimeSpan.FromDays(7)); } = TimeSpan.FromSeconds(60);

    /// <summary>Fetch what was indexed since, for the range that has landed.</summary>
    public bool Refresh { get; init; }
}
