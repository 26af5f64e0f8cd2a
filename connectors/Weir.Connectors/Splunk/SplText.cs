using System.Text.RegularExpressions;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>A search text, looked at as far as its export depends on it: what it may do, which range it names, whether it can be cut into slices.</summary>
internal sealed partial class SplText
{
    /// <summary>Commands that keep some rows and drop others, and change none.</summary>
    private static readonly HashSet<string> Filters = new(StringComparer.OrdinalIgnoreCase) { "search", "where", "regex", "head", "tail", "dedup", "sort", "reverse", "uniq" };

    /// <summary>Commands that give one row for each one, by that one alone.</summary>
    private static readonly HashSet<string> RowByRow = new(StringComparer.OrdinalIgnoreCase)
    {
        "eval", "rex", "fields", "rename", "spath", "makemv", "nomv", "extract", "kv", "xmlkv", "xpath", "lookup", "iplocation", "replace", "rangemap", "convert", "bin", "bucket",
        "table", "strcat", "fieldformat", "foreach", "tags", "typer", "abstract", "reltime", "flatten",
    };

    /// <summary>Further commands that work on one row at a time: what they give for two slices is what they give for both together.</summary>
    private static readonly HashSet<string> RowWise = new(StringComparer.OrdinalIgnoreCase) { "search", "where", "regex", "mvexpand", "multikv", "expand" };

    /// <summary>Commands that change something on the server or run something there.</summary>
    private static readonly HashSet<string> Acting = new(StringComparer.OrdinalIgnoreCase)
    {
        "delete", "collect", "mcollect", "meventcollect", "stash", "summaryindex", "tscollect", "outputlookup", "outputcsv", "outputtext", "sendemail", "sendalert", "script", "map", "dump", "crawl",
    };

    private static readonly string[] Modifiers = ["earliest", "latest", "_index_earliest", "_index_latest", "starttime", "endtime", "startdaysago", "enddaysago", "starthoursago", "endhoursago", "startminutesago", "endminutesago", "startmonthsago", "endmonthsago", "starttimeu", "endtimeu", "searchtimespanhours", "searchtimespandays", "searchtimespanminutes", "searchtimespanmonths", "daysago", "hoursago", "minutesago", "monthsago"];

    private SplText(string text) => Text = text;

    /// <summary>The search as it is sent: it begins with <c>search</c> or a pipe; a range at its start is taken out.</summary>
    public string Text { get; }

    /// <summary>The range that stood at its start; null where none did.</summary>
    public string? Earliest { get; private init; }

    /// <inheritdoc cref="Earliest"/>
    public string? Latest { get; private init; }

    /// <summary>Its rows depend on more than one event each: it cannot be cut.</summary>
    public bool IsOneSlice => OneSliceBecause is not null;

    /// <summary>Why it cannot be cut; null where it can.</summary>
    public string? OneSliceBecause { get; private init; }

    /// <summary>Each event that it matches gives one row.</summary>
    public bool IsRowPerEvent { get; private init; }

    /// <summary>A row is an event, and no event gives two.</summary>
    public bool KeepsEvents { get; private init; }

    /// <summary>Its rows have the times of their events.</summary>
    public bool KeepsTimes { get; private init; }

    /// <summary>It changes or starts something on the server, as it was allowed to: it is not run once more only to count.</summary>
    public bool Acts { get; private init; }

    /// <summary>It begins with a generating command, which may name a range of its own.</summary>
    public bool OwnsRange { get; private init; }

    /// <summary>Its terms where they are fields of the index alone, so that <c>tstats</c> counts them without reading an event; else null.</summary>
    public string? IndexTerms { get; private init; }

    /// <summary>Looks at a search.</summary>
    /// <param name="text">As given; <c>search</c> is put before it where it begins with terms.</param>
    /// <param name="allowed">Commands that act on the server and are allowed by name.</param>
    /// <param name="macrosAreRowWise">Its macros hold no command that looks at more than one row, nor a subsearch: only the user can know.</param>
    /// <exception cref="WeirException">It would do what was not allowed by name, names a range in its middle, or its quotes do not close.</exception>
    public static SplText Read(string text, IReadOnlyCollection<string> allowed, bool macrosAreRowWise = false)
    {
        text = text.Trim();
        if (text.Length == 0)
            throw new WeirException("--spl", "the search is empty", "a search", "For example: --spl 'search index=main'.");
        if (!text.StartsWith('|') && !StartsWithSearch().IsMatch(text))
            text = "search " + text;
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new WeirException("--spl", "it holds a NUL character", "text", "A file of a search is UTF-8.");

        // Single quotes hold a field's name in eval and its like, and are letters elsewhere: the search is what it is either way.
        List<Token>? literal = TryScan(text, singles: false, out WeirException? open), quoted = text.Contains('\'', StringComparison.Ordinal) ? TryScan(text, singles: true, out open) : null;
        if ((literal ?? quoted) is not { } tokens)
            throw open!;
        SplText one = Read(text, tokens, allowed, macrosAreRowWise);
        if (literal is null || quoted is null)
            return one;
        SplText other = Read(text, quoted, allowed, macrosAreRowWise);
        if (one.Text != other.Text)
            throw new WeirException("--spl", "its single quotes can be read in two ways, and the range at its start only in one", "a search whose quotes close", "Give the range with --earliest and --latest.");
        return new SplText(one.Text)
        {
            Earliest = one.Earliest,
            Latest = one.Latest,
            IsRowPerEvent = one.IsRowPerEvent && other.IsRowPerEvent,
            KeepsEvents = one.KeepsEvents && other.KeepsEvents,
            KeepsTimes = one.KeepsTimes && other.KeepsTimes,
            OwnsRange = one.OwnsRange,
            Acts = one.Acts || other.Acts,
            IndexTerms = one.IndexTerms == other.IndexTerms ? one.IndexTerms : null,
            OneSliceBecause = one.OneSliceBecause ?? other.OneSliceBecause,
        };
    }

    public override string ToString() => Text;

    private static SplText Read(string text, List<Token> tokens, IReadOnlyCollection<string> allowed, bool macrosAreRowWise)
    {
        string[] acting = [.. CommandsOf(tokens).Where(c => Acting.Contains(c) || c.StartsWith("run", StringComparison.OrdinalIgnoreCase))];
        if (Array.Find(acting, c => !allowed.Contains(c, StringComparer.OrdinalIgnoreCase)) is { } command)
            throw new WeirException("--spl", $"the command '{command}' changes or starts something on the server", "a search that only reads", $"Leave it out, or allow it by name with --allow-command {command}.");

        int firstPipe = tokens.FindIndex(t => t.IsPipe && t.Depth == 0 && t.Start > 0);
        int baseEnd = text.StartsWith('|') ? -1 : firstPipe < 0 ? tokens.Count : firstPipe;
        var taken = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var cuts = new List<(int Start, int End)>();
        bool ambiguous = tokens.Take(Math.Max(0, baseEnd)).Any(t => t.Depth == 0 && (t.Text is "OR" or "NOT" || t.Text.StartsWith('(')));
        for (int i = 0; i < tokens.Count; i++)
        {
            Token token = tokens[i];
            string word = i + 1 < tokens.Count && tokens[i + 1].Text.StartsWith('=') ? token.Text + tokens[i + 1].Text : token.Text; // earliest = -1h
            Match modifier = Modifier().Match(word);
            if (!modifier.Success || !Modifiers.Contains(modifier.Groups["name"].Value, StringComparer.OrdinalIgnoreCase) || IsAssignment(tokens, i))
                continue;
            string name = modifier.Groups["name"].Value.ToLowerInvariant(), value = modifier.Groups["value"].Value.Trim('"');
            if (i < baseEnd && token.Depth == 0 && word == token.Text && name is "earliest" or "latest" && !ambiguous && value.Length > 0 && taken.TryAdd(name, value))
            {
                cuts.Add((token.Start, token.End));
                continue;
            }

            // A generating search is sent as it is, once, and its answer is what was asked for.
            if (!text.StartsWith('|'))
                throw new WeirException("--spl", $"it holds the time modifier '{word}', which overrides the range of every slice", "a search without one", "Give the range with --earliest and --latest.");
        }

        foreach (var (start, end) in cuts.AsEnumerable().Reverse())
            text = text.Remove(start, (end < text.Length && char.IsWhiteSpace(text[end]) ? end + 1 : end) - start);
        text = text.Trim();
        bool generates = text.StartsWith('|'), macros = tokens.Exists(t => t.HasMacro), nested = tokens.Exists(t => t.Depth > 0);
        string[] top = [.. tokens.Where((t, i) => t.Depth == 0 && !t.IsPipe && (i == 0 || (tokens[i - 1].IsPipe && tokens[i - 1].Depth == 0))).Select(t => t.Text)];
        bool plain = !generates && top.Length == 1 && !macros && !nested, known = !generates && !macros;
        bool isTerms = plain && tokens.Count > 1 + cuts.Count && tokens.Skip(1).All(t => IndexField().IsMatch(t.Text) || cuts.Contains((t.Start, t.End)));
        return new SplText(text)
        {
            Earliest = taken.GetValueOrDefault("earliest"),
            Latest = taken.GetValueOrDefault("latest"),
            IsRowPerEvent = known && top.Skip(1).All(RowByRow.Contains),
            KeepsEvents = known && top.Skip(1).All(c => RowByRow.Contains(c) || Filters.Contains(c)),
            KeepsTimes = known && top.Skip(1).All(c => Filters.Contains(c) || c.ToLowerInvariant() is "fields" or "table"),
            OwnsRange = generates,
            Acts = acting.Length > 0,
            IndexTerms = isTerms ? text["search".Length..].Trim() : null,
            OneSliceBecause = generates ? "it begins with a generating command"
                : top.FirstOrDefault(c => !RowWise.Contains(c) && !RowByRow.Contains(c)) is { } first ? $"'{first}' may look at more than one row"
                : BinsOverAll(tokens) ? "'bin' without a span, or with aligntime, takes its bins from all rows"
                : nested ? "its subsearch looks at the whole range"
                : macros && !macrosAreRowWise ? "a macro may hide a command that looks at more than one row (--row-wise: it does not)"
                : null,
        };
    }

    private static bool BinsOverAll(List<Token> tokens)
    {
        for (int i = 1; i < tokens.Count; i++)
        {
            if (!tokens[i - 1].IsPipe || tokens[i].Text.ToLowerInvariant() is not ("bin" or "bucket"))
                continue;
            string options = ' ' + string.Join(' ', tokens.Skip(i + 1).TakeWhile(t => !t.IsPipe).Select(t => t.Text));
            if (!BinSpan().IsMatch(options) || options.Contains(" aligntime", StringComparison.OrdinalIgnoreCase)) // where a slice begins
                return true;
        }

        return false;
    }

    // eval earliest=..., where a field of that name is made, is no modifier.
    private static bool IsAssignment(List<Token> tokens, int at)
    {
        for (int i = at - 1; i >= 0; i--)
        {
            if (tokens[i].Depth < tokens[at].Depth)
                return false;
            if (tokens[i].IsPipe && tokens[i].Depth == tokens[at].Depth)
                return i + 1 < tokens.Count && tokens[i + 1].Text.ToLowerInvariant() is "eval" or "where" or "stats" or "rename" or "table" or "fields" or "foreach" or "eventstats" or "streamstats" or "timechart" or "chart" or "fieldformat" or "convert";
        }

        return false;
    }

    /// <summary>The commands at every level: at the start, behind a pipe, behind a bracket.</summary>
    private static IEnumerable<string> CommandsOf(List<Token> tokens)
    {
        for (int i = 0; i < tokens.Count; i++)
        {
            bool begins = i == 0 || tokens[i - 1].IsPipe || tokens[i].Opens;
            if (begins && !tokens[i].IsPipe)
                yield return tokens[i].Text.TrimStart('[', '(', ' ');
        }
    }

    private static List<Token>? TryScan(string text, bool singles, out WeirException? open)
    {
        open = null;
        try
        {
            return Scan(text, singles);
        }
        catch (WeirException e)
        {
            open = e;
            return null;
        }
    }

    /// <summary>Words of the search, quoted texts kept together; depth counts square brackets.</summary>
    private static List<Token> Scan(string text, bool singles)
    {
        var tokens = new List<Token>();
        int depth = 0, at = 0;
        bool opens = false;
        while (at < text.Length)
        {
            char c = text[at];
            if (char.IsWhiteSpace(c) || c is ',')
            {
                at++;
            }
            else if (text.AsSpan(at).StartsWith("```"))
            {
                int close = text.IndexOf("```", at + 3, StringComparison.Ordinal);
                at = close < 0 ? throw Open("```") : close + 3;
            }
            else if (c is '[' or ']')
            {
                depth += c == '[' ? 1 : -1;
                opens = c == '[';
                at++;
            }
            else if (c == '|')
            {
                tokens.Add(new Token(at, at + 1, "|", depth, false, false));
                at++;
            }
            else
            {
                int start = at;
                at = EndOfWord(text, at, singles, out bool macro);
                tokens.Add(new Token(start, at, text[start..at], depth, opens, macro));
                opens = false;
            }
        }

        return depth == 0 ? tokens : throw Open("[");
    }

    private static int EndOfWord(string text, int at, bool singles, out bool macro)
    {
        macro = false;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('|' or '[' or ']' or ','))
        {
            if (text[at] is '"' or '`')
            {
                macro |= text[at] == '`';
                at = EndOfQuoted(text, at);
                if (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '`'))
                    return at; // index="a"earliest=-1h
            }
            else if (singles && text[at] == '\'' && (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && text.IndexOf('\'', at + 1) is > 0 and var close)
            {
                at = close + 1;
            }
            else if (text[at] == '\\')
                at = Math.Min(text.Length, at + 2);
            else
                at++;
        }

        return at;
    }

    private static int EndOfQuoted(string text, int at)
    {
        char quote = text[at];
        for (int i = at + 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && quote == '"')
                i++;
            else if (text[i] == quote)
                return i + 1;
        }

        throw Open(quote.ToString());
    }

    private static WeirException Open(string mark) => new("--spl", $"a {mark} is not closed", "a whole search", "Check the quotes; in a shell, put the search between single quotes or in a file (--spl-file).");

    /// <param name="Opens">It is the first behind a bracket.</param>
    private readonly record struct Token(int Start, int End, string Text, int Depth, bool Opens, bool HasMacro)
    {
        public bool IsPipe => Text == "|";
    }

    [GeneratedRegex(@" span\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex BinSpan();

    [GeneratedRegex(@"^search(\s|$)", RegexOptions.IgnoreCase)]
    private static partial Regex StartsWithSearch();

    [GeneratedRegex(@"^\(*(?<name>[a-z_]+)\s*[=<>]=?\s*(?<value>(""[^""]*""|[^\s()]*))", RegexOptions.IgnoreCase)]
    private static partial Regex Modifier();

    [GeneratedRegex(@"^(index|host|source|sourcetype|splunk_server)=(""[^""]*""|[^""\s()]+)$", RegexOptions.IgnoreCase)]
    private static partial Regex IndexField();
}
