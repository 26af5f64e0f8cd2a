using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir demo</c>: builds the example case from exports that are embedded in the tool, and walks through the investigation.</summary>
internal static class DemoCommand
{
    private const string Prefix = "demo/", Case = "demo.duckdb";

    private const string Addresses =
        """
        SELECT src_ip, any_value(location_country) AS cc, left(any_value(src_ip_as_org), 24) AS organisation,
          count(*) AS tries, count(*) FILTER (login_status = 'Failure') AS failed,
          count(DISTINCT "user") AS users, '[' || any_value(provenance) || ']' AS mark
        FROM signin GROUP BY src_ip HAVING count(DISTINCT _time::DATE) = 1 ORDER BY tries DESC
        """;

    // One record stands under two sourcetypes: its Id counts once.
    private const string Joined =
        """
        WITH odd AS (SELECT src_ip FROM signin GROUP BY 1 HAVING count(DISTINCT _time::DATE) = 1),
        acts AS (
          SELECT _time, 'mail' AS log, orig_src AS who, src AS ip,
            concat(action, ', ', size, ' bytes: ', subject) AS what, provenance FROM messagetrace
          UNION ALL
          SELECT _time, 'audit', user_id, regexp_replace(src, ':[0-9]+$', ''),
            concat_ws(' ', command, CASE WHEN command <> 'FileAccessed' THEN nullif(file_name, '') END,
              (SELECT string_agg(value->>'Value', ' ') FROM json_each(nullif(parameters, ''))
               WHERE value->>'Name' IN ('Name', 'BlindCopyTo', 'SearchQuery'))), provenance
          FROM (SELECT DISTINCT ON (id) * FROM audit ORDER BY id, sourcetype))
        SELECT strftime(min(_time), '%H:%M:%S') AS utc, log, split_part(who, '@', 1) AS who, ip,
          what, count(*) AS events, '[' || any_value(provenance) || ']' AS mark
        FROM acts JOIN odd ON ip = src_ip GROUP BY log, who, ip, what ORDER BY min(_time), what
        """;

    private const string Shell =
        """
        SELECT strftime(_time, '%H:%M:%S') AS utc, host, '[' || provenance || ']' AS mark, command FROM (
          SELECT _time, host, provenance, parse_filename(uri_path) || ': ' ||
            regexp_extract(form_data, '#cmd=''([^'']*)''', 1) AS command
          FROM stream_http WHERE contains(form_data, '#cmd')
          UNION ALL SELECT _time, host, provenance, columns_cmdline FROM osquery
          WHERE columns_path IN ('/bin/nc.traditional', '/usr/sbin/useradd')) ORDER BY _time
        """;

    public static Command Create()
    {
        var command = new Command("demo", $"Builds an example case ({Case} unless --case) from exports that come with weir and walks through the investigation.\n\nExample: weir demo");
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
            IAnsiConsole console = shared.Console(parsed, output, wrap: false); // a command that is broken into lines cannot be copied
            string path = shared.Named(parsed) ?? Case;
            string folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileNameWithoutExtension(path) + "-data");
            Unpack(folder);
            console.MarkupLine("[bold]A brewery, 20 August 2018.[/] Somebody is in its mailboxes. Some of the events are real,");
            console.MarkupLine($"quoted as published; the others are made from published facts and marked [grey]{Markup.Escape("[reconstructed]")}[/].");

            await Step("The exports land in one case, typed, each row accounted for.", ["ingest", .. Directory.GetFiles(folder).Order(StringComparer.Ordinal), "--case", path]);
            string provenance, stager;
            await using (CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true }, cancellationToken))
                (provenance, stager) = Look(caseFile);
            await Step("Which machines speak, from when to when?", "inventory", "--case", path);
            Mark();
            await Step("From which addresses did people sign in on one day only, and whose are they?", "sql", Addresses, "--case", path);
            await Step("What was done from those addresses? Mail and audit log, ports stripped, each record once.", "sql", Joined, "--case", path);
            await Step("What is hidden in encoded text?", "iocs", "--decoded", "--case", path);
            await Step("The stager of Sysmon record 34593 (quoted, real), layer by layer.", "decode", stager, "--case", path);
            await Step("Who else talked to that address?", "find", "45.77.53.176", "--case", path);
            Mark();
            await Step("How did they get a shell on the server, and did it work?", "sql", Shell, "--case", path);
            console.MarkupLine($"The case is [bold]{Markup.Escape(path)}[/], its exports are in [bold]{Markup.Escape(Path.GetFileName(folder))}/[/]: ask it anything with [bold]weir sql[/].");
            return Cli.Clean;

            async Task Step(string question, params string[] args)
            {
                cancellationToken.ThrowIfCancellationRequested();
                console.WriteLine();
                console.MarkupLine($"[bold]── {Markup.Escape(question)}[/]");
                console.MarkupLine($"[grey]$ {Markup.Escape(Spell(args, folder))}[/]");
                string[] all = [.. args, .. parsed.GetValue<bool>("--no-color") ? (string[])["--no-color"] : []];
                int exit = await Cli.RunAsync(all, output, error, cancellationToken);
                if (exit is Cli.Failed or Cli.Interrupted)
                    throw new WeirException($"weir {args[0]}", "this step of the demo failed", "", "See the line above.");
            }

            void Mark() => console.MarkupLine($"[grey]{Markup.Escape(provenance)}[/]");
        });
        return command;
    }

    private static (string Provenance, string Stager) Look(CaseFile caseFile)
    {
        string[] tables = ["signin", "messagetrace", "audit", "sysmon", "wineventlog", "stream_http", "osquery"];
        string all = string.Join(" UNION ALL ", tables.Select(t => $"SELECT provenance FROM main.{Sql.Name(t)}"));
        var (quoted, made) = caseFile.Database.Rows($"SELECT count(*) FILTER (provenance = 'quoted'), count(*) FILTER (provenance <> 'quoted') FROM ({all})", r => (r.GetInt64(0), r.GetInt64(1)))[0];
        string? stager = caseFile.Database.Scalar("SELECT source_id || ':' || row_id FROM sysmon WHERE contains(_raw, '<EventRecordID>34593<') LIMIT 1") as string;
        return (string.Create(CultureInfo.InvariantCulture, $"of {quoted + made:#,0} events {quoted} are quoted, {made:#,0} are [reconstructed]"), stager!);
    }

    /// <summary>The command as somebody would type it.</summary>
    private static string Spell(string[] args, string folder) =>
        "weir " + string.Join(' ', args[..^2].Select(a => a.StartsWith(folder, StringComparison.Ordinal) ? Path.GetFileName(folder) + "/*" : a.Contains(' ', StringComparison.Ordinal) ? $"\"{a.Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : a).Distinct())
        + (args[^1] == "case.duckdb" ? "" : $" --case {args[^1]}");

    private static void Unpack(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string name in typeof(DemoCommand).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            string path = Path.Combine(folder, name[Prefix.Length..]);
            if (File.Exists(path))
                continue; // what was read once stays as it was
            using Stream packed = typeof(DemoCommand).Assembly.GetManifestResourceStream(name)!;
            using FileStream file = File.Create(path);
            packed.CopyTo(file);
        }
    }
}
