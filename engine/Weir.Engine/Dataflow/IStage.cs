namespace Weir.Engine;

/// <summary>A step that turns one batch into one batch.</summary>
/// <remarks>
/// Pure CPU: no clock, files, network or statics. Options are checked and tables opened in the constructor.
/// Safe from several threads; batches come in any order. Every <c>row_id</c> that comes in goes out.
/// </remarks>
public interface IStage
{
    /// <summary>Name in reports and errors, kebab-case: <c>parse</c>.</summary>
    string Name { get; }

    /// <summary>Turns one batch into one batch; the runner disposes the input, so columns are passed on with <see cref="Batch.Share(string)"/>.</summary>
    Batch Process(Batch batch);
}
