if 1:
    import xml.dom


def a() -> object:
    return xml.dom
