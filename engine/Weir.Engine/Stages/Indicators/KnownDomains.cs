using Weir.Engine.Buffers;

namespace Weir.Engine.Stages;

/// <summary>Answers of <see cref="DomainKind.TryFind"/>, kept: the names of a log are few, and each costs a walk through the list of suffixes.</summary>
internal sealed class KnownDomains
{
    // Guess: the hosts of a log; together with its answers it stays in the second cache.
    private const int Most = 4096;
    private const int LongestName = 128;

    private readonly Utf8Index names = new();
    private (int Start, int At, int Length)[] answers = new (int, int, int)[64];
    private byte[] normals = new byte[2048];
    private int used;

    /// <inheritdoc cref="DomainKind.TryFind"/>
    /// <param name="normal">The normal form, to be used before the next question.</param>
    public bool TryFind(ReadOnlySpan<byte> name, out int start, out ReadOnlySpan<byte> normal)
    {
        if (names.Count >= Most)
        {
            names.Clear();
            used = 0;
        }

        int known = names.Count, index = name.Length > LongestName ? known : names.Add(name, 0);
        (start, int at, int length) = index == known ? Ask(name, index) : answers[index];
        normal = length < 0 ? default : normals.AsSpan(at, length);
        return length >= 0;
    }

    private (int Start, int At, int Length) Ask(ReadOnlySpan<byte> name, int index)
    {
        if (index == answers.Length)
            Array.Resize(ref answers, index * 2);
        if (normals.Length - used < HostText.Room)
            Array.Resize(ref normals, normals.Length * 2);
        bool found = DomainKind.TryFind(name, normals.AsSpan(used, HostText.Room), out int start, out int length);
        (int Start, int At, int Length) answer = (start, used, found ? length : -1);
        if (name.Length > LongestName)
            return answer; // and is overwritten by the next
        used += found ? length : 0;
        return answers[index] = answer;
    }
}
