"""What a module that is imported holds."""

SECRET_KEY = "kd93hf8w2lq0xm5vb7"
AWS = "AKIAQ7Z3M5T2X9R4W6B8"
KEY = """
-----BEGIN RSA PRIVATE KEY-----
not really
-----END RSA PRIVATE KEY-----
"""
