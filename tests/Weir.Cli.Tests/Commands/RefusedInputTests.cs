using System.IO.Compression;
using Weir.Cli.Tests.Landing;

namespace Weir.Cli.Tests.Commands;

/// <summary>Inputs that cannot land, wholly or in part: one line says what and where, and nothing is made or lost.</summary>
public sealed class RefusedInputTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task MissingFile_NamesItAndMakesNothing()
    {
        string file = bench.File("absent.csv");
        (await RefusedAsync(file)).Failed(file, "no such file");
    }

    [Fact]
    public async Task MissingFileAmongOthers_NothingLands()
    {
        string good = bench.Write("good.csv", "a,b\n1,2\n"), file = bench.File("absent.csv");
        string before = bench.Files();
        (await bench.WeirAsync("ingest", good, file)).Failed(file);
        Assert.Equal(before, bench.Files());
    }

    [Fact]
    public async Task FolderWithoutInputs_NamesIt()
    {
        bench.Write("exports/readme.pdf", "%PDF-1.7\n");
        (await RefusedAsync(bench.File("exports"))).Failed(bench.File("exports"), "it is a PDF");
    }

    [Fact]
    public async Task EmptyFolder_NamesIt()
    {
        Directory.CreateDirectory(bench.File("exports"));
        (await RefusedAsync(bench.File("exports"))).Failed(bench.File("exports"));
    }

    [Fact]
    public async Task GlobWithoutMatch_NamesIt()
    {
        bench.Write("a.csv", "a,b\n1,2\n");
        (await RefusedAsync(bench.File("*.tsv"))).Failed(bench.File("*.tsv"));
    }

    [Fact]
    public async Task BinaryFile_IsRefused()
    {
        byte[] bytes = new byte[70_000];
        new Random(1).NextBytes(bytes.AsSpan(0, 30_000));
        "\x7fELF\x02\x01\x01\0\0\0"u8.CopyTo(bytes);
        string file = bench.Write("tool.csv", bytes);
        (await RefusedAsync(file)).Failed(file);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    public async Task EmptyFileAlone_IsRefused(string text)
    {
        string file = bench.Write("empty.csv", text);
        (await RefusedAsync(file)).Failed(file, "empty");
    }

    [Fact]
    public async Task EmptyFileAmongOthers_TheOthersLandAndTheCaseTells()
    {
        string one = bench.Write("in/one.csv", "a,b\n1,2\n"), empty = bench.Write("in/two.csv", ""), three = bench.Write("in/three.csv", "a,b\n3,4\n5,6\n");
        string[] command = ["ingest", one, empty, three, "--table", "t"];
        Run first = (await bench.WeirAsync(command)).NeedsLook();
        Assert.Contains("two.csv", first.Error, StringComparison.Ordinal);
        Assert.Contains("failed: nothing landed", first.Error, StringComparison.Ordinal);
        const string question = "SELECT source_id, regexp_extract(uri, '[a-z]+.csv'), state, rows_landed FROM weir.sources ORDER BY 1";
        string ledger = await bench.AskAsync(question);
        Assert.Equal("1,one.csv,complete,1|2,two.csv,failed,0|3,three.csv,complete,2", ledger);
        Assert.Equal("3", await bench.AskAsync("SELECT count(*) FROM t"));

        string dump = await CaseDump.OfAsync(bench.Case);
        Run again = (await bench.WeirAsync(command)).NeedsLook();
        Assert.Contains("already landed", again.Error, StringComparison.Ordinal);
        Assert.Equal(ledger, await bench.AskAsync(question));
        Assert.Equal(dump, await CaseDump.OfAsync(bench.Case));
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task AllFilesEmpty_MakesNoTable()
    {
        string one = bench.Write("in/one.csv", ""), two = bench.Write("in/two.csv", "");
        Run run = await bench.WeirAsync("ingest", one, two);
        Assert.NotEqual(0, run.Exit);
        Assert.Contains("one.csv", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HeaderWithoutRows_LandsAnEmptyTable()
    {
        string file = bench.Write("head.csv", "a,b\n");
        (await bench.WeirAsync("ingest", file)).Clean();
        Assert.Equal("0", await bench.AskAsync("SELECT count(*) FROM head"));
    }

    [Fact]
    public async Task TruncatedGzip_RowsStayAndEveryReaderSaysSo()
    {
        byte[] plain = NastyCsv.Make(3, 4000);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(plain);
        string file = bench.Write("cut.csv.gz", packed.ToArray()[..(int)(packed.Length / 2)]);
        Run first = (await bench.WeirAsync("ingest", file)).NeedsLook();
        Assert.Contains("incomplete", first.Error, StringComparison.Ordinal);
        long rows = long.Parse(await bench.AskAsync("SELECT count(*) FROM cut"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(rows, 100, 3999);
        Assert.Equal("incomplete", await bench.AskAsync("SELECT state FROM weir.sources"));

        string dump = await CaseDump.OfAsync(bench.Case);
        Run again = (await bench.WeirAsync("ingest", file)).NeedsLook();
        Assert.Contains("already landed", again.Error, StringComparison.Ordinal);
        Assert.Contains("incomplete", again.Error, StringComparison.Ordinal);
        Assert.Equal(dump, await CaseDump.OfAsync(bench.Case));
        (await bench.WeirAsync("sql", "SELECT 1")).Clean().OneLine(file, "incomplete");
        (await bench.WeirAsync("tables")).Clean().OneLine(file, "incomplete");
        (await bench.WeirAsync("show", "1:1")).Clean().OneLine(file, "incomplete");
        (await bench.WeirAsync("tables", "--verify")).Clean().OneLine(file, "incomplete");
        Assert.Equal("", (await bench.WeirAsync("sql", "SELECT 1", "--quiet")).Clean().Error);
        await bench.VerifiedAsync();
    }

    [Fact]
    public async Task ReservedTableName_IsRefused()
    {
        string file = bench.Write("a.csv", "a,b\n1,2\n");
        foreach (string name in (string[])["signins", "SignIns", "mails", "audits", "processes", "web", "timeline", "iocs"])
            (await RefusedAsync(file, "--table", name)).Failed($"table '{name}'", "reserved", "--table");
    }

    [Fact]
    public async Task ReservedStem_TakesANumber()
    {
        (await bench.WeirAsync("ingest", bench.Write("signins.csv", "a,b\n1,2\n"))).Clean();
        Assert.Equal("signins_2", await bench.AskAsync("SELECT table_name FROM weir.sources"));
    }

    [Theory]
    [InlineData("--time-zone", "Europe/Atlantis")]
    [InlineData("--header", "--no-header")]
    [InlineData("--memory", "plenty")]
    [InlineData("--memory", "MB")]
    [InlineData("--memory", "-5MB")]
    [InlineData("--memory", "")]
    [InlineData("--max-row", "nan")]
    [InlineData("--max-row", "1e300")]
    [InlineData("--no-such-option", "1")]
    [InlineData("--date-order", "ymd")]
    [InlineData("--format", "xml")]
    [InlineData("--threads", "many")]
    [InlineData("--threads", "0")]
    [InlineData("--threads", "-1")]
    [InlineData("--batch-rows", "0")]
    [InlineData("--commit-rows", "0")]
    [InlineData("--commit-rows", "-3")]
    [InlineData("--delimiter", "")]
    [InlineData("--quote", "ab")]
    [InlineData("--escape", "ab")]
    [InlineData("--table", "")]
    public async Task BadOption_IsRefusedAndNamed(string option, string value)
    {
        string file = bench.Write("a.csv", "a,b\n1,2\n");
        Run run = await RefusedAsync(file, option, value);
        run.Failed(option);
    }

    [Theory]
    [InlineData("--time-limit", "soon")]
    [InlineData("--time-limit", "")]
    [InlineData("--tz", "Mars/Base")]
    [InlineData("--time-limit", "1e300s")]
    [InlineData("--memory", "1MB")]
    [InlineData("--memory", "1e300")]
    [InlineData("--format", "xls")]
    [InlineData("--memory", "some")]
    public async Task BadSqlOption_IsRefusedAndNamed(string option, string value)
    {
        (await bench.WeirAsync("ingest", bench.Write("a.csv", "a,b\n1,2\n"))).Clean();
        (await bench.WeirAsync("sql", "SELECT 1", option, value)).Failed(option);
    }

    [Theory]
    [InlineData("ingest")]
    [InlineData("sql")]
    [InlineData("show")]
    [InlineData("show", "1")]
    [InlineData("show", "a:b")]
    [InlineData("show", "1:2:3")]
    [InlineData("show", "-1:1")]
    [InlineData("remove", "one")]
    [InlineData("nonsense")]
    public async Task BadCommandLine_ExitsWithTwo(params string[] args)
    {
        (await Run.WeirAsync(args)).Failed();
    }

    [Theory]
    [InlineData("--table", "ingest", "x.csv", "--tabel", "x")]
    [InlineData("--memory", "sql", "--memroy", "1GB", "SELECT 1")]
    [InlineData("--time-limit", "sql", "SELECT 1", "--time", "3s")]
    [InlineData("--concurrency", "splunk", "export", "--concurency", "3")]
    [InlineData("ingest", "ingset", "x.csv")]
    [InlineData("export", "splunk", "exprot")]
    public async Task MistypedWord_IsToldWhatIsNear(string meant, params string[] args) => (await Run.WeirAsync(args)).Failed($"Did you mean {meant}?");

    [Fact]
    public async Task WordNearNothing_IsToldAlone() => Assert.DoesNotContain("mean", (await Run.WeirAsync("ingest", "x.csv", "--zzzzzzz")).Failed("--zzzzzzz").Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("ingest ")]
    [InlineData("export ", "splunk")]
    public async Task NoCommand_PrintsThem(string one, params string[] args)
    {
        Run run = (await Run.WeirAsync(args)).Ended(2);
        Assert.Contains("\n  " + one, run.Error, StringComparison.Ordinal);
        Assert.Contains("Commands:", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Out);
    }

    [Theory]
    [InlineData("ingest", "128 MB to 1024 GB")]
    [InlineData("sql", "36 MB to 288 GB")]
    public async Task Memory_OutOfRange_IsToldInReadableSizes(string command, string range)
    {
        string file = bench.Write("a.csv", "a,b\n1,2\n");
        (await bench.WeirAsync("ingest", file)).Clean();
        (await bench.WeirAsync(command, command == "sql" ? "SELECT 1" : file, "--memory", "10")).Failed("--memory", "is 10 B; expected " + range);
        (await bench.WeirAsync("sql", "SELECT 1", "--memory", "36MB")).Clean();
    }

    [Fact]
    public async Task SqlError_ShowsItsPlaceHarmlessly()
    {
        (await bench.WeirAsync("ingest", bench.Write("a.csv", "a,b\n1,2\n"))).Clean();
        Run run = (await bench.WeirAsync("sql", "SELECT '\u001b[31m',\n  '\u001b' FRM nowhere at all")).Ended(2);
        string[] lines = run.Error.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("weir: Parser Error: syntax error", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("LINE 2:   '\\x1b' FRM nowhere", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("nowhere", lines[1][lines[2].IndexOf('^', StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Error);
        lines = (await bench.WeirAsync("sql", "SELECT 'xx',\t\t'a' FRM a b")).Ended(2).Error.Split('\n');
        Assert.Equal(@"LINE 1: SELECT 'xx',\t\t'a' FRM a b", lines[1]);
        Assert.Equal(@"LINE 1: SELECT 'xx',\t\t'a' FRM ".Length, lines[2].IndexOf('^', StringComparison.Ordinal));
        Assert.DoesNotContain('^', (await bench.WeirAsync("sql", "SELECT '日本' FRM a b")).Ended(2).Error);
    }

    /// <summary>Runs an ingest that must leave the folder as it was.</summary>
    private async Task<Run> RefusedAsync(params string[] args)
    {
        string before = bench.Files();
        Run run = await bench.WeirAsync(["ingest", .. args]);
        Assert.Equal(before, bench.Files());
        return run;
    }
}
