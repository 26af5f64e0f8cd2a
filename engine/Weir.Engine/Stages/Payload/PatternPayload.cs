using System.Text;
using System.Text.RegularExpressions;

namespace Weir.Engine.Stages;

/// <summary>Reads the named groups of a pattern out of one line of text.</summary>
internal sealed class PatternPayload(PayloadRule rule)
{
    // The pattern takes time in proportion to the text: of a longer line what stands in front is read, and its cell is kept whole.
    private const int LongestText = 64 << 10;

    private readonly int[] groups = [.. rule.Fields.Select(f => rule.Pattern!.Value.GroupNumberFromName(f.Path))];

    /// <returns>The pattern fits.</returns>
    public bool Read(ReadOnlySpan<byte> text, PayloadValues values)
    {
        int end = Math.Min(text.Length, LongestText);
        while (end < text.Length && end > 0 && (text[end] & 0xC0) == 0x80)
            end--; // not within a character
        text = text[..end];
        Match match = rule.Pattern!.Value.Match(Encoding.UTF8.GetString(text));
        for (int i = 0; match.Success && i < groups.Length; i++)
        {
            if (match.Groups[groups[i]] is { Success: true, Length: > 0 } group)
                values.Set(i, Encoding.UTF8.GetBytes(group.Value));
        }

        return match.Success;
    }
}
