using System.Text;
using Apache.Arrow;
using CsCheck;
using Weir.Engine.Buffers;
using Weir.Engine.Stages;
using static Weir.Engine.Tests.Parse.TestColumns;

namespace Weir.Engine.Tests.Asn;

[Collection(NativeMemory.Name)]
public class AsnResolverTests
{
    private static readonly AsnTable Table = Build();

    private static readonly string?[] Spellings = ["1.0.0.7", "1.0.0.8:1", "2.0.0.1", "8.8.8.8", "2a01::5", "10.0.0.1", "", "x", "12:30:45", null];

    private readonly AsnResolver resolver = new(Table);

    [Fact]
    public void Resolve_Cells_GiveNumberAndOrganisation()
    {
        using StringArray column = Text("1.0.0.7", null, "", "[2a01::1]:443", "10.0.0.1", "no address", "1.0.0.7:80", "9.9.9.9", "2.0.0.1");
        (Int64Array asn, StringArray organisation) = resolver.Resolve(column);
        Assert.Equal([7L, null, null, 8L, null, null, 7L, null, 9L], Enumerable.Range(0, 9).Select(i => asn.GetValue(i)));
        Assert.Equal(["Seven", null, null, "Ächt", null, null, "Seven", null, null], Enumerable.Range(0, 9).Select(i => Cell(organisation, i)));
        Assert.Equal(new AddressTally(7, 6), AddressCells.Count(column, arrays: false));
        asn.Dispose();
        organisation.Dispose();
    }

    [Fact]
    public void Resolve_AnyColumnOrSlice_IsWhatEachCellGivesAlone() =>
        Gen.Int[0, Spellings.Length - 1].Select(i => Spellings[i]).Array[0, 200].Select(Gen.Int[0, 20]).Sample((cells, skip) =>
        {
            using StringArray whole = Text(cells);
            int from = Math.Min(skip, cells.Length);
            using var column = (StringArray)ArrowArrayFactory.BuildArray(whole.Data.SliceShared(from, cells.Length - from));
            (Int64Array asn, StringArray organisation) = resolver.Resolve(column);
            for (int i = from; i < cells.Length; i++)
            {
                bool known = Table.TryFind(Encoding.UTF8.GetBytes(cells[i] ?? ""), out AsnEntry entry);
                Assert.Equal((known ? entry.Asn : null, known ? entry.Organisation : null), (asn.GetValue(i - from), Cell(organisation, i - from)));
            }

            asn.Dispose();
            organisation.Dispose();
        });

    [Fact]
    public void Resolve_Result_OutlivesTheColumnAndLeaksNothing()
    {
        long before = NativePool.Rented;
        Int64Array asn;
        StringArray organisation;
        using (StringArray column = Text("1.0.0.7", null))
            (asn, organisation) = resolver.Resolve(column);
        NativeMemory.Scribble();
        Assert.Equal((7L, "Seven"), (asn.GetValue(0), Cell(organisation, 0)));
        asn.Dispose();
        organisation.Dispose();
        Assert.Equal(before, NativePool.Rented);
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 5, false)]
    [InlineData(1, 1, true)]
    [InlineData(9, 10, true)]
    [InlineData(8, 9, false)]
    [InlineData(899, 1000, false)]
    public void IsAddresses_NinetyPercent_IsTheLine(long addresses, long values, bool expected) =>
        Assert.Equal(expected, (new AddressTally(values, addresses) + default(AddressTally)).IsAddresses);

    private static AsnTable Build()
    {
        var builder = new AsnTableBuilder();
        foreach ((string prefix, uint asn, string name) in ((string, uint, string)[])[("1.0.0.0/24", 7, "Seven"), ("2a01::/16", 8, "Ächt"), ("2.0.0.0/8", 9, ""), ("10.0.0.0/8", 10, "Ten")])
        {
            AddressPrefix.TryRead(Encoding.UTF8.GetBytes(prefix), out Address first, out Address last);
            builder.Add(first, last, asn, name);
        }

        return new AsnTable(builder.Build("test", null));
    }
}
