using System.Globalization;

namespace Weir.SplunkServer;

/// <summary>What can go wrong, as seen on real servers.</summary>
internal enum FaultKind
{
    /// <summary>F1: the body is cut after some bytes, framed in one of the four ways.</summary>
    Cut,

    /// <summary>F2: cut on the end of a line or of a set, with a clean end of the body.</summary>
    CutClean,

    /// <summary>F3: a message at the end says that results are missing.</summary>
    IncompleteMessage,

    /// <summary>F4: preview sets before the final one.</summary>
    Previews,

    /// <summary>F5: the mark of the last row on a row, alone, or both.</summary>
    LastRow,

    /// <summary>F6: blank lines, and a silence.</summary>
    Silence,

    /// <summary>F7: 204 in place of an answer.</summary>
    NoContent,

    /// <summary>F8: the job stays queued, fails, dies, or is finalized.</summary>
    BadJob,

    /// <summary>F9: the administrator's cap on a page.</summary>
    PageCap,

    /// <summary>F10: the session is not known any more.</summary>
    Unauthorized,

    /// <summary>F11: too many searches, too many requests.</summary>
    Quota,

    /// <summary>F12: the job is gone.</summary>
    Expired,

    /// <summary>F14: times as the export endpoint writes them elsewhere.</summary>
    TimeFormat,

    /// <summary>F17: the bounds are not heeded; with or without a word.</summary>
    OtherRange,

    /// <summary>F19: a page of HTML with status 200.</summary>
    LoginPage,

    /// <summary>The connection is closed before an answer.</summary>
    Reset,

    /// <summary>A job keeps fewer results than there are.</summary>
    ResultCap,

    /// <summary>A page repeats rows of the page before in place of its own.</summary>
    Overlap,

    /// <summary>The server goes away: it breaks all connections and takes no new ones for so many seconds (0: for good). On an odd number it has forgotten its jobs and sessions when it is back.</summary>
    Away,
}

/// <summary>One thing that goes wrong.</summary>
/// <param name="Endpoint">Where: login, info, create, status, results, export, control, delete; * for all.</param>
/// <param name="Skip">Requests that go well before.</param>
/// <param name="Times">How often it happens then.</param>
/// <param name="Value">Which of its forms.</param>
internal sealed record Fault(FaultKind Kind, string Endpoint, int Skip, int Times, long Value)
{
    /// <summary>Reads <c>KIND@ENDPOINT:SKIP:TIMES:VALUE</c>; what is left out is 0, once, 0.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Fault Parse(string text)
    {
        string[] kind = text.Split('@'), parts = kind.Length > 1 ? kind[1].Split(':') : ["*"];
        int Number(int at, int none) => parts.Length > at ? int.Parse(parts[at], CultureInfo.InvariantCulture) : none;
        return Enum.TryParse(kind[0], ignoreCase: true, out FaultKind known) ? new Fault(known, parts[0], Number(1, 0), Number(2, 1), Number(3, 0))
            : throw new FormatException($"'{kind[0]}' is no fault; there are {string.Join(", ", Enum.GetNames<FaultKind>())}.");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}@{Endpoint}:{Skip}:{Times}:{Value}");
}

/// <summary>A schedule of faults, the same for the same seed.</summary>
internal sealed class Faults(IReadOnlyList<Fault> faults)
{
    private const int Ever = 1_000_000;

    private static readonly string[] Endpoints = ["info", "create", "status", "results", "export", "control", "*"];

    private readonly (Fault Fault, int[] Left)[] left = [.. faults.Select(f => (f, (int[])[f.Skip, f.Times]))];

    public static Faults None { get; } = new([]);

    /// <summary>Any few faults; most of them pass, some last.</summary>
    public static Faults Random(int seed)
    {
        var random = new Random(seed);
        FaultKind[] kinds = [.. Enum.GetValues<FaultKind>().Where(k => k != FaultKind.Away)];
        var faults = new List<Fault>();
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            FaultKind kind = kinds[random.Next(kinds.Length)];
            string endpoint = kind switch
            {
                FaultKind.Cut or FaultKind.CutClean or FaultKind.IncompleteMessage => random.Next(2) == 0 ? "results" : "export",
                FaultKind.Previews or FaultKind.LastRow or FaultKind.TimeFormat => "export",
                FaultKind.PageCap or FaultKind.Overlap => "results",
                FaultKind.BadJob => "status",
                FaultKind.ResultCap or FaultKind.OtherRange => "create",
                FaultKind.Quota => "create",
                FaultKind.NoContent => random.Next(2) == 0 ? "status" : "results",
                FaultKind.Expired => random.Next(2) == 0 ? "status" : "results",
                FaultKind.Silence => random.Next(2) == 0 ? "results" : "export",
                _ => Endpoints[random.Next(Endpoints.Length)],
            };
            bool lasts = random.Next(10) == 0, cap = kind is FaultKind.PageCap;
            faults.Add(new Fault(kind, endpoint, cap ? 0 : random.Next(12), lasts || cap ? Ever : random.Next(1, 4), random.Next(1 << 16)));
        }

        if (random.Next(6) == 0)
            faults.Add(new Fault(FaultKind.Away, Endpoints[random.Next(Endpoints.Length)], random.Next(20), random.Next(1, 3), random.Next(90)));

        return new Faults(faults);
    }

    /// <summary>The fault of a kind that this request meets; null: it goes well.</summary>
    public Fault? Take(FaultKind kind, string endpoint)
    {
        lock (left)
        {
            foreach (var (fault, counters) in left)
            {
                if (fault.Kind != kind || (fault.Endpoint != "*" && fault.Endpoint != endpoint))
                    continue;
                if (counters[0] > 0)
                {
                    counters[0]--;
                    continue;
                }

                if (counters[1] <= 0)
                    continue;
                counters[1]--;
                return fault;
            }
        }

        return null;
    }

    public override string ToString() => string.Join("; ", faults);
}
