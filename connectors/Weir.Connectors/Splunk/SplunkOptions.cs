using Weir.Engine;

namespace Weir.Connectors;

/// <summary>Where a Splunk server is, and how it is spoken to.</summary>
internal sealed record SplunkOptions
{
    /// <summary>Its management address, such as <c>https://splunk.example:8089</c>; a path before <c>/services</c> counts.</summary>
    public required Uri Url { get; init; }

    /// <summary>Owner of the name space; <c>-</c> (the default) for any.</summary>
    public string Owner { get; init; } = "-";

    /// <summary>App whose macros, lookups and field extractions count; null (the default): the user's own (<c>/services</c>).</summary>
    public string? App { get; init; }

    /// <summary>Proxy; null (the default): as the environment says (<c>HTTPS_PROXY</c>, <c>NO_PROXY</c>).</summary>
    public Uri? Proxy { get; init; }

    /// <summary>PEM file of certificate authorities that are trusted beside none other; null: the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>SHA-256 of the server's certificate in hex (colons allowed): this one and no other is trusted; null: by authority.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Take any certificate, and plain HTTP; false by default.</summary>
    public bool Insecure { get; init; }

    /// <summary>Longest silence of a connection.</summary>
    /// <value>1 second to 1 day; 150 seconds by default: Splunk keeps idle streams alive every 30 (limits.conf).</value>
    public TimeSpan IdleTimeout { get; init => field = Check.Within(value, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)); } = TimeSpan.FromSeconds(150);

    /// <summary>Longest time in which a job may stand still, queued or running, before it is given up.</summary>
    /// <value>1 second to 1 day; 30 minutes by default.</value>
    public TimeSpan StallTimeout { get; init => field = Check.Within(value, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)); } = TimeSpan.FromMinutes(30);

    /// <summary>Longest time to wait for a server that went away in the middle.</summary>
    /// <value>0 to 1 day; 5 minutes by default: a guess, of what a restart of Splunk takes.</value>
    public TimeSpan OutageLimit { get; init => field = Check.Within(value, TimeSpan.Zero, TimeSpan.FromDays(1)); } = TimeSpan.FromMinutes(5);

    /// <summary>How often one request is tried at most where the network or the server's load was at fault.</summary>
    /// <value>2 to 100; 6 by default.</value>
    public int Tries { get; init => field = Check.Within(value, 2, 100); } = 6;

    /// <summary>How often a job is asked for at most while the server refuses more searches at once.</summary>
    /// <value>1 to 10,000; 120 by default: about half an hour.</value>
    public int QuotaTries { get; init => field = Check.Within(value, 1, 10_000); } = 120;

    /// <summary>Longest wait between two tries, whatever the server asks for.</summary>
    /// <value>1 millisecond to 1 hour; 60 seconds by default.</value>
    public TimeSpan LongestWait { get; init => field = Check.Within(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)); } = TimeSpan.FromSeconds(60);

    /// <summary>Clock of all waiting; tests let it run faster.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What reports and the ledger call the server: no credentials, no path at its end.</summary>
    public string Name => Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');
}
