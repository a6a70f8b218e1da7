"""What a finished study needs before it leaves the house: pseudonyms, and a package that an archive can keep."""
