namespace Weir.Engine.Stages;

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
