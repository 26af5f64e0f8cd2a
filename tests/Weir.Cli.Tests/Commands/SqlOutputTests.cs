using System.Globalization;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;

namespace Weir.Cli.Tests.Commands;

/// <summary>What an attacker wrote into a log, on its way out: shown harmless on the screen, true to the byte in files.</summary>
public sealed class SqlOutputTests : IAsyncLifetime, IDisposable
{
    private static readonly string[] Hostile =
    [
        "plain", "\u001b[31mred\u001b[0m", "\u001b]0;title\u0007", "\u009b31m", "\u0085next", "bell\u0007back\b", "\u202Egpj.exe\u202C", "\u2066iso\u2069", "\u200Bzero\uFEFF", "nul\0inside",
        "quote\"in", "'single'", "comma,semi;", "line\nfeed", "carriage\r\nreturn", "tab\tbed", "\U0001F980 crab", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\0=1", "[red]markup[/]", "[[x]]", "\\x1b", "\u2028ls\u2029ps", "\u00ad soft",
        "\U000E0001\U000E0041tag", "",
    ];

    private readonly Bench bench = new();

    public async Task InitializeAsync()
    {
        var csv = new StringBuilder("n,cell,\u001b[2Jhead\n");
        for (int i = 0; i < Hostile.Length; i++)
            csv.Append(CultureInfo.InvariantCulture, $"{i},\"{Hostile[i].Replace("\"", "\"\"", StringComparison.Ordinal)}\",x\n");
        (await bench.WeirAsync("ingest", bench.Write("h.csv", csv.ToString()), "--delimiter", ",")).Clean();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Table_HoldsNothingThatSteersATerminal()
    {
        Run run = (await bench.WeirAsync("sql", "SELECT n, cell, [cell] AS list, {'k': cell} AS record, encode(cell) AS bytes, 1 AS \"\u001b]0;x\u0007\u202E\" FROM h ORDER BY n")).Clean();
        Harmless(run.Out);
        Assert.Contains(@"\x1b[31mred", run.Out, StringComparison.Ordinal);
        Assert.Contains("[red]markup[/]", run.Out, StringComparison.Ordinal);
        Assert.Contains(@"\u202egpj.exe", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ErrorsThatQuoteTheQuery_AreHarmless()
    {
        Run run = (await bench.WeirAsync("sql", "SELECT '\u001b[31m' FRM \u202E x")).Failed();
        Harmless(run.Error);
        Harmless((await bench.WeirAsync("sql", "SELECT cell::INT FROM h WHERE n = 1")).Failed().Error);
        Harmless((await bench.WeirAsync("show", "\u001b[31m")).Failed().Error);
        Harmless((await bench.WeirAsync("ingest", "\u001b[31m.csv")).Failed().Error);
        Harmless((await Run.WeirAsync("\u001b[31m")).Error);
    }

    [Fact]
    public async Task TablesShowAndSummary_AreHarmless()
    {
        string file = bench.Write("in\u001b[31m\u202E.csv", "a,\u001bb\n\u001b[1m,2\n");
        foreach (string[] command in (string[][])[["ingest", file], ["ingest", file, "--dry-run"], ["tables"], ["tables", "--verify"], ["show", "2:1"], ["show", "1:2"]])
        {
            Run run = (await bench.WeirAsync(command)).Clean();
            Harmless(run.Out);
            Harmless(run.Error);
        }
    }

    [Fact]
    public async Task Csv_IsTrueToTheByte()
    {
        Run run = (await bench.WeirAsync("sql", "SELECT n, cell FROM h ORDER BY n", "--format", "csv")).Clean();
        Assert.Equal(Hostile, Parse(run.Out).Skip(1).Select(r => r[1]));
        string file = bench.File("out.csv");
        (await bench.WeirAsync("sql", "SELECT n, cell FROM h ORDER BY n", "--format", "csv", "-o", file)).Clean();
        Assert.Equal(Encoding.UTF8.GetBytes(run.Out), File.ReadAllBytes(file));
        (await bench.WeirAsync("ingest", file, "--table", "back", "--delimiter", ",")).Clean();
        Assert.Equal("true", await bench.AskAsync("SELECT list(cell ORDER BY n) = (SELECT list(cell ORDER BY n) FROM h) AS same FROM back"));
    }

    [Fact]
    public async Task SafeCsv_PutsAQuoteBeforeFormulas()
    {
        Run run = (await bench.WeirAsync("sql", "SELECT n, cell FROM h ORDER BY n", "--format", "csv", "--safe-csv")).Clean();
        Assert.Equal(Hostile.Select(c => c.Length > 0 && "=+-@\t\r\0".Contains(c[0], StringComparison.Ordinal) ? "'" + c : c), Parse(run.Out).Skip(1).Select(r => r[1]));
        Run head = (await bench.WeirAsync("sql", "SELECT 1 AS \"=cmd()\"", "--format", "csv", "--safe-csv")).Clean();
        Assert.StartsWith("'=cmd()", head.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JsonAndNdjson_ParseAndHoldTheText()
    {
        const string sql = "SELECT n, cell, [cell, NULL] AS list, MAP {cell: n} AS map, 123456789012345678901234567890::HUGEINT AS big, 'nan'::DOUBLE AS nan FROM h ORDER BY n";
        Run json = (await bench.WeirAsync("sql", sql, "--format", "json")).Clean();
        using JsonDocument all = JsonDocument.Parse(json.Out);
        Assert.Equal(Hostile, all.RootElement.EnumerateArray().Select(r => r.GetProperty("cell").GetString()));
        Assert.Equal(Hostile, all.RootElement.EnumerateArray().Select(r => r.GetProperty("list")[0].GetString()));
        Run lines = (await bench.WeirAsync("sql", sql, "--format", "ndjson")).Clean();
        string[] rows = lines.Out.TrimEnd('\n').Split('\n');
        Assert.Equal(Hostile, rows.Select(r => JsonDocument.Parse(r).RootElement.GetProperty("cell").GetString()));
        Assert.DoesNotContain("\u001b", json.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_OfAnEmptyResultIsAnEmptyArray()
    {
        Run run = (await bench.WeirAsync("sql", "SELECT n FROM h WHERE false", "--format", "json")).Clean();
        Assert.Equal("[]", run.Out.Trim());
        Assert.Equal("", (await bench.WeirAsync("sql", "SELECT n FROM h WHERE false", "--format", "ndjson")).Clean().Out);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("table")]
    public async Task EmptyResult_PrintsItsHeader(string format)
    {
        Run run = (await bench.WeirAsync("sql", "SELECT n, cell FROM h WHERE false", "--format", format)).Clean();
        Assert.Contains("n", run.Out, StringComparison.Ordinal);
        Assert.Contains("cell", run.Out, StringComparison.Ordinal);
        if (format == "csv")
            Assert.Equal("n,cell\n", run.Out);
    }

    [Fact]
    public async Task Parquet_IsReadBack()
    {
        string file = bench.File("o'ut.parquet");
        (await bench.WeirAsync("sql", "SELECT n, cell FROM h ORDER BY n -- all of it", "--format", "parquet", "-o", file)).Clean();
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT cell FROM read_parquet('{file.Replace("'", "''", StringComparison.Ordinal)}') ORDER BY n";
        using DuckDBDataReader reader = command.ExecuteReader();
        var cells = new List<string>();
        while (reader.Read())
            cells.Add(reader.GetString(0));
        Assert.Equal(Hostile, cells);
    }

    [Fact]
    public async Task Parquet_NeedsAFile() => (await bench.WeirAsync("sql", "SELECT 1", "--format", "parquet")).Failed("--format parquet", "-o");

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    [InlineData("ndjson")]
    [InlineData("table")]
    [InlineData("parquet")]
    public async Task OutputFile_IsNotOverwrittenUnlessForced(string format)
    {
        string file = bench.Write("kept.out", "precious");
        (await bench.WeirAsync("sql", "SELECT 1 AS x", "--format", format, "-o", file)).Failed(file, "exists", "--force");
        Assert.Equal("precious", File.ReadAllText(file));
        (await bench.WeirAsync("sql", "SELECT 1 AS x", "--format", format, "-o", file, "--force")).Clean();
        Assert.NotEqual("precious", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    [InlineData("parquet")]
    public async Task FailedQuery_LeavesNoFileAndSparesTheOldOne(string format)
    {
        string before = bench.Files();
        (await bench.WeirAsync("sql", "SELECT no_such FROM h", "--format", format, "-o", bench.File("new.out"))).Failed("no_such");
        Assert.Equal(before, bench.Files());
        string file = bench.Write("kept.out", "precious");
        (await bench.WeirAsync("sql", "SELECT no_such FROM h", "--format", format, "-o", file, "--force")).Failed("no_such");
        Assert.Equal("precious", File.ReadAllText(file));
    }

    [Fact]
    public async Task OutputInMissingDirectory_NamesIt() =>
        (await bench.WeirAsync("sql", "SELECT 1", "--format", "csv", "-o", bench.File("no/out.csv"))).Failed(bench.File("no"));

    [Theory]
    [InlineData("SELECT 1 AS a; SELECT 2 AS b")]
    [InlineData("CREATE TEMP TABLE x AS SELECT 1; SELECT 2 AS b")]
    public async Task SeveralStatements_AreRefused(string sql) => (await bench.WeirAsync("sql", sql)).Failed("one");

    [Theory]
    [InlineData("SELECT 1 AS a;")]
    [InlineData("SELECT 1 AS a ; \n")]
    [InlineData("/* why; not */ SELECT 1 AS a -- ; end")]
    [InlineData("SELECT 1 AS a; -- done")]
    public async Task OneStatementWithDecoration_Runs(string sql) => Assert.Equal("a\n1\n", (await bench.WeirAsync("sql", sql, "--format", "csv")).Clean().Out);

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("-- nothing")]
    [InlineData(";")]
    [InlineData("SELEC 1")]
    [InlineData("SELECT * FROM absent")]
    [InlineData("SELECT ?")]
    public async Task BrokenQuery_FailsInOneLine(string sql) => (await bench.WeirAsync("sql", sql)).Failed();

    [Fact]
    public async Task TimeLimit_StopsTheQuery() =>
        (await bench.WeirAsync("sql", "SELECT count(*) FROM range(100000000000) t(i) WHERE hash(i) = 1", "--time-limit", "1s")).Failed("weir sql", "longer", "--time-limit");

    [Fact]
    public async Task ManyRows_TheTableSaysHowManyItLeftOut()
    {
        Run run = (await bench.WeirAsync("sql", "SELECT * FROM range(1000)")).Clean();
        Assert.Contains("800 more rows", run.Error, StringComparison.Ordinal);
        Assert.Equal("", (await bench.WeirAsync("sql", "SELECT * FROM range(1000)", "--all")).Clean().Error);
        Assert.Equal(1001, (await bench.WeirAsync("sql", "SELECT * FROM range(1000)", "--format", "csv")).Clean().Out.Count(c => c == '\n'));
    }

    [Fact]
    public void TerminalLine_LetsNoControlThrough()
    {
        for (int c = 0; c < 0x10000; c++)
        {
            string safe = Output.Terminal.Line($"a{(char)c}b");
            bool live = c < 0x20 || c is >= 0x7F and < 0xA0 or 0x061C or (>= 0x200B and <= 0x200F) or (>= 0x2028 and <= 0x202E) or (>= 0x2060 and <= 0x2064) or (>= 0x2066 and <= 0x206F) or 0xFEFF or 0xAD;
            if (live)
            {
                Assert.All(safe, s => Assert.InRange(s, ' ', '~'));
                Assert.True(safe.Length > 3, $"U+{c:x4}");
            }
            else if (c is (>= 0x20 and < 0x7F) or (>= 0xA1 and < 0xAD) or (>= 0x4E00 and < 0x9000))
            {
                Assert.Equal($"a{(char)c}b", safe);
            }
        }

        Assert.Equal("\U0001F980 \U00020000", Output.Terminal.Line("\U0001F980 \U00020000"));
        Assert.Equal(@"\U000e0041", Output.Terminal.Line("\U000E0041"));
        Assert.Equal(@"\ud800x", Output.Terminal.Line("\ud800x"));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("1", false)]
    public async Task NoColor_IsObeyedOnATerminal(string noColor, bool coloured)
    {
        if (!File.Exists("/usr/bin/script"))
            return; // no terminal to be had
        string weir = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "weir.dll")}' tables --case '{bench.Case}'";
        var start = new System.Diagnostics.ProcessStartInfo("/usr/bin/script", ["-qec", weir, "/dev/null"]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["NO_COLOR"] = noColor;
        start.Environment["TERM"] = "xterm-256color";
        using var child = System.Diagnostics.Process.Start(start)!;
        Run run = (await Run.EndAsync(child)).Clean();
        Assert.Equal(coloured, run.Out.Contains("\u001b[", StringComparison.Ordinal) && run.Out.Contains('m', StringComparison.Ordinal) && System.Text.RegularExpressions.Regex.IsMatch(run.Out, @"\x1b\[[0-9;]+m"));
        start.ArgumentList[1] = weir + " --no-color";
        start.Environment["NO_COLOR"] = "";
        using var plain = System.Diagnostics.Process.Start(start)!;
        Assert.DoesNotMatch(@"\x1b\[[0-9;]+m", (await Run.EndAsync(plain)).Clean().Out);
    }

    private static void Harmless(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            Assert.True(
                rune.Value == '\n' || category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator), $"U+{rune.Value:x4} in:\n{text}");
        }
    }

    /// <summary>Strict RFC 4180 with line feeds.</summary>
    private static List<List<string>> Parse(string csv)
    {
        var rows = new List<List<string>>();
        var row = new List<string>();
        for (int i = 0; i < csv.Length;)
        {
            var cell = new StringBuilder();
            if (csv[i] == '"')
            {
                for (i++; csv[i] != '"' || (i + 1 < csv.Length && csv[i + 1] == '"'); i++)
                {
                    cell.Append(csv[i]);
                    i += csv[i] == '"' ? 1 : 0;
                }

                i++;
            }
            else
            {
                while (csv[i] is not (',' or '\n'))
                    cell.Append(csv[i++]);
            }

            row.Add(cell.ToString());
            if (csv[i++] == '\n')
            {
                rows.Add(row);
                row = [];
            }
        }

        return rows;
    }
}
