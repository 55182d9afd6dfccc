from base import Base


class Late(Base): ...
