using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using Weir.Perf.Measure;
using Weir.Perf.Report;
using Weir.Perf.Runners;

namespace Weir.Perf.Questions;

/// <summary>The <c>questions</c> command: what weir's questions over a large case cost beside the same question as SQL on a bare DuckDB connection.</summary>
internal sealed class QuestionContest(string root, string weir)
{
    private const string Address = "104.207.83.63";

    // As somebody who knows DuckDB would write it; views and tables are those of the case.
    private static readonly (string Name, string[] Command, string Sql)[] Questions =
    [
        ("inventory", ["inventory"], "SELECT coalesce(host, ''), sourcetype, count(*), min(_time), max(_time) FROM signin GROUP BY ALL ORDER BY ALL"),
        ("stack signins --by src_ip", ["stack", "signins", "--by", "src_ip"],
            "SELECT src_ip, any_value(src_ip_as_org), count(*), count(*) FILTER (status = 'failure'), list(DISTINCT user_key), list(DISTINCT device), list(DISTINCT app), list(DISTINCT country), min(time), max(time) FROM signins GROUP BY 1 ORDER BY 3 DESC"),
        ("fields signin", ["fields", "signin"], ""),
        ("plot", ["plot", "-o", "{out}", "--force"],
            "SELECT time_bucket(INTERVAL 1 HOUR, time), user_key, src_ip, log, count(*), min(time), max(time) FROM timeline GROUP BY ALL"),
        ($"find {Address}", ["find", Address],
            $"SELECT count(*) FROM signin WHERE {string.Join(" OR ", TextColumns.Select(c => $"contains({c}, '{Address}')"))}"),
        ("timeline --ip", ["timeline", "--ip", Address], $"SELECT * FROM timeline WHERE src_ip = '{Address}' ORDER BY time LIMIT 201"),
        ("sql \"SELECT 1\"", ["sql", "SELECT 1"], "SELECT 1"),
    ];

    private static string[] TextColumns => ["host", "source", "sourcetype", "\"user\"", "app", "src_ip", "location_country", "login_status", "failure_reason", "device_information", "_raw"];

    /// <param name="root">The repository.</param>
    /// <param name="args"><c>--rows N</c> (10000000), <c>--rounds N</c> (3), <c>--weir PATH</c>.</param>
    public static int Run(string root, string[] args)
    {
        int rows = 10_000_000, rounds = 3;
        string? given = null;
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : "";
            bool number = int.TryParse(value, CultureInfo.InvariantCulture, out int n) && n > 0;
            if (args[i] == "--rows" && number)
                rows = n;
            else if (args[i] == "--rounds" && number)
                rounds = n;
            else if (args[i] == "--weir" && value.Length > 0)
                given = value;
            else
                throw new PerfException(2, "usage: perf/questions [--rows N] [--rounds N] [--weir PATH]; 10,000,000 rows, 3 rounds");
        }

        var contest = new QuestionContest(root, given is null ? WeirBuild.Build(root) : WeirBuild.Find(given));
        string report = contest.Report(rows, rounds, $"perf/questions {string.Join(' ', args)}".TrimEnd());
        string folder = ResultFolder.Create(Path.Combine(root, "perf", "results"), "-questions");
        File.WriteAllText(Path.Combine(folder, "README.md"), report);
        Console.Out.WriteLine(report);
        Console.Error.WriteLine($"written: {folder}");
        return 0;
    }

    /// <summary>The <c>bare-query</c> process: every statement, its rows read and dropped.</summary>
    public static int Ask(string database, string sql)
    {
        using var connection = new DuckDBConnection($"Data Source={database};ACCESS_MODE=READ_ONLY");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = "SET threads=2; SET TimeZone='UTC'";
        command.ExecuteNonQuery();
        foreach (string statement in sql.Split(";\n", StringSplitOptions.RemoveEmptyEntries))
        {
            command.CommandText = statement;
            using DuckDBDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
            }
        }

        return 0;
    }

    private string Report(int rows, int rounds, string command)
    {
        string data = Directory.CreateDirectory(Path.Combine(root, "perf", "data")).FullName, file = Path.Combine(data, "signins.csv"), database = Path.Combine(data, "questions.duckdb"), picture = Path.Combine(data, "questions.svg");
        IReadOnlyList<string> start = WeirBuild.Start(weir);
        Write(file, rows);
        File.Delete(database);
        Usage ingest = Launcher.Run("weir ingest", [.. start, "ingest", file, "--table", "signin", "--ioc", "none", "--case", database, "--quiet"]);
        File.Delete(file);
        Console.Error.WriteLine($"  ingest {ingest.WallSeconds:F1} s");
        string fields = string.Join(";\n", Columns(database).Select(c => $"SELECT count(*), sum(n), min(v), max(v), (SELECT list(v) FROM (SELECT v FROM g ORDER BY n DESC LIMIT 3)) FROM g".Insert(0, $"WITH g AS MATERIALIZED (SELECT {c} AS v, count(*) AS n FROM signin GROUP BY 1) ")));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Questions over {rows:N0} rows\n\n```\n{command}\n```\n\n");
        text.Append(Table.Lines([["", ""], .. Machine.Describe(root).Select(p => new[] { p.Name, p.Value })]));
        text.Append(CultureInfo.InvariantCulture, $"\nMade-up sign-ins as Splunk exports them (14 columns, `_raw` of 200 bytes), landed in {ingest.WallSeconds:F1} s, {new FileInfo(database).Length / 1e6:F0} MB. Whole processes; the bare one opens the same case with DuckDB.NET, two threads, and drops the rows. Medians (least–most).\n\n");
        var lines = new List<string[]> { new[] { "question", "weir s", "bare s", "x bare", "weir cpu s", "weir MB" } };
        foreach (var (name, arguments, sql) in Questions)
        {
            var runs = new List<(Usage Weir, Usage Bare)>();
            for (int round = 0; round <= rounds; round++)
            {
                Usage mine = Launcher.Run(name, [.. start, .. arguments.Select(a => a == "{out}" ? picture : a), "--case", database, "--quiet"]);
                Usage bare = Launcher.Run(name, [.. Launcher.Self, "bare-query", database, sql.Length == 0 ? fields : sql]);
                if (round > 0)
                    runs.Add((mine, bare));
                Console.Error.WriteLine($"  {name,-30} {mine.WallSeconds,8:F2} s {bare.WallSeconds,8:F2} s");
            }

            lines.Add([
                $"`{name}`", Summary.Of(runs.Select(r => r.Weir.WallSeconds)).Text("F2"), Summary.Of(runs.Select(r => r.Bare.WallSeconds)).Text("F2"),
                Summary.Of(runs.Select(r => r.Weir.WallSeconds / r.Bare.WallSeconds)).Text("F2"), Summary.Of(runs.Select(r => r.Weir.CpuSeconds)).Text("F2"), Summary.Of(runs.Select(r => r.Weir.PeakBytes / 1e6)).Text("F0"),
            ]);
        }

        File.Delete(database);
        File.Delete(picture);
        return text.Append(Table.Lines(lines)).ToString().ReplaceLineEndings("\n");
    }

    private static List<string> Columns(string database)
    {
        using var connection = new DuckDBConnection($"Data Source={database};ACCESS_MODE=READ_ONLY");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = "SELECT '\"' || column_name || '\"' FROM duckdb_columns() WHERE table_name = 'signin' AND column_name NOT IN ('source_id', 'row_id')";
        using DuckDBDataReader reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
            names.Add(reader.GetString(0));
        return names;
    }

    private static void Write(string file, int rows)
    {
        var random = new Random(7);
        string[] apps = ["Office 365 Exchange Online", "Azure Portal", "Microsoft Teams", "Skype Web Experience"], devices = ["Windows 10;Chrome 68.0;", "Ios 11.4.1;Mobile Safari 11.0;", "Windows 7;Firefox 61;"], countries = ["US", "DE", "NL", "FR"];
        using var writer = new StreamWriter(file, append: false, new UTF8Encoding(false), 1 << 20);
        writer.Write("_time,host,source,sourcetype,createdDateTime,user,app,src_ip,location.country,loginStatus,errorCode,failureReason,deviceInformation,_raw\n");
        for (int i = 0; i < rows; i++)
        {
            int user = random.Next(300), net = random.Next(2000);
            bool failed = random.Next(50) == 0;
            string time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(i * 0.25).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            string ip = random.Next(rows / 100) == 0 ? Address : string.Create(CultureInfo.InvariantCulture, $"{1 + net % 220}.{net / 8 % 250}.{user % 50}.{net % 200}");
            string app = apps[random.Next(4)], device = devices[random.Next(3)], country = countries[net % 4];
            writer.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{time},serverless,ms_aad_signin,ms:aad:signin,{time},user{user}@example.org,{app},{ip},{country},{(failed ? "Failure" : "Success")},{(failed ? 50126 : 0)},{(failed ? "Invalid username or password." : "")},{device},\"{{\"\"id\"\":\"\"{i:x8}-0000-4000-8000-{net:x12}\"\",\"\"createdDateTime\"\":\"\"{time}\"\",\"\"ipAddress\"\":\"\"{ip}\"\",\"\"userPrincipalName\"\":\"\"user{user}@example.org\"\",\"\"appDisplayName\"\":\"\"{app}\"\"}}\"\n"));
        }
    }
}
