using System.IO.Compression;

namespace Weir.Perf.Components;

/// <summary>A packed file, unpacked and forgotten: what no reader of it can do without.</summary>
internal sealed class Inflation : Component
{
    public const string Id = "inflate";

    public override string Name => Id;

    public override string Description => "the packed file through `GZipStream`, the text forgotten";

    public override TextUnit Unit => TextUnit.File;

    public override Tally Run(string file, int threads)
    {
        using var packed = File.OpenRead(file);
        using var text = new GZipStream(packed, CompressionMode.Decompress);
        byte[] buffer = new byte[1 << 20];
        long size = 0;
        for (int n; (n = text.Read(buffer)) > 0;)
            size += n;
        return new Tally(0, size);
    }
}
