print("no notebook")
