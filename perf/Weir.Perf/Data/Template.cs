using System.Globalization;

namespace Weir.Perf.Data;

/// <summary>Text with <c>%fields%</c>, cut up once and written many times: the templates are the recipe of the data.</summary>
internal sealed class Template
{
    private readonly List<Part> parts = [];

    /// <param name="text">
    /// Fields: %time% %user% %account% %host% %short% %ip% of the row; %user?% %ip?% %domain% %md5% %sha% drawn anew;
    /// %guid%; %n:BOUND% a number below BOUND; %x:DIGITS% hexadecimal; %one:LIST% an entry of <see cref="Lists"/>;
    /// %maybe:PERCENT% ends the text here unless drawn.
    /// </param>
    /// <param name="quoted">Double the quotes, for use inside a quoted cell. Values of fields hold none, list entries may.</param>
    public Template(string text, bool quoted)
    {
        text = text.ReplaceLineEndings("\n");   // the checkout's line ends must not change the data
        string[] pieces = (quoted ? text.Replace("\"", "\"\"", StringComparison.Ordinal) : text).Split('%');
        if (pieces.Length % 2 == 0)
            throw new ArgumentException($"A field is not closed: {text}", nameof(text));
        for (int i = 0; i < pieces.Length; i += 2)
            parts.Add(new Part(Utf8Text.Encode(pieces[i]), i + 1 < pieces.Length ? Field(pieces[i + 1], quoted) : null));
    }

    public void Write(Utf8Text text, Row row)
    {
        foreach (var part in parts)
        {
            text.Add(part.Literal);
            if (part.Field is { } field && !field(text, row))
                return;
        }
    }

    /// <summary>Writes one field; false ends the text.</summary>
    private delegate bool Writer(Utf8Text text, Row row);

    private static Writer Field(string name, bool quoted)
    {
        string[] words = name.Split(':');
        int number = words.Length > 1 && int.TryParse(words[1], CultureInfo.InvariantCulture, out int n) ? n : 0;
        if (words[0] == "maybe")
            return (_, row) => row.Rng.Percent(number);
        Action<Utf8Text, Row> write = words[0] switch
        {
            "time" => (text, row) => Values.Time(text, row.Time),
            "user" => (text, row) => Values.User(text, row.User),
            "user?" => (text, row) => Values.User(text, row.AnyUser()),
            "account" => (text, row) => Values.Account(text, row.User),
            "host" => (text, row) => Values.Host(text, row.Host),
            "short" => (text, row) => Values.HostShort(text, row.Host),
            "ip" => (text, row) => Values.Address(text, row.Address),
            "ip?" => (text, row) => Values.Address(text, row.AnyAddress()),
            "domain" => (text, row) => Values.Domain(text, row.AnyDomain()),
            "md5" => (text, row) => Values.Digest(text, row.AnyDigest(), 32),
            "sha" => (text, row) => Values.Digest(text, row.AnyDigest(), 64),
            "guid" => (text, row) => Values.Guid(text, row.Rng),
            "n" => (text, row) => text.Number(row.Rng.Below(number)),
            "x" => (text, row) => text.Hex(row.Rng.Next(), number),
            "one" => Choice(words[1], quoted),
            "encoded" => WriteEncoded,
            _ => throw new ArgumentException($"No such field: %{name}%.", nameof(name)),
        };
        return (text, row) =>
        {
            write(text, row);
            return true;
        };
    }

    private static void WriteEncoded(Utf8Text text, Row row)
    {
        row.Scratch.Clear();
        foreach (var line in WideText.Script)
            line.Write(row.Scratch, row);
        text.EncodedCommand(row.Scratch.Written);
    }

    private static Action<Utf8Text, Row> Choice(string list, bool quoted)
    {
        byte[][] entries = [.. Lists.ByName[list].Select(e => Utf8Text.Encode(quoted ? e.Replace("\"", "\"\"", StringComparison.Ordinal) : e))];
        return (text, row) => text.Add(row.Rng.One(entries));
    }

    private readonly record struct Part(byte[] Literal, Writer? Field);
}
