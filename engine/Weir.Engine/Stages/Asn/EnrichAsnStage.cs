using System.Globalization;
using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>Adds to each column of addresses the number and the organisation of the autonomous systems that announce them.</summary>
/// <remarks>
/// Stands behind <see cref="ParseStage"/> and, where there is one, <see cref="UnnestStage"/>. Out come <c>&lt;column&gt;_asn</c> (int64) and <c>&lt;column&gt;_as_org</c> (string), lists for list columns, behind the batch's
/// columns: for every column of this batch with an address in it. Whether it is a column of addresses (90 % of its values over the source) is decided by the sums that ride along.
/// A cell of more than 128 bytes is no address.
/// </remarks>
public sealed class EnrichAsnStage : IStage
{
    /// <summary>Role of the numbers in field metadata and <c>weir.columns</c>.</summary>
    internal const string AsnRole = "asn";

    /// <summary>Role of the organisations.</summary>
    internal const string OrganisationRole = "as_org";

    private readonly AsnResolver resolver;

    /// <param name="table">Who announces which address.</param>
    /// <param name="columns">The columns to look at, by their original or their cleaned name; all of them where null.</param>
    public EnrichAsnStage(AsnTable table, IReadOnlyList<string>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        resolver = new AsnResolver(table);
        Columns = columns;
    }

    /// <inheritdoc/>
    public string Name => "asn";

    /// <summary>The columns to look at; all of them where null.</summary>
    public IReadOnlyList<string>? Columns { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No parse stage came before.</exception>
    public Batch Process(Batch batch)
    {
        RecordBatch cells = batch.Cells ?? throw new InvalidOperationException("The ASN stage needs the cells that the parse stage keeps: put it behind one.");
        RecordBatch events = batch.Events;
        List<Field> fields = [.. events.Schema.FieldsList];
        List<IArrowArray> columns = [.. Enumerable.Range(0, events.ColumnCount).Select(c => Batch.Share(events.Column(c)))];
        for (int i = 0; i < batch.Tallies.Count; i++)
        {
            ColumnTally tally = batch.Tallies[i];
            if (tally.Lists is { TwinOf: >= 0 } || Columns?.Any(wanted => ColumnHint.IsNamed(tally.Hint.Name, wanted)) == false)
                continue;
            ParsedColumn parsed = ParsedColumn.Find(events, i)!.Value;
            (AddressTally found, AsnColumns? asns) = Look((StringArray)cells.Column(i), parsed, tally);
            tally.Addresses = found with { Asked = Columns is not null };
            if (asns is null)
                continue;
            Add(parsed.Name + "_asn", AsnRole, asns.Asn, i);
            Add(parsed.Name + "_as_org", OrganisationRole, asns.Organisation, i);
        }

        foreach ((PayloadColumn of, int index) in PayloadColumn.In(events))
        {
            Field field = events.Schema.GetFieldByIndex(index);
            if (of.Derivation is null || Columns?.Any(wanted => ColumnHint.IsNamed(of.Original, wanted)) == false)
                continue;
            (Int64Array asn, StringArray organisation) = resolver.Resolve((StringArray)events.Column(index));
            Add(field.Name + "_asn", AsnRole, asn, of.Position, of.Original);
            Add(field.Name + "_as_org", OrganisationRole, organisation, of.Position, of.Original);
        }

        return batch.Derive(new RecordBatch(new Schema(fields, events.Schema.Metadata), columns, events.Length));

        void Add(string wanted, string role, IArrowArray values, int of, string? path = null)
        {
            string name = ColumnNames.Free(wanted, taken => fields.Exists(f => f.Name.Equals(taken, StringComparison.OrdinalIgnoreCase)));
            var metadata = new Dictionary<string, string>
            {
                [ParseStage.OriginalKey] = path ?? batch.Tallies[of].Hint.Name,
                [ParseStage.RoleKey] = role,
                [ParseStage.OfKey] = of.ToString(CultureInfo.InvariantCulture),
            };
            if (path is not null)
                metadata[PayloadStage.PathKey] = path;
            fields.Add(new Field(name, values.Data.DataType, true, metadata));
            columns.Add(values);
        }
    }

    private (AddressTally Tally, AsnColumns? Columns) Look(StringArray cells, ParsedColumn parsed, ColumnTally tally)
    {
        if (parsed.Values is ListArray lists && parsed.Verdict.Format != ListFormat.Json)
        {
            AddressTally found = AddressCells.Count(lists);
            return (found, found.Addresses == 0 ? null : OfLists(lists));
        }

        // What has a type and gives every value back holds no address.
        if (parsed.Verdict.Type is not (ColumnType.Varchar or ColumnType.VarcharList) && parsed.Text is null)
            return (new AddressTally(tally.Values, 0), null);
        // Whether a column of JSON arrays is one of lists shows at the end of its source: the text counts, not what the batch made of it.
        AddressTally text = AddressCells.Count(cells, tally.Lists is { Arrays: > 0 });
        if (text.Addresses == 0)
            return (text, null);
        if (text.Lists == 0)
        {
            (Int64Array asn, StringArray organisation) = resolver.Resolve(cells);
            return (text, new AsnColumns(asn, organisation));
        }

        using ListArray made = AddressCells.Lists(cells);
        return (text, OfLists(made));
    }

    private AsnColumns OfLists(ListArray lists)
    {
        (Int64Array asn, StringArray organisation) = resolver.Resolve((StringArray)lists.Values);
        using (asn)
        using (organisation)
            return AsnColumns.AsLists(lists, asn, organisation);
    }
}
