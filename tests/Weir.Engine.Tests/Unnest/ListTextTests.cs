using System.Text;
using System.Text.Json;
using Apache.Arrow;
using CsCheck;
using DuckDB.NET.Data;
using Weir.Engine.Buffers;
using Weir.Engine.Stages;
using static Weir.Engine.Tests.Parse.TestColumns;

namespace Weir.Engine.Tests.Unnest;

/// <summary>Encodings of lists: read, written, and the same in DuckDB's SQL.</summary>
public class ListTextTests
{
    private static readonly string[] Pieces =
    [
        "a", "b", "ü", "😀", "$", "$$", ";", "$;$", "\"", "\\", "\\n", "\\u0041", "\\ud83d\\ude00", "\\ud83d", "\\/", "\\u001F", "\\u001f", "[", "]", ",", " ", "\n", "\t", "null", "true", "1", "-0.50", "1e9", "01", "{", "}", "\"a\"", "\"b c\"", "[\"", "\"]",
    ];

    private static readonly Gen<string> Soup = OneOf(Pieces).Array[0, 9].Select(string.Concat);

    private static readonly Gen<string> AlmostArray = Gen.Select(Gen.OneOf(OneOf("\"a\"", "null", "1.50", "true", "\"x, 5\"", "\"\\\"\"", "\"\\\\\"", "\"\\u0007\"", "\"\""), Soup).Array[0, 5], OneOf(",", ", ", " ,", ",,"))
        .Select((items, between) => $"[{string.Join(between, items)}]");

    [Fact]
    public void Twins_WrittenAndRead_AreTheSameValues() => Soup.Array[1, 6].Sample(values =>
    {
        var text = new List<byte>();
        MvTwin.Write(values.Select(v => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(v)), text);
        byte[] twin = [.. text];
        Assert.Equal(values.Length, MvTwin.Count(twin));
        Assert.Equal(values, Values(b => MvTwin.Append(twin, b)));
    });

    [Fact]
    public void Twins_ThatAreReadAtAll_AreWrittenBackByteForByte() => Soup.Sample(text =>
    {
        byte[] twin = Encoding.UTF8.GetBytes(text);
        if (MvTwin.Count(twin) == 0)
            return;
        var written = new List<byte>();
        MvTwin.Write(Values(b => MvTwin.Append(twin, b)).Select(v => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(v!)), written);
        Assert.Equal(text, Encoding.UTF8.GetString([.. written]));
    }, iter: 20_000);

    [Theory]
    [InlineData("$a$;$b$", "a", "b")]
    [InlineData("$$;$b$", "", "b")]
    [InlineData("$$$x$;$$$$$$", "$x", "$$")]
    [InlineData("$a$$;$$b$", "a$;$b")]
    [InlineData("$a\nb | c$", "a\nb | c")]
    public void Twins_OfSplunk_AreRead(string text, params string[] values) => Assert.Equal(values, Values(b => MvTwin.Append(Encoding.UTF8.GetBytes(text), b)));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("$a")]
    [InlineData("$a$;")]
    [InlineData("$a$b$")]
    [InlineData("$a$ ;$b$")]
    [InlineData("x$a$")]
    public void Twins_ThatAreNone_AreNotRead(string text) => Assert.Equal(0, MvTwin.Count(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Arrays_AreThoseOfTheRuntime() => Gen.OneOf(AlmostArray, Soup).Sample(text =>
    {
        string?[]? expected = Reference(text);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(expected is not null, JsonList.Is(bytes, out bool exact));
        if (expected is null)
            return;
        string?[] values = Values(b => JsonList.Append(bytes, b));
        Assert.Equal(expected, values);
        var written = new List<byte>();
        JsonList.Write(values.Select(v => v is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(v)), written);
        Assert.Equal(exact, Encoding.UTF8.GetString([.. written]) == text);
    }, iter: 50_000);

    [Theory]
    [InlineData(ListFormat.Json)]
    [InlineData(ListFormat.Newline)]
    [InlineData(ListFormat.Single)]
    [InlineData(ListFormat.MvTwin)]
    public void Lists_AgreeWithSql(string format)
    {
        string[] cells = [.. Gen.OneOf(AlmostArray, Soup).Array[2000].Single().Where(c => c.Length > 0)];
        using DuckDBConnection connection = Open();
        AssertAgrees(connection, cells, Hint(), new Verdict(ColumnType.VarcharList, format, 0), format);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static string?[] Values(Action<Utf8Builder> append)
    {
        var builder = new Utf8Builder(4, 64);
        append(builder);
        using StringArray values = builder.Build();
        return [.. Enumerable.Range(0, values.Length).Select(i => Cell(values, i))];
    }

    private static string?[]? Reference(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind != JsonValueKind.Array ? null : [.. document.RootElement.EnumerateArray().Select(e => e.ValueKind switch
            {
                JsonValueKind.String => e.GetString(),
                JsonValueKind.Null => null,
                JsonValueKind.Object or JsonValueKind.Array => throw new JsonException(),
                _ => e.GetRawText(),
            })];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
