using System.Globalization;
using System.Text.RegularExpressions;

namespace Weir.Engine.Stages;

/// <summary>Reads and writes tables by what a file is.</summary>
internal static partial class AsnTableFiles
{
    public static AsnTableData Load(string path)
    {
        byte[] start = new byte[AsnTableFormat.Magic.Length];
        int read = Open(path, stream => stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false));
        if (!start.AsSpan(0, read).SequenceEqual(AsnTableFormat.Magic))
            return Gather([path], withEmbeddedNames: true);
        try
        {
            return AsnTableFormat.Read(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is InvalidDataException or IndexOutOfRangeException or ArgumentException or OverflowException or FormatException)
        {
            throw new WeirException(path, $"the table is damaged: {e.Message.TrimEnd('.')}", "", "Build it again: weir asn build FILE... -o TABLE.", e);
        }
    }

    public static void Build(IReadOnlyList<string> files, string table)
    {
        byte[] bytes = AsnTableFormat.Write(Gather(files, withEmbeddedNames: false));
        string part = $"{table}.part-{Environment.ProcessId}";
        try
        {
            File.WriteAllBytes(part, bytes);
            File.Move(part, table, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static AsnTableData Gather(IReadOnlyList<string> files, bool withEmbeddedNames)
    {
        var builder = new AsnTableBuilder();
        var sources = new List<string>();
        DateOnly? date = null;
        foreach (string file in files)
        {
            string source = Path.GetFileName(file);
            DateOnly? day = DateIn(source);
            int before = builder.Ranges;
            if (file.EndsWith(MmdbFile.Extension, StringComparison.OrdinalIgnoreCase))
            {
                (string type, DateOnly built) = Open(file, _ => MmdbFile.Read(file, builder));
                (source, day) = ($"{source} ({type})", built);
            }
            else
            {
                Open(file, stream => Refuse(file, stream));
                AsnTextFile.Read(file, builder);
            }

            sources.Add(source);
            if (builder.Ranges > before && day is not null && (date is null || day < date))
                date = day; // as old as its oldest part
        }

        if (builder.Ranges == 0)
            throw new WeirException(string.Join(", ", files), "names alone", "a file with ranges too", "Add one, for example ip2asn-combined.tsv.gz of iptoasn.com.");
        if (withEmbeddedNames && builder.Names == 0)
            AsnTable.Embedded.GiveNames(builder);
        return builder.Build(string.Join(", ", sources), date);
    }

    private static bool Refuse(string path, FileStream stream)
    {
        Span<byte> start = stackalloc byte[1024];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (start.StartsWith(AsnTableFormat.Magic))
            throw new WeirException(path, "a table that is built already", "the published files it was made of", "Use it as it is: --asn-db FILE.");
        bool packed = start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]);
        return packed || !start.Contains((byte)0)
            ? true
            : throw new WeirException(path, "it is binary, and no table of AS numbers", "text of ip2asn, iptoasn.com or pyasn (also .gz), a .mmdb, or a table made by 'weir asn build'", "Check that it is the file you meant.");
    }

    private static T Open<T>(string path, Func<FileStream, T> use)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return use(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeirException(path, e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message.TrimEnd('.'), "", "Give the path of a table of AS numbers.", e);
        }
    }

    /// <summary>The day in a file's name, <c>ip2asn-2025-12-04.tsv</c>; of a month its first.</summary>
    private static DateOnly? DateIn(string name)
    {
        Match found = Day().Match(name);
        return found.Success && DateOnly.TryParseExact($"{found.Groups[1].Value}-{found.Groups[2].Value}-{(found.Groups[3].Success ? found.Groups[3].Value : "01")}", "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? day : null;
    }

    [GeneratedRegex(@"(?<!\d)((?:19|20)\d\d)[-_.]?(\d\d)(?:[-_.]?(\d\d))?(?!\d)")]
    private static partial Regex Day();
}
