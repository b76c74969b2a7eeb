"""Never hands over anything."""

import time

if __name__ == "__main__":
    print("waiting", flush=True)
    time.sleep(60)
