using Apache.Arrow;
using Microsoft.Data.Analysis;

namespace Weir.Engine.Store;

/// <summary>Query results as <see cref="DataFrame"/>: the hand-off of small, flat results to Microsoft.Data.Analysis.</summary>
public static class RecordBatchExtensions
{
    /// <summary>Most bytes that a frame may take unless a call says otherwise: 1 GiB.</summary>
    public const long DefaultMaxBytes = 1L << 30; // guess: half of what a notebook's machine has to spare; a real one that was refused would settle it

    /// <inheritdoc cref="ToDataFrameAsync(IAsyncEnumerable{RecordBatch}, long, CancellationToken)"/>
    public static Task<DataFrame> ToDataFrameAsync(this IAsyncEnumerable<RecordBatch> batches, CancellationToken cancellationToken) =>
        ToDataFrameAsync(batches, DefaultMaxBytes, cancellationToken);

    /// <summary>Copies all batches of a result (<see cref="CaseFile.QueryAsync(string, object?[])"/>) into one frame and disposes them.</summary>
    /// <remarks>
    /// <para>NULL stays null in every column. Integers, BOOLEAN, FLOAT and DOUBLE have the column of the same type, VARCHAR (also UUID, JSON, ENUM) is
    /// <see cref="StringDataFrameColumn"/>, DECIMAL and HUGEINT (which <c>sum</c> of integers gives) are <see cref="DecimalDataFrameColumn"/>.</para>
    /// <para>TIMESTAMPTZ is a <see cref="DateTime"/> of kind UTC; TIMESTAMP and DATE are one of kind Unspecified, a date at midnight. Note that the frame prints neither fractions nor zone.</para>
    /// <para>Lists, arrays and structs are JSON text, <c>["a","b"]</c>, with times in ISO 8601: a frame has no such columns. Unnest in the query where rows are wanted.</para>
    /// <para>What a frame cannot hold exactly is refused, never rounded: numbers beyond 28 digits, times outside the years 1 to 9999 (<c>infinity</c>) or finer than 100 ns, and
    /// types without a column (BLOB, TIME, INTERVAL, MAP, UNION, BIT). The message names the column; <c>column::VARCHAR</c> in the query always works.</para>
    /// <para>Of columns of the same name the later ones get <c>_2</c>, <c>_3</c>, … that is free. A result without rows has its columns, typed and empty; a sequence without batches
    /// (never one of <see cref="CaseFile.QueryAsync(string, object?[])"/>) is a frame without columns.</para>
    /// <para>Do not hand batches to <see cref="DataFrame.FromArrowRecordBatch"/> yourself: it borrows their memory, which is gone once they are disposed.</para>
    /// </remarks>
    /// <param name="batches">Batches of one schema.</param>
    /// <param name="maxBytes">Refuses a result that takes more as a frame, about; 1 GiB by default. A frame holds all rows in memory, texts as strings.</param>
    /// <param name="cancellationToken">Ends the query, too.</param>
    /// <exception cref="WeirException">The result is too large, or a column or value has no place in a frame.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<DataFrame> ToDataFrameAsync(this IAsyncEnumerable<RecordBatch> batches, long maxBytes = DefaultMaxBytes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        FrameBuilder? frame = null;
        await foreach (RecordBatch batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            using (batch)
            {
                frame ??= new FrameBuilder(batch.Schema, maxBytes);
                frame.Append(batch);
            }
        }

        return frame?.Build() ?? new DataFrame();
    }
}
