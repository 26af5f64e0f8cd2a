using System.CommandLine;
using System.Globalization;
using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir demo</c>: builds the example case from exports that are embedded in the tool, and walks through the investigation.</summary>
internal static class DemoCommand
{
    private const string Prefix = "demo/", Case = "demo.duckdb";

    private const string Tar = "SELECT time, user, parent_process, directory FROM processes WHERE process LIKE '%tar.exe'";

    private const string Shell = "SELECT time, src_ip, regexp_extract(form_data, '#cmd=''(.*?)''', 1) AS cmd FROM web WHERE form_data LIKE '%#cmd%' ORDER BY time";

    private const string Success = "SELECT time, host, process, command_line FROM processes WHERE host = 'hoth' AND pid > 10000 ORDER BY time";

    private static readonly string[] Odd = ["--ip", "104.207.83.63", "--ip", "199.66.91.253", "--ip", "157.97.121.132"];

    public static Command Create()
    {
        var command = new Command("demo", $"Builds an example case ({Case} unless --case) from exports that come with weir and walks through the investigation.\n\nExample: weir demo");
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
            Screen console = shared.Screen(parsed, output, wrap: false); // a command that is broken into lines cannot be copied
            int width = shared.Screen(parsed, output).Width;
            string path = shared.Named(parsed) ?? Case;
            string stem = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileNameWithoutExtension(path)), folder = stem + "-data";
            string picture = Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileName(stem) + "-timeline.svg");
            Unpack(folder);
            console.MarkupLine("[bold]A brewery, 20 August 2018.[/] Somebody is in its mailboxes. Some of the events are real,");
            console.MarkupLine("quoted as published; the others are made from published facts [grey](column provenance)[/].");

            await Step("The exports land in one case, typed, each row accounted for.", "", 40, ["ingest", .. Directory.GetFiles(folder).Order(StringComparer.Ordinal), "--case", path]);
            string provenance, stager;
            await using (CaseFile caseFile = await CaseFile.OpenAsync(path, new CaseOptions { ReadOnly = true }, cancellationToken))
                (provenance, stager) = Look(caseFile);
            console.MarkupLine($"[grey]{Screen.Escape(provenance)}[/]");
            await Step("Which machines speak, from when to when?", "30 hosts: workstations (-L), servers, a firewall, the cloud.", 12, "inventory", "--case", path);
            await Step("What does the sign-in log tell, and which columns are worth a look?", "Worth a look: src_ip, country, status, device, reason.", 20, "fields", "signins", "--case", path);
            await Step("From where did people sign in, and which addresses are odd?", "Three addresses were there on that day only; they come first.", 36, "stack", "signins", "--by", "src_ip", "--case", path);
            await Step("Who signed in from the three?", "Four accounts: klagerfield, fyodor, bgist, bstoll.", 40, ["stack", "signins", "--by", "user", .. Odd, "--case", path]);
            await Step("How did it begin?", "bgist signs in from Hong Kong, from a Windows 7 that nobody else has.", 8, ["timeline", .. Odd, "--log", "signin", "--case", path]);
            await Step("What did they mail?", "The lure is quarantined; 18 minutes later it is delivered.", 16, ["timeline", .. Odd, "--log", "mail", "--case", path]);
            await Step("What changed in between?", "187 kB with an attachment became 12 kB with a link.", 30, ["stack", "mails", "--by", "status,size", .. Odd, "--case", path]);
            await Step("What does the audit log have of the three, ports stripped, each record once?", "Lure files, a mailbox search, a rule that sends blind copies out, archive.tar.", 24, ["timeline", .. Odd, "--log", "audit", "--case", path]);
            await Step("All of it in one picture.", $"It is in {picture}.", 4, ["plot", "-o", picture, "--force", .. Odd, "--case", path]);
            await Step("Where else is archive.tar?", "A machine's process log has it, four minutes before the download.", 12, "find", "archive.tar", "--case", path);
            await Step("Who made it?", "SYSTEM, from PowerShell, in fyodor's OneDrive.", 20, "sql", Tar, "--case", path);
            await Step("What is hidden in encoded text?", "Where the implant calls home, under four layers.", 12, "iocs", "--decoded", "--case", path);
            await Step("The stager of Sysmon record 34593 (quoted, real), layer by layer.", "", 8, "decode", stager, "--case", path);
            await Step("Who else talked to that address?", "Six hosts; two events have it in encoded text only.", 20, "find", "45.77.53.176", "--case", path);
            await Step("How did they get a shell on the server?", "Struts runs what a POST says: first whoami, then netcat.", 12, "sql", Shell, "--case", path);
            await Step("Did it work?", "49 seconds after the second netcat nc runs on hoth.", 12, "sql", Success, "--format", "markdown", "--case", path);
            console.WriteLine();
            console.MarkupLine($"The case is [bold]{Screen.Escape(path)}[/], its exports are in [bold]{Screen.Escape(Path.GetFileName(folder))}/[/]: ask it anything with [bold]weir sql[/].");
            return Cli.Clean;

            async Task Step(string question, string reading, int lines, params string[] args)
            {
                cancellationToken.ThrowIfCancellationRequested();
                console.WriteLine();
                console.MarkupLine($"[bold]── {Screen.Escape(question)}[/]");
                console.MarkupLine($"[grey]$ {Screen.Escape(Spell(args, folder))}[/]");
                string[] all = [.. args, .. parsed.GetValue<bool>("--no-color") ? (string[])["--no-color"] : []];
                using var answer = new CutWriter(output, lines, width);
                int exit = await Cli.RunAsync(all, answer, error, cancellationToken);
                answer.Finish();
                if (exit is Cli.Failed or Cli.Interrupted)
                    throw new WeirException($"weir {args[0]}", "this step of the demo failed", "", "See the line above.");
                if (answer.LeftOut > 0)
                    console.MarkupLine($"[grey]  … {Sizes.Count(answer.LeftOut, "more line")}[/]");
                if (reading.Length > 0)
                    console.MarkupLine($"[green]→ {Screen.Escape(reading)}[/]");
            }
        });
        return command;
    }

    private static (string Provenance, string Stager) Look(CaseFile caseFile)
    {
        string[] tables = ["signin", "messagetrace", "audit", "sysmon", "wineventlog", "stream_http", "osquery"];
        string all = string.Join(" UNION ALL ", tables.Select(t => $"SELECT provenance FROM main.{Sql.Name(t)}"));
        var (quoted, made) = caseFile.Database.Rows($"SELECT count(*) FILTER (provenance = 'quoted'), count(*) FILTER (provenance <> 'quoted') FROM ({all})", r => (r.GetInt64(0), r.GetInt64(1)))[0];
        string? stager = caseFile.Database.Scalar("SELECT source_id || ':' || row_id FROM sysmon WHERE contains(_raw, '<EventRecordID>34593<') LIMIT 1") as string;
        return (string.Create(CultureInfo.InvariantCulture, $"of {quoted + made:#,0} events {quoted} are quoted, {made:#,0} are reconstructed"), stager!);
    }

    /// <summary>The command as somebody would type it.</summary>
    private static string Spell(string[] args, string folder)
    {
        bool IsExport(string arg) => arg.StartsWith(folder, StringComparison.Ordinal);
        IEnumerable<string> typed = args[..^2].Where((arg, i) => !IsExport(arg) || !IsExport(args[i - 1])).Select(arg => IsExport(arg) ? Path.GetFileName(folder) + "/*" : arg.Contains(' ', StringComparison.Ordinal) ? $"\"{arg.Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : arg);
        return "weir " + string.Join(' ', typed) + (args[^1] == "case.duckdb" ? "" : $" --case {args[^1]}");
    }

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
