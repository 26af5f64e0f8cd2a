using System.Globalization;
using System.Text;
using CsCheck;

namespace Weir.Connectors.Tests;

/// <summary>Damaged inputs of every reader and container: read, conserving all, or refused in one line. WEIR_FUZZ multiplies their number.</summary>
public sealed class MutatedInputTests
{
    private static readonly int Effort = int.TryParse(Environment.GetEnvironmentVariable("WEIR_FUZZ"), CultureInfo.InvariantCulture, out int times) ? times : 1;

    private static readonly InputOptions Reading = new() { Csv = new CsvOptions { SmallMaxRow = 2000, PieceBytes = 300 } };

    private static readonly byte[] Csv = Encoding.UTF8.GetBytes("id,name,time\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i},\"n, \"\"é\"\" {i}\",2024-01-01T00:00:{i:00}Z\r\n")));

    private static readonly byte[] Lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 30).Select(i => $"Jan {i} 10:00:00 host sshd[{i}]: Failed password for root from 10.0.0.{i} port 22\n")));

    private static readonly byte[] Export = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20).Select(i => $"{{\"preview\":{(i < 3 ? "true" : "false")},\"offset\":{i},\"result\":{{\"a\":\"{i}\",\"b\":[\"x\",\"y\"]}}}}\n"))
        + "{\"preview\":false,\"messages\":[{\"type\":\"FATAL\",\"text\":\"x\"}],\"lastrow\":true}\n");

    private static readonly byte[] Results = Encoding.UTF8.GetBytes("{\"preview\":false,\"messages\":[{\"type\":\"INFO\",\"text\":\"x\"}],\"results\":[" + string.Join(",", Enumerable.Range(0, 20).Select(i => $"{{\"a\":\"{i}\"}}")) + "]}");

    public static TheoryData<string> Readers => new("csv", "text", "splunk-export", "splunk-results", "gzip", "zstd", "utf-16", "windows-1252");

    [Theory]
    [MemberData(nameof(Readers))]
    public void Read_MutatedInput_ConservesOrRefuses(string reader)
    {
        byte[] clean = reader switch
        {
            "csv" => Csv,
            "text" => Lines,
            "splunk-export" => Export,
            "splunk-results" => Results,
            "gzip" => CsvPropertyTests.Gzip(Csv),
            "zstd" => SourceContract.Zstd(Csv),
            "utf-16" => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(Csv))],
            _ => Encoding.Latin1.GetBytes(Encoding.UTF8.GetString(Csv)),
        };
        Gen.Select(Gen.Double[0, 1], Gen.Byte, Gen.Int[0, 6], Gen.Int[0, 2]).Array[1, 5].Sample(changes => SourceContract.AnyBytesAreReadOrRefused(Mutate(clean, changes), Reading), iter: 10_000 * Effort);
    }

    /// <summary>Bytes changed, taken out, and written twice.</summary>
    public static byte[] Mutate(byte[] clean, (double At, byte Value, int Cut, int Twice)[] changes)
    {
        var bytes = new List<byte>(clean);
        foreach ((double at, byte value, int cut, int twice) in changes)
        {
            int place = (int)(at * (bytes.Count - 1));
            bytes[place] = value;
            if (twice == 1)
                bytes.InsertRange(place, bytes.GetRange(place, Math.Min(40, bytes.Count - place)));
            else
                bytes.RemoveRange(place, Math.Min(cut, Math.Max(0, bytes.Count - place - 2)));
        }

        return [.. bytes];
    }
}
