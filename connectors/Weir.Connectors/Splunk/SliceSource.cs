using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Connectors;

/// <summary>The rows of one verified slice, read from its spool by the JSON reader.</summary>
internal sealed class SliceSource(SliceSpool spool, SliceRecord slice, SliceFacts facts) : ISource
{
    private readonly Rows rows = new(spool.Path);

    public async ValueTask<SourceInfo> OpenAsync(CancellationToken cancellationToken)
    {
        SourceInfo info = await rows.OpenAsync(cancellationToken);
        // Nothing of the spool itself is kept: it is gone once the slice has landed.
        return info with { Uri = slice.Uri, Slice = facts, Fingerprint = null, HashAsync = null, CanResume = false };
    }

    public IAsyncEnumerable<Batch> ReadAsync(ResumePoint? from, RunOptions options, CancellationToken cancellationToken) => rows.ReadAsync(from, options, cancellationToken);

    public ValueTask DisposeAsync() => rows.DisposeAsync();

    private sealed class Rows(string path) : TextSource(path, null, new InputOptions().BlockBytes, new InputOptions().RowLimit)
    {
        internal override TextEncoding? Encoding => TextEncoding.Utf8;

        internal override string OptionsJson => "{}";

        internal override TextLayout Detect(TextWindow window) => new JsonLayout
        {
            Connector = SliceLedger.Connector,
            Columns = [],
            BodyOffset = 0,
            BodyLine = 1,
            Preamble = [],
            Reasons = [],
            Lines = true,
            Records = [],
            Splunk = SplunkBody.None,
            MaxRow = new InputOptions().RowLimit,
            PieceBytes = new InputOptions().PieceBytes,
            MaxColumns = new JsonOptions().MaxColumns,
        };
    }
}
