using Apache.Arrow;

namespace Weir.Engine.Stages;

/// <summary>What a table knows of the addresses of one text column, cell by cell.</summary>
/// <param name="Asn">AS numbers; NULL where the cell is no address, the address is not public or nobody announces it.</param>
/// <param name="Organisation">Their organisations; NULL also where the table has no name for the number.</param>
/// <param name="Tally">How many cells were addresses.</param>
internal sealed record AsnColumns(Int64Array Asn, StringArray Organisation, AddressTally Tally) : IDisposable
{
    public void Dispose()
    {
        Asn.Dispose();
        Organisation.Dispose();
    }
}
