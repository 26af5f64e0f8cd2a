using System.Globalization;
using System.Runtime.CompilerServices;
using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>A column that a batch need not hold, because SQL finds its values in others.</summary>
/// <param name="FirstRow">0-based row of the batch that has the first value.</param>
internal sealed record DerivedColumn(PayloadColumn Column, int FirstRow);

/// <summary>A column of a batch that was read out of the cells of another.</summary>
/// <param name="Position">0-based position of that other column in the source.</param>
/// <param name="Original">Name of the column with the path behind it: <c>AuditData.CreationTime</c>.</param>
/// <param name="Role"><see cref="PayloadStage.Role"/>, <see cref="PayloadStage.ValuesRole"/>, or what the ASN stage made of it.</param>
/// <param name="Type">Its type in the table.</param>
internal sealed record PayloadColumn(int Position, string Original, string Role, ColumnType Type)
{
    /// <summary>How SQL finds its values, for one that has no storage of its own; null for any other.</summary>
    public PayloadDerivation? Derivation { get; init; }

    private static readonly ConditionalWeakTable<Schema, IReadOnlyList<(PayloadColumn Column, int Index)>> Plans = [];

    /// <summary>Those of a batch, with their places in it; of those without storage of their own the addresses, whose AS numbers are looked up.</summary>
    public static IReadOnlyList<(PayloadColumn Column, int Index)> In(RecordBatch events) => Plans.GetValue(events.Schema, Read);

    private static IReadOnlyList<(PayloadColumn, int)> Read(Schema schema)
    {
        var found = new List<(PayloadColumn, int)>();
        for (int i = 1; i < schema.FieldsList.Count; i++)
        {
            Field field = schema.GetFieldByIndex(i);
            if (field.Metadata?.GetValueOrDefault(PayloadStage.PathKey) is not { } path)
                continue;
            ColumnType type = field.DataType.TypeId switch
            {
                Apache.Arrow.Types.ArrowTypeId.Timestamp => ColumnType.TimestampTz,
                Apache.Arrow.Types.ArrowTypeId.Int64 => ColumnType.BigInt,
                _ => ColumnType.Varchar,
            };
            PayloadDerivation? derivation = field.Metadata.TryGetValue(PayloadStage.DerivationKey, out string? spelled) ? PayloadDerivation.Parse(spelled) : null;
            found.Add((new PayloadColumn(int.Parse(field.Metadata[ParseStage.OfKey], CultureInfo.InvariantCulture), path, field.Metadata[ParseStage.RoleKey], type) { Derivation = derivation }, i));
        }

        return found;
    }
}
