using Weir.Cli.Tests.Commands;

namespace Weir.Cli.Tests.Kinds;

/// <summary>A source whose dates nobody can read takes no other source its times: a table's column is text then, the views read each source as it spells its times.</summary>
public sealed class EventTimeTests : IDisposable
{
    private const string Times = "SELECT source_id, string_agg(coalesce(strftime(time AT TIME ZONE 'UTC', '%m-%d %H:%M'), '-'), ' ' ORDER BY row_id) FROM mails GROUP BY 1 ORDER BY 1";

    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task UndecidedDates_TakeNoOtherSourceItsTimes()
    {
        Trace("day.csv", "9/1/2026 3:05:06 PM");
        Trace("late.csv", "9/13/2026 3:05:06 PM", "2026-09-14T03:04:05Z", "9/1/2026 3:05:06 PM");
        Run first = await bench.WeirAsync("ingest", bench.File("day.csv"), "--table", "traces");
        Assert.Equal(1, first.Exit);
        Assert.Contains("not typed: Received: nothing tells day from month", first.Out + first.Error, StringComparison.Ordinal);
        (await bench.WeirAsync("ingest", bench.File("late.csv"), "--table", "traces", "--time-zone", "Europe/Berlin")).Clean();
        Assert.Equal("1,-|2,09-13 13:05 09-14 03:04 09-01 13:05", await bench.AskAsync(Times));
        Assert.Equal("VARCHAR", await bench.AskAsync("SELECT data_type FROM duckdb_columns() WHERE table_name = 'traces' AND column_name = 'received'"));
        Assert.Equal("2026-09-13T13:05:06Z", await bench.AskAsync("SELECT max(time) FROM timeline WHERE source_id = 2 AND row_id = 1"));

        // The remedy that the message names gives them their times.
        (await bench.WeirAsync("remove", "1")).Clean();
        (await bench.WeirAsync("ingest", bench.File("day.csv"), "--table", "traces", "--date-order", "mdy")).Clean();
        Assert.Equal("2,09-13 13:05 09-14 03:04 09-01 13:05|3,09-01 15:05", await bench.AskAsync(Times));
    }

    [Theory]
    [InlineData("times first", true)]
    [InlineData("words first", false)]
    public async Task WordsInATimeColumn_KeepTheZoneOfTheOthers(string because, bool timesFirst)
    {
        Trace("times.csv", "2026-09-13 15:05:06", "2026-01-13 15:05:06");
        Trace("words.csv", "n/a", "n/a", "2026-09-13 15:05:06");
        string[][] runs = [["ingest", bench.File("times.csv"), "--table", "traces", "--time-zone", "Europe/Berlin"], ["ingest", bench.File("words.csv"), "--table", "traces", "--time-zone", "Europe/Berlin"]];
        foreach (string[] run in timesFirst ? runs : [runs[1], runs[0]])
            (await bench.WeirAsync(run)).Clean();
        string times = "09-13 13:05 01-13 14:05", words = "- - 09-13 13:05";
        Assert.True(await bench.AskAsync(Times) == (timesFirst ? $"1,{times}|2,{words}" : $"1,{words}|2,{times}"), because);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TimesOfAnySpellingAndOrderOfSources_AreTheSame(bool wordsFirst)
    {
        Trace("mixed.csv", "2026-03-09T02:30:00Z", "2026-03-08 01:59:59Z", "2026-11-01T01:30:00.5", "2026-07-01", "9/15/2026 3:05:06 PM");
        Trace("words.csv", "n/a", "words", "zzz");
        string[] files = wordsFirst ? ["words.csv", "mixed.csv"] : ["mixed.csv", "words.csv"];
        foreach (string file in files)
            (await bench.WeirAsync("ingest", bench.File(file), "--table", "traces", "--time-zone", "America/New_York")).Clean();
        string[] found = (await bench.AskAsync(Times)).Split('|');
        Assert.Contains(found, f => f.EndsWith(",03-09 02:30 03-08 01:59 11-01 06:30 07-01 04:00 09-15 19:05", StringComparison.Ordinal));
        Assert.Contains(found, f => f.EndsWith(",- - -", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ListInATimeColumn_TakesNoOtherSourceItsTimes()
    {
        bench.Write("one.ndjson", """{"MessageTraceId":"t1","RecipientAddress":"r@x.org","SenderAddress":"s@x.org","Subject":"Hi","Received":"2026-01-01T00:00:00Z"}""" + "\n");
        bench.Write("two.ndjson", """{"MessageTraceId":"t2","RecipientAddress":"r@x.org","SenderAddress":"s@x.org","Subject":"Hi","Received":["2026-01-02T00:00:00Z","x"]}""" + "\n");
        (await bench.WeirAsync("ingest", bench.File("one.ndjson"), "--table", "traces")).Clean();
        (await bench.WeirAsync("ingest", bench.File("two.ndjson"), "--table", "traces")).Clean();
        Assert.StartsWith("1,01-01 00:00", await bench.AskAsync(Times), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1/2/2026 10:00,2/3/2026 10:00,3/25/2026 10:00,4/26/2026 10:00,13/1/2026 10:00,14/1/2026 10:00,15/1/2026 10:00", "nothing tells day from month")]
    [InlineData("1/2/2026 10:00,2/3/2026 10:00,pending", "nothing tells day from month")]
    public async Task DatesThatContradictEachOtherOrAreUndecided_AreToldAndHaveNoTimes(string received, string told)
    {
        Trace("dates.csv", received.Split(','));
        Run run = await bench.WeirAsync("ingest", bench.File("dates.csv"));
        Assert.Equal(1, run.Exit);
        Assert.Contains(told, run.Out + run.Error, StringComparison.Ordinal);
        Assert.Equal("0", await bench.AskAsync("SELECT count(time) FROM mails"));
    }

    [Fact]
    public async Task TimeOfRowsOfNoKind_StaysWhereAnotherSourceHasWords()
    {
        bench.Write("z1.csv", "ts,what\n2026-01-01 00:00:00,a\n");
        bench.Write("z2.csv", "ts,what\nnever,b\n");
        (await bench.WeirAsync("ingest", bench.File("z1.csv"), "--table", "z")).Clean();
        (await bench.WeirAsync("ingest", bench.File("z2.csv"), "--table", "z")).Clean();
        Assert.StartsWith("1 event in 1 table, 2026-01-01T00:00:00Z", (await bench.WeirAsync("find", "a", "--from", "2026-01-01")).Clean().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DateOrder_ThatTheDatesDoNotHave_IsToldAndIsNoSuccess()
    {
        Trace("late.csv", "9/13/2026 3:05:06 PM", "9/14/2026 3:05:06 PM");
        Run run = await bench.WeirAsync("ingest", bench.File("late.csv"), "--date-order", "dmy");
        Assert.Equal(1, run.Exit);
        Assert.Contains("its dates are in the other order than --date-order says", run.Out + run.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await bench.WeirAsync("ingest", bench.File("late.csv"), "--date-order", "dmy")).Exit);
    }

    private void Trace(string name, params string[] received) => bench.Write(
        name,
        "MessageTraceId,RecipientAddress,SenderAddress,Received,Subject,Status\n" + string.Concat(received.Select((r, i) => $"{name}{i},r@x.org,s@x.org,{r},Hi,Delivered\n")));
}
