namespace Weir.Engine.Store;

/// <summary>A case to ask, for all tests of a class.</summary>
public sealed class EmptyCase : IAsyncLifetime
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"weir-frame-{Guid.NewGuid():N}.duckdb");

    public CaseFile CaseFile { get; private set; } = null!;

    public async Task InitializeAsync() => CaseFile = await CaseFile.OpenAsync(path);

    public async Task DisposeAsync()
    {
        await CaseFile.DisposeAsync();
        File.Delete(path);
        File.Delete(path + ".wal");
    }
}
