using System.Globalization;

namespace Weir.Cli.Tests.Landing;

/// <summary>Cells of one column, of kinds that collide where sources share a table. NULL is an empty field, "" a quoted empty one, U+FFFD a byte that is no UTF-8.</summary>
internal static class RandomColumn
{
    private static readonly Func<Random, int, Func<int, string?>>[] Kinds =
    [
        (r, _) => _ => Text(r.Next(-1000, 100_000)),
        (r, _) => i => Text(i),
        (r, _) => _ => Text(1_000_000_000_000_000 + r.NextInt64(1_000_000_000)),
        (r, _) => _ => Text(r.NextInt64(9_007_199_254_740_992, 9_007_199_254_749_999)),
        (r, n) => Mostly(r, n, _ => Text(r.Next(1000)), _ => Pick(r, "9007199254740993", "999999999999999", "1000000000000000", "-1000000000000000", "9223372036854775807", "-9223372036854775808")),
        (r, n) => Mostly(r, n, _ => Text(r.NextInt64()), _ => Pick(r, "9223372036854775808", "99999999999999999999", "123456789012345678901234567890123456789012345")),
        (r, n) => Mostly(r, n, i => Text(i), _ => Pick(r, "007", "00", "-07", "+1", "-0", "+0")),
        (r, _) => i => i.ToString("0000", CultureInfo.InvariantCulture),
        (r, _) => _ => "+" + Text(r.Next(100)),
        (r, _) => Fixed(r, r.Next(1, 5)),
        (r, _) => Fixed(r, r.Next(10, 17)),
        (r, _) => _ => Fixed(r, r.Next(1, 4))(0),
        (r, _) => _ => (r.Next(100_000) / 100.0).ToString("R", CultureInfo.InvariantCulture),
        (r, _) => _ => r.NextDouble().ToString("R", CultureInfo.InvariantCulture),
        (r, _) => _ => (r.Next(1000) / 10.0).ToString("0.0", CultureInfo.InvariantCulture),
        (r, n) => Mostly(r, n, _ => Text(r.Next(100)), _ => Text(r.Next(100)) + ".5"),
        (r, n) => Mostly(r, n, Fixed(r, 2), _ => Pick(r, "1e5", "1.5E-7", "1e300", "1e400", "-0.0", "-0", "0", "0.0", "0.00001", "1.", ".5", "NaN", "inf", "1,5", "0x1F")),
        (r, n) => Mostly(r, n, _ => (r.Next(1000) / 10.0).ToString("R", CultureInfo.InvariantCulture), _ => Pick(r, "999999999999999", "1000000000000000", "9007199254740993", "1000000000000000.5", "123456789012345.6", "0.0001", "0.00001234")),
        (r, _) => _ => Pick(r, "-0.0", "0.0", "-0", "0", "1.0"),
        (r, _) => _ => Text(r.Next(1, 10)) + "e" + Text(r.Next(-5, 20)),
        (r, _) => _ => Pick(r, "true", "false"),
        (r, _) => _ => Pick(r, "True", "False"),
        (r, _) => _ => Pick(r, "TRUE", "FALSE"),
        (r, n) => Mostly(r, n, _ => Pick(r, "true", "false"), _ => Pick(r, "True", "FALSE", "yes")),
        (r, _) => _ => Pick(r, "true", "False", "TRUE", "false"),
        (r, _) => Times(r, "yyyy-MM-dd'T'HH:mm:ss", Fraction(r), Zone(r)),
        (r, _) => Times(r, "yyyy-MM-dd HH:mm:ss", Fraction(r), Zone(r)),
        (r, _) => i => Times(r, "yyyy-MM-dd'T'HH:mm:ss", Fraction(r), "Z")(i),
        (r, _) => i => Times(r, "yyyy-MM-dd'T'HH:mm:ss", "", Zone(r))(i),
        (r, n) => Mostly(r, n, Times(r, "yyyy-MM-dd HH:mm:ss", ".fff", ""), Times(r, "yyyy-MM-dd HH:mm:ss", ".fffffff", "")),
        (r, _) => Times(r, "yyyy-MM-dd", "", ""),
        (r, _) => Times(r, "d/M/yyyy", "", ""),
        (r, _) => Times(r, "M/d/yyyy h:mm:ss tt", "", ""),
        (r, _) => Times(r, "dd.MM.yyyy HH:mm", "", ""),
        (r, n) => i => Times(r, i < n * 3 / 4 ? "0'1/0'd/yyyy" : "d/M/yyyy", "", "", i < n * 3 / 4 ? 9 : 28)(i),
        (r, _) => Times(r, "'3/4/'yyyy", "", ""),
        (r, _) => Times(r, "ddd, dd MMM yyyy HH:mm:ss 'GMT'", "", ""),
        (r, _) => Times(r, "dd/MMM/yyyy:HH:mm:ss", "", " +0200"),
        (r, _) => Times(r, "MMM d, yyyy h:mm:ss tt", "", ""),
        (r, _) => _ => "/Date(" + Text(1_600_000_000_000 + r.Next()) + ")/",
        (r, _) => i => Text(1_600_000_000 + i),
        (r, _) => i => Text(1_600_000_000_000 + i * 1001),
        (r, _) => i => Text(1_600_000_000 + i) + "." + r.Next(1000).ToString("000", CultureInfo.InvariantCulture),
        (r, _) => _ => Pick(r, "alpha", "beta", "gamma delta", "ünï €", "a\"b", "say \"hi\"", "a,b", "two\r\nlines", "two\nlines", "-", " padded ", "N/A", "NULL", "null", "\\N", "'q'"),
        (r, _) => i => new string((char)('a' + i % 26), r.Next(70, 300)),
        (r, _) => i => "{\"id\":" + Text(i) + ",\"text\":\"" + new string('x', r.Next(60, 200)) + "\"}",
        (r, n) => Mostly(r, n, i => "host" + Text(i % 7), _ => Pick(r, "na\uFFFDme", "\uFFFD", "n\0ul", "\0", "x\uFFFD\uFFFDy")),
        (r, _) => _ => null,
        (r, _) => _ => "",
        (r, _) => _ => r.Next(2) == 0 ? null : "",
        (r, _) => _ => Array(r, ","),
        (r, _) => _ => Array(r, ", "),
        (r, n) => Mostly(r, n, _ => Array(r, ","), _ => Pick(r, "[1, 2.50, true, null]", "[\"a\",null]", "[]", "[ ]", "[1e3]", "[\"\\u0041\"]", "[\"a\\/b\"]", "[\"\\u001F\"]", "[\"\\ud83d\\ude00\"]", "[\"\\ud83d\"]", "[\"a\"", "[[1]]", "[{}]", "[01]", "x", "[INFO] x")),
        (r, n) => Mostly(r, n, _ => Pick(r, "alpha", "beta"), _ => Array(r, ",")),
        (r, n) => i => i < n / 3 ? Pick(r, "[INFO] a", "b") : Array(r, ","),
        (r, n) => i => i < n / 3 ? Array(r, ",") : Pick(r, "[INFO] a", "b"),
        (r, _) => _ => Lines(r),
        (r, n) => Mostly(r, n, i => Text(i), _ => Lines(r)),
        (r, _) => _ => Address(r),
        (r, n) => Mostly(r, n, _ => Address(r), _ => Pick(r, "unknown", "10.0.0.1", "8.8.8", "[2a01::1]:443", "1.1.1.1:53")),
        (r, _) => _ => r.Next(10) == 0 ? "-" : Address(r),
        (r, n) => i => i < n / 2 ? Text(i) : Address(r),
        (r, n) => Mostly(r, n, i => Text(i), _ => Address(r)),
        (r, _) => _ => Addresses(r),
        (r, n) => Mostly(r, n, _ => Addresses(r), _ => Pick(r, "8.8.8.8", "[x]", "[]", "[null, \"8.8.8.8\"]", "[\"8.8.8.8\",\"x\"]", "10.1.1.1")),
        (r, n) => i => i < n / 3 ? Address(r) : Addresses(r),
        (r, n) => i => i < n / 3 ? Addresses(r) : Address(r),
        (r, _) => _ => string.Join('\n', Enumerable.Range(0, r.Next(1, 3)).Select(_ => Address(r))),
        (r, _) => _ => Payload(r),
        (r, n) => Mostly(r, n, _ => "[" + System.Text.Json.JsonSerializer.Serialize(Payload(r)) + "]", _ => Payload(r)),
        (r, n) => i => i < n / 3 ? Payload(r) : "[" + System.Text.Json.JsonSerializer.Serialize(Payload(r)) + ",\"x\"]",
        (r, n) => Mostly(r, n, i => Text(i), _ => Payload(r)),
    ];

    private static string Payload(Random random)
    {
        string inner = Pick(random, "http://evil.example.com/a?b=1", "see bob@example.org and 45.77.53.176", "CVE-2021-44228 d41d8cd98f00b204e9800998ecf8427e", "nothing here at all");
        if (random.Next(3) == 0)
        {
            string record = $$"""{"CreationTime":"2021-0{{random.Next(1, 9)}}-01T00:00:00","Id":"{{random.Next(4)}}","Operation":"Set","ClientIP":"{{Address(random)}}","Parameters":[{"Name":"a","Value":"{{random.Next(9)}}"}]}""";
            return random.Next(5) == 0 ? record[..random.Next(record.Length)] : record;
        }

        string wide = Convert.ToBase64String(System.Text.Encoding.Unicode.GetBytes(inner));
        return Pick(random, inner, "powershell -enc " + wide, Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(inner)), "x " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("y -enc " + wide)), inner + " " + inner);
    }

    private static string Address(Random random) =>
        Pick(random, "8.8.8.8", "1.1.1.1", "104.207.83.63", "45.77.53.176:443", "10.0.0.7", "192.168.1.1:80", "2001:4860:4860::8888", "[2606:4700::1111]:443", "::1", "240.0.0.1", Text(random.Next(1, 224)) + ".20.30.40");

    private static string Addresses(Random random) => $"[{string.Join(random.Next(9) == 0 ? ", " : ",", Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"\"{Address(random)}\""))}]";

    private static readonly string[] Values = ["8.8.8.8", "10.0.0.1", "a", "b", "", "ünï", "x y", "$", "a$;$b", "q\"t", "back\\slash", "a | b", "7", "null", "[]", "tab\there"];

    /// <summary>A field of many values and its <c>__mv_</c> twin: from some row on, some cells hold several values; few twins say something else.</summary>
    public static void Twin(Random random, string?[] field, string?[] twin)
    {
        System.Array.Fill(twin, random.Next(3) == 0 ? "" : null);
        int from = random.Next(4) == 0 ? field.Length : random.Next(2) == 0 ? 0 : random.Next(field.Length), share = random.Next(1, 20);
        for (int i = from; i < field.Length; i++)
        {
            if (random.Next(share) > 0)
                continue;
            string[] values = [.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => Pick(random, Values))];
            (field[i], twin[i]) = (string.Join('\n', values), string.Join(';', values.Select(v => $"${v.Replace("$", "$$", StringComparison.Ordinal)}$")));
            if (random.Next(12) == 0)
                twin[i] = Pick(random, "$one$", "$a$;", "plain", "$a$b$", "$$", "$a$;$b$");
            if (random.Next(30) == 0)
                field[i] = Pick(random, null, "", "other", "a\nb");
        }
    }

    /// <summary>Parts of the kinds: sources that share a theme meet in types that could live together.</summary>
    public static readonly Range[] Themes = [Range.All, Range.All, new(0, 20), new(0, 9), new(15, 25), new(25, 43), new(43, ^0), new(^22, ^14), new(^14, ^4), new(^8, ^0)];

    public static string?[] Make(Random random, int rows, Range theme)
    {
        Func<int, string?> cell = Kind(random, rows, random.Next(6) == 0 ? Range.All : theme);
        if (random.Next(5) == 0)
        {
            Func<int, string?> head = cell, tail = Kind(random, rows, random.Next(3) == 0 ? Range.All : theme);
            int at = random.Next(rows);
            cell = i => i < at ? head(i) : tail(i);
        }

        switch (random.Next(12))
        {
            case 0 or 1 or 2:
                cell = With(random, cell, 1 + random.Next(10), null);
                break;
            case 3 or 4:
                cell = With(random, cell, 1 + random.Next(30), "");
                break;
            case 5:
                cell = With(random, With(random, cell, 3, null), 3, "");
                break;
            case 6:
                Func<int, string?> late = cell;
                int from = rows * random.Next(1, 10) / 10;
                string? nothing = random.Next(2) == 0 ? null : "";
                cell = i => i < from ? nothing : late(i);
                break;
        }

        if (random.Next(3) == 0)
            cell = With(random, cell, Pick(random, 5, 50, 110, 200, 600), Pick(random, "N/A", "-", "n/a", "unknown", "007", "1.50", "true", "2021-04-28T10:00:00.1234567Z", "+1", "5000000000000000", "na\uFFFDn"));
        return [.. Enumerable.Range(0, rows).Select(cell)];
    }

    public static T Pick<T>(Random random, params T[] values) => values[random.Next(values.Length)];

    private static Func<int, string?> Kind(Random random, int rows, Range theme) => Pick(random, Kinds[theme])(random, rows);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static Func<int, string?> Fixed(Random random, int decimals)
    {
        string format = "F" + Text(decimals);
        return _ => (random.Next(-1000, 100_000) / 7.0).ToString(format, CultureInfo.InvariantCulture);
    }

    private static string Array(Random random, string between) =>
        $"[{string.Join(between, random.GetItems(Values, random.Next(4)).Select(v => "\"" + v.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal) + "\""))}]";

    private static string Lines(Random random) => string.Join('\n', random.GetItems(Values, random.Next(1, 4)));

    /// <summary>Some of the others: one a thousand, about 1 %, more; or one cell alone, anywhere.</summary>
    private static Func<int, string?> Mostly(Random random, int rows, Func<int, string?> usual, Func<int, string?> other)
    {
        int share = Pick(random, 0, 0, 3, 60, 100, 140, 1000), single = random.Next(rows);
        return i => share > 0 && random.Next(share) == 0 || share == 0 && i == single ? other(i) : usual(i);
    }

    private static Func<int, string?> With(Random random, Func<int, string?> usual, int share, string? other) => i => random.Next(share) == 0 ? other : usual(i);

    private static Func<int, string?> Times(Random random, string format, string fraction, string zone, int mostDays = 28)
    {
        var start = new DateTime(random.Next(1999, 2025), random.Next(1, 13), 1, 0, 0, 0, DateTimeKind.Utc);
        return i => start.AddDays(random.Next(mostDays)).AddSeconds(random.Next(86_400)).AddTicks(i * 1_234_567L % 10_000_000).ToString(format + fraction, CultureInfo.InvariantCulture) + zone;
    }

    private static string Fraction(Random random) => random.Next(3) == 0 ? "" : "." + new string(random.Next(6) == 0 ? 'F' : 'f', random.Next(1, 8));

    private static string Zone(Random random) => Pick(random, "", "", "Z", "+01:00", "-0530", "+00:00", " UTC");
}
