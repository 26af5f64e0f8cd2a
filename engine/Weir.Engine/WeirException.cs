namespace Weir.Engine;

/// <summary>A mistake in what was asked for (arguments, files, options, the case), found before data moves or while it is read.</summary>
/// <remarks>The message is one line that says where, what was found, what was expected and how to mend it.</remarks>
public class WeirException : Exception
{
    /// <summary>Builds the one-line message from its four parts.</summary>
    /// <param name="where">The file, case, column or option at fault.</param>
    /// <param name="found">What was found there.</param>
    /// <param name="expected">What would have been right; empty where <paramref name="found"/> says it already.</param>
    /// <param name="remedy">What the user can do.</param>
    /// <param name="inner">The cause, if another exception told of it.</param>
    public WeirException(string where, string found, string expected, string remedy, Exception? inner = null)
        : base(Compose(where, found, expected, remedy), inner) => Where = where;

    /// <summary>The file, case, column or option at fault.</summary>
    public string Where { get; }

    private static string Compose(string where, string found, string expected, string remedy) =>
        $"{where}: {found}{(expected.Length == 0 ? "" : $"; expected {expected}")}. {remedy}";
}
