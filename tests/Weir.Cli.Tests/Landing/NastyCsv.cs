using System.Globalization;
using System.Text;

namespace Weir.Cli.Tests.Landing;

/// <summary>A deterministic export with everything that makes a case hard: types that change on the way, formats that change, late values,
/// dates that are decided late, empty strings, ragged rows, broken quotes, bytes that are no text.</summary>
internal static class NastyCsv
{
    public const string Header = "_time,Level,count(x),ratio,late,everText,flag,when,hasEmpty,code,__mv_users,Mixed Time,extra field,user,__mv_user,values(ip),roles,_raw";

    public static byte[] Make(int seed, int rows)
    {
        var random = new Random(seed);
        using var file = new MemoryStream();
        Write(file, Header + "\r\n");
        for (int i = 0; i < rows; i++)
            Write(file, Row(random, i, rows), random);
        return file.ToArray();
    }

    /// <summary>The same columns under other types: what widens a table when it comes beside <see cref="Make"/>.</summary>
    public static byte[] MakeOther(int rows)
    {
        var text = new StringBuilder("late,flag,hasEmpty,when,code,Mixed Time,New Column\n");
        for (int i = 0; i < rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"{i}.5,maybe,{(i % 200 == 9 ? "x" : i)},2021-04-{1 + i % 28:00}T10:00:00Z,9007199254740993,text {i},{i}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Row(Random random, int i, int rows)
    {
        DateTime time = new DateTime(2021, 3, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(i * 37);
        string zone = i < rows / 3 ? "+0100" : "+0200";
        string[] cells =
        [
            random.Next(200) == 0 ? "n/a" : time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture) + zone,
            random.Next(5) == 0 ? "" : new[] { "INFO", "WARN", "ERROR" }[random.Next(3)],
            i > rows * 2 / 3 && random.Next(30) == 0 ? "-" : random.Next(100_000).ToString(CultureInfo.InvariantCulture), // BIGINT first, text by the end
            i > rows / 2 ? (random.Next(1000) / 100.0).ToString(CultureInfo.InvariantCulture) : random.Next(9).ToString(CultureInfo.InvariantCulture), // BIGINT, then DOUBLE
            i < rows * 3 / 4 ? "" : (i * 3).ToString(CultureInfo.InvariantCulture), // nothing at first
            i < rows / 4 ? "word" : i % 300 == 0 ? "007" : i.ToString(CultureInfo.InvariantCulture), // text at first
            random.Next(2) == 0 ? "true" : i == rows / 2 ? "True" : "false",
            $"{(i < rows / 2 ? 1 + i % 12 : 13 + i % 12)}/{1 + i % 12}/2021 {i % 12 + 1}:05:33 PM", // decided late: day first
            i % 7 == 0 ? "\"\"" : i % 3 == 0 ? "" : i.ToString(CultureInfo.InvariantCulture),
            i % 400 == 0 ? "+1" : i % 401 == 0 ? "007" : (i - 500).ToString(CultureInfo.InvariantCulture),
            i % 4 == 0 ? "\"$a$;$b$\"" : "",
            i % 3 == 0 ? time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
                : i < rows / 2 ? time.ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture) : time.AddTicks(i).ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture),
            "x" + i % 17,
            i > rows / 2 && i % 5 == 0 ? $"\"u{i}\nv\"" : $"u{i}", // a list in the middle of the file
            i > rows / 2 && i % 5 == 0 ? $"\"$u{i}$;$v$\"" : "",
            i % 3 == 0 ? "\"8.8.8.8\n10.0.0.1\"" : i % 3 == 1 ? "45.77.53.176" : "",
            i < rows / 10 && i % 17 == 0 ? "[none]" : i % 2 == 0 ? "\"[\"\"8.8.4.4\"\",\"\"http://a.example.com\"\"]\"" : "[]", // text at first, lists by the end
            $"\"{new string('r', random.Next(120))} \"\"q\"\" row {i}\r\nsecond line\"",
        ];
        string row = string.Join(',', cells);
        return random.Next(60) switch
        {
            0 when i > 3 => row + ",one,\"two \u20ac\"\n",
            1 => string.Join(',', cells[..5]) + "\n",
            2 when i > rows / 3 => "\"" + row[..20] + "\n",
            3 => row.Replace("x", "\u0001", StringComparison.Ordinal) + "\n", // becomes 0xFF below
            4 => row.Replace("row", "r\0w", StringComparison.Ordinal) + "\r\n",
            5 => "\r\n" + row + "\r",
            _ => row + "\r\n",
        };
    }

    private static void Write(MemoryStream file, string text, Random? random = null)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (random is not null)
            bytes.AsSpan().Replace((byte)1, (byte)0xFF);
        file.Write(bytes);
    }
}
