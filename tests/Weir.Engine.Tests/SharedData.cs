namespace Weir.Engine.Tests;

/// <summary>The sample data beside the source tree; absent on other machines.</summary>
internal static class SharedData
{
    /// <summary>Folder of the data: <c>$WEIR_SHARED</c>, else <c>shared/data</c> in or beside a folder above this assembly; null where there is none.</summary>
    public static string? Root { get; } = Find();

    /// <summary>Full path of a file, or null.</summary>
    public static string? File(string relative)
    {
        string? path = Root is null ? null : Path.Combine(Root, relative);
        return System.IO.File.Exists(path) ? path : null;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("WEIR_SHARED") is { Length: > 0 } set)
            return Directory.Exists(set) ? set : null;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate))
                return candidate;
        }

        return null;
    }
}
