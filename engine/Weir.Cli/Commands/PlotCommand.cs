using System.CommandLine;
using Weir.Cli.Output;
using Weir.Cli.Pictures;
using Weir.Engine;
using Weir.Engine.Analysis;
using Weir.Engine.Store;

namespace Weir.Cli.Commands;

/// <summary><c>weir plot</c></summary>
internal static class PlotCommand
{
    public static Command Create()
    {
        var file = new Option<string>("--output", "-o") { Description = "The picture: a name that ends in .svg or .png.", HelpName = "FILE", Required = true };
        var force = new Option<bool>("--force") { Description = "Overwrite that file." };
        var title = new Option<string?>("--title") { Description = "What stands above the picture.", HelpName = "TEXT" };
        var width = new Option<int?>("--width") { Description = "Pixels from side to side, 640 to 5000; 1600 by default.", HelpName = "PIXELS" };
        var height = new Option<int?>("--height") { Description = "Pixels from top to bottom, 400 to 5000; by default as many as the lines need.", HelpName = "PIXELS" };
        var zone = new Option<string>("--tz") { Description = "Zone of the axis.", DefaultValueFactory = _ => "UTC", HelpName = "ZONE" };
        var command = new Command("plot", "Draws the events of all logs: users over time, shape by address, colour by log.\n\nExample: weir plot -o timeline.svg") { file, force, title, width, height, zone };
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TextWriter error = parsed.InvocationConfiguration.Error;
            string path = Path.GetFullPath(parsed.GetValue(file)!);
            bool svg = Path.GetExtension(path).Equals(".svg", StringComparison.OrdinalIgnoreCase);
            if (!svg && !Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase))
                throw new WeirException(path, "its name does not say what picture it is to be", "a name that ends in .svg or .png", "Name another file with -o.");
            using var output = OutputFile.Named(path, parsed.GetValue(force));
            var options = new PictureOptions { Title = parsed.GetValue(title) is { Length: > 0 } text ? text : null, Zone = SqlCommand.Zone(parsed.GetValue(zone)!) };
            if (parsed.GetValue(width) is { } across)
                options = Shared.Checked("--width", () => options with { Width = across });
            if (parsed.GetValue(height) is { } down)
                options = Shared.Checked("--height", () => options with { Height = down });

            await using CaseFile caseFile = await shared.OpenToReadAsync(parsed, RunOptions.Default, cancellationToken);
            (TimelineMarks? marks, long undated) = await TimelineMarks.ReadAsync(caseFile, "true", Limits(options), cancellationToken);
            if (marks is null)
            {
                throw undated == 0
                    ? new WeirException(caseFile.Path, "its timeline holds no event", "", "Land logs that weir knows with 'weir ingest FILE...'; 'weir tables' lists what the case holds.")
                    : new WeirException(caseFile.Path, $"none of the {TimelinePicture.Count(undated, "event")} of its timeline has a time", "", "See them with: weir sql \"SELECT * FROM timeline\".");
            }

            string told = Draw(marks, TimeHole.Of(caseFile.Slices()), options, output, svg);
            if (shared.Quiet(parsed))
                return Cli.Clean;
            error.WriteLine($"{Terminal.Line(path)}: {told}");
            Shared.WarnOfHoles(caseFile, error);
            return Cli.Clean;
        });
        return command;
    }

    private static MarkLimits Limits(PictureOptions options) => new()
    {
        Users = TimelinePicture.UsersAt(options.Height),
        Addresses = Palette.Addresses,
        Logs = Palette.Logs,
        Buckets = options.Width > 2_000 ? 512 : 256,
    };

    /// <returns>What the picture shows.</returns>
    private static string Draw(TimelineMarks marks, IReadOnlyList<TimeHole> holes, PictureOptions options, OutputFile output, bool svg)
    {
        var picture = new TimelinePicture(marks, holes, options);
        using (FileStream stream = File.Create(output.Part))
        {
            if (svg)
                picture.WriteSvg(stream);
            else
                picture.WritePng(stream);
        }

        output.Commit();
        return picture.Told();
    }
}
