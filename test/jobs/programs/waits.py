"""Never hands over anything."""

import os
import time

if __name__ == "__main__":
    print("waiting", os.getpid(), flush=True)
    time.sleep(60)
