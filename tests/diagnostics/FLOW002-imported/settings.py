REGION = "eu
