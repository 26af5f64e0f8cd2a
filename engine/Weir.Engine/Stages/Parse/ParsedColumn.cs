using System.Globalization;
using System.Runtime.CompilerServices;
using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>A column of the source as the stages left it by its batch alone, found by its position in the source.</summary>
/// <param name="Name">Its name in the batch.</param>
/// <param name="Values">Typed values.</param>
/// <param name="Text">Exact text of what they do not give back; null where there is none.</param>
/// <param name="Asn">AS numbers of its addresses; null where it has none.</param>
/// <param name="Organisation">Their organisations.</param>
/// <param name="Verdict">Type and format of the values.</param>
internal readonly record struct ParsedColumn(string Name, IArrowArray Values, StringArray? Text, IArrowArray? Asn, IArrowArray? Organisation, Verdict Verdict)
{
    private static readonly ConditionalWeakTable<Schema, Dictionary<int, Place>> Plans = [];

    public static ParsedColumn? Find(RecordBatch events, int position)
    {
        Dictionary<int, Place> plan = Plans.GetValue(events.Schema, Read);
        if (!plan.TryGetValue(position, out Place place))
            return null;
        return new ParsedColumn(
            events.Schema.GetFieldByIndex(place.Values).Name, events.Column(place.Values), (StringArray?)Column(place.Text), Column(place.Asn), Column(place.Organisation), place.Verdict);

        IArrowArray? Column(int at) => at == 0 ? null : events.Column(at);
    }

    private static Dictionary<int, Place> Read(Schema schema)
    {
        var plan = new Dictionary<int, Place>();
        int position = -1;
        for (int i = 1; i < schema.FieldsList.Count; i++)
        {
            Field field = schema.GetFieldByIndex(i);
            string role = field.Metadata?.GetValueOrDefault(ParseStage.RoleKey) ?? "source";
            if (role is "source" or UnnestStage.TwinRole)
            {
                plan[++position] = new Place { Values = i, Verdict = new Verdict(TypeOf(field), field.Metadata?.GetValueOrDefault(ParseStage.FormatKey), 0) };
                continue;
            }

            if (field.Metadata?.ContainsKey(PayloadStage.PathKey) == true)
                continue; // see PayloadColumn

            // A derived column stands anywhere behind its own and names it.
            if (field.Metadata?.GetValueOrDefault(ParseStage.OfKey) is not { } named)
                continue;
            int of = int.Parse(named, CultureInfo.InvariantCulture);
            plan[of] = role switch
            {
                "companion" => plan[of] with { Text = i },
                EnrichAsnStage.AsnRole => plan[of] with { Asn = i },
                _ => plan[of] with { Organisation = i },
            };
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

    /// <summary>Indices in the batch; 0: there is none, as row_id stands there.</summary>
    private readonly record struct Place(int Values, int Text, int Asn, int Organisation, Verdict Verdict);
}
