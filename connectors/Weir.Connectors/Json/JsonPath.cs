using System.Text;

namespace Weir.Connectors;

/// <summary>The original name of a column of JSON: keys joined by dots. A key that is empty or holds a dot, a quote or a backslash stands between quotes, so that no two paths have one name.</summary>
internal static class JsonPath
{
    public static string Join(string before, string key)
    {
        bool plain = key.Length > 0 && !key.AsSpan().ContainsAny('.', '"', '\\');
        string segment = plain ? key : $"\"{key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        return before.Length == 0 ? segment : $"{before}.{segment}";
    }

    /// <summary>The keys of a name that <see cref="Join"/> made.</summary>
    public static IEnumerable<string> Split(string name)
    {
        var key = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (quoted && c == '\\')
            {
                key.Append(name[++i]);
            }
            else if (c == '.' && !quoted)
            {
                yield return key.ToString();
                key.Clear();
            }
            else
            {
                key.Append(c);
            }
        }

        yield return key.ToString();
    }
}
