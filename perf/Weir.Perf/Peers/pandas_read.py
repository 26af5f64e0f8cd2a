# pandas_read.py FILE   a CSV file, every column as text, into a data frame; prints its rows
import sys

import pandas

print(len(pandas.read_csv(sys.argv[1], dtype=str, keep_default_na=False, engine="c")))
