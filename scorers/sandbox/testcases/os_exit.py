# Ends the process before the driver can say anything: must not count as success.
import os

os._exit(0)
