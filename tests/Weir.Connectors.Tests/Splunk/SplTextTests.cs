using Weir.Engine;

namespace Weir.Connectors.Tests.Splunk;

/// <summary>What a search text says of its own export.</summary>
public sealed class SplTextTests
{
    [Theory]
    [InlineData("index=main", "search index=main")]
    [InlineData("  search index=main ", "search index=main")]
    [InlineData("| tstats count", "| tstats count")]
    [InlineData("searching for words", "search searching for words")]
    public void Read_Text_BeginsAsTheServerWantsIt(string text, string sent) => Assert.Equal(sent, SplText.Read(text, []).Text);

    /// <param name="text">The search.</param>
    /// <param name="kept">What it keeps of events: each gives one row, a row is an event, times are those of events.</param>
    /// <param name="one">It cannot be cut.</param>
    [Theory]
    [InlineData("index=main error", "rows events times", false)]
    [InlineData("index=main | eval a=1 | where a>0 | rex \"(?<x>a|b)\" | fields a", "events", false)]
    [InlineData("index=main | stats count by host", "", true)]
    [InlineData("index=main | head 10", "events times", true)]
    [InlineData("index=main | dedup host", "events times", true)]
    [InlineData("index=main | sort 0 _time", "events times", true)]
    [InlineData("index=main | transaction host", "", true)]
    [InlineData("index=main \"a | stats b\"", "rows events times", false)]
    [InlineData("index=main [search index=x | stats count by host | fields host]", "rows events times", true)] // it would be evaluated over each slice
    [InlineData("index=main | search [search index=x | fields host]", "events times", true)]
    [InlineData("`proxy` user=bob", "", true)] // whatever it holds
    [InlineData("index=main \"`no macro`\"", "rows events times", false)]
    [InlineData("| tstats count where index=main by _time", "", true)]
    [InlineData("| inputlookup users", "", true)]
    [InlineData("index=main | eval a=1 | rename a as b", "rows events", false)]
    [InlineData("index=main | fields host, n", "rows events times", false)]
    [InlineData("index=main | mvexpand a", "", false)]
    [InlineData("index=main | bin _time span=1h", "rows events", false)]
    [InlineData("index=main | bin bytes bins=10", "rows events", true)] // of all rows
    [InlineData("index=main | bin bytes as span_of_bytes", "rows events", true)]
    [InlineData("index=main | bin _time span = 1h", "rows events", false)]
    [InlineData("index=main | bin _time span=1h aligntime=earliest", "rows events", true)] // where a slice begins
    [InlineData("index=main | addinfo | where _time > info_max_time - 3600", "", true)] // its range is the slice's
    [InlineData("index=main \"x\"`stats_macro`", "", true)]
    [InlineData("index=main \"x\"(`stats_macro`)", "", true)]
    [InlineData("index=main | eval y='q\"r' | stats count as 'z\"'", "", true)] // either way of reading single quotes
    [InlineData("index=main | eval y='user name' | fields y", "rows events", false)]
    [InlineData("index=main user=O'Brien | fields user", "rows events times", false)]
    [InlineData("index=main | localize maxpause=5m", "", true)]
    public void Read_Commands_TellWhatIsKeptAndWhetherItCanBeCut(string text, string kept, bool one)
    {
        SplText spl = SplText.Read(text, []);
        Assert.Equal((kept, one), (string.Join(' ', new[] { spl.IsRowPerEvent ? "rows" : "", spl.KeepsEvents ? "events" : "", spl.KeepsTimes ? "times" : "" }.Where(k => k.Length > 0)), spl.IsOneSlice));
        Assert.Equal(one, spl.OneSliceBecause is not null);
    }

    [Theory]
    [InlineData("index=main", "index=main")]
    [InlineData("index=main sourcetype=\"a b\" host=x*", "index=main sourcetype=\"a b\" host=x*")]
    [InlineData("index=main error", null)]
    [InlineData("index=main OR index=other", null)]
    [InlineData("index=main NOT host=a", null)]
    [InlineData("index=main user=bob", null)]
    [InlineData("index=main `macro`", null)]
    [InlineData("index=main | where a=1", null)]
    public void Read_TermsOfTheIndex_CanBeCountedByIt(string text, string? terms) => Assert.Equal(terms, SplText.Read(text, []).IndexTerms);

    [Theory]
    [InlineData("earliest=-7d latest=now index=main", "-7d", "now", "search index=main")]
    [InlineData("search index=main earliest=-1d@d error | eval a=1", "-1d@d", null, "search index=main error | eval a=1")]
    [InlineData("index=main earliest=\"10/27/2018:00:00:00\" x", "10/27/2018:00:00:00", null, "search index=main x")]
    [InlineData("index=main \"two  blanks\" earliest=-1d x", "-1d", null, "search index=main \"two  blanks\" x")]
    [InlineData("index=main \"earliest=-7d\"", null, null, "search index=main \"earliest=-7d\"")]
    [InlineData("index=main | eval earliest=_time", null, null, "search index=main | eval earliest=_time")]
    public void Read_RangeAtTheStart_IsLiftedOut(string text, string? earliest, string? latest, string sent)
    {
        SplText spl = SplText.Read(text, []);
        Assert.Equal((earliest, latest, sent), (spl.Earliest, spl.Latest, spl.Text));
    }

    [Theory]
    [InlineData("index=main OR index=b earliest=-7d")]
    [InlineData("index=main (earliest=-7d x)")]
    [InlineData("index=main | search earliest=-7d")]
    [InlineData("index=main [search index=b earliest=-7d | fields host]")]
    [InlineData("index=main earliest=-7d earliest=-1d")]
    [InlineData("index=main _index_earliest=-7d")]
    [InlineData("index=main starttime=10/27/2018:00:00:00")]
    [InlineData("index=main earliest = -7d")]
    [InlineData("index=main EARLIEST=-7d NOT x")]
    [InlineData("index=\"a\"earliest=-1h OR x")]
    public void Read_RangeElsewhere_IsRefused(string text) => Assert.Contains("time modifier", Assert.Throws<WeirException>(() => SplText.Read(text, [])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("index=main | delete", "delete")]
    [InlineData("index=main | COLLECT index=x", "COLLECT")]
    [InlineData("index=main | eval a=1|outputlookup x", "outputlookup")]
    [InlineData("index=main | sendemail to=x", "sendemail")]
    [InlineData("index=main | script x", "script")]
    [InlineData("index=main | map search=\"x\"", "map")]
    [InlineData("| runshellscript x", "runshellscript")]
    [InlineData("index=main [search x | outputlookup y]", "outputlookup")]
    [InlineData("index=main | append [| outputcsv y]", "outputcsv")]
    [InlineData("index=main [search b] [script python run]", "script")]
    [InlineData("index=main | eval y='q\"r' | delete | eval z='\"'", "delete")]
    [InlineData("index=main 'x | delete '", "delete")]
    public void Read_CommandThatActs_IsRefusedUnlessAllowed(string text, string command)
    {
        Assert.Contains($"'{command}'", Assert.Throws<WeirException>(() => SplText.Read(text, [])).Message, StringComparison.Ordinal);
        Assert.True(SplText.Read(text, [command.ToLowerInvariant()]) is { Acts: true, IsOneSlice: true });
    }

    [Fact]
    public void Read_MacrosThatAreRowWise_CanBeCut()
    {
        Assert.False(SplText.Read("`proxy` user=bob", [], macrosAreRowWise: true).IsOneSlice);
        Assert.True(SplText.Read("`proxy` | stats count", [], macrosAreRowWise: true).IsOneSlice);
    }

    [Theory]
    [InlineData("index=main \"open")]
    [InlineData("index=main [search x")]
    [InlineData("index=main `macro")]
    [InlineData("index=main\0 n=5")]
    [InlineData("")]
    public void Read_NotWhole_IsRefused(string text) => Assert.Throws<WeirException>(() => SplText.Read(text, []));
}
