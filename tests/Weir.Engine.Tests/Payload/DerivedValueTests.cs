using System.Text;
using CsCheck;
using DuckDB.NET.Data;
using Weir.Engine.Stages;
using Weir.Engine.Store;

namespace Weir.Engine.Tests.Payload;

/// <summary>A value that is not stored because SQL finds it in the cell is the one that SQL finds.</summary>
public sealed class DerivedValueTests : IDisposable
{
    private static readonly string[] Paths = ["a", "b", "c.d", "c.e.f", "long name"];

    private static readonly string[] DataPaths = ["EventData.Image", "EventData.User", "EventData.Empty"];

    private static readonly Gen<string> Key = OneOf("a", "b", "c", "d", "e", "f", "long name", "x", "\\u0061");

    private static readonly Gen<string> Scalar = Gen.Frequency((12, OneOf("\"text\"", "\"\"", "\"é😀\"", "0", "7", "123456789012345678", "true", "false", "null", "\" blank \"")), (1, OneOf(
        "\"\"", "\"text\"", "\"C:\\\\a\"", "\"q\\\"q\"", "\"\\u00e9\"", "\"\\ud83d\\ude00\"", "\"\\ud800\"", "\"é😀\"", "\"\\u0000\"", "\"a\tb\"", "\"{}\"", "\" blank \"", "\"\\/\"",
        "0", "-0", "7", "123456789012345678", "1234567890123456789", "99999999999999999999", "1.50", "1e5", "-3", "1E999", "01", "+1", "NaN", "true", "false", "null", "nul", "\"open", "[1,2]", "[]", "[{\"d\":1}]", "{}")));

    private static readonly Gen<string> Json = Object(3).Select(Rarely(" ", "\uFEFF", "/* c */", "["), Rarely(" ", "x", "{}", ",", "\n", "]"), Gen.Int[0, 60], (text, before, behind, cut) =>
        before + (cut < 6 ? text[..^Math.Min(text.Length, cut)] : text) + behind);

    private static readonly Gen<string> Xml = Gen.Select(Element.Array[0, 6], Rarely("<?xml version='1.0'?>", " ", "<!-- c -->"), Rarely(" ", "<x/>", "tail"), Gen.Int[0, 60], (elements, before, behind, cut) =>
    {
        string text = $"<Event xmlns='urn:e'><System><EventID Qualifiers=\"0\">1</EventID><Provider Name='p' Guid=\"{{g}}\"/></System><EventData>{string.Concat(elements)}</EventData></Event>";
        return before + (cut < 6 ? text[..^Math.Min(text.Length, cut * 7)] : text) + behind;
    });

    private static Gen<string> Element => Gen.Select(
        Gen.Frequency((12, OneOf("<Data Name='{0}'>{1}</Data>", "<Data Name=\"{0}\">{1}</Data>")), (1, OneOf("<Data  Name='{0}'>{1}</Data>", "<Data Name='{0}'/>", "<Data Name='{0}' Type='t'>{1}</Data>", "<Data Name = '{0}'>{1}</Data>",
            "<{0}>{1}</{0}>", "<Data Name='{0}'>{1}</data>", "<Data>{1}</Data>", "<!-- <Data Name='{0}'>{1}</Data> -->", "<Data Name='{0}'><b>{1}</b></Data>", "<Data Name='{0}'>{1}</Data>tail", "<n:Data Name='{0}'>{1}</n:Data>", "<Data Name='{0}' Name='{0}'>{1}</Data>"))),
        OneOf("Image", "User", "Empty", "Other", "Im&amp;age"),
        Gen.Frequency((8, OneOf("C:\\a b\\c.exe", "é😀", "x > y", "two\nlines")), (1, OneOf("", " ", "a &amp; b", "a &lt;b&gt; &quot;c&apos;", "&#65;", "&x;", "<![CDATA[x<y]]>", "a]]>b", "two\r\nlines"))),
        (form, name, value) => form.Replace("{0}", name, StringComparison.Ordinal).Replace("{1}", value, StringComparison.Ordinal));

    private static Gen<string> Rarely(params string[] values) => Gen.Frequency((20, Gen.Const("")), (1, OneOf(values)));

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private readonly DuckDBConnection connection = new("DataSource=:memory:");

    public DerivedValueTests() => connection.Open();

    public void Dispose() => connection.Dispose();

    private static Gen<string> Object(int depth)
    {
        Gen<string> value = depth == 0 ? Scalar : Gen.Frequency((5, Scalar), (2, Object(depth - 1)));
        Gen<string> member = Gen.Select(Key, value, Rarely(" ", "\n", "/* c */"), (k, v, blank) => $"\"{k}\":{blank}{v}");
        return Gen.Select(member.Array[0, 5], Rarely(","), (members, end) => $"{{{string.Join(',', members)}{end}}}");
    }

    [Fact]
    public void Json_WhatIsNotStored_IsWhatSqlFinds() => Check(Json, Paths, PayloadFormat.Json, cell => PayloadSql.Json(cell, Paths));

    [Fact]
    public void Xml_WhatIsNotStored_IsWhatSqlFinds() =>
        Check(Xml, DataPaths, PayloadFormat.Xml, cell => $"[{string.Join(", ", DataPaths.Select(p => PayloadSql.Xml(cell, p["EventData.".Length..])))}]");

    [Fact]
    public void PlainXml_ThatIsTaken_GivesWhatTheFrameworkReads()
    {
        PayloadField[] fields = [.. DataPaths.Append("System.EventID").Append("System.EventID.Qualifiers").Append("System.Provider.Name").Append("System.Provider.Guid").Append("EventData.b").Select(p => new PayloadField(p, PayloadType.Text))];
        var plain = new PlainXml(fields);
        var full = new XmlPayload(fields, plain: false);
        PayloadValues found = new(fields.Length), expected = new(fields.Length);
        int taken = 0;
        Xml.Sample(text =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            found.Clear();
            expected.Clear();
            if (!plain.Read(bytes, found))
                return;
            taken++;
            Assert.True(full.Read(bytes, expected), text);
            for (int i = 0; i < fields.Length; i++)
                Assert.Equal(expected.Has(i) ? Encoding.UTF8.GetString(expected[i]) : null, found.Has(i) ? Encoding.UTF8.GetString(found[i]) : null);
        }, iter: 5_000, threads: 1);
        Assert.InRange(taken, 200, 5_000);
    }

    // Many cells a question: a statement each would take minutes.
    private void Check(Gen<string> cells, string[] paths, PayloadFormat format, Func<string, string> sql)
    {
        PayloadField[] fields = [.. paths.Select(p => new PayloadField(p, PayloadType.Text))];
        Assert.All(fields, f => Assert.NotNull(f.Derivation(format)));
        PayloadValues values = new(fields.Length);
        JsonPayload json = new(fields);
        XmlPayload xml = new(fields);
        int derived = 0, kept = 0;
        cells.Array[200].Sample(texts =>
        {
            using DuckDBCommand command = connection.CreateCommand();
            command.CommandText = $"SELECT {sql("cell")} FROM (SELECT unnest($1::VARCHAR[]) AS cell)";
            command.Parameters.Add(new DuckDBParameter(texts.ToList()));
            using DuckDBDataReader reader = command.ExecuteReader();
            foreach (string text in texts)
            {
                Assert.True(reader.Read());
                List<string?>? found = reader.IsDBNull(0) ? null : reader.GetFieldValue<List<string?>>(0);
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                values.Clear();
                ReadOnlySpan<byte> trimmed = bytes.AsSpan().TrimStart(" \t\r\n\uFEFF"u8);
                if (format == PayloadFormat.Json)
                    json.Read(trimmed, values);
                else
                    xml.Read(trimmed, values);
                for (int i = 0; i < fields.Length; i++)
                {
                    if (!values.Has(i))
                        continue;
                    if (trimmed.Length < bytes.Length || !values.IsDerived(i))
                    {
                        kept++;
                        continue;
                    }

                    derived++;
                    string expected = Encoding.UTF8.GetString(values[i]), actual = found?[i] ?? "(NULL)";
                    Assert.True(expected == actual, $"{paths[i]}: expected '{expected}', SQL finds '{actual}' in {text}");
                }
            }
        }, iter: 60, threads: 1);
        Assert.True(derived > 1_000 && kept > 100, $"{derived} derived, {kept} kept");
    }
}
