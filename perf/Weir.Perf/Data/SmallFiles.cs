namespace Weir.Perf.Data;

/// <summary>The same 10,000 wide rows as one file and as a hundred files, and the first ten alone: what a file and a start cost.</summary>
internal static class SmallFiles
{
    public const int Rows = 10_000, Files = 100, Few = 10;

    /// <summary>Made anew each time: it is 12 MB. The path is that of the one file.</summary>
    public static DataSet Ensure(string folder)
    {
        string path = Path.Combine(folder, "small.csv"), parts = Folder(path);
        var facts = DataSet.Write(path, DataSet.Recipe(DataKind.Wide), (rows, _) => rows < Rows);
        DataSet.Write(FewRows(path), DataSet.Recipe(DataKind.Wide), (rows, _) => rows < Few);
        if (Directory.Exists(parts))
            Directory.Delete(parts, recursive: true);
        Directory.CreateDirectory(parts);
        var all = DataSet.Recipe(DataKind.Wide);   // goes on from file to file
        for (int i = 0; i < Files; i++)
            DataSet.Write(Path.Combine(parts, $"part{i:D3}.csv"), all, (rows, _) => rows < Rows / Files);
        return new DataSet(DataKind.Small, (int)(facts.Bytes / 1_000_000), path, facts);
    }

    /// <summary>The folder of the hundred files.</summary>
    public static string Folder(string path) => Path.Combine(Path.GetDirectoryName(path)!, "small-parts");

    /// <summary>The file of ten rows.</summary>
    public static string FewRows(string path) => Path.Combine(Path.GetDirectoryName(path)!, "few.csv");
}
