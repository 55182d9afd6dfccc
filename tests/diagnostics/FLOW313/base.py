from late import NAME


class Base:
    name = NAME
