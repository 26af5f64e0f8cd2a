Console.Error.WriteLine("perf");
return 2;
