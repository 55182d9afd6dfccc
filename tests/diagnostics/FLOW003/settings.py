import os

REGION = os.environ["NO_SUCH_REGION"]
