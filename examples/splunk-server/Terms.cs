using System.Text.RegularExpressions;

namespace Weir.SplunkServer;

/// <summary>The terms of a search: words, phrases, <c>field=value</c> with wildcards, <c>IN</c>, <c>TERM()</c>, AND, OR, NOT, brackets.</summary>
internal sealed partial class Terms
{
    private readonly List<string> tokens;
    private int at;

    private Terms(string text) => tokens = [.. Token().Matches(text).Select(m => m.Value)];

    /// <summary>What an event must be; null: anything.</summary>
    /// <exception cref="SplException">The terms are none.</exception>
    public static Func<Event, bool>? Read(string text)
    {
        var terms = new Terms(text);
        if (terms.tokens.Count == 0)
            return null;
        Func<Event, bool> all = terms.Or();
        return terms.at == terms.tokens.Count ? all : throw new SplException($"Error in 'search' command: Unable to parse the search: unbalanced parentheses near '{terms.tokens[terms.at]}'.");
    }

    private string? Next => at < tokens.Count ? tokens[at] : null;

    private Func<Event, bool> Or()
    {
        Func<Event, bool> left = And();
        while (Next == "OR")
        {
            at++;
            Func<Event, bool> one = left, other = And();
            left = e => one(e) || other(e);
        }

        return left;
    }

    private Func<Event, bool> And()
    {
        Func<Event, bool> left = Not();
        while (Next is not (null or ")" or "OR"))
        {
            if (Next == "AND")
                at++;
            Func<Event, bool> one = left, other = Not();
            left = e => one(e) && other(e);
        }

        return left;
    }

    private Func<Event, bool> Not()
    {
        if (Next == "NOT")
        {
            at++;
            Func<Event, bool> inner = Not();
            return e => !inner(e);
        }

        if (Next == "(")
        {
            at++;
            Func<Event, bool> inner = Or();
            at += Next == ")" ? 1 : throw new SplException("Error in 'search' command: Unable to parse the search: unbalanced parentheses.");
            return inner;
        }

        string word = Next ?? throw new SplException("Error in 'search' command: Unable to parse the search: a term is missing.");
        at++;
        if (word == "TERM" && Next == "(")
        {
            string term = tokens[at + 1];
            at += 3;
            return e => Contains(e, term);
        }

        if (Next is "=" or "!=")
        {
            bool negated = Next == "!=";
            string value = tokens[at + 1];
            at += 2;
            Func<Event, bool> match = Field(word, value);
            return e => match(e) != negated;
        }

        if (Next == "IN")
        {
            var values = new List<Func<Event, bool>>();
            for (at += 2; Next is not (null or ")"); at++)
                values.Add(Field(word, tokens[at]));
            at++;
            return e => values.Exists(v => v(e));
        }

        return e => Contains(e, word);
    }

    private static Func<Event, bool> Field(string field, string value)
    {
        string text = Unquote(value);
        if (text == "*")
            return e => e.Values(field).Any();
        var pattern = new Regex("^" + string.Join(".*", text.Split('*').Select(Regex.Escape)) + "$", RegexOptions.IgnoreCase | RegexOptions.Singleline);
        return e => e.Values(field).Any(v => pattern.IsMatch(v));
    }

    private static bool Contains(Event e, string word)
    {
        string text = Unquote(word);
        if (text == "*")
            return true;
        string raw = e.Text("_raw") ?? "";
        return text.Contains('*')
            ? Regex.IsMatch(raw, string.Join(".*", text.Trim('*').Split('*').Select(Regex.Escape)), RegexOptions.IgnoreCase | RegexOptions.Singleline)
            : raw.Contains(text, StringComparison.OrdinalIgnoreCase);
    }

    private static string Unquote(string text) => text is ['"', .., '"'] ? text[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal) : text;

    [GeneratedRegex("""!=|=|\(|\)|"(\\.|[^"\\])*"|[^\s()="!,]+(!(?!=)[^\s()="!,]*)*""")]
    private static partial Regex Token();
}

/// <summary>A search that the server does not take.</summary>
internal sealed class SplException(string message) : Exception(message);
