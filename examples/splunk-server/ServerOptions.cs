namespace Weir.SplunkServer;

/// <summary>How the server behaves.</summary>
internal sealed record ServerOptions
{
    public required Corpus Corpus { get; init; }

    /// <summary>0: any free one.</summary>
    public int Port { get; init; }

    public string User { get; init; } = "admin";

    public string Password { get; set; } = "changeme";

    /// <summary>A token that is taken too; null: none is.</summary>
    public string? Token { get; init; }

    public Faults Faults { get; init; } = Faults.None;

    /// <summary>Rows of a page at most: <c>maxresultrows</c>.</summary>
    public int PageCap { get; init; } = 50_000;

    /// <summary>Results that a job keeps at most.</summary>
    public int ResultCap { get; init; } = 500_000;

    /// <summary>Searches at once.</summary>
    public int MostJobs { get; init; } = 10;

    /// <summary>How often a job is asked for before it is done.</summary>
    public int Polls { get; init; } = 1;

    /// <summary>How long a silence is.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(35);

    public int Seed { get; init; } = 1;

    /// <summary>The clock that <c>Date</c> tells.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Certificate; null: plain HTTP.</summary>
    public System.Security.Cryptography.X509Certificates.X509Certificate2? Certificate { get; init; }
}
