using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace Weir.Connectors.Tests;

/// <summary>The vectors of every width and their scalar twin read the same records, which are those that .NET's own reader gives, wherever blocks of 64 bytes are cut.</summary>
public sealed class JsonStringsTests
{
    private static readonly int Effort = int.TryParse(Environment.GetEnvironmentVariable("WEIR_FUZZ"), CultureInfo.InvariantCulture, out int times) ? times : 1;

    private static readonly int[] Widths = [0, 128, 256, 512];

    // Pieces of strings as they are spelled; the last ones are no JSON, or call for a remark.
    private static readonly string[] Pieces =
    [
        "a", "bcd", " ", "é", "😀", "\\\"", "\\\"", "\\\\", "\\\\\\\"", "\\n", "\\r\\t", "\\/", "\\b\\f", "\\u00e9", "\\u20AC", "\\ud83d\\ude00", "0123456789012345678901234567890123456789", "{[,:]}",
        "\\u0000", "\\ud83d", "\\x", "\\u12", "\t", "\\",
    ];

    private static readonly Gen<string> Strings = Gen.Select(Gen.Int[0, 30].Select(n => n == 0 ? Pieces.Length : Pieces.Length - 6), Gen.Int[0, 1000].Array[0, 25]).Select((most, parts) => string.Concat(parts.Select(p => Pieces[p % most])));

    private static readonly string[] Others = ["1", "-0.5e+3", "true", "null", "[1,\"x\",{\"y\":[]}]", "{}", "{\"in\":\"ner\"}", " 12 ", "[1,]", "01", "1.", "nul", "/*c*/1", "{\"in\":1,\"in\":2}"];

    private static readonly Gen<string> Values = Gen.Select(Gen.Int[0, 9], Strings, Gen.Int[0, 200]).Select((kind, text, other) => kind < 7 ? $"\"{text}\"" : Others[other % (other > 150 ? Others.Length : 8)]);

    private static readonly Gen<string> Records = Gen.Select(Gen.Int[0, 30], Values.Array[0, 5], Gen.Int[0, 40]).Select((odd, values, names) =>
        "{" + string.Join(odd == 0 ? " , " : ",", values.Select((v, i) => $"\"{(names == i ? "k\\u0061" : names == i + 10 ? "k0" : "k" + i)}\"{(odd == 1 ? " : " : ":")}{v}")) + (odd == 2 ? ",}" : "}"));

    [Fact]
    public void Read_EveryWidth_GivesTheSame() =>
        Gen.Select(Records.Array[1, 12], Gen.Int[1, 100]).Sample((records, cut) =>
        {
            byte[] text = Encoding.UTF8.GetBytes("{\"k0\":\"first\"}\n" + string.Join('\n', records));
            var options = new InputOptions { Format = "ndjson" };
            string? first = null;
            foreach (int bits in Widths)
            {
                InputOptions reading = options with { Csv = new CsvOptions { RegisterBits = bits } };
                first ??= SourceContract.Read(text, reading).Dump();
                Assert.Equal(first, SourceContract.Read(text, reading).Dump());
                Assert.Equal(first, SourceContract.Read(text, reading with { Csv = reading.Csv with { BlockBytes = cut } }, 1 + (cut % 7), 1 + (cut % 50)).Dump());
            }
        }, iter: 1_000 * Effort);

    [Fact]
    public void Read_AnyString_IsWhatTheRuntimesReaderGives() =>
        Gen.Select(Strings, Gen.Int[0, 70]).Sample((text, shift) =>
        {
            string line = $"{{\"{new string('k', shift)}\":\"{text}\"}}";
            string? expected = null;
            try
            {
                using var parsed = JsonDocument.Parse(line);
                expected = parsed.RootElement.EnumerateObject().First().Value.GetString();
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return; // no JSON, or half a surrogate pair: the rules have tests of their own
            }

            // Twice: the first record makes the column, the second is an ordinary one.
            byte[] bytes = Encoding.UTF8.GetBytes(line + "\n" + line + "\n");
            foreach (int bits in Widths)
            {
                SourceRun run = SourceContract.Read(bytes, new InputOptions { Format = "ndjson", Csv = new CsvOptions { RegisterBits = bits } });
                Assert.Equal([expected, expected], run.Rows.Select(r => r[0]));
            }
        }, iter: 2_000 * Effort);
}
