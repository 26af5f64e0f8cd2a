using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Weir.Cli.Tests.Commands;

/// <summary>What a log holds never drives the terminal that it is read on: five thousand hostile cells, every command that prints some, on a real pseudo-terminal.</summary>
public sealed partial class HostileTerminalTests : IDisposable
{
    private const string Script = "/usr/bin/script";

    // What terminals obey: CSI, OSC (title, clipboard, links), DCS, C1 controls, bells, screens, cursor answers, and text that turns, hides or deletes.
    private static readonly string[] Hostile =
    [
        "\u001b[2J", "\u001b[31m", "\u001b]0;title\u0007", "\u001b]52;c;ZXZpbA==\u0007", "\u001b]8;;http://evil.example\u001b\\x\u001b]8;;\u001b\\", "\u001bP$q\"p\u001b\\", "\u001b[6n", "\u001b[?1049h", "\u001bc",
        "\u009b31m", "\u0090x\u009c", "\u0085", "\u0007", "\b\b\b", "\u007f", "\u000c", "\u000b", "\u000e", "\u202e", "\u2066x\u2069", "\u200b", "\ufeff", "\u2028", "\u00ad", "\U000e0041", "[red]x[/]", "\\x1b[31m", "\t", "\r", "\n",
    ];

    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Terminal_HostileCells_ReachItAsText()
    {
        if (!File.Exists(Script))
            return; // no pseudo-terminal to be had
        var random = new Random(11);
        string Cell() => string.Concat(Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Hostile[random.Next(Hostile.Length)] + (char)('a' + random.Next(26))));
        var csv = new StringBuilder("_time,host,sourcetype,user,src_ip,app,loginStatus,\"no\u001b[31mte\"\n");
        for (int i = 0; i < 1_000; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"2026-01-02T03:{i / 60:00}:{i % 60:00}Z,{Quoted(Cell())},ms:aad:signin,{Quoted(Cell())},8.8.8.{i % 9},{Quoted(Cell())},{Quoted(Cell())},");
            csv.Append(Quoted(Cell() + Convert.ToBase64String(Encoding.Unicode.GetBytes("http://evil.example/" + Cell())))).Append(i % 100 == 0 ? ",more\n" : "\n");
        }

        bench.Write("ho\u001b[31mst.csv", Encoding.UTF8.GetBytes(csv.ToString()));
        var shown = new List<string>();
        foreach (string[] command in (string[][])
            [
                ["ingest", bench.File("ho\u001b[31mst.csv"), "--table", "t"], ["timeline", "--all"], ["stack", "signins", "--by", "user", "--all"], ["stack", "t", "--by", "app"], ["inventory", "--all"], ["fields", "t"],
                ["find", "a"], ["find", "b", "--rows"], ["iocs", "--decoded"], ["sql", "SELECT * FROM t", "--all"], ["sql", "SELECT * FROM t LIMIT 200", "--format", "csv"], ["sql", "SELECT * FROM t LIMIT 200", "--format", "ndjson"],
                ["sql", "SELECT * FROM t LIMIT 200", "--format", "markdown"], ["sql", "SELECT * FROM weir.remarks"], ["sql", "SELECT error(note) FROM (SELECT \"no\u001b[31mte\" AS note FROM t)"], ["show", "1:1"], ["decode", "1:2"], ["extract", bench.File("ho\u001b[31mst.csv")],
                ["tables"], ["tables", "--verify"], ["remove", "9", "--case", bench.File("\u001b[31m.duckdb")], ["plot", "-o", bench.File("\u001b[31m.svg")],
            ])
        {
            string text = await OnTerminalAsync(command);
            Assert.True(text.Length > 0, string.Join(' ', command));
            string plain = Colours().Replace(text, "").Replace("\r\n", "\n", StringComparison.Ordinal);
            plain = Progress().Replace(plain, "");
            Assert.True(!Live().IsMatch(plain), $"weir {string.Join(' ', command)}: {Around(plain)}");
            shown.Add(text);
        }

        Assert.Contains(shown, s => s.Contains("\u001b[", StringComparison.Ordinal)); // it was a terminal: weir's own colours are there
        Assert.Contains(shown, s => s.Contains("\\x1b[2J", StringComparison.Ordinal));
    }

    private async Task<string> OnTerminalAsync(string[] command)
    {
        string[] all = command.Contains("--case") || command[0] == "extract" ? command : [.. command, "--case", bench.Case];
        string line = string.Join(' ', ((string[])["dotnet", Path.Combine(AppContext.BaseDirectory, "weir.dll"), .. all]).Select(a => $"'{a.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        var start = new ProcessStartInfo(Script) { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (string arg in (string[])["-qec", line, "/dev/null"])
            start.ArgumentList.Add(arg);
        start.Environment["TERM"] = "xterm-256color";
        start.Environment.Remove("NO_COLOR");
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        using var bytes = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(bytes);
        await process.WaitForExitAsync();
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static string Around(string text)
    {
        int at = Live().Match(text).Index;
        return Uri.EscapeDataString(text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 20)]);
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Colours, and what .NET sends to a terminal itself (keypad mode).</summary>
    [GeneratedRegex(@"\x1b\[[0-9;]*m|\x1b\[\?1[hl]\x1b[=>]")]
    private static partial Regex Colours();

    /// <summary>The progress line, which is written over and over.</summary>
    [GeneratedRegex(@"\r[^\r\n\x1b]*\x1b\[K")]
    private static partial Regex Progress();

    /// <summary>A control character but the line end, or a character that turns or hides text.</summary>
    [GeneratedRegex(@"[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe]|\udb40[\udc00-\udfff]")]
    private static partial Regex Live();
}
