using System.Diagnostics;
using Weir.Cli.Tests.Commands;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Cli.Tests.Landing;

/// <summary>Who can have a case open beside whom: any number of readers, or one writer, in this process and in others.</summary>
public sealed class SharingTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Readers_InSeveralProcesses_ReadAtOnce()
    {
        await LandAsync("a.csv", "a,b\n1,2\n");
        using Process first = await ReaderAsync();
        Assert.Equal("n\n1\n", (await bench.ChildAsync("sql", "SELECT count(*) AS n FROM a", "--format", "csv")).Clean().Out);
        Assert.Equal("1", await bench.AskAsync("SELECT count(*) FROM a"));
        await bench.VerifiedAsync();
        Assert.False(first.HasExited);
        first.Kill();
    }

    [Fact]
    public async Task Writer_BesideAReader_IsToldWhoReadsAndWritesNothing()
    {
        await LandAsync("a.csv", "a,b\n1,2\n");
        string file = bench.Write("b.csv", "a,b\n3,4\n"), before = Hash();
        using (Process reader = await ReaderAsync())
        {
            foreach (string[] command in (string[][])[["ingest", file], ["remove", "1"]])
                (await bench.ChildAsync(command)).Failed(bench.Case, $"(process {reader.Id}), which has it open for reading", "Wait until that process has ended or has closed the case, and try again.");
            Assert.Equal(before, Hash());
            reader.Kill();
            await reader.WaitForExitAsync();
        }

        (await bench.ChildAsync("ingest", file, "--quiet")).Clean();
        Assert.Equal("2", await bench.AskAsync("SELECT sum(rows_landed) FROM weir.sources"));
    }

    [Fact]
    public async Task Library_BesideAWriter_ReadsOnceItIsGone()
    {
        await LandAsync("a.csv", "a,b\n1,2\n");
        using (Process writer = Run.Start(["ingest", "-", "--table", "held", "--case", bench.Case]))
        {
            Assert.Contains("standard input", await writer.StandardError.ReadLineAsync(), StringComparison.Ordinal); // said once the case is open
            WeirException refused = await Assert.ThrowsAsync<WeirException>(() => CaseFile.OpenAsync(bench.Case, new CaseOptions { ReadOnly = true }));
            Assert.Contains($"(process {writer.Id}), which has it open for writing; expected a case that nobody writes while it is read.", refused.Message, StringComparison.Ordinal);
            Assert.Contains("open it read-only", refused.Message, StringComparison.Ordinal);
            refused = await Assert.ThrowsAsync<WeirException>(() => CaseFile.OpenAsync(bench.Case));
            Assert.Contains($"(process {writer.Id}), which has it open for writing; expected a case that nobody else has open while it is written.", refused.Message, StringComparison.Ordinal);
            await writer.StandardInput.WriteAsync("a,b\n3,4\n");
            Assert.Equal(0, (await Run.EndAsync(writer)).Exit);
        }

        await using CaseFile caseFile = await CaseFile.OpenAsync(bench.Case, new CaseOptions { ReadOnly = true });
        Assert.Equal(1, caseFile.Database.Count("SELECT count(*) FROM held"));
    }

    // Locks of files do not count within a process: the rows of the writer that was closed first were gone.
    [Fact]
    public async Task SameProcess_SecondWriter_IsRefusedAndNothingIsLost()
    {
        string first = bench.Write("a.csv", "a\n1\n2\n"), second = bench.Write("b.csv", "a\n3\n");
        await using (CaseFile caseFile = await CaseFile.OpenAsync(bench.Case))
        {
            await LandAsync(caseFile, first);
            foreach (bool readOnly in (bool[])[false, true])
            {
                WeirException refused = await Assert.ThrowsAsync<WeirException>(() => CaseFile.OpenAsync(bench.Case, new CaseOptions { ReadOnly = readOnly }));
                Assert.StartsWith($"{bench.Case}: this process has it open for writing already", refused.Message, StringComparison.Ordinal);
            }

            await LandAsync(caseFile, second);
        }

        Assert.Equal("3", await bench.AskAsync("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task SameProcess_WriterBesideReaders_IsRefusedUntilTheLastIsClosed()
    {
        await LandAsync("a.csv", "a,b\n1,2\n");
        CaseFile one = await CaseFile.OpenAsync(bench.Case, new CaseOptions { ReadOnly = true }), two = await CaseFile.OpenAsync(bench.Case, new CaseOptions { ReadOnly = true });
        await one.DisposeAsync();
        await one.DisposeAsync();
        WeirException refused = await Assert.ThrowsAsync<WeirException>(() => CaseFile.OpenAsync(bench.Case));
        Assert.StartsWith($"{bench.Case}: this process has it open for reading", refused.Message, StringComparison.Ordinal);
        await two.DisposeAsync();
        await (await CaseFile.OpenAsync(bench.Case)).DisposeAsync();
    }

    // The first one that was closed took the lock of all readers of the process with it.
    [Fact]
    public async Task SameProcess_OneOfTwoReadersClosed_OtherProcessesStillCannotWrite()
    {
        await LandAsync("a.csv", "a,b\n1,2\n");
        string file = bench.Write("b.csv", "a,b\n3,4\n");
        var readOnly = new CaseOptions { ReadOnly = true };
        await using (CaseFile left = await CaseFile.OpenAsync(bench.Case, readOnly))
        {
            for (int i = 0; i < 2; i++)
            {
                await (await CaseFile.OpenAsync(bench.Case, readOnly)).DisposeAsync();
                (await bench.ChildAsync("ingest", file)).Failed(bench.Case, $"(process {Environment.ProcessId}), which has it open for reading");
            }

            Assert.Equal(1, left.Database.Count("SELECT count(*) FROM a"));
        }

        (await bench.ChildAsync("ingest", file, "--quiet")).Clean();
    }

    [Fact]
    public async Task SameProcess_RefusedCase_CanBeOpenedOnceItIsMended()
    {
        string path = bench.Write("notes.duckdb", new string('x', 20_000));
        for (int i = 0; i < 2; i++)
            Assert.Contains("not a DuckDB database", (await Assert.ThrowsAsync<WeirException>(() => CaseFile.OpenAsync(path))).Message, StringComparison.Ordinal);
        File.Delete(path);
        await (await CaseFile.OpenAsync(path)).DisposeAsync();
    }

    private async Task LandAsync(string name, string text) => (await bench.WeirAsync("ingest", bench.Write(name, text), "--quiet")).Clean();

    private static Task<RunReport> LandAsync(CaseFile caseFile, string file) =>
        Pipeline.From(new CsvSource(file)).Then(new ParseStage()).To(caseFile.Table("t")).RunAsync(RunOptions.Default, CancellationToken.None);

    /// <summary>A process that has the case open for reading: nobody takes the rows that it prints.</summary>
    private async Task<Process> ReaderAsync()
    {
        Process reader = Run.Start(["sql", "SELECT range FROM range(100000000)", "--format", "csv", "--case", bench.Case]);
        Assert.Equal("range", await reader.StandardOutput.ReadLineAsync());
        return reader;
    }

    private string Hash() => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(bench.Case)));
}
