using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Apache.Arrow;
using DuckDB.NET.Data;
using Weir.Engine.Stages;
using Xunit.Abstractions;
using static Weir.Engine.Tests.Parse.TestColumns;

namespace Weir.Engine.Tests.Parse;

/// <summary>Every column of the sample CSVs: the types and formats that matter, and each cell written back as it was read.</summary>
public class SampleDataTests(ITestOutputHelper output)
{
    /// <summary>File, column, type and format.</summary>
    public static TheoryData<string, string, string> Columns => new()
    {
        { "aad-signin/sentinel_sign-in_adelete.csv", "CreatedDateTime [UTC]", "TimestampTz M/d/yyyy, h:mm:ss.fff tt [UTC]" },
        { "aad-signin/sentinel_signinLogs.csv", "timestamp [UTC]", "TimestampTz M/d/yyyy, h:mm:ss.fff tt [UTC]" },
        { "botsv3/assembled/quoted_events_export.csv", "_time", "TimestampTz yyyy-MM-ddTHH:mm:ss.fff'+0000'" },
        { "misc/loghub_Windows_2k.log_structured.csv", "Date", "TimestampTz yyyy-MM-dd [UTC]" },
        { "misc/loghub_OpenSSH_2k.log_structured.csv", "Time", "Varchar " },
        { "misc/msticpy_az_net_flows.csv", "TimeGenerated", "TimestampTz yyyy-MM-dd HH:mm:ss.fff [UTC]" },
        { "misc/msticpy_az_net_flows.csv", "FlowStartTime", "TimestampTz yyyy-MM-dd HH:mm:ss.fff [UTC]" },
        { "misc/msticpy_syslog_data.csv", "TimeGenerated", "Varchar undecided" },
        { "misc/sentinel_NCProtectUAL_CL.csv", "TimeGenerated [UTC]", "TimestampTz M/d/yyyy, h:mm:ss.fff tt [UTC]" },
        { "misc/sentinel_NCProtectUAL_CL.csv", "Timestamp", "TimestampTz M/d/yyyy h:mm:ss tt [UTC]" },
        { "misc/sentinel_azure_activity.csv", "EventSubmissionTimestamp [UTC]", "TimestampTz M/d/yyyy, h:mm:ss.fff tt [UTC]" },
        { "o365-audit/msticpy_exchange_data.csv.gz", "TimeGenerated", "TimestampTz yyyy-MM-ddTHH:mm:ss'Z'" },
        { "o365-audit/sentinel_office_activity.csv", "ElevationTime [UTC]", "TimestampTz M/d/yyyy, h:mm:ss.fff tt [UTC]" },
        { "splunk-csv/eventgen_timeorder.csv", "_time", "TimestampTz yyyy-MM-ddTHH:mm:ss.fff'-0700'" },
        { "splunk-csv/mv_encoded_records_1.csv.gz", "_time", "TimestampTz epoch.ff" },
        { "splunk-csv/resultsMV.csv", "_time", "TimestampTz yyyy-MM-ddTHH:mm:ss.fff'-08:00'" },
        { "splunk-csv/resultsMV.csv", "_indextime", "TimestampTz epoch" },
        { "splunk-csv/searchcommand_v1_input.csv.gz", "_time", "TimestampTz epoch.fff" },
        { "splunk-csv/searchcommand_v1_sum_50000.csv.gz", "_time", "TimestampTz yyyy-MM-ddTHH:mm:ss.fff'-0700'" },
        { "splunk-csv/searchcommand_v1_sum_50000.csv.gz", "date_year", "BigInt " },
        { "splunk-csv/ual_splunk_export_part1.csv.gz", "_time", "TimestampTz epoch" },
        { "splunk-csv/ual_splunk_export_part1.csv.gz", "CreationDate", "TimestampTz M/d/yyyy h:mm:ss tt [UTC]" },
        { "windows-events/msticpy_mde_proc_cs1.csv.gz", "ReportTime", "TimestampTz yyyy-MM-dd HH:mm:ss.ffffff'+00:00'" },
        { "windows-events/msticpy_mde_proc_cs1.csv.gz", "InitiatingProcessImagePeTimestampUtc", "TimestampTz yyyy-MM-dd HH:mm:ss'+00:00'" },
        { "windows-events/msticpy_processes_on_host.csv", "TimeCreatedUtc", "TimestampTz yyyy-MM-dd HH:mm:ss.fff [UTC]" },
    };

    [Theory]
    [MemberData(nameof(Columns))]
    public void Column_OfSample_GetsItsFormat(string file, string column, string expected)
    {
        if (SharedData.File(file) is not { } path)
        {
            output.WriteLine($"skipped: no {file} (set WEIR_SHARED to the folder of the sample data)");
            return;
        }

        var (names, cells) = Read(path);
        int at = names.IndexOf(column);
        SourceVerdict verdict = SourceVerdict.Decide([.. names.Select((n, i) => Tally(Hint(n), cells[i]))], new TypingOptions());
        string found = $"{verdict.Columns[at].Type} {(verdict.UndecidedDates.Contains(at) ? "undecided" : verdict.Columns[at].Format)}";
        Assert.Equal(expected, found);
    }

    [Fact]
    public void EveryCell_OfEverySample_IsWrittenBack()
    {
        if (SharedData.Root is not { } root)
        {
            output.WriteLine("skipped: no sample data (set WEIR_SHARED to its folder)");
            return;
        }

        using DuckDBConnection connection = Open();
        string[] folders = ["splunk-csv", "misc", "aad-signin", "o365-audit", "windows-events", "messagetrace", "botsv3/assembled"];
        foreach (string path in folders.SelectMany(f => Directory.GetFiles(Path.Combine(root, f), "*.csv*")).Order())
        {
            var (names, cells) = Read(path);
            ColumnHint[] hints = [.. names.Select(n => Hint(n))];
            SourceVerdict verdict = SourceVerdict.Decide([.. hints.Select((h, i) => Tally(h, cells[i]))], new TypingOptions());
            for (int c = 0; c < names.Count; c++)
            {
                Verdict column = verdict.Columns[c];
                if (column.Type == ColumnType.Varchar)
                    continue;
                string[] distinct = [.. cells[c].Where(v => v.Length > 0).Distinct()];
                output.WriteLine($"{Path.GetFileName(path)} {names[c]}: {column.Type} {column.Format}, {column.Misfits} misfits of {cells[c].Length}");
                AssertAgrees(connection, distinct, hints[c], column, path + " " + names[c]);
                TypedColumn typed = Typer.Convert(Text(cells[c]), hints[c], column, keepEmpty: false);
                Assert.Equal(column.Misfits, typed.Misfits);
                for (int i = 0; i < cells[c].Length; i++)
                    Assert.Equal(cells[c][i], typed.Values.IsNull(i) || Cell(typed.Text, i) is not null ? Cell(typed.Text, i) ?? "" : Typer.Write(typed.Values, i, column.Format));
            }
        }
    }

    /// <summary>First and last time of each file whose time column inputs.tsv names.</summary>
    [Fact]
    public void Times_OfSamples_SpanWhatIsKnown()
    {
        if (SharedData.File("inputs.tsv") is not { } inputs)
        {
            output.WriteLine("skipped: no inputs.tsv (set WEIR_SHARED to the folder of the sample data)");
            return;
        }

        foreach (string[] input in File.ReadLines(inputs).Skip(1).Select(l => l.Split('\t')).Where(i => i[1].EndsWith("csv", StringComparison.Ordinal)))
        {
            Match time = Regex.Match(input[9], @"\btime: ([^;,]+)");
            if (!time.Success || SharedData.File(input[0]) is not { } path)
                continue;
            var (names, cells) = Read(path);
            int at = names.IndexOf(time.Groups[1].Value);
            if (at < 0)
                continue;
            ColumnHint hint = Hint(names[at]);
            TypedColumn typed = Typer.Convert(Text(cells[at]), hint, Decide(hint, cells[at]), keepEmpty: false);
            var values = (TimestampArray)typed.Values;
            long[] instants = [.. Enumerable.Range(0, values.Length).Where(i => values.IsValid(i)).Select(i => values.Values[i])];
            Assert.Equal((Known(input[6]), Known(input[7])), (instants.Min(), instants.Max()));
            output.WriteLine($"{input[0]}: {instants.Length} times as known");
        }
    }

    private static long Known(string time) =>
        (DateTimeOffset.Parse(Regex.Replace(time, @"(\.\d{6})\d+", "$1"), CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).Ticks / 10;

    /// <summary>Plain RFC 4180; a Splunk preamble ends at its blank line. Good enough for columns of times and numbers.</summary>
    private static (List<string> Names, string[][] Columns) Read(string path)
    {
        using Stream file = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(File.OpenRead(path), CompressionMode.Decompress) : File.OpenRead(path);
        using var reader = new StreamReader(file, new UTF8Encoding(false));
        string text = reader.ReadToEnd();
        if (path.Contains("searchcommand_v1", StringComparison.Ordinal))
            text = text[(text.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];
        List<string[]> rows = Rows(text);
        List<string> names = [.. rows[0]];
        return (names, [.. names.Select((_, c) => rows.Skip(1).Select(r => c < r.Length ? r[c] : "").ToArray())]);
    }

    private static List<string[]> Rows(string text)
    {
        var rows = new List<string[]>();
        var row = new List<string>();
        var cell = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                cell.Append(text[i++]);
            else if (c == '"')
                quoted = !quoted;
            else if (quoted || c is not (',' or '\n' or '\r'))
                cell.Append(c);
            else if (c != '\r')
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (c == '\n')
                {
                    rows.Add([.. row]);
                    row.Clear();
                }
            }
        }

        return rows;
    }
}
