using System.Globalization;
using Weir.Engine.Stages;

namespace Weir.Engine.Store;

/// <summary>The columns of AS numbers and organisations that stand beside a column of addresses, from its first address to the close of its sources.</summary>
internal static class AddressColumns
{
    // An array whose first element is a scalar of JSON: no spelling of an address.
    private const string JsonStart = @"^[ \t\r\n]*\[[ \t\r\n]*(?:""|null|true|false|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?[ \t\r\n]*[,\]])";

    /// <summary>Makes place for the addresses of an open source, from the first one on: the cells before it had none.</summary>
    public static void Bind(TableModel model, int source, ColumnBinding binding, AddressTally addresses)
    {
        TableColumn column = binding.Column;
        if (column.Asn is null)
        {
            bool lists = column.Type == ColumnType.VarcharList;
            column.Asn = (
                model.Add(new TableColumn(model.FreeName(column.Name + "_asn"), lists ? ColumnType.BigIntList : ColumnType.BigInt, ColumnRole.Asn)),
                model.Add(new TableColumn(model.FreeName(column.Name + "_as_org"), lists ? ColumnType.VarcharList : ColumnType.Varchar, ColumnRole.Organisation)));
        }

        if (column.Type == ColumnType.VarcharList || addresses.Lists > 0)
            ToLists(model, column);
        if (!binding.HasAddresses)
            model.Touch(source);
        binding.HasAddresses = true;
    }

    /// <summary>Makes the columns of a column's addresses lists, as the column itself is or may become one.</summary>
    public static void ToLists(TableModel model, TableColumn column)
    {
        if (column.Asn is not { Number: { Type: ColumnType.BigInt } number, Organisation: var organisation })
            return;
        string known = Sql.Name(number.Name), name = Sql.Name(organisation.Name);
        model.Alter($"ALTER {name} TYPE VARCHAR[] USING CASE WHEN {known} IS NOT NULL THEN [{name}] END");
        model.Alter($"ALTER {known} TYPE BIGINT[] USING CASE WHEN {known} IS NOT NULL THEN [{known}] END");
        (number.Type, organisation.Type) = (ColumnType.BigIntList, ColumnType.VarcharList);
    }

    /// <summary>Drops the columns of a column's addresses.</summary>
    public static void Drop(TableModel model, TableColumn column)
    {
        model.Drop(column.Asn!.Value.Number);
        model.Drop(column.Asn.Value.Organisation);
        column.Asn = null;
        foreach (var (source, binding) in model.BindingsTo(column))
        {
            binding.HasAddresses = false;
            model.Touch(source);
        }
    }

    /// <summary>Settles whether the source's values are addresses, once the column has its final type.</summary>
    public static void Close(TableModel model, int source, bool hasRows, ColumnBinding own, AddressTally addresses)
    {
        TableColumn column = own.Column;
        own.HasAddresses = addresses.IsAddresses;
        if (column.Asn is not var (number, organisation))
            return;
        if (!model.BindingsTo(column).Any(b => b.Binding.HasAddresses))
        {
            Drop(model, column);
            return;
        }

        string known = Sql.Name(number.Name), name = Sql.Name(organisation.Name);
        if (hasRows && !own.HasAddresses && addresses.Addresses > 0)
            Keep(string.Create(CultureInfo.InvariantCulture, $"source_id <> {source}"), "");
        if (column.Type == ColumnType.VarcharList)
            ToLists(model, column);
        if (number.Type != ColumnType.BigIntList)
            return;

        // An array that is the text of one value, no list, has no number.
        string isArray = $"regexp_matches({model.BySource(column, (_, b) => b.TextSql())}, '{JsonStart}')";
        if (column.Type != ColumnType.VarcharList && !model.IsOpenElsewhere(column, source))
        {
            (number.Type, organisation.Type) = (ColumnType.BigInt, ColumnType.Varchar);
            Keep($"len({known}) = 1 AND NOT {isArray}", "[1]");
        }
        else if (hasRows && own.HasAddresses && !own.IsList && addresses.Lists > 0)
        {
            Keep(string.Create(CultureInfo.InvariantCulture, $"source_id <> {source} OR NOT {isArray}"), "");
        }

        void Keep(string where, string element)
        {
            model.Alter($"ALTER {name} TYPE {TypedSql.Name(organisation.Type)} USING CASE WHEN {where} THEN {name}{element} END");
            model.Alter($"ALTER {known} TYPE {TypedSql.Name(number.Type)} USING CASE WHEN {where} THEN {known}{element} END");
        }
    }
}
