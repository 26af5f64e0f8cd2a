using Apache.Arrow;
using Apache.Arrow.Types;
using Weir.Engine.Buffers;
using Weir.Engine.Stages;
using static Weir.Engine.Tests.Parse.TestColumns;

namespace Weir.Engine.Tests.Parse;

/// <summary>Text of every type, with misfits, NULLs and a list of extra fields; columns that are typed already.</summary>
public sealed class ParseStageContract : StageContract
{
    protected override IStage Create() => new ParseStage();

    protected override IEnumerable<(string Name, IArrowArray Column)> Columns(int shape, long firstRow, int rows)
    {
        StringArray Cells(Func<long, string?> cell) => Text([.. Enumerable.Range(0, rows).Select(i => cell(firstRow + i))]);
        if (shape == 2)
        {
            yield return ("count", TestRows(firstRow, rows));   // typed already: passes through
            yield return ("text", Cells(r => $"t{r}"));
            yield break;
        }

        yield return ("_time", Cells(r => r % 7 == 0 ? "never" : $"{1_600_000_000 + r}.5"));
        yield return ("when", Cells(r => $"2021-04-28 14:{r % 60:00}:45"));
        yield return ("count", Cells(r => r % 5 == 0 ? null : r % 11 == 0 ? "007" : $"{r}"));
        yield return ("ratio", Cells(r => r % 3 == 0 ? "" : $"{r}.25"));
        yield return ("flag", Cells(r => r % 2 == 0 ? "true" : "false"));
        yield return ("nothing", Cells(_ => null));
        if (shape == 1)
        {
            yield return ("COUNT", Cells(r => $"{r}"));          // cleans to a name that is taken
            yield return ("_extra", Extra(rows));
        }
    }

    private static Int64Array TestRows(long firstRow, int rows) => Dataflow.TestBatches.RowIds(firstRow, rows);

    /// <summary>Row i has i % 3 further fields.</summary>
    private static unsafe ListArray Extra(int rows)
    {
        var values = new Utf8Builder(rows, rows * 4);
        var offsets = new NativeBuffer((rows + 1L) * sizeof(int)) { Length = (rows + 1) * sizeof(int) };
        ((int*)offsets.Pointer)[0] = 0;
        for (int i = 0; i < rows; i++)
        {
            for (int field = 0; field < i % 3; field++)
                values.Append("more"u8);
            ((int*)offsets.Pointer)[i + 1] = values.Count;
        }

        return new ListArray(new ArrayData(new ListType(StringType.Default), rows, 0, 0, [ArrowBuffer.Empty, offsets.ToArrow()], [values.BuildData()]));
    }
}
