using Apache.Arrow;
using Weir.Engine.Stages;
using static Weir.Engine.Tests.Parse.TestColumns;

namespace Weir.Engine.Tests.Unnest;

/// <summary>Lists of every encoding, twins that come and go, and columns that are none.</summary>
public sealed class UnnestStageContract : StageContract
{
    protected override IStage Create() => new Parsed(new UnnestStage(new UnnestOptions { MultiValue = ["lines"] }));

    protected override IEnumerable<(string Name, IArrowArray Column)> Columns(int shape, long firstRow, int rows)
    {
        StringArray Cells(Func<long, string?> cell) => Text([.. Enumerable.Range(0, rows).Select(i => cell(firstRow + i))]);
        yield return ("lines", Cells(r => $"{r}\n{r + 1}"));
        yield return ("roles", Cells(r => r % 5 == 0 ? null : "[\"a\",\"b c\"]"));
        yield return ("count", Cells(r => $"{r}"));
        if (shape == 0)
            yield break;
        yield return ("user", Cells(r => r % 3 == 0 ? $"a\nb{r}" : $"{r}"));
        yield return ("__mv_user", Cells(r => r % 3 == 0 ? $"$a$;$b{r}$" : shape == 2 && r % 7 == 0 ? "odd" : ""));
        yield return ("__mv_alone", Cells(r => "$x$;$y$"));
    }
}

/// <summary>A stage behind the parse stage, as it stands in every pipeline.</summary>
internal sealed class Parsed(IStage stage) : IStage
{
    private readonly ParseStage parse = new();

    public string Name => stage.Name;

    public Batch Process(Batch batch)
    {
        using Batch parsed = parse.Process(batch);
        return stage.Process(parsed);
    }
}
