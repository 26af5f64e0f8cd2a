using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;

namespace Weir.Connectors;

/// <summary>A key of the records: what is under it, and the column of its own values.</summary>
internal sealed class JsonKey
{
    private readonly List<JsonKey> children = [];
    private readonly int place; // among its siblings
    private Dictionary<byte[], JsonKey>.AlternateLookup<ReadOnlySpan<byte>>? byKey;

    private JsonKey(byte[] key, string path, int depth, int place)
    {
        (Key, Path, Depth, this.place) = (key, path, depth, place);
        IsPlain = !key.AsSpan().ContainsAny((byte)'"', (byte)'\\') && !key.AsSpan().ContainsAnyInRange((byte)0, (byte)31);
    }

    public byte[] Key { get; }

    /// <summary>The key is spelled without escapes, mostly.</summary>
    public bool IsPlain { get; }

    /// <summary>Original name of the column.</summary>
    public string Path { get; }

    /// <summary>Keys above and including it.</summary>
    public int Depth { get; }

    /// <summary>Position of the column; -1: no value of this key was met.</summary>
    public int Column { get; set; } = -1;

    public static JsonKey Root() => new([], "", 0, 0);

    /// <summary>The node of a key; null where there is none. Records mostly repeat the order of their keys: <paramref name="next"/> is where to look first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public JsonKey? Find(ReadOnlySpan<byte> key, ref int next)
    {
        if (next < children.Count && key.SequenceEqual(children[next].Key))
            return children[next++];
        if (byKey is not { } lookup || !lookup.TryGetValue(key, out JsonKey? found))
            return null;
        next = found.place + 1;
        return found;
    }

    /// <summary>The node that is due at <paramref name="next"/> if its key, and a quote behind it, is what stands at <paramref name="text"/>; else null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public JsonKey? Due(ReadOnlySpan<byte> text, int next)
    {
        if (next >= children.Count)
            return null;
        JsonKey due = children[next];
        byte[] key = due.Key;
        return due.IsPlain && text.Length > key.Length && text[key.Length] == '"' && text.StartsWith(key) ? due : null;
    }

    public JsonKey Add(ReadOnlySpan<byte> key, ref int next)
    {
        string text = Encoding.UTF8.GetString(key);
        var child = new JsonKey(key.ToArray(), JsonPath.Join(Path, text), Depth + 1, children.Count);
        children.Add(child);
        byKey ??= new Dictionary<byte[], JsonKey>(Keys.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
        byKey.Value.Dictionary[child.Key] = child;
        next = children.Count;
        return child;
    }

    private sealed class Keys : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Keys Instance = new();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] key) => GetHashCode(key.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)XxHash3.HashToUInt64(alternate);
    }
}
