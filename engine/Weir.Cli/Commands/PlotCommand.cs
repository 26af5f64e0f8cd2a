using System.CommandLine;
using Weir.Cli.Output;
using Weir.Cli.Pictures;
using Weir.Engine;
using Weir.Engine.Analysis;
using Weir.Engine.Kinds;
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
        var command = new Command("plot", "Draws the events of all logs: users over time, shape by address, colour by log.\n\nExample: weir plot -o timeline.svg --ip 104.207.83.63 --around 2018-08-20T10:48 --within 2h") { file, force, title, width, height };
        var filters = new EventFilterOptions(command);
        var shared = new Shared(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TextWriter error = parsed.InvocationConfiguration.Error;
            string path = Path.GetFullPath(parsed.GetValue(file)!);
            bool svg = Path.GetExtension(path).Equals(".svg", StringComparison.OrdinalIgnoreCase);
            if (!svg && !Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase))
                throw new WeirException(path, "its name does not say what picture it is to be", "a name that ends in .svg or .png", "Name another file with -o.");
            using var output = OutputFile.Named(path, parsed.GetValue(force));
            var options = new PictureOptions { Svg = svg, Title = parsed.GetValue(title) is { Length: > 0 } text ? text : null, Zone = filters.Zone(parsed) };
            if (parsed.GetValue(width) is { } across)
                options = Shared.Checked("--width", () => options with { Width = across });
            if (parsed.GetValue(height) is { } down)
                options = Shared.Checked("--height", () => options with { Height = down });

            await using CaseFile caseFile = await shared.OpenToReadAsync(parsed, RunOptions.Default, cancellationToken);
            EventFilter filter = filters.Read(parsed, caseFile);
            string wanted = filter.Condition(caseFile, CaseTable.Of(StandardView.Timeline));
            (TimelineMarks? marks, long undated) = await TimelineMarks.ReadAsync(caseFile, wanted, Limits(options), cancellationToken);
            if (marks is null)
                throw Nothing(caseFile.Path, undated, filter);
            if (filter is { From: { } start, To: { } end })
                options = options with { Asked = (start, end) };
            string told = Draw(marks, TimeHole.Of(caseFile.Slices()), options, output);
            if (shared.Quiet(parsed))
                return Cli.Clean;
            error.WriteLine($"{Terminal.Line(path)}: {told}");
            Shared.WarnOfHoles(caseFile, error);
            return Cli.Clean;
        });
        return command;
    }

    private static WeirException Nothing(string path, long undated, EventFilter filter) => true switch
    {
        _ when undated > 0 => new WeirException(path, $"none of the {Sizes.Count(undated, "event")} of its timeline has a time", "", "See them with: weir sql \"SELECT * FROM timeline\"."),
        _ when filter.IsEmpty => new WeirException(path, "its timeline holds no event", "", "Land logs that weir knows with 'weir ingest FILE...'; 'weir tables' lists what the case holds."),
        _ => new WeirException(path, "no event of its timeline is what was asked for", "", "Widen the options that narrow it, or leave one out; 'weir plot -o FILE' alone draws all."),
    };

    private static MarkLimits Limits(PictureOptions options) => new()
    {
        Users = TimelinePicture.UsersAt(options.Height),
        Addresses = Palette.Addresses,
        Logs = Palette.Logs,
        Buckets = options.Width > 2_000 ? 512 : 256,
    };

    /// <returns>What the picture shows.</returns>
    private static string Draw(TimelineMarks marks, IReadOnlyList<TimeHole> holes, PictureOptions options, OutputFile output)
    {
        var picture = new TimelinePicture(marks, holes, options);
        using (FileStream stream = File.Create(output.Part))
            picture.Write(stream);

        output.Commit();
        return picture.Told();
    }
}
