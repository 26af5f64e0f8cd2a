using Apache.Arrow;
using Weir.Engine.Stages;
using Weir.Engine.Tests.Unnest;
using static Weir.Engine.Tests.Parse.TestColumns;

namespace Weir.Engine.Tests.Asn;

/// <summary>Addresses alone, with ports, in arrays, among other things, and none.</summary>
public sealed class EnrichAsnStageContract : StageContract
{
    protected override IStage Create() => new Parsed(new EnrichAsnStage(AsnTable.Embedded));

    protected override IEnumerable<(string Name, IArrowArray Column)> Columns(int shape, long firstRow, int rows)
    {
        StringArray Cells(Func<long, string?> cell) => Text([.. Enumerable.Range(0, rows).Select(i => cell(firstRow + i))]);
        yield return ("ip", Cells(r => r % 5 == 0 ? null : $"8.8.{r % 200}.8"));
        yield return ("text", Cells(r => $"t{r}"));
        if (shape == 0)
            yield break;
        yield return ("with_port", Cells(r => r % 3 == 0 ? "10.0.0.1:80" : "[2001:4860:4860::8888]:443"));
        yield return ("count", Cells(r => shape == 2 && r % 7 == 0 ? "1.1.1.1" : $"{r}"));
    }
}
