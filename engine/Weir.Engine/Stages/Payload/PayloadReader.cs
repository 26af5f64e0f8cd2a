namespace Weir.Engine.Stages;

/// <summary>Rules of one format over one column: a cell is read once for all of them.</summary>
internal sealed class PayloadGroup
{
    /// <summary>Rules that one group holds: a bit each.</summary>
    public const int MostRules = 64;

    private PayloadGroup((PayloadRule Rule, int Index)[] of)
    {
        PayloadRule[] rules = [.. of.Select(r => r.Rule)];
        (Rules, Indices) = (rules, [.. of.Select(r => r.Index)]);
        var fields = new List<PayloadField>();
        var owners = new List<ulong>();
        for (int r = 0; r < rules.Length; r++)
        {
            foreach (PayloadField field in rules[r].Fields)
            {
                int known = fields.FindIndex(f => f.Path == field.Path && f.Type == PayloadType.Pairs == (field.Type == PayloadType.Pairs));
                if (known < 0)
                {
                    known = fields.Count;
                    fields.Add(field);
                    owners.Add(0);
                }

                owners[known] |= 1UL << r;
            }
        }

        (Fields, Owners) = ([.. fields], [.. owners]);
    }

    public PayloadFormat Format => Rules[0].Format;

    public PayloadRule[] Rules { get; }

    /// <summary>Which of the column's rules they are.</summary>
    public int[] Indices { get; }

    /// <summary>What some rule asks for.</summary>
    public PayloadField[] Fields { get; }

    /// <summary>Per field, the rules that ask for it.</summary>
    public ulong[] Owners { get; }

    /// <summary>Rules of a column in groups, in order: those of JSON, and those of XML, stand where their first one stands; a pattern stands alone.</summary>
    public static PayloadGroup[] Of(IReadOnlyList<PayloadRule> rules) =>
        [.. rules.Select((rule, i) => (Rule: rule, Index: i)).GroupBy(r => r.Rule.Format == PayloadFormat.Pattern ? -1 - r.Index : (int)r.Rule.Format).SelectMany(g => g.Chunk(MostRules)).Select(g => new PayloadGroup(g))];
}

/// <summary>Reads cells for a group of rules. Not safe from several threads.</summary>
internal sealed class PayloadReader(PayloadGroup group)
{
    private readonly JsonPayload? json = group.Format == PayloadFormat.Json ? new JsonPayload(group.Fields) : null;
    private readonly XmlPayload? xml = group.Format == PayloadFormat.Xml ? new XmlPayload(group.Fields) : null;
    private readonly PatternPayload? pattern = group.Format == PayloadFormat.Pattern ? new PatternPayload(group.Rules[0]) : null;
    private ulong suited;

    /// <summary>The values of the cell that was read last.</summary>
    public PayloadValues Values { get; } = new(group.Fields.Length);

    /// <summary>The text in that cell is what it begins as, to its end.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Some rule that took the cell is sure of what it is.</summary>
    public bool IsSure { get; private set; }

    /// <summary>Reads a cell for the rules that it suits.</summary>
    /// <param name="text">The cell from where its text begins (<see cref="PayloadRule.Begins"/>).</param>
    /// <param name="takenApart">A bit for each rule for which the row has been taken apart already.</param>
    /// <returns>It suits one.</returns>
    public bool Read(ReadOnlySpan<byte> cell, ReadOnlySpan<byte> text, ulong takenApart)
    {
        suited = 0;
        IsSure = false;
        for (int r = 0; r < group.Rules.Length; r++)
        {
            if ((takenApart >> r & 1) != 0 || !group.Rules[r].Suits(cell))
                continue;
            suited |= 1UL << r;
            IsSure |= group.Rules[r].Markers.Count > 0; // nothing else begins so and has those texts in it
        }

        if (suited == 0)
            return false;
        Values.Clear();
        IsWhole = json?.Read(text, Values) ?? xml?.Read(text, Values) ?? pattern!.Read(text, Values);
        return true;
    }

    /// <summary>A rule that took the cell asks for the field.</summary>
    public bool IsAsked(int field) => (group.Owners[field] & suited) != 0;

    /// <summary>SQL may find values where the cell has none.</summary>
    public bool HasOthers => xml?.HasOthers == true;

    /// <summary>SQL may find a value of the field where the cell has none.</summary>
    public bool HasOther(int field, ReadOnlySpan<byte> text) => xml?.HasOther(field, text) == true;
}
