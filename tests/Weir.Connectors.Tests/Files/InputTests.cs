using System.Text;
using Weir.Engine;

namespace Weir.Connectors.Tests;

public sealed class InputTests
{
    [Fact]
    public async Task Open_WhatIsNoFile_SaysWhereAndWhat()
    {
        using var file = new TempFile("a\n1\n"u8.ToArray());
        await Fails<WeirException>(Path.Combine(file.Folder, "absent.csv"), "no such file");
        await Fails<WeirException>(file.Folder, "folder");
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("\uFEFF", "byte-order mark")]
    public async Task Open_NoText_IsEmpty(string text, string found)
    {
        using var file = new TempFile(Encoding.UTF8.GetBytes(text));
        await Fails<EmptyInputException>(file.Path, found);
    }

    [Fact]
    public async Task Open_NoText_IsRefusedWithARemedy()
    {
        byte[] packed = new byte[20_000];
        new Random(1).NextBytes(packed);
        using var noise = new TempFile(packed);
        await Fails<WeirException>(noise.Path, "binary");
        byte[] cyrillic = [.. "a,b\n"u8, .. Enumerable.Range(0, 4000).Select(i => (byte)(i % 40 == 39 ? '\n' : i % 40 == 20 ? ',' : 0xC0 + (i * 7 % 64)))]; // CP1251
        using var letters = new TempFile(cyrillic);
        Assert.Equal(2, (await new CsvSource(letters.Path).OpenAsync(default)).Columns.Count);

        using var binary = new TempFile([.. Enumerable.Range(0, 4000).Select(i => (byte)(i * 7 % 256)), .. new byte[200]]);
        await Fails<WeirException>(binary.Path, "binary");
        Assert.Equal("1[1\0][2]", SourceRun.Of("a,b\n1\0,2\n").Text());
        Assert.Equal("1[1\0\0\0\0][2]", SourceRun.Of("a,b\n1\0\0\0\0,2\n", new CsvOptions { Delimiter = "," }).Text());
        Assert.Equal("1[1\0][2]", SourceRun.Of("a,b\n1\0,2\n", new CsvOptions { Delimiter = "," }).Text());
    }

    [Fact]
    public async Task Open_File_KnowsSizeFingerprintAndColumns()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},x\n")));
        using var one = new TempFile(bytes);
        using var two = new TempFile(bytes, "other.csv");
        bytes[^2] ^= 1;
        using var three = new TempFile(bytes);
        SourceInfo first = await new CsvSource(one.Path).OpenAsync(default);
        Assert.Equal((long)bytes.Length, first.Bytes);
        Assert.Equal(first.Fingerprint, (await new CsvSource(two.Path).OpenAsync(default)).Fingerprint);
        Assert.NotEqual(first.Fingerprint, (await new CsvSource(three.Path).OpenAsync(default)).Fingerprint);
        Assert.True(first.CanResume);
    }

    [Fact]
    public async Task Read_FromAChangedFile_IsRefused()
    {
        using var file = new TempFile("a,b\n1,2\n3,4\n"u8.ToArray());
        SourceRun run = await SourceRun.OfAsync(new CsvSource(file.Path), null, 1);
        ResumePoint next = run.Origins[0].Next;
        File.WriteAllText(file.Path, "a,b\n1,2\n3,5\n");
        WeirException changed = await Assert.ThrowsAsync<WeirException>(() => SourceRun.OfAsync(new CsvSource(file.Path), next));
        Assert.Equal($"{file.Path}: it changed since 1 rows of it were read; expected the same first 12 bytes. Remove what landed with 'weir remove SOURCE' and ingest the file anew, or bring the old file back.", changed.Message);
        File.WriteAllText(file.Path, "a,b\n1,2\n");
        await Assert.ThrowsAsync<WeirException>(() => SourceRun.OfAsync(new CsvSource(file.Path), next));
        File.WriteAllText(file.Path, "a,b\n1,2\n3,4\n5,6\n"); // it grew: what was read is the same
        Assert.Equal("2[3][4]\n3[5][6]", (await SourceRun.OfAsync(new CsvSource(file.Path), next)).Text());
    }

    [Fact]
    public async Task Read_Stream_CannotBeResumed()
    {
        var source = new CsvSource(new ChoppedStream("a,b\n1,2\n"u8.ToArray(), 3));
        SourceRun run = await SourceRun.OfAsync(source);
        Assert.Equal("1[1][2]", run.Text());
        Assert.False(run.Info.CanResume);
        Assert.Null(run.Info.Fingerprint);
        await Assert.ThrowsAsync<WeirException>(() => SourceRun.OfAsync(source, run.Origins[0].Next));
        await Assert.ThrowsAsync<InvalidOperationException>(() => SourceRun.OfAsync(source));
    }

    [Fact]
    public async Task Read_Cancelled_Stops()
    {
        using var file = new TempFile("a,b\n1,2\n"u8.ToArray());
        var source = new CsvSource(file.Path);
        await source.OpenAsync(default);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (Batch batch in source.ReadAsync(null, RunOptions.Default, stop.Token))
                batch.Dispose();
        });
    }

    [Fact]
    public void Expand_FoldersGlobsAndFiles_InAFixedOrderWithoutDoubles()
    {
        using var root = new TempFile([1], "zeta.csv");
        string At(params string[] parts) => Path.Combine([root.Folder, .. parts]);
        Directory.CreateDirectory(At("logs", "deep"));
        foreach (string name in (string[])["logs/b.tsv.gz", "logs/a.csv", "logs/notes.md", "logs/.history", "logs/syslog", "logs/auth.log.1", "logs/deep/c.txt", "logs/deep/signin-01.csv", "logs/deep/signin-02.csv"])
            File.WriteAllText(At(name.Split('/')), "x");
        Directory.CreateSymbolicLink(At("logs", "deep", "up"), root.Folder);

        IReadOnlyList<InputSet> sets = InputFiles.Expand([At("logs", "a.csv"), At("logs"), At("**", "signin-*.csv"), At("logs", "?.csv"), At("**", "zeta.csv"), "-"]);
        Assert.Equal(["a", "logs", "signin", "csv", "zeta", "stdin"], sets.Select(s => s.Stem == "logs" && s.Argument.EndsWith("?.csv", StringComparison.Ordinal) ? "csv" : s.Stem));
        Assert.Equal([At("logs", "a.csv")], sets[0].Files);
        Assert.Equal([At("logs", ".history"), At("logs", "auth.log.1"), At("logs", "b.tsv.gz"), At("logs", "deep", "c.txt"), At("logs", "deep", "signin-01.csv"), At("logs", "deep", "signin-02.csv"), At("logs", "notes.md"), At("logs", "syslog")], sets[1].Files);
        Assert.Equal([At("logs", "deep", "up")], sets[1].Skipped);
        Assert.Empty(sets[2].Files); // named by the folder already
        Assert.Empty(sets[3].Files);
        Assert.Equal([At("zeta.csv")], sets[4].Files);
        Assert.Equal(["-"], sets[5].Files);
    }

    [Theory]
    [InlineData("absent.csv", "no such file or folder")]
    [InlineData("*.parquet", "no file matches")]
    [InlineData("none/**", "no file matches")]
    [InlineData("empty", "no file is in it")]
    public void Expand_Nothing_SaysSo(string argument, string found)
    {
        using var root = new TempFile([1]);
        Directory.CreateDirectory(Path.Combine(root.Folder, "empty"));
        WeirException e = Assert.Throws<WeirException>(() => InputFiles.Expand([Path.Combine(root.Folder, argument)]));
        Assert.Contains(found, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("logs/signin.csv.gz", "signin")]
    [InlineData("signin.2024.csv", "signin.2024")]
    [InlineData(".csv", "csv")]
    [InlineData("plain", "plain")]
    public void StemOf_Path_IsItsNameWithoutEndings(string path, string stem) => Assert.Equal(stem, InputFiles.StemOf(path));

    private static async Task Fails<T>(string path, string found)
        where T : WeirException
    {
        T e = await Assert.ThrowsAsync<T>(async () => await new CsvSource(path).OpenAsync(default));
        Assert.Contains(found, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Equal(path, e.Where);
    }
}
