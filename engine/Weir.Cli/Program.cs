using Weir.Cli;

Allocator.GiveBackMemory();
return await Cli.RunAsync(args, Console.Out, Console.Error);
