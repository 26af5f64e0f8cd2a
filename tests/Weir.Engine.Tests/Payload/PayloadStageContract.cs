using Apache.Arrow;
using Weir.Engine.Stages;
using Weir.Engine.Tests.Unnest;
using static Weir.Engine.Tests.Parse.TestColumns;

namespace Weir.Engine.Tests.Payload;

/// <summary>JSON, XML and lines of text in cells, whole, cut and hostile, and none.</summary>
public sealed class PayloadStageContract : StageContract
{
    protected override IStage Create() => new Parsed(new PayloadStage());

    protected override IEnumerable<(string Name, IArrowArray Column)> Columns(int shape, long firstRow, int rows)
    {
        StringArray Cells(Func<long, string?> cell) => Text([.. Enumerable.Range(0, rows).Select(i => cell(firstRow + i))]);
        yield return ("AuditData", Cells(r => r % 5 == 0 ? null : $$"""{"CreationTime":"2020-01-01T00:00:{{r % 60:00}}","Id":"{{r}}","ClientIP":"8.8.8.8"}"""));
        yield return ("text", Cells(r => $"t{r}"));
        if (shape == 0)
            yield break;
        yield return ("_raw", Cells(r => r % 3 == 0 ? "<Event><EventData><Data Name='Image'>x</Data></EventData></Event>" : r % 3 == 1 ? "<Event><EventData><Data" : "{\"CreationTime\":\"x\",\"Operation\":"));
        yield return ("Parameters", Cells(r => shape == 2 && r % 7 == 0 ? """[{"Name":"a","Value":"b"}]""" : $"{r}"));
    }
}
