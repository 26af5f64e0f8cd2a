using System.Globalization;

namespace Weir.Engine.Stages;

/// <summary>The way from a cell to a decoded text: <c>base64@1042+5312&gt;utf16le@318+64</c>, each span inside the bytes that the layer before it gave.</summary>
internal static class LayerPath
{
    public static string Extend(string? path, string layer, int offset, int length) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}{(path is null ? "" : ">")}{layer}@{offset}+{length}");

    /// <summary>Decodes along a path again.</summary>
    /// <param name="path">As <see cref="DecodedText.Layers"/> holds it.</param>
    /// <param name="cell">The cell's text.</param>
    /// <exception cref="WeirException">The path is none, or leads beyond the bytes.</exception>
    public static byte[] Replay(string path, ReadOnlySpan<byte> cell)
    {
        byte[] bytes = cell.ToArray();
        foreach (string layer in path.Split('>'))
        {
            var (name, offset, length) = Parse(path, layer);
            if (offset > bytes.Length || length > bytes.Length - offset)
                throw new WeirException($"'{path}'", $"{layer} leads beyond the {bytes.Length} bytes before it", "", "Use the text that the path was made from.");
            bytes = Decode(name, bytes.AsSpan(offset, length));
        }

        return bytes;
    }

    /// <summary>What one layer makes of a span.</summary>
    public static byte[] Decode(string layer, ReadOnlySpan<byte> span)
    {
        bool base64 = layer == Base64Layer.Name;
        byte[] output = new byte[base64 ? Base64Layer.Room(span.Length) : Utf16Layer.Room(span.Length)];
        return output[..(base64 ? Base64Layer.Decode(span, output) : Utf16Layer.Decode(span, output))];
    }

    private static (string Name, int Offset, int Length) Parse(string path, string layer)
    {
        string[] parts = layer.Split('@', '+');
        if (parts.Length == 3 && parts[0] is Base64Layer.Name or Utf16Layer.Name
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int offset)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int length))
            return (parts[0], offset, length);
        throw new WeirException($"'{path}'", $"'{layer}' is no layer", "name@offset+length", $"The names are {Base64Layer.Name} and {Utf16Layer.Name}.");
    }
}
