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
    private readonly StringBuilder path = new();
    private readonly int[] lengths = new int[Deepest + 1];
    private byte[] bytes = new byte[1024];

    /// <param name="plain">Ordinary events are read by <see cref="PlainXml"/>.</param>
    public XmlPayload(IReadOnlyList<PayloadField> wanted, bool plain = true)
    {
        for (int i = 0; i < wanted.Count; i++)
            fields[wanted[i].Path] = i;
        this.plain = plain ? new PlainXml(wanted) : null;
        lookup = fields.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <returns>The text is XML to its end.</returns>
    public bool Read(ReadOnlySpan<byte> text, PayloadValues values)
    {
        if (text.Length > LongestText)
        {
            values.IsOdd = true;
            return false;
        }

        if (plain?.Read(text, values) == true)
            return true;
        values.Clear();
        values.IsOdd = true;
        path.Clear();
        try
        {
            using var reader = XmlReader.Create(new StringReader(Encoding.UTF8.GetString(text)), Settings);
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element)
                    Element(reader, values);
                else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && reader.Depth > 1)
                    Keep(path.ToString(), reader.Value, values);
            }

            return true;
        }
        catch (XmlException)
        {
            return false;
        }
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
