using System.Globalization;
using System.Net;

namespace Weir.Connectors;

/// <summary>Tells names of columns from values.</summary>
internal static class CsvHeaderGuess
{
    private enum Look { Empty, Text, Number, Truth, Time, Address, Guid, Hash, Link, Mail, Host, Json }

    /// <summary>Whether the first of <paramref name="records"/> holds names.</summary>
    /// <remarks>Column by column: where all below looks like one kind of value (times, addresses, numbers, …), a first cell of the
    /// same kind speaks against names and any other text for them. Without such a column a first record that itself holds a value has no names.</remarks>
    public static bool IsHeader(IReadOnlyList<string[]> records, out string reason)
    {
        if (records.Count == 0)
        {
            reason = "header: none, there is no row";
            return false;
        }

        string[] first = records[0];
        int against = 0;
        int inFavour = 0;
        for (int column = 0; column < first.Length; column++)
        {
            Look common = CommonLook(records, column);
            if (common is Look.Empty or Look.Text)
                continue;
            Look own = LookOf(first[column]);
            if (own == common)
                against++;
            else if (own is Look.Text or Look.Host)
                inFavour++;
        }

        if (against + inFavour > 0)
        {
            bool names = inFavour > against;
            reason = names
                ? $"header: yes, {inFavour.ToString(CultureInfo.InvariantCulture)} columns hold values of a kind that their first cell is not"
                : $"header: no, {against.ToString(CultureInfo.InvariantCulture)} cells of the first row are values like those below them";
            return names;
        }

        bool value = first.Any(cell => LookOf(cell) is not (Look.Text or Look.Empty or Look.Host));
        bool empty = first.All(cell => cell.Length == 0);
        bool line = first.Length == 1 ? !IsName(first[0]) || first[0].Contains(' ', StringComparison.Ordinal) : records.Count == 1 && !first.All(IsName);
        reason = value ? "header: no, the first row holds values" : empty ? "header: no, the first row is empty"
            : line ? "header: no, the first row is a line of text, not names" : "header: yes, the first row holds text only";
        return !value && !empty && !line;
    }

    // Lines of a log are one column too, and the first must not be lost as a name.
    private static bool IsName(string cell) =>
        cell.Length is > 0 and <= 64 && (char.IsLetter(cell[0]) || cell[0] is '_' or '@' or '#') && cell.Count(char.IsAsciiDigit) <= 4 && cell.Count(c => c == ' ') <= 3 && cell.All(c => char.IsLetterOrDigit(c) || " _-.:()[]{}#".Contains(c, StringComparison.Ordinal));

    private static Look CommonLook(IReadOnlyList<string[]> records, int column)
    {
        Span<int> counts = stackalloc int[(int)Look.Json + 1];
        int filled = 0;
        for (int i = 1; i < records.Count; i++)
        {
            if (column >= records[i].Length || records[i][column].Length == 0)
                continue;
            counts[(int)LookOf(records[i][column])]++;
            filled++;
        }

        for (int look = (int)Look.Number; look < counts.Length; look++)
        {
            if (filled > 0 && counts[look] * 5 >= filled * 4)
                return (Look)look;
        }

        return filled == 0 ? Look.Empty : Look.Text;
    }

    private static Look LookOf(string cell)
    {
        string text = cell.Trim();
        if (text.Length == 0)
            return Look.Empty;
        if (text[0] == '{' && text[^1] == '}')
            return Look.Json;
        if (text.Length > 256)
            return Look.Text;
        if (double.TryParse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _) && text.Any(char.IsAsciiDigit))
            return Look.Number;
        if (text is "true" or "false" or "True" or "False" or "TRUE" or "FALSE")
            return Look.Truth;
        if (IsAddress(text))
            return Look.Address;
        if (Guid.TryParse(text, out _))
            return Look.Guid;
        if (text.Length is 32 or 40 or 64 or 128 && text.All(char.IsAsciiHexDigit))
            return Look.Hash;
        if (text.Contains("://", StringComparison.Ordinal))
            return Look.Link;
        if (IsTime(text))
            return Look.Time;
        if (text.Contains(' ', StringComparison.Ordinal))
            return Look.Text;
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (at > 0 && text.LastIndexOf('.') > at)
            return Look.Mail;
        return at < 0 && IsHost(text) ? Look.Host : Look.Text;
    }

    private static bool IsAddress(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string address = slash < 0 ? text : text[..slash];
        return (address.Contains('.', StringComparison.Ordinal) || address.Contains(':', StringComparison.Ordinal))
            && address.Any(char.IsAsciiHexDigit) && IPAddress.TryParse(address, out _)
            && (address.Contains(':', StringComparison.Ordinal) || address.Count(c => c == '.') == 3);
    }

    // Digits with the separators that times have, and at most a weekday, month or zone in letters.
    private static bool IsTime(string text)
    {
        if (text.Length is < 6 or > 48 || !text.Any(char.IsAsciiDigit))
            return false;
        if (DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            return true;
        int digits = text.Count(char.IsAsciiDigit);
        int marks = text.Count(c => c is ':' or '-' or '/');
        return digits >= 6 && marks >= 2 && digits + marks + text.Count(c => c is ' ' or '.' or ',' or '+' or 'T' or 'Z') >= text.Length - 4;
    }

    private static bool IsHost(string text)
    {
        int dot = text.LastIndexOf('.');
        return dot > 0 && text.Length - dot is > 2 and < 20 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
            && text.AsSpan(dot + 1).ContainsAnyExceptInRange('0', '9');
    }
}
