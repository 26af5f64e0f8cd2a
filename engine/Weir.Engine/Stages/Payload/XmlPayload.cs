using System.Text;
using System.Xml;

namespace Weir.Engine.Stages;

/// <summary>Reads the values of some paths out of XML text: no DTD, no entities but XML's own, nothing fetched.</summary>
/// <remarks>What was read before a fault stays. Events as Windows writes them are read by <see cref="PlainXml"/>, all else by the framework's reader. Not safe from several threads.</remarks>
internal sealed class XmlPayload
{
    // Sysmon and Security events are some kB; an event log record cannot be larger than 64 kB, a script block is cut at 32 kB.
    private const int LongestText = 4 << 20, Deepest = 32;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = LongestText,
        MaxCharactersFromEntities = 1024,
        CheckCharacters = false,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    private readonly Dictionary<string, int> fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private readonly PlainXml? plain;
    private readonly byte[][] names;
    private bool isPlain;
    private readonly StringBuilder path = new();
    private readonly StringBuilder content = new();
    private readonly int[] lengths = new int[Deepest + 1];
    private byte[] bytes = new byte[1024];

    /// <param name="plain">Ordinary events are read by <see cref="PlainXml"/>.</param>
    public XmlPayload(IReadOnlyList<PayloadField> wanted, bool plain = true)
    {
        for (int i = 0; i < wanted.Count; i++)
            fields[wanted[i].Path] = i;
        this.plain = plain ? new PlainXml(wanted) : null;
        names = [.. wanted.Select(f => f.Derivation(PayloadFormat.Xml) is { From: DerivedFrom.Xml } derived ? derived.Path : "").Select(Encoding.UTF8.GetBytes)];
        lookup = fields.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <returns>The text is XML to its end.</returns>
    public bool Read(ReadOnlySpan<byte> text, PayloadValues values)
    {
        isPlain = false;
        if (text.Length > LongestText)
        {
            values.IsOdd = true;
            return false;
        }

        isPlain = plain?.Read(text, values) == true;
        if (isPlain)
            return true;
        values.Clear();
        values.IsOdd = true;
        path.Clear();
        content.Clear();
        int current = 0;
        try
        {
            using var reader = XmlReader.Create(new StringReader(Encoding.UTF8.GetString(text)), Settings);
            while (reader.Read())
            {
                if (reader.NodeType is XmlNodeType.Element or XmlNodeType.EndElement)
                    KeepContent(values);
                if (reader.NodeType == XmlNodeType.Element)
                {
                    Element(reader, values);
                    current = reader.Depth;
                }
                else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && reader.Depth == current + 1 && current > 0)
                {
                    content.Append(reader.Value); // a comment or CDATA cuts text in pieces
                }
            }

            return true;
        }
        catch (XmlException)
        {
            KeepContent(values);
            return false;
        }
    }

    /// <summary>SQL may find values of fields that <see cref="HasOther"/> tells.</summary>
    public bool HasOthers => !isPlain || plain!.HasOthers;

    /// <summary>SQL may find a value of the field in the text that was read last, which has none: in a comment, or elsewhere in the event.</summary>
    public bool HasOther(int field, ReadOnlySpan<byte> text) => isPlain ? plain!.HasOther(field) : names[field].Length > 0 && IsQuoted(text, names[field]);

    // Whatever the quotes: SQL takes one of each sort for a pair.
    private static bool IsQuoted(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        for (int at; (at = text.IndexOf(name)) >= 0; text = text[(at + 1)..])
        {
            if (at > 0 && at + name.Length < text.Length && text[at - 1] is (byte)'"' or (byte)'\'' && text[at + name.Length] is (byte)'"' or (byte)'\'')
                return true;
        }

        return false;
    }

    private void KeepContent(PayloadValues values)
    {
        if (content.Length > 0)
            Keep(path.ToString(), content.ToString(), values);
        content.Clear();
    }

    private void Element(XmlReader reader, PayloadValues values)
    {
        int depth = reader.Depth;
        if (depth == 0)
            return;
        if (depth > Deepest)
            throw new XmlException($"Elements nest deeper than {Deepest}.");
        path.Length = depth == 1 ? 0 : lengths[depth - 1];
        if (path.Length > 0)
            path.Append('.');
        string name = reader.LocalName;
        path.Append(name == "Data" && reader.GetAttribute("Name") is { Length: > 0 } named ? named : name);
        lengths[depth] = path.Length;
        while (reader.MoveToNextAttribute())
            Keep($"{path}.{reader.LocalName}", reader.Value, values);
        reader.MoveToElement();
    }

    private void Keep(ReadOnlySpan<char> at, string value, PayloadValues values)
    {
        if (!lookup.TryGetValue(at, out int field))
            return;
        int room = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (bytes.Length < room)
            bytes = new byte[room];
        values.Set(field, bytes.AsSpan(0, Encoding.UTF8.GetBytes(value, bytes)));
    }
}
