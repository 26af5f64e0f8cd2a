using System.Text;

namespace Weir.Engine.Stages;

/// <summary>Names under a public suffix of the ICANN section, with at least one label before it.</summary>
/// <remarks>
/// A name that stands by itself (not in a URL or an e-mail address) is no domain where it is more likely
/// a path (behind a slash or a backslash; UNC hosts count), a call or an assignment (before <c>(</c>, <c>=</c>, <c>_</c>, <c>-</c>), a variable (behind <c>$</c>), a type name (<c>System.IO</c>:
/// the suffix is capitalised otherwise than the rest), or a file or field whose end is a suffix by chance (<c>readme.md</c>, <c>user.name</c>): two labels, the second in <see cref="Ambiguous"/>,
/// and neither a port nor a path behind it. Labels with an underscore count left of the registrable domain.
/// </remarks>
internal static class DomainKind
{
    private const int LongestLabel = 63;

    /// <summary>Suffixes that are extensions of files or names of fields more often than registries, where only one label stands before them.</summary>
    private static readonly HashSet<string> AmbiguousNames = new(StringComparer.Ordinal)
    {
        "app", "bar", "cab", "call", "cc", "data", "date", "do", "events", "foo", "group", "host", "id", "is", "java", "link", "map", "md", "mm", "mov", "my", "name", "now", "open",
        "page", "pl", "pm", "ps", "pub", "py", "rs", "search", "sh", "so", "style", "target", "today", "zip",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Ambiguous = AmbiguousNames.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reports the domain of a stretch of host characters, if it is one by itself.</summary>
    public static void ReportAlone(ref ScanState state, int start, int end)
    {
        ReadOnlySpan<byte> text = state.Text;
        start = SkipEscape(text, start, end);
        while (start < end && text[start] == '.')
            start++;
        while (end > start && text[end - 1] == '.')
            end--;
        ReadOnlySpan<byte> run = text[start..end];
        int last = run.LastIndexOf((byte)'.') + 1;
        if (last == 0 || Bytes.Is(run[last], ByteClass.Digit))
            return; // most of them: numbers with a fraction
        int dots = run.LastIndexOf(".."u8) + 2;
        if (dots > 1)
        {
            start += dots;
            run = run[dots..];
        }

        run = HostText.CutDer(run);
        end = start + run.Length;
        if (run.Length < 4 || !run.Contains((byte)'.') || IsBehindPath(text, start) || IsBeforeCode(text, end))
            return;
        if (!state.Hits.Domains.TryFind(run, out int from, out ReadOnlySpan<byte> normal) || IsTypeName(run[from..]) || IsAmbiguous(text, start + from, end, normal))
            return;
        Report(ref state, start + from, end - start - from, normal, state.Around(start + from, end));
    }

    public static void Report(ref ScanState state, int at, int length, scoped ReadOnlySpan<byte> normal, int partOf)
    {
        state.Hits.Append(normal);
        state.Hits.Add(IndicatorType.Domain, at, length, partOf: partOf);
    }

    /// <summary>The longest domain that a dotted name ends with.</summary>
    /// <param name="name">Without dots at its ends.</param>
    /// <param name="normal">Takes the normal form; <see cref="HostText.Room"/> bytes.</param>
    /// <param name="start">Where the domain begins in <paramref name="name"/>: not 0 where labels before it cannot be any.</param>
    /// <param name="length">Bytes of the normal form.</param>
    public static bool TryFind(ReadOnlySpan<byte> name, Span<byte> normal, out int start, out int length)
    {
        (start, length) = (0, 0);
        ReadOnlySpan<byte> last = name[(name.LastIndexOf((byte)'.') + 1)..];
        if (last.Length is < 2 or > LongestLabel * 4 || Bytes.Is(last[0], ByteClass.Digit) || last.Length == name.Length)
            return false;
        if (!HostText.TryNormalise(last, normal, out length) || !PublicSuffixes.Embedded.IsTopLevel(normal[..length]))
            return false;
        start = name.Length + 1;
        while (start > 0)
        {
            int label = name[..(start - 1)].LastIndexOf((byte)'.') + 1;
            if (!IsLabel(name[label..(start - 1)]) || name.Length - label > HostText.Longest)
                break;
            start = label;
        }

        if (start >= name.Length || !HostText.TryNormalise(name[start..], normal, out length))
            return false;
        int registrable = PublicSuffixes.Embedded.RegistrableStart(normal[..length]);
        return registrable >= 0 && !normal[registrable..length].Contains((byte)'_');
    }

    /// <summary>Skips the rest of an escaped character that the name touches: <c>%2Fevil.example</c>, <c>=40evil.example</c>, <c>%2540evil.example</c>.</summary>
    private static int SkipEscape(ReadOnlySpan<byte> text, int start, int end)
    {
        if (start == 0 || end - start < 3 || !Bytes.Is(text[start], ByteClass.Hex) || !Bytes.Is(text[start + 1], ByteClass.Hex))
            return start;
        if (text[start - 1] == '=' && text[start..].StartsWith("40"u8))
            return start + 2;
        if (text[start - 1] is not ((byte)'%' or (byte)'*'))
            return start;
        bool again = text[start..].StartsWith("25"u8) && end - start > 4 && Bytes.Is(text[start + 2], ByteClass.Hex) && Bytes.Is(text[start + 3], ByteClass.Hex);
        return start + (again ? 4 : 2);
    }

    private static bool IsBehindPath(ReadOnlySpan<byte> text, int start)
    {
        if (start == 0)
            return false;
        switch (text[start - 1])
        {
            case (byte)'$' or (byte)'-':
                return true;
            case (byte)'/':
                return start < 2 || text[start - 2] != '/';
            case (byte)'\\':
                int slashes = start;
                while (slashes > 0 && text[slashes - 1] == '\\')
                    slashes--;
                // \\server, or \\\\server where backslashes are escaped; C:\\folder\\name is neither.
                return start - slashes < 2 || (slashes > 0 && (Bytes.Is(text[slashes - 1], ByteClass.Host) || text[slashes - 1] is (byte)':' or (byte)')'));
            default:
                return false;
        }
    }

    private static bool IsBeforeCode(ReadOnlySpan<byte> text, int end) => end < text.Length && text[end] is (byte)'(' or (byte)'=' or (byte)'_' or (byte)'-';

    private static bool IsLabel(ReadOnlySpan<byte> label) =>
        label.Length > 0 && label[0] != '-' && label[^1] != '-' && (label.Length <= LongestLabel || !Ascii.IsValid(label));

    /// <summary>The suffix mixes cases, or is in capitals behind a label that mixes them.</summary>
    private static bool IsTypeName(ReadOnlySpan<byte> name)
    {
        int dot = name.LastIndexOf((byte)'.');
        Case suffix = CaseOf(name[(dot + 1)..]);
        bool typed = suffix == Case.Mixed;
        for (int end = dot; suffix == Case.Upper && !typed && end > 0;)
        {
            int label = name[..end].LastIndexOf((byte)'.') + 1;
            typed = CaseOf(name[label..end]) == Case.Mixed;
            end = label - 1;
        }

        return typed;
    }

    private static bool IsAmbiguous(ReadOnlySpan<byte> text, int start, int end, ReadOnlySpan<byte> normal)
    {
        int dot = normal.LastIndexOf((byte)'.');
        if (normal.IndexOf((byte)'.') != dot)
            return false;
        Span<char> suffix = stackalloc char[LongestLabel];
        if (normal.Length - dot - 1 > LongestLabel || !Ambiguous.Contains(suffix[..Encoding.ASCII.GetChars(normal[(dot + 1)..], suffix)]))
            return false;
        if (start >= 2 && (text[start - 1] == '@' || text[(start - 2)..start].SequenceEqual("//"u8)))
            return false;
        return end + 1 >= text.Length || !(text[end] == '/' || (text[end] == ':' && Bytes.Is(text[end + 1], ByteClass.Digit)));
    }

    private static Case CaseOf(ReadOnlySpan<byte> text)
    {
        bool upper = text.IndexOfAnyInRange((byte)'A', (byte)'Z') >= 0, lower = text.IndexOfAnyInRange((byte)'a', (byte)'z') >= 0;
        return upper ? lower ? Case.Mixed : Case.Upper : Case.Lower;
    }

    private enum Case : byte
    {
        Lower,
        Upper,
        Mixed,
    }
}
