using Apache.Arrow;
using Weir.Engine.Stages;
using Weir.Engine.Tests.Unnest;
using static Weir.Engine.Tests.Parse.TestColumns;

namespace Weir.Engine.Tests.Indicators;

/// <summary>Indicators in plain and encoded text, repeated by <c>_raw</c> and not.</summary>
public sealed class ExtractIocsStageContract : StageContract
{
    protected override IStage Create() => new Parsed(new ExtractIocsStage());

    protected override IEnumerable<(string Name, IArrowArray Column)> Columns(int shape, long firstRow, int rows)
    {
        StringArray Cells(Func<long, string?> cell) => Text([.. Enumerable.Range(0, rows).Select(i => cell(firstRow + i))]);
        yield return ("ip", Cells(r => r % 5 == 0 ? null : $"8.8.{r % 200}.8"));
        yield return ("encoded", Cells(r => r % 4 == 0 ? "powershell -enc aAB0AHQAcABzADoALwAvADQANQAuADcANwAuADUAMwAuADEANwA2ADoANAA0ADMA" : "nothing"));
        if (shape > 0)
            yield return ("_raw", Cells(r => $"row {r} ip 8.8.{r % 200}.8 of bob@example.org"));
        if (shape == 2)
            yield return ("count", Cells(r => r % 300 == 7 ? "http://a.example.com" : $"{r}"));
    }
}
