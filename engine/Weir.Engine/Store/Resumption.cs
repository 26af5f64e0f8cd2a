using System.Globalization;

namespace Weir.Engine.Store;

/// <summary>Goes on with a source that an earlier run left open, where it is provably the same.</summary>
internal static class Resumption
{
    /// <summary>The landing as its last commit left it.</summary>
    /// <exception cref="WeirException">It is not the same file, was read otherwise, or cannot be read again.</exception>
    public static SourceLanding Reopen(Ledger.Source open, SourceInfo info, TableOptions tableOptions)
    {
        string remove = string.Create(CultureInfo.InvariantCulture, $"weir remove {open.SourceId}");
        if (!info.CanResume)
            throw new WeirException(info.Uri, string.Create(CultureInfo.InvariantCulture, $"source {open.SourceId} was interrupted after {open.RowsRead} rows, and it cannot be read again from there"), "", $"Remove what landed with '{remove}' and ingest it anew.");
        if (open.Fingerprint != info.Fingerprint)
            throw Changed(open, info, "the file that was half read");
        if (open.Options != Ledger.ReadingOptions(info, tableOptions))
            throw new WeirException(info.Uri, string.Create(CultureInfo.InvariantCulture, $"source {open.SourceId} of it is interrupted and was read with other options ({open.Options})"), "the same options", $"Complete it with them, or remove what landed with '{remove}' first.");
        var landing = new SourceLanding(open.SourceId, info, open.Table, tableOptions) { StartedAt = open.StartedAt };
        landing.Restore(open.Checkpoint, open.RowsLanded, open.RowsRejected);
        return landing;
    }

    /// <summary>Checks the file of a source whose rows have all landed, and that is only to be closed.</summary>
    public static async ValueTask VerifyWholeAsync(Ledger.Source open, SourceLanding landing, CancellationToken cancellationToken)
    {
        if (landing.Info.HashAsync is { } hash && await hash(cancellationToken) != landing.End!.Sha256)
            throw Changed(open, landing.Info, "the file whose rows have landed");
    }

    private static WeirException Changed(Ledger.Source open, SourceInfo info, string expected) => new(
        info.Uri, string.Create(CultureInfo.InvariantCulture, $"it changed since {open.RowsRead} rows of it landed as source {open.SourceId}"), expected,
        string.Create(CultureInfo.InvariantCulture, $"Remove what landed with 'weir remove {open.SourceId}' and ingest the file anew, or bring the old file back."));
}
