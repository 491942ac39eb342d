"""What signs people in, in the sandbox and the tests: OpenID Connect with PKCE, for demo citizens.

In life the country's own provider does that, with a card or an app. This one believes whom somebody
says he is, and is for mock numbers only; what it signs, and what it refuses, is as in life: a code
is good once, for a minute, for the one portal, with its verifier.
"""
