using System.Globalization;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>A column as the parse stage typed it by its batch alone, found by its position in the source.</summary>
internal readonly record struct ParsedColumn(IArrowArray Values, StringArray? Text, Verdict Verdict)
{
    private static readonly ConditionalWeakTable<Schema, Dictionary<int, (int Values, int Text, Verdict Verdict)>> Plans = [];

    public static ParsedColumn? Find(RecordBatch events, int position)
    {
        var plan = Plans.GetValue(events.Schema, Read);
        if (!plan.TryGetValue(position, out var place))
            return null;
        return new ParsedColumn(events.Column(place.Values), place.Text < 0 ? null : (StringArray)events.Column(place.Text), place.Verdict);
    }

    private static Dictionary<int, (int, int, Verdict)> Read(Schema schema)
    {
        var plan = new Dictionary<int, (int, int, Verdict)>();
        int position = -1;
        for (int i = 1; i < schema.FieldsList.Count; i++)
        {
            Field field = schema.GetFieldByIndex(i);
            string role = field.Metadata is not null && field.Metadata.TryGetValue("role", out string? found) ? found : "source";
            if (role is "source" or UnnestStage.TwinRole)
            {
                position++;
                string? format = field.Metadata is not null && field.Metadata.TryGetValue("format", out string? written) ? written : null;
                plan[position] = (i, -1, new Verdict(TypeOf(field), format, 0));
            }
            else if (role == "companion")
            {
                // A companion stands anywhere behind its column and names it.
                int of = int.Parse(field.Metadata!["of"], CultureInfo.InvariantCulture);
                var (values, _, verdict) = plan[of];
                plan[of] = (values, i, verdict);
            }
        }

        return plan;
    }

    private static ColumnType TypeOf(Field field) => field.DataType.TypeId switch
    {
        Apache.Arrow.Types.ArrowTypeId.Boolean => ColumnType.Boolean,
        Apache.Arrow.Types.ArrowTypeId.Int64 => ColumnType.BigInt,
        Apache.Arrow.Types.ArrowTypeId.Double => ColumnType.Double,
        Apache.Arrow.Types.ArrowTypeId.Timestamp => ColumnType.TimestampTz,
        Apache.Arrow.Types.ArrowTypeId.List => ColumnType.VarcharList,
        _ => ColumnType.Varchar,
    };
}
