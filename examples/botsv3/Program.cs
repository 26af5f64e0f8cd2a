using System.IO.Compression;
using Weir.Botsv3;

// Writes the exports into the folder that is given; the quoted events lie beside this file.
string folder = args is [var given] ? given : "examples/botsv3/data";
Directory.CreateDirectory(folder);
foreach (Export export in Incident.All("examples/botsv3/quoted"))
{
    byte[] bytes = export.Render();
    if (bytes.Length < 1 << 19)
    {
        File.WriteAllBytes(Path.Combine(folder, export.Name), bytes);
        continue;
    }

    using FileStream file = File.Create(Path.Combine(folder, export.Name + ".gz"));
    using var gzip = new GZipStream(file, CompressionLevel.SmallestSize);
    gzip.Write(bytes);
}
