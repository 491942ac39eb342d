"""The knobs of identification."""

from services.kit.settings import Environment, StoreSettings


class Settings(StoreSettings):
    """What the process reads from its environment, beside what every service reads."""

    @property
    def knows_mock_numbers(self) -> bool:
        """Whether mock numbers can be persons: everywhere but in production."""
        return self.environment is not Environment.PRODUCTION
