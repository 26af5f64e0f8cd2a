using Apache.Arrow;
using Weir.Engine.Stages;
using static Weir.Engine.Tests.Parse.TestColumns;

namespace Weir.Engine.Tests.Unnest;

/// <summary>Twins, lines and arrays that are joined, and columns that are left alone.</summary>
public sealed class CollapseStageContract : StageContract
{
    protected override IStage Create() => new CollapseStage(" | ", ["given"]);

    protected override IEnumerable<(string Name, IArrowArray Column)> Columns(int shape, long firstRow, int rows)
    {
        StringArray Cells(Func<long, string?> cell) => Text([.. Enumerable.Range(0, rows).Select(i => cell(firstRow + i))]);
        yield return ("values(x)", Cells(r => r % 4 == 0 ? null : $"{r}\n{r + 1}"));
        yield return ("plain", Cells(r => $"a\nb{r}"));
        if (shape == 0)
            yield break;
        yield return ("given", Cells(r => r % 2 == 0 ? "[\"a\",\"b\"]" : "c"));
        yield return ("user", Cells(r => $"a\nb{r}"));
        yield return ("__mv_user", Cells(r => r % 3 == 0 ? "" : shape == 2 && r % 5 == 0 ? "odd" : $"$a$;$b{r}$"));
    }
}
