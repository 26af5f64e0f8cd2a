namespace Weir.Engine.Stages;

internal static class ColumnNames
{
    public static string Clean(string original) => throw new NotImplementedException();
}
