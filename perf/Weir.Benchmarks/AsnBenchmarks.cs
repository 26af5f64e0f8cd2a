using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using MaxMind.Db;
using Weir.Engine.Stages;
using Weir.Perf.Data;

namespace Weir.Benchmarks;

/// <summary>65,536 IPv4 addresses, frequent ones often: the embedded table beside MaxMind's reader over a database of the same ranges.</summary>
public class AsnBenchmarks : IDisposable
{
    private const int Count = 1 << 16;

    private byte[][] texts = [];
    private IPAddress[] addresses = [];
    private Reader? reader;

    [GlobalSetup]
    public void Open()
    {
        var rng = new Rng(7);
        var text = new Utf8Text(64);
        var drawn = new List<byte[]>();
        while (drawn.Count < Count)
        {
            text.Clear();
            Values.Address(text, rng.Skewed(1 << 17));
            if (!text.Written.Contains((byte)':'))
                drawn.Add(text.Written.ToArray());
        }

        texts = [.. drawn];
        addresses = [.. drawn.Select(t => IPAddress.Parse(Encoding.ASCII.GetString(t)))];
        string path = Path.Combine(BenchmarkData.Folder, "asn.mmdb");
        MmdbWriter.Write(path, AsnTable.Embedded);
        reader = new Reader(path, FileAccessMode.Memory);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        reader?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public long WeirFromText()
    {
        long sum = 0;
        foreach (byte[] text in texts)
            sum += AsnTable.Embedded.TryFind(text, out var entry) ? entry.Asn : 0;
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public long WeirFromAddress()
    {
        long sum = 0;
        foreach (var address in addresses)
            sum += AsnTable.Embedded.Find(address)?.Asn ?? 0;
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Count, Baseline = true)]
    public long MaxMindFromAddress()
    {
        long sum = 0;
        foreach (var address in addresses)
            sum += reader!.Find<AsnRecord>(address)?.Number ?? 0;
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public long MaxMindFromText()
    {
        long sum = 0;
        foreach (byte[] text in texts)
            sum += reader!.Find<AsnRecord>(IPAddress.Parse(Encoding.ASCII.GetString(text)))?.Number ?? 0;
        return sum;
    }
}
