using Weir.Cli.Output;
using Weir.Engine;

namespace Weir.Cli.Tests.Commands;

public sealed class ProgressLineTests
{
    [Fact]
    public async Task Report_TellsRowsSpeedAndTimeLeft()
    {
        string line = await WrittenAsync("signin.csv", 120);
        Assert.Matches(@"^signin\.csv  1,500 rows · [1-9][\d,]* rows/s · [\d.]+ [kM]B/s · 30 % · \d+ s left$", line);
    }

    [Fact]
    public async Task Report_LongName_FitsIntoOneLine()
    {
        string line = await WrittenAsync(new string('長', 100) + "-end.csv", 80);
        Assert.InRange(Screen.Size(line), 60, 79);
        Assert.Contains("-end.csv  1,500 rows", line, StringComparison.Ordinal);
        Assert.EndsWith("left", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_NarrowTerminal_IsCut() => Assert.Equal(24, (await WrittenAsync("signin.csv", 25)).Length);

    private static async Task<string> WrittenAsync(string name, int width)
    {
        var error = new StringWriter();
        var progress = new ProgressLine(error, visible: true, width);
        progress.Begin("/logs/" + name, 1_000_000);
        progress.Report(new RunProgress(500, 100_000));
        await Task.Delay(200);
        progress.Report(new RunProgress(1_500, 300_000));
        return error.ToString().TrimStart('\r').Replace("\x1b[K", "", StringComparison.Ordinal);
    }
}
