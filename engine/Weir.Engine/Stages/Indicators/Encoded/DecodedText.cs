namespace Weir.Engine.Stages;

/// <summary>Text that was decoded from a cell.</summary>
/// <param name="Cell">0-based number of the cell.</param>
/// <param name="Offset">0-based byte offset of the outermost encoded text in the cell.</param>
/// <param name="Length">Bytes of the outermost encoded text.</param>
/// <param name="Layers">The path to it, as <see cref="LayerPath"/> reads it.</param>
/// <param name="Bytes">What the last layer gave: UTF-8, but for bytes around a URL in otherwise unreadable bytes.</param>
internal sealed record DecodedText(int Cell, int Offset, int Length, string Layers, byte[] Bytes);
