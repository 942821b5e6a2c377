from programmes.refusal import MoveRefused

__all__ = ["MoveRefused"]
