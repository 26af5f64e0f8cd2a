using System.Globalization;
using System.Text;

namespace Weir.Connectors;

/// <summary>Text in another encoding as UTF-8, block by block.</summary>
/// <remarks>Going to a place in its middle reads all that stands before it.</remarks>
internal sealed class TranscodedInput(TextInput inner, TextEncoding encoding, int mark, string? reason) : TextInput(inner.Stored)
{
    private const int MostRaw = 64;

    // What the five bytes without a character are in Windows-1252: wrong.
    private const string Windows = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";
    private readonly byte[] stored = new byte[1 << 16];
    private readonly byte[] text = new byte[3 << 16];
    private readonly Queue<TextFault> faults = new();
    private readonly Lock finding = new(); // faults are taken by whoever builds batches while others are found further on
    private (long Stored, long Text, List<byte> Raw)? run; // where it began as stored, where its last replacement stands in the text
    private int markLeft = mark;
    private int storedStart;
    private int storedEnd;
    private int textStart;
    private int textEnd;
    private long taken;       // of the stored text
    private long given;       // of the UTF-8 text
    private long made;
    private bool final;

    public override string? Missing => inner.Missing;

    public override string? Reason => inner.Reason is { } packed ? $"{packed}; {reason}" : reason;

    public override async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        if (textStart == textEnd && !await NextAsync(cancellationToken))
            return 0;
        int n = Math.Min(textEnd - textStart, target.Length);
        text.AsMemory(textStart, n).CopyTo(target);
        textStart += n;
        given += n;
        return n;
    }

    public override async ValueTask SkipToAsync(long offset, CancellationToken cancellationToken)
    {
        while (given < offset && (textStart < textEnd || await NextAsync(cancellationToken)))
        {
            int n = (int)Math.Min(offset - given, textEnd - textStart);
            textStart += n;
            given += n;
        }

        TakeFaults(offset); // they were told when what stands before the offset was read
    }

    public override IEnumerable<TextFault> TakeFaults(long before)
    {
        var taken = new List<TextFault>();
        lock (finding)
        {
            if (run is { } last && last.Text < before)
                EndRun();
            while (faults.TryPeek(out TextFault fault) && fault.Offset < before)
                taken.Add(faults.Dequeue());
        }

        return taken;
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        (textStart, textEnd) = (0, 0);
        while (textEnd == 0 && !(final && storedStart == storedEnd))
        {
            stored.AsSpan(storedStart, storedEnd - storedStart).CopyTo(stored);
            (storedStart, storedEnd) = (0, storedEnd - storedStart);
            int read = final ? 0 : await inner.ReadAsync(stored.AsMemory(storedEnd), cancellationToken);
            final |= read == 0;
            storedEnd += read;
            int skip = Math.Min(markLeft, storedEnd);
            (storedStart, markLeft, taken) = (skip, markLeft - skip, taken + skip);
            lock (finding)
            {
                if (encoding is TextEncoding.Utf16Le or TextEncoding.Utf16Be)
                    TakeUnits();
                else
                    TakeBytes();
            }
        }

        return textEnd > 0;
    }

    private void TakeBytes()
    {
        for (; storedStart < storedEnd; storedStart++, taken++)
        {
            byte b = stored[storedStart];
            if (b < 0x80)
            {
                text[textEnd++] = b;
                made++;
                continue;
            }

            char c = encoding == TextEncoding.Latin1 || b >= 0xA0 ? (char)b : Windows[b - 0x80];
            if (c == '\0')
                Wrong(stored.AsSpan(storedStart, 1));
            else
                Put(new Rune(c));
        }
    }

    private void TakeUnits()
    {
        while (storedEnd - storedStart >= 2)
        {
            char unit = Unit(storedStart);
            if (!char.IsSurrogate(unit))
            {
                Put(new Rune(unit));
                Used(2);
                continue;
            }

            if (char.IsHighSurrogate(unit) && storedEnd - storedStart < 4 && !final)
                return;
            if (char.IsHighSurrogate(unit) && storedEnd - storedStart >= 4 && char.IsLowSurrogate(Unit(storedStart + 2)))
            {
                Put(new Rune(unit, Unit(storedStart + 2)));
                Used(4);
                continue;
            }

            Wrong(stored.AsSpan(storedStart, 2));
            Used(2);
        }

        if (final && storedStart < storedEnd)
        {
            Wrong(stored.AsSpan(storedStart, 1));
            Used(1);
        }
    }

    private char Unit(int at) => (char)(encoding == TextEncoding.Utf16Le ? stored[at] | (stored[at + 1] << 8) : (stored[at] << 8) | stored[at + 1]);

    private void Used(int bytes)
    {
        storedStart += bytes;
        taken += bytes;
    }

    private void Put(Rune rune)
    {
        int n = rune.EncodeToUtf8(text.AsSpan(textEnd));
        textEnd += n;
        made += n;
    }

    // Wrong bytes that follow one another are one fault, up to a bound, wherever blocks are cut.
    private void Wrong(ReadOnlySpan<byte> bytes)
    {
        if (run is not { } last || last.Raw.Count >= MostRaw || last.Stored + last.Raw.Count != taken)
        {
            EndRun();
            run = last = (taken, made, []);
        }

        last.Raw.AddRange(bytes);
        run = (last.Stored, made, last.Raw);
        Put(Rune.ReplacementChar);
    }

    private void EndRun()
    {
        if (run is not { } last)
            return;
        run = null;
        string detail = string.Create(CultureInfo.InvariantCulture, $"{last.Raw.Count} byte{(last.Raw.Count == 1 ? " that is" : "s that are")} no {EncodingGuess.NameOf(encoding)}, at byte {last.Stored} of the unpacked input");
        faults.Enqueue(new TextFault(last.Text, "invalid-encoding", detail, [.. last.Raw]));
    }
}
