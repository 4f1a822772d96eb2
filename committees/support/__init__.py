"""What a committee lets those who keep the service see, for some hours, because it asked them for help.

Below it stand membership and all rooms under it; rooms above register the parts that can be shown (register.py). It must never learn
who belongs, who applies or how anybody voted, and nothing here lets anybody write.
"""
