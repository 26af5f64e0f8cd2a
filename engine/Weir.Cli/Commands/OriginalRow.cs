using Weir.Cli.Output;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary>A row's bytes in the file it came from, as far as that is still the same file.</summary>
internal static class OriginalRow
{
    // The fingerprint sees size and both ends only. Hashing so much takes half a second (1.8 s/GB, sha256sum); beyond it the reader is told that it was not done.
    private const long HashedBytes = 256L << 20;

    /// <summary>One line: the bytes, or why there are none.</summary>
    public static async Task<string> TellAsync(LandedRow row, Func<byte[], string> show, CancellationToken cancellationToken)
    {
        if (row.Uri == "-")
            return "original: not available, the source cannot be read again";
        if (row.Connector == SliceLedger.Connector)
            return "original: not kept, the row came from a Splunk server: search it there by its _bkt and _cd";
        if (!File.Exists(row.Uri) && !ZipFiles.IsEntry(row.Uri))
            return $"original: not available, {Terminal.Line(row.Uri)} is gone";
        string changed = $"original: not available, {Terminal.Line(row.Uri)} has changed since it landed";
        await using var source = new FileSource(row.Uri, InputOptions.FromJson(row.Options));
        SourceInfo now;
        try
        {
            now = await source.OpenAsync(cancellationToken);
        }
        catch (WeirException)
        {
            return changed; // empty by now, or no text
        }

        if (row.Fingerprint is not null && now.Fingerprint != row.Fingerprint)
            return changed;
        bool hashed = row.Sha256 is not null && now is { HashAsync: not null, Bytes: <= HashedBytes };
        if (hashed && await now.HashAsync!(cancellationToken) != row.Sha256)
            return changed;
        byte[]? bytes = row.Interval is null ? null : await source.FindRowAsync(row.Interval, row.RowId, cancellationToken);
        string unproven = row.Sha256 is null ? "the source is interrupted" : "the file is large";
        return bytes is null ? changed : $"original{(hashed ? "" : $" (not proven, {unproven}: its size and ends are as they were)")}: {show(bytes)}";
    }
}
