using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Weir.Engine.Buffers;

namespace Weir.Engine.Stages;

/// <summary>Reads the values of some paths out of XML as Windows writes its events: elements, attributes, text and XML's own five entities. It refuses everything else.</summary>
/// <remarks>
/// What it takes gives the same values as the framework's reader, which makes 4 KB of objects an event and costs five times as much. It refuses text beside elements, comments, CDATA, prefixes, references by number, line ends
/// that XML would change, and whatever is not well-formed. Not safe from several threads.
/// </remarks>
internal sealed class PlainXml
{
    private const int Deepest = 32, MostAttributes = 16;

    private static readonly bool[] IsInName = [.. Enumerable.Range(0, 256).Select(b => b < 128 && (char.IsAsciiLetterOrDigit((char)b) || b is '_' or '-' or '.'))];
    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n"u8);
    private static readonly SearchValues<byte> NotInAttributes = SearchValues.Create("<&\t\r\n"u8);

    private readonly Dictionary<byte[], int> fields = new(Utf8Names.Comparer);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> lookup;
    private readonly Dictionary<byte[], int> dataNames = new(Utf8Names.Comparer);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> dataLookup;
    private readonly int[] dataSeen;
    private readonly bool[] dataUnread;
    private readonly (int Start, int Length)[] open = new (int, int)[Deepest + 1];
    private readonly int[] lengths = new int[Deepest + 1];
    private readonly (int Start, int Length)[] attributes = new (int, int)[MostAttributes];
    private byte[] path = new byte[256];
    private byte[] decoded = new byte[1024];

    public PlainXml(IReadOnlyList<PayloadField> wanted)
    {
        for (int i = 0; i < wanted.Count; i++)
        {
            fields[Encoding.UTF8.GetBytes(wanted[i].Path)] = i;
            if (wanted[i].Path.StartsWith(PayloadField.EventData, StringComparison.Ordinal))
                dataNames[Encoding.UTF8.GetBytes(wanted[i].Path[PayloadField.EventData.Length..])] = i;
        }

        lookup = fields.GetAlternateLookup<ReadOnlySpan<byte>>();
        dataLookup = dataNames.GetAlternateLookup<ReadOnlySpan<byte>>();
        dataSeen = new int[wanted.Count];
        dataUnread = new bool[wanted.Count];
    }

    /// <summary>Some field has another.</summary>
    public bool HasOthers { get; private set; }

    /// <summary>Some <c>Data</c> element of the field's name has text that is not the field's value: SQL would take it.</summary>
    public bool HasOther(int field) => dataUnread[field];

    /// <returns>The text is such XML to its end; else what was set does not count.</returns>
    public bool Read(ReadOnlySpan<byte> text, PayloadValues values)
    {
        Array.Clear(dataSeen);
        Array.Clear(dataUnread);
        HasOthers = false;
        int depth = 0, at = 0;
        bool ended = false;
        while (true)
        {
            int tag = text[at..].IndexOf((byte)'<');
            ReadOnlySpan<byte> before = tag < 0 ? text[at..] : text.Slice(at, tag);
            if (tag < 0)
                return ended && !before.ContainsAnyExcept(Blanks);
            if (before.ContainsAnyExcept(Blanks))
                return false; // text that is not all there is in its element
            at += tag + 1;
            if (at + 1 >= text.Length)
                return false;
            if (text[at] == '/')
            {
                if (depth == 0)
                    return false;
                (int start, int length) = open[--depth];
                if (!text[(at + 1)..].StartsWith(text.Slice(start, length)) || at + 1 + length >= text.Length || text[at + 1 + length] != '>')
                    return false;
                at += length + 2;
                ended = depth == 0;
                continue;
            }

            if (ended || depth > Deepest - 1 || !Element(text, ref at, depth, values, out bool empty, out int dataField, out bool exact))
                return false;
            if (empty)
            {
                ended = depth == 0;
                continue;
            }

            // Text up to the end tag is the element's whole content, or there are elements in it.
            int next = text[at..].IndexOf((byte)'<');
            if (next < 0 || at + next + 1 >= text.Length)
                return false;
            ReadOnlySpan<byte> content = text.Slice(at, next);
            if (text[at + next + 1] == '/' && content.Length > 0)
            {
                bool kept = false;
                if (content.ContainsAnyExcept(Blanks) && !Keep(content, depth, dataField, exact, values, out kept))
                    return false;
                if (dataField >= 0 && !kept)
                    HasOthers = dataUnread[dataField] = true;
                at += next;
            }

            depth++;
        }
    }

    /// <summary>A start tag: its place in the path, its attributes.</summary>
    /// <param name="at">Behind the bracket; afterwards behind the tag.</param>
    /// <param name="exact">It is written as <see cref="PayloadDerivation"/> looks for it, for the first time.</param>
    private bool Element(ReadOnlySpan<byte> text, ref int at, int depth, PayloadValues values, out bool empty, out int dataField, out bool exact)
    {
        (empty, dataField, exact) = (false, -1, false);
        int tag = at, length = NameLength(text[at..]);
        if (length == 0)
            return false;
        open[depth] = (at, length);
        ReadOnlySpan<byte> name = text.Slice(at, length);
        at += length;
        int count = 0;
        ReadOnlySpan<byte> named = default;
        Span<(int Start, int Length)> places = stackalloc (int, int)[MostAttributes];
        while (true)
        {
            int blanks = text[at..].IndexOfAnyExcept(Blanks);
            if (blanks < 0)
                return false;
            at += blanks;
            if (text[at] == '>')
            {
                at++;
                break;
            }

            if (text[at] == '/')
            {
                if (at + 1 >= text.Length || text[at + 1] != '>')
                    return false;
                at += 2;
                empty = true;
                break;
            }

            int attribute = NameLength(text[at..]);
            if (blanks == 0 || attribute == 0 || count == MostAttributes || at + attribute + 2 >= text.Length || text[at + attribute] != '=' || text[at + attribute + 1] is not ((byte)'"' or (byte)'\''))
                return false;
            int from = at + attribute + 2, close = text[from..].IndexOf(text[from - 1]);
            if (close < 0 || text.Slice(from, close).ContainsAny(NotInAttributes))
                return false;
            ReadOnlySpan<byte> key = text.Slice(at, attribute);
            for (int i = 0; i < count; i++)
            {
                if (text.Slice(attributes[i].Start, attributes[i].Length).SequenceEqual(key))
                    return false;
            }

            attributes[count] = (at, attribute);
            places[count++] = (from, close);
            if (key.SequenceEqual("Name"u8))
                named = text.Slice(from, close);
            at = from + close + 1;
        }

        if (depth == 0)
            return true;
        bool isData = name.SequenceEqual("Data"u8) && named.Length > 0;
        int end = depth == 1 ? 0 : lengths[depth - 1];
        Append(ref end, isData ? named : name, dot: end > 0);
        lengths[depth] = end;
        if (isData && dataLookup.TryGetValue(named, out dataField))
            exact = dataSeen[dataField]++ == 0 && count == 1 && text[tag + 4] == ' ' && at - tag == "Data Name=''>"u8.Length + named.Length;
        for (int i = 0; i < count; i++)
        {
            int with = end;
            Append(ref with, text.Slice(attributes[i].Start, attributes[i].Length), dot: true);
            if (lookup.TryGetValue(path.AsSpan(0, with), out int field))
                values.Set(field, text.Slice(places[i].Start, places[i].Length));
        }

        return true;
    }

    /// <param name="kept">The text is of the field that its <c>Data</c> element names.</param>
    private bool Keep(ReadOnlySpan<byte> content, int depth, int dataField, bool exact, PayloadValues values, out bool kept)
    {
        kept = false;
        if (content.IndexOf("]]>"u8) >= 0 || content.Contains((byte)'\r'))
            return false;
        bool plain = !content.Contains((byte)'&');
        if (!plain && !Decode(ref content))
            return false;
        if (depth > 0 && lookup.TryGetValue(path.AsSpan(0, lengths[depth]), out int field))
        {
            kept = field == dataField;
            values.Set(field, content, asItIs: plain && exact && kept);
        }

        return true;
    }

    private bool Decode(ref ReadOnlySpan<byte> content)
    {
        if (decoded.Length < content.Length)
            decoded = new byte[content.Length];
        int written = 0;
        while (true)
        {
            int and = content.IndexOf((byte)'&');
            ReadOnlySpan<byte> before = and < 0 ? content : content[..and];
            before.CopyTo(decoded.AsSpan(written));
            written += before.Length;
            if (and < 0)
                break;
            content = content[and..];
            (int length, char character) = content.StartsWith("&quot;"u8) ? (6, '"') : content.StartsWith("&amp;"u8) ? (5, '&') : content.StartsWith("&lt;"u8) ? (4, '<')
                : content.StartsWith("&gt;"u8) ? (4, '>') : content.StartsWith("&apos;"u8) ? (6, '\'') : (0, '\0');
            if (length == 0)
                return false;
            decoded[written++] = (byte)character;
            content = content[length..];
        }

        content = decoded.AsSpan(0, written);
        return true;
    }

    private void Append(ref int end, ReadOnlySpan<byte> name, bool dot)
    {
        if (path.Length < end + name.Length + 1)
            Array.Resize(ref path, Math.Max(path.Length * 2, end + name.Length + 1));
        if (dot)
            path[end++] = (byte)'.';
        name.CopyTo(path.AsSpan(end));
        end += name.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NameLength(ReadOnlySpan<byte> text)
    {
        int length = 0; // names are short
        while (length < text.Length && IsInName[text[length]])
            length++;
        return length > 0 && (text[0] | 0x20) is >= 'a' and <= 'z' or '_' ? length : 0;
    }
}
