# Exit functions run, as in a real interpreter.
import atexit

atexit.register(print, "late")
print("early")
