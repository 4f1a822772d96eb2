"""Help pages: what those who keep the service write in each language, and the texts that the program brings along.

Below it stand ledger, people and base. What a built-in page says is registered from above; it must never learn what a
committee is, nor who reads which page.
"""
