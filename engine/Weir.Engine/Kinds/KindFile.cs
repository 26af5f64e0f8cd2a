using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Weir.Engine.Stages;

namespace Weir.Engine.Kinds;

/// <summary>Reads the SQL file of a log kind.</summary>
/// <remarks>
/// <para>Comment lines of the form <c>-- key: value</c> describe it; other comments are for readers. Lists are separated by commas; a line may go on in further lines <c>--   more</c> that are indented by three blanks.</para>
/// <list type="bullet">
/// <item><c>sourcetypes</c>: Splunk's names for it, with <c>*</c>.</item>
/// <item><c>columns</c>: cleaned names that it must have, <c>a|b &amp; c</c>; several lines are alternatives. <c>without</c>: names that show it to be something else.</item>
/// <item><c>rows</c>: SQL, which rows are of it. <c>shape</c>: SQL that at least half of the first rows meet.</item>
/// <item><c>prefix</c>: an envelope in front of column names. <c>time</c>, <c>address</c>: columns, the most trusted first. <c>same-user</c>: spellings of one user in one record.</item>
/// <item><c>identity</c>: SQL of what identifies a record. <c>content</c>: columns that hold it whole. <c>artefacts</c>: columns of a query or collector.</item>
/// <item><c>json</c>, <c>xml</c>: <c>columns [if 'marker' 'marker'] [unless a|b &amp; c]: path[:type], …</c> (a row that has text in a column of every group behind <c>unless</c> has been taken apart already); <c>pattern</c>: <c>columns: group[:type], … | expression</c>. Types: <c>stored</c>, <c>column</c>, <c>time</c>, <c>address</c>, <c>pairs</c> (<see cref="PayloadType"/>).</item>
/// <item><c>let</c>: <c>name = SQL</c>; behind it, <c>@name</c> in SQL stands for that expression.</item>
/// <item><c>view</c>: the statement behind it, <c>SELECT … AS column, … [WHERE …];</c>, maps to this view.</item>
/// </list>
/// <para>In SQL, <c>$(a, b)</c> is the text of the first of these columns that has one, <c>$a</c> of that column, <c>$time(a, b)</c> a time; a column that the log does not have is NULL.</para>
/// </remarks>
internal static partial class KindFile
{
    private static readonly string[] Lists = ["sourcetypes", "columns", "without", "rows", "shape", "prefix", "time", "identity", "content", "artefacts", "address", "same-user", "json", "xml", "pattern", "let", "view"];

    /// <param name="name">The kind's name: that of the file.</param>
    /// <param name="shipped">It comes with weir: its patterns are made when they are needed, which questions never do.</param>
    /// <exception cref="WeirException">It cannot be read; the message says where.</exception>
    public static LogKind Read(string name, string text, string where, bool shipped = false)
    {
        var kind = new LogKind(name, text);
        List<IReadOnlyList<string[]>> columns = [];
        List<PayloadRule> payloads = [];
        List<KindMapping> mappings = [];
        var lets = new Dictionary<string, string>(StringComparer.Ordinal);
        StandardView? view = null;
        var statement = new StringBuilder();
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            Match described = Described().Match(lines[i]);
            if (!described.Success || !Lists.Contains(described.Groups[1].Value))
            {
                if (!lines[i].AsSpan().TrimStart().StartsWith("--", StringComparison.Ordinal))
                    statement.Append(lines[i]).Append('\n');
                continue;
            }

            int at = i + 1;
            string value = described.Groups[2].Value.Trim();
            while (i + 1 < lines.Length && Continued().Match(lines[i + 1]) is { Success: true } more)
            {
                value += " " + more.Groups[1].Value.Trim();
                i++;
            }

            string line = string.Create(CultureInfo.InvariantCulture, $"{where}, line {at}");
            value = WithLets(value);
            if (described.Groups[1].Value is "rows" or "shape" or "identity")
                CheckExpression(value, line);
            switch (described.Groups[1].Value)
            {
                case "sourcetypes": kind = kind with { Sourcetypes = [.. List(value).Select(s => s.ToLowerInvariant())] }; break;
                case "columns": columns.Add([.. value.Split('&', StringSplitOptions.TrimEntries).Select(g => g.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))]); break;
                case "without": kind = kind with { Without = List(value) }; break;
                case "rows": kind = kind with { Rows = value }; break;
                case "shape": kind = kind with { Shape = value }; break;
                case "prefix": kind = kind with { Prefixes = List(value) }; break;
                case "time": kind = kind with { Time = List(value) }; break;
                case "identity": kind = kind with { Identity = value }; break;
                case "content": kind = kind with { Content = List(value) }; break;
                case "artefacts": kind = kind with { Artefacts = List(value) }; break;
                case "address": kind = kind with { Address = List(value) }; break;
                case "same-user": kind = kind with { SameUser = List(value) }; break;
                case "let":
                    Match let = Let().Match(value);
                    if (!let.Success)
                        throw new WeirException(line, "'let' gives no expression a name", "'name = SQL'", "Mend the file.");
                    CheckExpression(let.Groups[2].Value, line);
                    lets[let.Groups[1].Value] = $"({let.Groups[2].Value.Trim()})";
                    break;
                case "view":
                    Finish();
                    view = StandardView.All.FirstOrDefault(v => v.Name == value)
                        ?? throw new WeirException(line, $"there is no view '{value}'", $"one of {string.Join(", ", StandardView.All.Select(v => v.Name))}", "Mend the file.");
                    break;
                default: payloads.Add(Payload(described.Groups[1].Value, value, line, shipped)); break;
            }
        }

        Finish();
        if (columns.Count == 0 && kind.Sourcetypes.Count == 0)
            throw new WeirException(where, "nothing says how the kind is recognised", "a line '-- columns: …' or '-- sourcetypes: …'", "Mend the file.");
        if (mappings.Count == 0)
            throw new WeirException(where, "it maps to no view", "a line '-- view: …' with a SELECT behind it", "Mend the file.");
        return kind with { Columns = columns, Payloads = payloads, Mappings = mappings };

        string WithLets(string sql) => lets.Count == 0 ? sql : NameOfLet().Replace(sql, m => lets.GetValueOrDefault(m.Groups[1].Value, m.Value));

        void Finish()
        {
            if (view is not null)
                mappings.Add(Mapping(view, WithLets(statement.ToString()), where));
            else if (statement.ToString().Trim().Length > 0)
                throw new WeirException(where, "SQL stands before the first '-- view: …'", "the view that it maps to", "Mend the file.");
            statement.Clear();
            view = null;
        }
    }

    private static string[] List(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static PayloadRule Payload(string format, string value, string where, bool shipped)
    {
        WeirException Wrong(string found) => new(where, found, "'columns [if 'marker'] [unless a|b & c]: path[:type], …'", "Mend the file.");
        Match parts = PayloadParts().Match(value);
        if (!parts.Success)
            throw Wrong($"'{format}' has no columns or no paths");
        string fields = parts.Groups["fields"].Value, expression = "";
        if (format == "pattern")
        {
            int bar = fields.IndexOf('|', StringComparison.Ordinal);
            if (bar < 0)
                throw Wrong("the pattern has no expression behind '|'");
            (fields, expression) = (fields[..bar], fields[(bar + 1)..].Trim());
        }

        PayloadField[] named = [.. List(fields).Select(field =>
        {
            int colon = field.LastIndexOf(':');
            string type = colon < 0 ? "text" : field[(colon + 1)..];
            return Enum.TryParse(type, ignoreCase: true, out PayloadType known) ? new PayloadField(colon < 0 ? field : field[..colon], known) : throw Wrong($"there is no type '{type}'");
        })];
        string[] markers = [.. Quoted().Matches(parts.Groups["markers"].Value).Select(m => m.Groups[1].Value)];
        try
        {
            Lazy<Regex>? pattern = format == "pattern" ? new Lazy<Regex>(() => new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)) : null;
            if (pattern is not null && !shipped && named.FirstOrDefault(f => pattern.Value.GroupNumberFromName(f.Path) < 0) is { } missing)
                throw Wrong($"the pattern has no group '{missing.Path}'");
            return new PayloadRule(Enum.Parse<PayloadFormat>(format, ignoreCase: true), List(parts.Groups["columns"].Value), markers, named, pattern) { Unless = [.. parts.Groups["unless"].Value.Split('&', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(g => g.Split('|', StringSplitOptions.TrimEntries))] };
        }
        catch (ArgumentException e) when (e is RegexParseException)
        {
            throw Wrong($"the pattern cannot be read ({e.Message})");
        }
    }

    private static KindMapping Mapping(StandardView view, string statement, string where)
    {
        string text = statement.Trim().TrimEnd(';').Trim();
        WeirException Wrong(string found) => new($"{where}, view {view.Name}", found, "SELECT expression AS column, … [WHERE condition];", "Mend the file.");
        if (!text.StartsWith("SELECT", StringComparison.OrdinalIgnoreCase))
            throw Wrong("the statement is no SELECT");
        string[] parts = [.. Split(text[6..], word: "WHERE")];
        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string item in Split(parts[0], word: null))
        {
            Match named = Named().Match(item);
            if (!named.Success)
                throw Wrong($"'{item.Trim()}' has no name");
            CheckExpression(named.Groups[1].Value, $"{where}, view {view.Name}");
            string column = named.Groups[2].Value.Trim('"');
            if (!view.Columns.Any(c => c.Name == column))
                throw Wrong($"the view has no column '{column}' (it has {string.Join(", ", view.Columns.Select(c => c.Name))})");
            if (!columns.TryAdd(column, named.Groups[1].Value.Trim()))
                throw Wrong($"column '{column}' is given twice");
        }

        if (parts.Length == 2)
            CheckExpression(parts[1], $"{where}, view {view.Name}");
        return parts.Length > 2 ? throw Wrong("there are two WHERE") : new KindMapping(view, columns, parts.Length == 2 ? parts[1].Trim() : null);
    }

    // A case keeps the kinds of whoever made it: an expression over a row is all that one may be, no question to tables or files.
    private static void CheckExpression(string sql, string where)
    {
        if (Asking().Match(Quotes().Replace(sql, "''")) is { Success: true } asking)
            throw new WeirException(where, $"'{asking.Value.Trim()}' asks a table", "expressions over the columns of the row", "Mend the file.");
    }

    /// <summary>Splits SQL at commas, or at a word, outside of brackets and quotes.</summary>
    private static IEnumerable<string> Split(string sql, string? word)
    {
        int depth = 0, from = 0;
        char quote = '\0';
        for (int i = 0; i < sql.Length; i++)
        {
            char c = sql[i];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
                continue;
            }

            if (c is '\'' or '"')
                quote = c;
            depth += c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' ? -1 : 0;
            bool here = depth == 0 && (word is null ? c == ',' : string.Compare(sql, i, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0
                && char.IsWhiteSpace(sql[Math.Max(0, i - 1)]) && i + word.Length < sql.Length && char.IsWhiteSpace(sql[i + word.Length]));
            if (!here)
                continue;
            yield return sql[from..i];
            from = i + (word?.Length ?? 1);
        }

        yield return sql[from..];
    }

    [GeneratedRegex(@"^-- ([a-z-]+):\s*(.*)$")]
    private static partial Regex Described();

    [GeneratedRegex(@"^--   +(.*)$")]
    private static partial Regex Continued();

    [GeneratedRegex(@"^(?<columns>[a-z0-9_, ]+?)(?<markers>\s+if(\s+'[^']*')+)?(\s+unless\s+(?<unless>[a-z0-9_&| ]+?))?\s*:(?<fields>.+)$")]
    private static partial Regex PayloadParts();

    [GeneratedRegex(@"\b(SELECT|WITH|VALUES|TABLE|PIVOT|UNPIVOT|DESCRIBE|SUMMARIZE|SHOW)\b|\(\s*FROM\b|;", RegexOptions.IgnoreCase)]
    private static partial Regex Asking();

    [GeneratedRegex("'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\\$\\([^()]*\\)|\\$[a-z_0-9]+")]
    private static partial Regex Quotes();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^([a-z_]+)\s*=\s*(.+)$")]
    private static partial Regex Let();

    [GeneratedRegex("@([a-z_]+)")]
    private static partial Regex NameOfLet();

    [GeneratedRegex(@"^(.*)\sAS\s+(""?[a-z_]+""?)\s*$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Named();
}
