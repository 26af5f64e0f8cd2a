Console.Error.WriteLine("weir");
return 2;
