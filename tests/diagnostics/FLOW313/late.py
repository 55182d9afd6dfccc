NAME = "late"

from base import Base


class Late(Base): ...
