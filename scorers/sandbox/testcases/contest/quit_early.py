quit()
print("never")
