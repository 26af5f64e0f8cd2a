using System.IO.Compression;
using System.Text;

namespace Weir.Cli.Tests.Commands;

/// <summary>Formats, containers and encodings as commands meet them.</summary>
public sealed class FormatTests : IDisposable
{
    private const string Records = "{\"user\":\"ann\",\"ip\":{\"src\":\"8.8.8.8\"},\"roles\":[\"a\",\"b\"]}\n{\"user\":\"bob\",\"roles\":[\"c\"],\"source_id\":7}\n";

    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Ingest_Json_MakesColumnsOfPathsAndLists()
    {
        (await bench.WeirAsync("ingest", bench.Write("x.log", Records), "--quiet")).Clean();
        Assert.Equal("ann,8.8.8.8,\"[\"\"a\"\",\"\"b\"\"]\",|bob,,\"[\"\"c\"\"]\",7", await bench.AskAsync("SELECT user, ip_src, roles, source_id_2 FROM x ORDER BY row_id"));
        Assert.Equal("ndjson", await bench.AskAsync("SELECT connector FROM weir.sources"));
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task Ingest_FolderOfFormats_LandsEachInATableOfItsKind()
    {
        bench.Write("in/a.json", Records);
        bench.Write("in/b.json", "[{\"user\":\"eve\",\"other\":1}]");
        bench.Write("in/c.csv", "a,b\n1,2\n");
        bench.Write("in/d.log", "a line\nand another one, longer\n");
        bench.Write("in/e.txt", Encoding.Unicode.GetBytes("\uFEFFa,b\n3,4\n"));
        Run run = (await bench.WeirAsync("ingest", bench.File("in"))).Clean();
        Assert.Contains("no format that weir knows: one row a line, in _raw", run.Error, StringComparison.Ordinal);
        Assert.Equal("a.json,in|b.json,in|c.csv,in_2|d.log,in_3|e.txt,in_2", await bench.AskAsync("SELECT parse_filename(uri), table_name FROM weir.sources ORDER BY 1"));
        // Again: the same tables, nothing to do.
        Assert.Contains("5 had landed before", (await bench.WeirAsync("ingest", bench.File("in"))).Clean().Error, StringComparison.Ordinal);
        bench.Write("in/f.json", "{\"third\":true}");
        (await bench.WeirAsync("ingest", bench.File("in"), "--quiet")).Clean();
        Assert.Equal("in", await bench.AskAsync("SELECT table_name FROM weir.sources WHERE uri LIKE '%f.json'"));
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task Ingest_Folder_TakesWhatIsTextWhateverItsName()
    {
        foreach (string name in (string[])["syslog", "auth.log.1", ".bash_history", "messages-20240101", "deep/notes.md"])
            bench.Write("in/" + name, $"one line of {name}\nand another\n"); // the same bytes would land once
        bench.Write("in/sign-ins.export", "a,b\n1,2\n");
        bench.Write("in/records.1", Records);
        File.CreateSymbolicLink(bench.File("in/link.log"), bench.File("in/syslog"));
        Run run = (await bench.WeirAsync("ingest", bench.File("in"))).Clean();
        Assert.Contains("link.log: it is a link, which is not followed", run.Error, StringComparison.Ordinal);
        Assert.Equal(".bash_history,text|auth.log.1,text|messages-20240101,text|notes.md,text|records.1,ndjson|sign-ins.export,csv|syslog,text", await bench.AskAsync("SELECT parse_filename(uri), connector FROM weir.sources ORDER BY 1"));
        await bench.VerifiedAsync();
    }

    [Theory]
    [InlineData()]
    [InlineData("--input-format", "text")]
    [InlineData("--delimiter", ",")]
    public async Task Ingest_FolderWithBinaries_LeavesThemOutAndTellsEach(params string[] options)
    {
        byte[] noise = new byte[3000];
        new Random(1).NextBytes(noise);
        bench.Write("in/syslog", "one line of text\nand another\n");
        bench.Write("in/System.evtx", [.. "ElfFile\0"u8, .. noise]);
        bench.Write("in/shot.log", [0x89, .. "PNG\r\n\u001a\n"u8, .. noise]);
        bench.Write("in/book", File.ReadAllBytes(Zip("in.zip", ("[Content_Types].xml", "<x/>"))));
        bench.Write("in/noise.csv", noise);
        if (!OperatingSystem.IsWindows())
            using (var make = System.Diagnostics.Process.Start("mkfifo", bench.File("in/pipe")))
                await make.WaitForExitAsync();
        for (int again = 0; again < 2; again++)
        {
            Run run = (await bench.WeirAsync(["ingest", bench.File("in"), .. options])).NeedsLook();
            Assert.All(["a Windows event log", "a picture", "an Office document", "it is binary", "it is empty"], text => Assert.Contains(text, run.Error, StringComparison.Ordinal));
            Assert.Equal("syslog", await bench.AskAsync("SELECT parse_filename(uri) FROM weir.sources WHERE state = 'complete'"));
            Assert.Equal(OperatingSystem.IsWindows() ? "4" : "5", await bench.AskAsync("SELECT count(*) FROM weir.sources WHERE state = 'failed'"));
        }
    }

    [Fact]
    public async Task Ingest_FolderThatHoldsTheCase_IsANoOpTheSecondTime()
    {
        bench.Write("a.csv", "a,b\n1,2\n");
        (await bench.WeirAsync("ingest", bench.Path)).Clean();
        Assert.Contains("already landed", (await bench.WeirAsync("ingest", bench.Path)).Clean().Error, StringComparison.Ordinal);
        (await bench.WeirAsync("ingest", bench.File("*"))).Clean();
        Run other = (await Run.WeirAsync("ingest", bench.Path, "--case", bench.File("other.duckdb"))).NeedsLook();
        Assert.Contains("it is a DuckDB database", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_FolderOfManyBinaries_FoldsThem()
    {
        bench.Write("in/a.csv", "a,b\n1,2\n");
        for (int i = 0; i < 30; i++)
            bench.Write(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"in/p{i}.png"), [0x89, .. "PNG\r\n\u001a\n"u8]);
        Run run = (await bench.WeirAsync("ingest", bench.File("in"))).NeedsLook();
        Assert.Contains("! 18 more, of which nothing landed: weir sql", run.Error, StringComparison.Ordinal);
        Assert.Contains("31 sources, 1 read = 1 landed + 0 rejected → in\n", run.Error, StringComparison.Ordinal);
        Assert.Equal("30", await bench.AskAsync("SELECT count(*) FROM weir.sources WHERE state = 'failed'"));
    }

    [Fact]
    public async Task Ingest_Archive_LandsItsEntriesAndNamesThem()
    {
        string zip = Zip("logs.zip", ("a.csv", "a,b\n1,2\n"), ("sub/b.csv", "a,b\n3,4\n"), ("../../c.json", Records), ("\u001b[31m.csv", "a,b\n5,6\n"));
        Run run = (await bench.WeirAsync("ingest", zip)).Clean();
        Assert.DoesNotContain('\u001b', run.Error);
        Assert.Equal("logs.zip!/a.csv,logs|logs.zip!/sub/b.csv,logs|logs.zip!/../../c.json,logs_2", await bench.AskAsync($"SELECT uri[{bench.Path.Length + 2}:], table_name FROM weir.sources WHERE uri NOT LIKE '%31m%' ORDER BY source_id"));
        Assert.False(File.Exists(bench.File("../../c.json")));
        Assert.Contains("original: {\"user\":\"bob\"", (await bench.WeirAsync("show", "3:2")).Clean().Out, StringComparison.Ordinal);
        Assert.Contains("4 had landed before", (await bench.WeirAsync("ingest", zip)).Clean().Error, StringComparison.Ordinal);
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task Ingest_DamagedEntry_IsIncomplete()
    {
        string text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},{i * 31 % 1009}\n"));
        byte[] bytes = File.ReadAllBytes(Zip("whole.zip", ("a.csv", "a,b\n" + text)));
        bytes[bytes.Length / 2] ^= 0x40;
        Run run = (await bench.WeirAsync("ingest", bench.Write("damaged.zip", bytes))).NeedsLook();
        Assert.Contains("incomplete: ", run.Error, StringComparison.Ordinal);
        Assert.Equal("incomplete", await bench.AskAsync("SELECT state FROM weir.sources"));
    }

    [Fact]
    public async Task Ingest_WhatIsNoText_IsToldInOneLine()
    {
        byte[] locked = File.ReadAllBytes(Zip("open.zip", ("a.csv", "a,b\n1,2\n")));
        locked[6] |= 1; // the flag of encryption, in the entry and in the directory
        locked[locked.AsSpan().IndexOf("PK\u0001\u0002"u8) + 8] |= 1;
        byte[] noise = new byte[3000];
        new Random(1).NextBytes(noise);
        using var zeros = new MemoryStream();
        using (var gzip = new GZipStream(zeros, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < 200; i++)
                gzip.Write(block);
        }

        using var nested = new MemoryStream();
        using (var gzip = new GZipStream(nested, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(zeros.ToArray());
        foreach (var (name, bytes, found) in ((string, byte[], string)[])
        [
            ("locked.zip", locked, "encrypted"), ("doc.xlsx", File.ReadAllBytes(Zip("doc", ("[Content_Types].xml", "<x/>"))), "an Office document"), ("old.xls", [0xD0, 0xCF, 0x11, 0xE0, .. noise], "an Office document"),
            ("p.png", [0x89, .. "PNG\r\n\u001a\n"u8, .. noise], "a picture"), ("d.db", [.. "SQLite format 3\0"u8, .. noise], "a SQLite database"), ("broken.zip", [.. "PK\u0003\u0004"u8, .. noise], "cut or damaged"),
            ("zeros.gz", zeros.ToArray(), "binary"), ("twice.gz", nested.ToArray(), "gzip twice"), ("empty.zip", File.ReadAllBytes(Zip("none")), "holds no file"),
        ])
        {
            (await Run.WeirAsync("ingest", bench.Write(name, bytes), "--case", bench.File("none.duckdb"))).Failed(name, found);
            Assert.False(File.Exists(bench.File("none.duckdb")), name);
        }
    }

    [Fact]
    public async Task DryRun_Json_SaysWhatItIsAndShowsItsColumns()
    {
        Run run = (await bench.WeirAsync("ingest", bench.Write("x.json", $"{{\"@odata.context\":\"c\",\"value\":[{Records.Trim().Replace('\n', ',')}]}}"), "--dry-run")).Clean();
        Assert.Contains("the records stand under value", run.Out, StringComparison.Ordinal);
        Assert.Contains("ip_src", run.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(bench.Case));
    }

    [Fact]
    public async Task Options_Insist()
    {
        string file = bench.Write("x.json", "{\"data\":{\"list\":[{\"a\":1},{\"a\":2}]}}");
        (await bench.WeirAsync("ingest", file, "--records", "data.list", "--table", "t", "--quiet")).Clean();
        Assert.Equal("1|2", await bench.AskAsync("SELECT a FROM t ORDER BY 1"));
        (await bench.WeirAsync("ingest", file, "--input-format", "text", "--table", "u", "--quiet")).Clean();
        Assert.Equal("1", await bench.AskAsync("SELECT count(*) FROM u WHERE _raw LIKE '{\"data\"%'"));
        (await bench.WeirAsync("ingest", bench.Write("w.csv", Encoding.Latin1.GetBytes("name\nJosé\n")), "--encoding", "latin-1", "--table", "v", "--quiet")).Clean();
        Assert.Equal("José", await bench.AskAsync("SELECT name FROM v"));
        (await bench.WeirAsync("ingest", bench.Write("m.json", "{\"a\":1,\"b\":2,\"c\":3}"), "--max-columns", "2", "--table", "m", "--quiet")).Clean();
        Assert.Equal("1,2,\"{\"\"c\"\":3}\"", await bench.AskAsync("SELECT a, b, _extra_json FROM m"));
        (await bench.WeirAsync("ingest", file, "--input-format", "excel")).Failed("--input-format");
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task Ingest_TwinsInJson_LandAsTheyAre()
    {
        (await bench.WeirAsync("ingest", bench.Write("x.json", "{\"f\":\"a\"}\n{\"f\":\"a\\nb\",\"__mv_f\":\"$a$;$b$\"}\n"), "--quiet", "--commit-rows", "1", "--batch-rows", "1")).Clean();
        Assert.Equal("$a$;$b$", await bench.AskAsync("SELECT __mv_f FROM x WHERE __mv_f IS NOT NULL"));
        await bench.VerifiedAsync();
    }

    private string Zip(string name, params (string Entry, string Text)[] entries)
    {
        string path = bench.File(name);
        using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (entry, text) in entries)
        {
            using Stream stream = zip.CreateEntry(entry).Open();
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return path;
    }
}
