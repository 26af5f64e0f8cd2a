namespace Weir.Engine.Stages;

/// <summary>Rules of one format over one column: a cell is read once for all of them.</summary>
internal sealed class PayloadGroup
{
    /// <summary>Rules that one group holds: a bit each.</summary>
    private const int MostRules = 64;

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
                int known = fields.FindIndex(f => f.Path == field.Path && (Format != PayloadFormat.Json || f.Type == PayloadType.Pairs == (field.Type == PayloadType.Pairs)));
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
