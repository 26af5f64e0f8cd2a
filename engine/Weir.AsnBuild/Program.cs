using System.Globalization;
using Weir.Engine.Stages;

// TABLE SOURCE DATE FILE...: the table that the engine embeds, of the files in its source tree.
if (args is not [var table, var source, var date, _, ..])
{
    Console.Error.WriteLine("Usage: Weir.AsnBuild TABLE SOURCE YYYY-MM-DD FILE...");
    return 2;
}

var builder = new AsnTableBuilder();
foreach (string file in args[3..])
    AsnTextFile.Read(file, builder);
File.WriteAllBytes(table, AsnTableFormat.Write(builder.Build(source, DateOnly.ParseExact(date, "O", CultureInfo.InvariantCulture))));
return 0;
