using System.CommandLine;
using System.Globalization;
using System.Text;
using Weir.Cli.Output;
using Weir.Engine;
using Weir.Engine.Stages;

namespace Weir.Cli.Commands;

/// <summary><c>weir asn</c>: looks addresses up, tells of the table, builds one.</summary>
internal static class AsnCommand
{
    public static Command Create()
    {
        var addresses = new Argument<string[]>("IP") { Description = "Addresses, with or without port; - reads one a line from standard input.", Arity = ArgumentArity.ZeroOrMore };
        var format = new Option<string>("--format") { Description = "table or ndjson.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "ndjson");
        Option<string?> db = Database();
        var command = new Command(
            "asn", "Tells which autonomous system announces an address, offline. A line of standard input that is no address has no number; as an argument it is an error.\n\nExample: weir asn 104.207.83.63 45.77.53.176:443")
        {
            addresses, format, db, Info(), Build(),
        };
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] wanted = parsed.GetValue(addresses)!;
            if (wanted.Length == 0)
                throw new WeirException("IP", "no address was given", "addresses, or - for standard input", "For example: weir asn 104.207.83.63.");
            if (wanted.FirstOrDefault(a => a != "-" && !AddressText.TryRead(Encoding.UTF8.GetBytes(a), out _)) is { } wrong)
                throw new WeirException($"'{wrong}'", "it is no address", "an IPv4 or IPv6 address, with or without port", "For example: weir asn 104.207.83.63.");
            AsnTable table = Table(parsed.GetValue(db));
            TextWriter output = parsed.InvocationConfiguration.Output;
            var grid = new ResultTable("address", "asn", "organisation", "range");
            grid.RightAlign(1);
            foreach (string argument in wanted)
            {
                if (argument == "-")
                {
                    while (await Console.In.ReadLineAsync(cancellationToken) is { } line)
                        Tell(line.Trim());
                }
                else
                {
                    Tell(argument);
                }
            }

            if (parsed.GetValue(format) == "table")
                grid.Write(shared.Screen(parsed, output));
            return Cli.Clean;

            void Tell(string text)
            {
                if (text.Length == 0)
                    return;
                bool known = table.TryFind(Encoding.UTF8.GetBytes(text), out AsnEntry entry);
                if (parsed.GetValue(format) == "table")
                    grid.Add([text, known ? entry.Asn.ToString(CultureInfo.InvariantCulture) : null, known ? entry.Organisation : null, known ? entry.Range : null]);
                else
                    output.WriteLine(JsonText.Line(new { Ip = text, Asn = known ? entry.Asn : (long?)null, Org = known ? entry.Organisation : null, Range = known ? entry.Range : null }));
            }
        });
        return command;
    }

    private static AsnTable Table(string? file) => file is null ? AsnTable.Embedded : AsnTable.Load(file);

    private static Option<string?> Database() => new("--asn-db") { Description = "Another table than the embedded one.", HelpName = "FILE" };

    private static Command Info()
    {
        Option<string?> db = Database();
        var command = new Command("info", "Tells where the table is from, its day and size.") { db };
        command.SetAction(parsed =>
        {
            AsnTable table = Table(parsed.GetValue(db));
            TextWriter output = parsed.InvocationConfiguration.Output;
            output.WriteLine($"source  {Terminal.Line(table.Source)}");
            output.WriteLine($"day     {table.Date?.ToString("O", CultureInfo.InvariantCulture) ?? "not told"}");
            output.WriteLine($"ranges  {Sizes.Count(table.RangesIPv4)} IPv4, {Sizes.Count(table.RangesIPv6)} IPv6");
            return Cli.Clean;
        });
        return command;
    }

    private static Command Build()
    {
        var files = new Argument<string[]>("FILE") { Description = "Published tables: ip2asn or pyasn text (also .gz), .mmdb; a file asn,name gives names.", Arity = ArgumentArity.OneOrMore };
        var table = new Option<string>("--output", "-o") { Description = "The table to write.", HelpName = "TABLE", Required = true };
        var command = new Command("build", "Makes a table that loads in milliseconds of published ones.\n\nExample: weir asn build ip2asn-combined.tsv.gz -o asn.table") { files, table };
        command.SetAction(parsed =>
        {
            AsnTable.Build(parsed.GetValue(files)!, parsed.GetValue(table)!);
            return Cli.Clean;
        });
        return command;
    }
}
