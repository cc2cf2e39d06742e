// Strings that sources use but the collection does not find.
Q(/lib)
