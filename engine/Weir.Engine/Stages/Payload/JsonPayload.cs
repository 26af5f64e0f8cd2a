using System.Buffers;
using System.Text;
using System.Text.Json;
using Weir.Engine.Buffers;

namespace Weir.Engine.Stages;

/// <summary>Reads the values of some paths out of JSON text.</summary>
/// <remarks>One pass, no tree. What was read before a fault (an export cuts long cells) stays. Not safe from several threads.</remarks>
internal sealed class JsonPayload
{
    // Management API records nest four deep; what is deeper than this is an attack.
    private const int Deepest = 64;

    private readonly Node root = new();
    private readonly ArrayBufferWriter<byte> line = new();
    private bool joins;
    private int objects;
    private bool repeats;
    private byte[] unescaped = new byte[256];

    public JsonPayload(IReadOnlyList<PayloadField> fields)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            Node node = root;
            string path = fields[i].Path;
            int bracket = path.IndexOf('[', StringComparison.Ordinal);
            string plain = bracket < 0 ? path : path[..bracket];
            foreach (string name in plain.Split('.', StringSplitOptions.RemoveEmptyEntries))
                node = name == "*" ? node : node.Child(name);
            if (bracket >= 0)
                node.Named.Add((Encoding.UTF8.GetBytes(path[(bracket + 1)..^1]), i));
            else if (fields[i].Type == PayloadType.Pairs)
                node.Pairs = i;
            else
                node.Field = i;
        }
    }

    /// <returns>The text is JSON to its end.</returns>
    public bool Read(ReadOnlySpan<byte> text, PayloadValues values)
    {
        if (Read(text, JsonCommentHandling.Disallow, values))
        {
            values.IsOdd = repeats || HasSurrogate(text);
            return true;
        }

        values.Clear();
        bool whole = Read(text, JsonCommentHandling.Skip, values);
        values.IsOdd = true;
        return whole;
    }

    private bool Read(ReadOnlySpan<byte> text, JsonCommentHandling comments, PayloadValues values)
    {
        joins = repeats = false;
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = Deepest, CommentHandling = comments, AllowTrailingCommas = true });
        try
        {
            reader.Read();
            Value(ref reader, text, root, values);
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // DuckDB takes neither comments for JSON nor half of a surrogate pair.
    private static bool HasSurrogate(ReadOnlySpan<byte> text) => text.Contains((byte)'\\') && (text.IndexOf("\\ud"u8) >= 0 || text.IndexOf("\\uD"u8) >= 0);

    private void Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, Node node, PayloadValues values)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                long from = reader.TokenStartIndex;
                bool isObject = reader.TokenType == JsonTokenType.StartObject;
                bool isPairs = !isObject && (node.Pairs >= 0 || node.Named.Count > 0);
                if (isPairs && node.Children.Count > 0)
                {
                    Utf8JsonReader pairs = reader; // another rule asks for paths below
                    Pairs(ref pairs, text, node, values);
                }

                if (isPairs && node.Children.Count == 0)
                    Pairs(ref reader, text, node, values);
                else if (node.Children.Count == 0)
                    reader.Skip();
                else if (isObject)
                    Object(ref reader, text, node, values);
                else
                    Items(ref reader, text, node, values);
                if (node.Field >= 0)
                    values.Set(node.Field, text[(int)from..(int)reader.BytesConsumed], joins);
                break;
            case JsonTokenType.String when node.Pairs >= 0 || node.Named.Count > 0:
                ReadOnlySpan<byte> inner = Scalar(ref reader);
                if (inner is [(byte)'[' or (byte)'{', ..])
                    Nested([.. inner], node, values);
                else if (node.Pairs >= 0)
                    values.Set(node.Pairs, inner);
                if (node.Field >= 0)
                    values.Set(node.Field, Scalar(ref reader), joins, !joins && IsAsItIs(ref reader));
                break;
            case JsonTokenType.Null:
                break;
            default:
                if (node.Field >= 0)
                    values.Set(node.Field, Scalar(ref reader), joins, !joins && IsAsItIs(ref reader));
                break;
        }
    }

    private void Object(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, Node node, PayloadValues values)
    {
        int visit = ++objects;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Node? child = node.Find(ref reader);
            if (child is not null)
            {
                repeats |= child.Visit == visit; // here the first one with a value counts, in SQL the first one
                child.Visit = visit;
            }

            reader.Read();
            if (child is null)
                reader.Skip();
            else
                Value(ref reader, text, child, values);
        }
    }

    /// <summary>An array of objects: each gives its values.</summary>
    private void Items(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, Node node, PayloadValues values)
    {
        bool outer = joins;
        joins = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                Object(ref reader, text, node, values);
            else
                reader.Skip();
        }

        joins = outer;
    }

    /// <summary>JSON inside a JSON string.</summary>
    private void Nested(byte[] text, Node node, PayloadValues values)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = Deepest });
        try
        {
            if (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
                Pairs(ref reader, text, node, values);
        }
        catch (JsonException)
        {
            if (node.Pairs >= 0)
                values.Set(node.Pairs, text);
        }
    }

    /// <summary>An array of objects with a name and a value each.</summary>
    private void Pairs(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, Node node, PayloadValues values)
    {
        line.ResetWrittenCount();
        byte[] name = [], value = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                if (reader.TokenType == JsonTokenType.StartArray)
                    reader.Skip();
                else
                    Add([], Scalar(ref reader), given: true);
                continue;
            }

            (name, value) = ([], []);
            bool given = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isName = reader.ValueTextEquals("Name"u8) || reader.ValueTextEquals("name"u8) || reader.ValueTextEquals("key"u8) || reader.ValueTextEquals("displayName"u8);
                bool isValue = !isName && (reader.ValueTextEquals("Value"u8) || reader.ValueTextEquals("value"u8) || reader.ValueTextEquals("NewValue"u8) || reader.ValueTextEquals("newValue"u8));
                given |= isValue;
                reader.Read();
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    long from = reader.TokenStartIndex;
                    reader.Skip();
                    if (isValue)
                        value = [.. text[(int)from..(int)reader.BytesConsumed]];
                }
                else if (isName)
                {
                    name = [.. Scalar(ref reader)];
                }
                else if (isValue)
                {
                    value = [.. Scalar(ref reader)];
                }
            }

            Add(name, value, given);
            foreach (var (wanted, field) in node.Named)
            {
                if (name.AsSpan().SequenceEqual(wanted))
                    values.Set(field, value);
            }
        }

        if (node.Pairs >= 0 && line.WrittenCount > 0)
            values.Set(node.Pairs, line.WrittenSpan);
    }

    // Line ends inside a value would make several lines of one operation.
    private void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool given)
    {
        if (name.IsEmpty && value.IsEmpty)
            return;
        if (line.WrittenCount > 0)
            line.Write(" "u8);
        line.Write(name);
        if (!name.IsEmpty && given)
            line.Write("="u8); // an object without a value is named only
        Span<byte> target = line.GetSpan(value.Length);
        value.CopyTo(target);
        target[..value.Length].ReplaceAny(LineEnds, (byte)' ');
        line.Advance(value.Length);
    }

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n\t"u8);

    /// <summary>SQL gives the scalar as it stands: numbers of other forms it writes otherwise.</summary>
    private static bool IsAsItIs(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => !reader.ValueIsEscaped,
        JsonTokenType.Number => reader.ValueSpan.Length <= 18 && !reader.ValueSpan.ContainsAnyExcept(Digits),
        _ => true,
    };

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);

    /// <summary>Text of a string without its escapes, of a number or a truth value as it stands.</summary>
    private ReadOnlySpan<byte> Scalar(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return default;
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        if (unescaped.Length < reader.ValueSpan.Length)
            unescaped = new byte[Math.Max(reader.ValueSpan.Length, unescaped.Length * 2)];
        return unescaped.AsSpan(0, JsonString.Unescape(reader.ValueSpan, unescaped, out _));
    }

    private sealed class Node
    {
        public int Field { get; set; } = -1;

        public int Pairs { get; set; } = -1;

        /// <summary>The last object that had it.</summary>
        public int Visit { get; set; }

        public List<(byte[] Name, int Field)> Named { get; } = [];

        public Dictionary<byte[], Node> Children { get; } = new(Utf8Names.Comparer);

        public Node Child(string name)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(name);
            if (!Children.TryGetValue(bytes, out Node? child))
                Children[bytes] = child = new Node();
            return child;
        }

        public Node? Find(ref Utf8JsonReader reader)
        {
            if (!reader.ValueIsEscaped)
                return Children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(reader.ValueSpan, out Node? child) ? child : null;
            foreach (var (name, node) in Children)
            {
                if (reader.ValueTextEquals(name))
                    return node;
            }

            return null;
        }
    }
}
